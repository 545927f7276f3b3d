"""Forms of the acts before the reply: correction, consultation, reasons, extension, fee, tasks, notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.acts.asked import (
    NEW,
    NUMBER,
    PROOF,
    REMARKS,
    STANCE,
    UNIT,
    consulted,
    days_or_day,
    inner_due_date,
    is_open,
    method,
    objected,
    on,
    optional,
    task,
    text,
    unanswered,
    undelivered,
    whom,
)
from gongkai.platform.cases.acts.context import FormContext
from gongkai.platform.cases.acts.fee import earlier_cases, fee_payload, notified_amount
from gongkai.platform.cases.acts.fields import ActForm, Build, Choices, Field, Goes, Shape, Values, choices_of
from gongkai.platform.cases.models import CaseFile
from gongkai.platform.cases.showing.names import PERSON
from gongkai.platform.core.files import name_of
from gongkai.platform.core.identifiers import opaque
from gongkai.rules.cases.state import ConsultationKind
from gongkai.rules.law.cite import citation_zh
from gongkai.rules.vocabulary import NoteKind, TaskKind

FEE_MEASURES = "政府信息公开信息处理费管理办法"
THIRD_PARTY, CO_MAKER, AGENCY = ConsultationKind


def article(number: str) -> str:
    """An article of the Regulation."""
    return citation_zh("政府信息公开条例", number)


YES_NO_CONSENT = Field("consent", _("是否同意公开"), Shape.YES_NO, Goes.PAYLOAD)
NAME_HINT = _("填了“未征求过的”才需要；姓名、名称不写入台账")


def _whom(key: str, prefix: str) -> Build:
    """The reference of whom is consulted: the known one, or a new one that says nothing."""

    def build(values: Values, _context: FormContext) -> dict[str, Any]:
        chosen = values["whom"]
        return {key: opaque(prefix) if chosen == NEW else chosen}

    return build


def _unit(values: Values, _context: FormContext) -> dict[str, Any]:
    chosen = values["unit_choice"]
    return {"unit": opaque("unit") if chosen == NEW else chosen}


def _task(values: Values, _context: FormContext) -> dict[str, Any]:
    unit, kind = str(values["task"]).rsplit("|", 1)
    return {"unit": unit, "kind": kind}


def _approved(_values: Values, context: FormContext) -> dict[str, Any]:
    return {"approved_by": context.actor.key}


CORRECTION = (
    ActForm(
        "correction.requested",
        "correction",
        _("答复期限停下，等申请人补正；收到补正后从次日起重新计算。收到申请后第 7 个工作日以前告知"),
        (
            on(_("告知日期"), _("发出补正告知书之日")),
            text("points", _("需要补正的内容"), required=True, hint=_("一次写全，写明怎样补正才能办理")),
            text("guidance", _("指导和释明")),
            days_or_day(
                "respond_by",
                _("最晚补正日期"),
                hint=_("法律要求“合理期限”，默认按本机关的规定，末日是休息日的顺延"),
                law="correction_response_period",
            ),
            optional(method(_("送达方式"))),
            NUMBER,
        ),
        article=article("30"),
    ),
    ActForm(
        "correction.delivered",
        "correction",
        _("记下申请人哪天收到补正告知书，只影响申请人的补正期限"),
        (on(_("送达日期")), method(), PROOF),
        article=article("30"),
    ),
    ActForm(
        "correction.received",
        "correction",
        _("答复期限从次日起重新计算 20 个工作日"),
        (
            on(_("收到补正的日期")),
            optional(method(_("怎样收到的"))),
            text("content", _("补正后的申请内容"), required=True, hint=_("照录申请人的原话")),
        ),
        article=article("30"),
    ),
    ActForm(
        "correction.lapsed",
        "correction",
        _("视为放弃申请，可以按“逾期不补正”结案"),
        (on(_("记录日期"), _("补正期限届满的次日或者以后")), REMARKS),
        article=article("30"),
    ),
    ActForm(
        "correction.reopened",
        "correction",
        _("继续等待补正"),
        (on(_("恢复日期")), text("reason", _("正当理由"), required=True)),
        article=article("30"),
    ),
)


UNFOUNDED = "你方不同意公开没有合理理由"
INTEREST = "不公开该信息可能对公共利益造成重大影响"
"""Why a third party's objection does not hold (art. 32), as the letter says it."""


