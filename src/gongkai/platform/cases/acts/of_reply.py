"""Forms of the acts from the reply on: service, revocation, withdrawal, archive, remedies; and of intake.

Intake and the reply have screens of their own; their fields stand here for correcting a mistaken entry.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.acts.asked import (
    NEW,
    NUMBER,
    PROOF,
    REMARKS,
    days_or_day,
    method,
    on,
    optional,
    text,
)
from gongkai.platform.cases.acts.context import FormContext
from gongkai.platform.cases.acts.fields import ActForm, Choices, Field, Goes, Shape, Values, choices_of
from gongkai.platform.core.identifiers import opaque
from gongkai.rules.cases.state import Remedy
from gongkai.rules.law.cite import citation_zh
from gongkai.rules.vocabulary import (
    ApplicantKind,
    Channel,
    Instance,
    Outcome,
    Procedure,
    RemedyKind,
    RemedyResult,
    RevokedBy,
    Scope,
)


def _article(number: str) -> str:
    return citation_zh("政府信息公开条例", number)


def _with_method(label: Any) -> Field:
    def initial(context: FormContext) -> str:
        reply = context.state.reply
        return "" if reply is None else reply.method or ""

    shared = method(label, required=True)
    return Field(
        shared.name, shared.label, shared.shape, shared.goes, choices=shared.choices, initial=initial,
        hint=_("邮寄的，交邮之日即为答复之日；当面送达的，签收之日为准"),
    )  # fmt: skip


SERVICE = (
    ActForm(
        "reply.dispatched",
        "service",
        _("邮寄、电子方式的，发出之日结束答复期限"),
        (on(_("发出日期"), _("交邮或者电子发送之日")), _with_method(_("发出方式")), PROOF),
        article="国办公开办函〔2016〕235号",
    ),
    ActForm(
        "reply.delivered",
        "service",
        _("当面、委托送达的，签收之日结束答复期限；申请人复议、起诉的期限从次日起算"),
        (on(_("送达日期"), _("申请人签收之日")), _with_method(_("送达方式")), PROOF),
        article="国办公开办函〔2016〕235号",
    ),
    ActForm(
        "reply.returned",
        "service",
        _("要再次送达；按时发出的仍算按时"),
        (on(_("退回日期")), text("reason", _("退回的原因"), required=True)),
        article="国办公开办函〔2016〕235号",
    ),
    ActForm(
        "reply.revoked",
        "after",
        _("答复不再有效，要重新办理的另行记录"),
        (
            on(_("撤销日期")),
            Field("by", _("由谁撤销"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(RevokedBy)),
            NUMBER,
            text("reason", _("原因"), required=True),
        ),
    ),
    ActForm(
        "rehandling.started",
        "after",
        _("重新计算答复期限，要作出新的答复"),
        (
            on(_("开始重新办理的日期"), _("收到判决、复议决定之日，或者决定自行重办之日")),
            Field("working_days", _("多少个工作日内答复"), Shape.WHOLE, Goes.PAYLOAD, required=False,
                  hint=_("判决、决定写明工作日的；两项都不填的，按 20 个工作日")),
            days_or_day("due_on", _("最晚答复日期"), required=False, hint=_("判决、决定写明日期的")),
            text("reason", _("根据")),
        ),
    ),
    ActForm(
        "request.withdrawn",
        "after",
        _("全部撤回的，案件结束，不再答复"),
        (
            on(_("撤回日期")),
            Field("scope", _("撤回"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(Scope),
                  initial=Scope.WHOLE.value),
            text("item", _("撤回其中哪一项"), line=True, hint=_("只撤回一项的填写")),
            text("reason", _("申请人的说法")),
        ),
    ),
    ActForm(
        "case.archived",
        "after",
        _("归档以后只能登记复议诉讼、撤销、重新办理和记事"),
        (on(_("归档日期")), text("file_number", _("档号"), line=True), REMARKS),
        article=_article("45"),
    ),
    ActForm(
        "disclosure.converted",
        "after",
        _("不影响期限"),
        (on(_("转为主动公开的日期")), text("where", _("公开的位置"), required=True, line=True,
                                     hint=_("网址、索引号或者文号"))),
        article=_article("44"),
        build=lambda _values, _context: {"record": opaque("record")},
    ),
)  # fmt: skip

# --- remedies -------------------------------------------------------------------------------------------


def _called(remedy: Remedy, context: FormContext) -> str:
    instance = "" if remedy.instance is None else f"，{Instance(remedy.instance).label_zh}"
    return f"{context.names.of(remedy.remedy)}{instance}"


def _known(context: FormContext) -> Choices:
    known = {remedy.remedy: _called(remedy, context) for remedy in context.state.remedies}
    return (*known.items(), (NEW, _("新的")))


def _open(context: FormContext) -> Choices:
    return tuple(
        (f"{remedy.remedy}|{remedy.instance or ''}", _called(remedy, context))
        for remedy in context.state.remedies
        if remedy.decided_on is None
    )


def _first(context: FormContext) -> str:
    found = _open(context)
    return found[0][0] if len(found) == 1 else ""


_WHICH = Field("proceeding", _("哪一件"), Shape.CHOICE, Goes.FORM, choices=_open, initial=_first)


def _filed(values: Values, _context: FormContext) -> dict[str, Any]:
    chosen = values["which"]
    return {"remedy": opaque("remedy") if chosen == NEW else chosen}


def _of_remedy(values: Values, _context: FormContext) -> dict[str, Any]:
    remedy, _bar, instance = str(values["proceeding"]).partition("|")
    return {"remedy": remedy} | ({"instance": instance} if instance else {})


REMEDIES = (
    ActForm(
        "remedy.filed",
        "remedy",
        _("不影响答复期限；本机关提交答复、答辩的期限从收到材料的次日起算"),
        (
            on(_("提起日期"), _("申请人申请复议或者起诉之日；不知道的填受理日")),
            Field("which", _("是哪一件"), Shape.CHOICE, Goes.FORM, choices=_known, initial=NEW,
                  hint=_("二审、再审选原来那一件")),
            Field("kind", _("类型"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(RemedyKind)),
            Field("instance", _("审级"), Shape.CHOICE, Goes.PAYLOAD, required=False,
                  choices=choices_of(Instance), hint=_("诉讼才填")),
            Field("procedure", _("复议程序"), Shape.CHOICE, Goes.PAYLOAD, required=False,
                  choices=choices_of(Procedure), hint=_("复议才填；简易程序 5 个工作日内答复")),
            Field("reached_on", _("本机关收到材料的日期"), Shape.DATE, Goes.PAYLOAD, required=False,
                  hint=_("还没有收到的不填")),
            Field("by_third_party", _("由第三方提起"), Shape.YES_NO, Goes.PAYLOAD, required=False),
            text("authority", _("复议机关或者法院"), line=True),
            text("case_number", _("案号"), line=True),
        ),
        article=_article("51"),
        build=_filed,
    ),
    ActForm(
        "remedy.answered",
        "remedy",
        _("答复、答辩的期限到此为止"),
        (on(_("提交日期")), _WHICH, REMARKS),
        article=_article("51"),
        build=_of_remedy,
    ),
    ActForm(
        "remedy.decided",
        "remedy",
        _("计入年报表四；撤销答复、责令重新答复的，另记“撤销答复”“重新办理”"),
        (
            on(_("审结日期")),
            _WHICH,
            Field("result", _("结果"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(RemedyResult)),
            text("decision_number", _("决定书、判决书文号"), line=True),
            text("summary", _("主文摘要")),
        ),
        article=_article("51"),
        build=_of_remedy,
    ),
)  # fmt: skip
# --- not offered: corrected only ------------------------------------------------------------------------

_CHANNEL = Field("channel", _("渠道"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(Channel))
_APPLICANT = Field(
    "applicant_kind", _("申请人类别"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(ApplicantKind),
    hint=_("年报表三的列；代理人申请的，看被代理人"),
)  # fmt: skip
_RECEIVED = Field("received_on", _("收到日期"), Shape.DATE, Goes.PAYLOAD)

INTAKE = (
    ActForm(
        "opening.case", "intake", "", (on(_("录入日期")), _RECEIVED, _APPLICANT, optional(_CHANNEL)),
        offered=False,
    ),
    ActForm(
        "request.submitted", "intake", "", (on(_("提交日期")), _CHANNEL, optional(_APPLICANT)),
        article=_article("31"), offered=False,
    ),
    ActForm(
        "request.received", "intake", "", (on(_("收到日期")), _CHANNEL, _APPLICANT),
        article=_article("31"), offered=False,
    ),
    ActForm(
        "case.split", "intake", "",
        (on(_("拆分日期")), optional(_RECEIVED), optional(_CHANNEL), optional(_APPLICANT)), offered=False,
    ),
    ActForm(
        "request.registered", "intake", "",
        (on(_("登记日期")), Field("number", _("编号"), Shape.NUMBER, Goes.PAYLOAD)),
        article=_article("45"), offered=False,
    ),
    ActForm(
        "reply.issued", "reply", "",
        (
            on(_("答复日期")),
            Field("outcome", _("结果"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(Outcome)),
            NUMBER,
            optional(method()),
        ),
        article=_article("36"), offered=False,
    ),
)  # fmt: skip

RECORD = (
    ActForm(
        "entry.corrected",
        "record",
        _("原来的记录划去不删，期限照更正后的重新计算"),
        (on(_("更正日期")), text("reason", _("更正的原因"), required=True)),
    ),
)

FORMS = (*SERVICE, *REMEDIES, *INTAKE, *RECORD)