def _asked(kind: ConsultationKind, who: Any) -> tuple[Field, ...]:
    """What is asked when somebody is consulted; of a third party also whether it is a person."""
    of_party, contact = (), ()
    if kind is THIRD_PARTY:
        of_party = (
            Field(
                "party_kind", _("对方是"), Shape.CHOICE, Goes.TEXT, required=False,
                choices=((PERSON, _("个人")), ("organisation", _("单位"))),
                hint=_("个人的姓名只在有权的人要求时显示"), initial="organisation",
            ),
        )  # fmt: skip
        contact = (text("contact", _("联系方式"), line=True, personal=True),)
    return (
        on(_("发出征求意见书的日期")),
        whom(kind, who),
        *of_party,
        text("name", _("名称或者姓名"), line=True, hint=NAME_HINT),
        *contact,
        text("about", _("征求意见的信息"), required=True, hint=_("哪一份、哪一部分")),
        optional(method()),
        NUMBER,
    )


def _served_or_given_up(
    kind: ConsultationKind, prefix: str, key: str, who: Any, where: str
) -> tuple[ActForm, ...]:
    """Delivery, from which the period runs, and giving up; other organs have no period by law."""
    chosen = consulted(kind, who, is_open, key=key)
    return (
        ActForm(
            f"{prefix}.delivered",
            "consultation",
            _("对方的 15 个工作日从次日起算；没有送达记录的不能记逾期"),
            (on(_("送达日期")), consulted(kind, who, undelivered, key=key), method(), PROOF),
            article=where,
        ),
        ActForm(
            f"{prefix}.abandoned",
            "consultation",
            _("不再等待这一方，答复期限从次日起继续计算"),
            (on(_("撤回日期")), chosen, text("reason", _("撤回的原因"), required=True)),
            article=where,
        ),
    )


def _consulting(
    kind: ConsultationKind, prefix: str, key: str, who: Any, where: str, effect: Any
) -> tuple[ActForm, ...]:
    """Asking, delivery, answer and giving up, as they are alike for all who are consulted."""
    consent = YES_NO_CONSENT if kind is not AGENCY else optional(YES_NO_CONSENT)
    lapsed = {
        THIRD_PARTY: _("第三方期满没有答复，由本机关决定是否公开"),
        CO_MAKER: _("期满没有答复，视为同意公开"),
        AGENCY: _("不再等，答复期限从次日起继续计算"),
    }
    return (
        ActForm(
            f"{prefix}.consulted", "consultation", effect, _asked(kind, who), article=where,
            build=_whom(key, prefix.replace("_", "-")),
        ),
        ActForm(
            f"{prefix}.answered",
            "consultation",
            _("答复期限从次日起继续计算；逾期以后才到的，记为逾期答复"),
            (
                on(_("收到答复的日期")),
                consulted(kind, who, unanswered, key=key),
                consent,
                text("opinion", _("意见和理由")),
            ),
            article=where,
        ),
        ActForm(
            f"{prefix}.lapsed",
            "consultation",
            lapsed[kind],
            (
                on(_("记录日期"), _("期限届满的次日或者以后")),
                consulted(kind, who, is_open, key=key),
                REMARKS,
            ),
            article=where,
        ),
        *(() if kind is AGENCY else _served_or_given_up(kind, prefix, key, who, where)),
    )  # fmt: skip


CONSULTATION = (
    *_consulting(
        THIRD_PARTY, "third_party", "party", _("第三方"), article("32"),
        _("从次日起不计入答复期限，到收到意见或者满 15 个工作日为止"),
    ),
    ActForm(
        "third_party.told",
        "consultation",
        _("第三方不同意、本机关仍决定公开的，公开以前书面告知；不影响期限"),
        (
            on(_("告知日期")),
            consulted(THIRD_PARTY, _("第三方"), objected),
            text("content", _("决定公开的内容"), required=True),
            Field(
                "disclosure_ground", _("为什么仍决定公开"), Shape.CHOICE, Goes.TEXT,
                choices=(
                    (UNFOUNDED, _("对方不同意公开，没有合理理由")),
                    (INTEREST, _("不公开可能对公共利益造成重大影响")),
                ),
                hint=_("条例第三十二条：不同意公开且有合理理由的，不予公开；可能对公共利益造成重大影响的除外"),
            ),
            text("reason", _("理由"), required=True,
                 hint=_("对方的理由为什么不成立，或者不公开会对公共利益造成怎样的重大影响")),
            NUMBER,
        ),
        article=article("32"),
    ),
    *_consulting(
        CO_MAKER, "co_maker", "body", _("共同制作机关"), article("34"),
        _("从次日起不计入答复期限，到收到意见或者满 15 个工作日为止；期满不答复视为同意公开"),
    ),
    *_consulting(
        AGENCY, "agency", "body", _("其他机关"), article("33"),
        _("从次日起不计入答复期限，到收到意见为止；法律没有规定对方的期限"),
    ),
)  # fmt: skip

EXCESSIVE = (
    ActForm(
        "reasons.requested",
        "excessive",
        _("不停止计算答复期限"),
        (
            on(_("要求说明理由的日期")),
            text("facts", _("数量、频次明显超过合理范围的事实"), required=True),
            days_or_day("respond_by", _("最晚说明日期"), law="reasons_response_period", required=False),
            NUMBER,
        ),
        article=article("35"),
    ),
    ActForm(
        "reasons.received",
        "excessive",
        _("理由合理的，可以另定延迟答复的期限；不合理的，可以不予处理"),
        (
            on(_("收到日期")),
            Field("reasonable", _("理由是否合理"), Shape.YES_NO, Goes.PAYLOAD),
            text("reasons", _("申请人说明的理由"), required=True),
        ),
        article=article("35"),
    ),
    ActForm(
        "reasons.lapsed",
        "excessive",
        _("可以不予处理"),
        (on(_("记录日期"), _("期限届满的次日或者以后")), REMARKS),
        article=article("35"),
    ),
    ActForm(
        "delay.set",
        "excessive",
        _("以确定的日期代替原来的答复期限，并告知申请人"),
        (
            on(_("告知日期")),
            days_or_day("due_on", _("延迟到哪一天答复")),
            text("reason", _("理由"), required=True),
            NUMBER,
        ),
        article=article("35"),
    ),
)

CLOCK = (
    ActForm(
        "extension.told",
        "clock",
        _("答复期限加长，最多 20 个工作日，只能一次；最晚在期限届满之日告知申请人"),
        (
            on(_("告知申请人的日期")),
            Field(
                "working_days",
                _("延长多少个工作日"),
                Shape.WHOLE,
                Goes.PAYLOAD,
                hint=_("1 至 20"),
                initial="20",
            ),
            text("reason", _("延期的理由"), required=True, hint=_("写进延期告知书，告诉申请人")),
            optional(method()),
            NUMBER,
        ),
        article=article("33"),
        build=_approved,
        more=(_("延期须经政府信息公开工作机构负责人同意；由负责人本人在这里办理，即为同意。"),),
    ),
)

FEE = (
    ActForm(
        "fee.notified",
        "fee",
        _("答复期限停下，等申请人缴费；缴费后从次日起重新计算"),
        (
            on(_("通知日期")),
            Field(
                "schedule",
                _("计收方式"),
                Shape.CHOICE,
                Goes.FORM,
                choices=(("fee_per_case", _("按件计收")), ("fee_per_page", _("按量计收"))),
                initial="fee_per_case",
                hint=_("同一申请只能用一种"),
            ),
            Field(
                "cases_before", _("按件：本件以前，申请人当月已有多少件"), Shape.WHOLE, Goes.TEXT,
                required=False, initial=earlier_cases,
                hint=_("收到本件的那个月里，比本件先收到的；已经撤回的要不要扣除，由经办人核定"),
            ),
            Field(
                "cases_now", _("按件：本件含多少件"), Shape.WHOLE, Goes.TEXT, required=False, initial="1",
                hint=_("一份申请有几项内容、没有拆分立案的，填按最小合理单位分开计的件数；"
                       "已经在案件页“拆分立案”的，每件各发收费通知，填 1"),
            ),
            Field("pages", _("按量：提供多少页"), Shape.WHOLE, Goes.TEXT, required=False,
                  hint=_("A4 及以下幅面的单面为一页")),
            Field(
                "amount", _("应缴金额（元）"), Shape.AMOUNT, Goes.FORM, required=False,
                hint=_("不填的，照标准计算；可以少收，不能多收"),
            ),
            text("reason", _("收费的事实和理由"), required=True,
                 hint=_("数量、频次明显超过合理范围的事实，写进收费通知书；计算的过程会自动写进去")),
            replace(
                text("how_to_pay", _("缴费途径"),
                     hint=_("默认是机关信息里设置的，写进收费通知书；缴费期限通知书里已有，不用写")),
                initial=lambda context: context.body.how_to_pay,
            ),
            optional(method()),
            NUMBER,
        ),
        article=citation_zh(FEE_MEASURES, "3"),
        build=fee_payload,
    ),
    ActForm(
        "fee.delivered",
        "fee",
        _("申请人的 20 个工作日缴费期限从次日起算"),
        (on(_("送达日期")), method(), PROOF),
        article=citation_zh(FEE_MEASURES, None),
    ),
    ActForm(
        "fee.paid",
        "fee",
        _("答复期限从次日起重新计算 20 个工作日"),
        (
            on(_("缴费完成的日期")),
            Field("amount", _("实缴金额（元）"), Shape.AMOUNT, Goes.PAYLOAD, initial=notified_amount),
            text("receipt", _("票据号"), line=True),
        ),
        article=citation_zh(FEE_MEASURES, None),
    ),
    ActForm(
        "fee.lapsed",
        "fee",
        _("视为放弃申请，可以按“逾期未缴费”结案"),
        (on(_("记录日期"), _("缴费期限届满的次日或者以后")), REMARKS),
        article=citation_zh(FEE_MEASURES, None),
    ),
)  # fmt: skip


def recordings(context: FormContext) -> Choices:
    """The sound recordings among the papers of the case."""
    papers = CaseFile.objects.filter(body=context.body, stream=context.stream).select_related("file")
    return tuple(
        (paper.file_id, name_of(paper.file))
        for paper in papers
        if paper.file.media_type.startswith("audio/")
    )  # fmt: skip


INSIDE = (
    ActForm(
        "task.assigned",
        "inside",
        _("只是内部安排，不影响法定期限"),
        (
            on(_("交办日期")),
            UNIT,
            text("name", _("单位名称"), line=True, hint=_("选了“其他单位”才需要")),
            Field("kind", _("办什么"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(TaskKind)),
            replace(days_or_day("due_on", _("内部期限"), required=False), initial=inner_due_date),
            text("remarks", _("要单位做什么"), hint=_("单位看得到，不要写申请人的姓名")),
        ),
        build=_unit,
    ),
    ActForm(
        "task.done",
        "inside",
        _("不影响法定期限"),
        (
            on(_("办结日期")),
            task(_("哪一项交办")),
            STANCE,
            text("result", _("办理结果、意见")),
            text("signer", _("单位里谁签的"), line=True),
        ),
        build=_task,
    ),
    ActForm(
        "task.returned",
        "inside",
        _("不影响法定期限"),
        (on(_("退回日期")), task(_("哪一项交办")), text("reason", _("退回的原因"), required=True)),
        build=_task,
    ),
    ActForm(
        "note.added",
        "inside",
        _("不影响期限"),
        (
            on(_("日期")),
            Field("kind", _("记什么"), Shape.CHOICE, Goes.PAYLOAD, choices=choices_of(NoteKind),
                  initial=NoteKind.CALL.value),
            text("phone", _("电话记录：对方号码"), line=True, personal=True),
            text("at", _("电话记录：几点几分"), line=True, hint=_("如 15:20；通话几次的，逐次另记")),
            text("spoke_to", _("电话记录：与谁通话"), line=True, personal=True,
                 hint=_("申请人本人、代理人，或者其他人")),
            text("text", _("内容"), required=True, hint=_("说了什么；不要写身份证号、住址")),
            Field("recording", _("电话记录：录音"), Shape.CHOICE, Goes.TEXT, required=False,
                  choices=recordings, hint=_("先在案件的“材料”里添加录音，再在这里选")),
        ),
    ),
)  # fmt: skip

FORMS = (*CORRECTION, *CONSULTATION, *EXCESSIVE, *CLOCK, *FEE, *INSIDE)
