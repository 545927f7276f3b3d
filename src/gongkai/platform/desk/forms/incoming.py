"""The forms of a letter's page: matters, hand-overs, tickets, people, checks, splitting and merging."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.applicants import IdentityType
from gongkai.platform.cases.models import (
    Authority,
    CheckedWhat,
    CheckResult,
    Counterpart,
    ItemKind,
    ItemState,
    PersonRole,
)
from gongkai.platform.desk.forms.styled import DayInput, StyledForm

_CHOOSE = [("", _("请选择"))]
_SENT_TWICE = forms.HiddenInput


def _day(label: Any, *, required: bool = True, **given: Any) -> forms.DateField:
    messages = {"required": _("请填写日期"), "invalid": _("日期请写成 2026-03-01 这样")}
    return forms.DateField(
        label=label, required=required, widget=DayInput(), error_messages=messages, **given
    )


def _words(label: Any, *, required: bool = True, most: int = 2000, **given: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=most, widget=widget, **given)


def _line(label: Any, *, required: bool = False, most: int = 100, **given: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=most,
        widget=forms.TextInput(attrs={"autocomplete": "off"}), **given,
    )  # fmt: skip


def _one_of(label: Any, choices: Any, *, required: bool = True, **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[*_CHOOSE, *choices], required=required,
        error_messages={"required": _("请选择一项"), "invalid_choice": _("请从列出的各项里选")}, **given,
    )  # fmt: skip


class _Form(StyledForm):
    """Fields that lead to their place by an anchor of their own."""

    anchors: ClassVar[str] = "f-%s"

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, auto_id=self.anchors, **given)


class MatterForm(_Form):
    """A matter of the letter that nobody has noted yet."""

    key = forms.CharField(widget=_SENT_TWICE(), required=False, max_length=40)
    kind = _one_of(_("这一项是"), ItemKind.choices)
    text = _words(_("内容"), most=20_000, help_text=_("照来件写，加密保存"))


class SortForm(_Form):
    """What a matter is."""

    kind = _one_of(_("这一项是"), ItemKind.choices)


class SettleForm(_Form):
    """What was done with a matter that is not handed over."""

    state = forms.ChoiceField(
        label=_("怎样处理的"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (ItemState.ANSWERED, ItemState.FILED)],
        error_messages={"required": _("请选择一项"), "invalid_choice": _("请从列出的各项里选")},
    )  # fmt: skip
    how = _words(_("情况"), help_text=_("当面、电话怎样答复的，或者为什么不另处理。加密保存"))


class ReferForm(_Form):
    """To whom matters are handed over."""

    counterpart = _one_of(_("转给"), Counterpart.choices)
    name = _line(_("单位名称"), required=True, help_text=_("例如：云溪县信访局"))
    on = _day(_("转办之日"))
    number = _line(_("对方的编号"), most=60, help_text=_("已经有的填写；以后才有的，以后补记"))
    remarks = _words(_("要对方做什么"), required=False, help_text=_("写进转办函。加密保存"))


class TicketForm(_Form):
    """By whom the letter was handed to the body."""

    counterpart = _one_of(_("由谁转来"), Counterpart.choices)
    number = _line(_("工单号、转办编号"), required=True, most=60)
    on = _day(_("转来之日"))
    name = _line(_("单位名称"))
    remarks = _words(_("备注"), required=False)


class FollowUpForm(_Form):
    """What came of a hand-over."""

    number = _line(_("对方的编号"), most=60)
    answered_on = _day(_("办理结果回来的日期"), required=False)
    answer = _words(_("办理结果"), required=False)


class PersonForm(_Form):
    """Somebody beside the applicant."""

    anchors = "p-%s"
    key = forms.CharField(widget=_SENT_TWICE(), required=False, max_length=40)
    role = _one_of(
        _("是什么人"), PersonRole.choices,
        help_text=_("代理人、经办人要有授权；监护人依法代理未成年人；几名申请人合提一件的，第一位以外的是共同申请人"),
    )  # fmt: skip
    name = _line(_("姓名或者名称"), required=True)
    relation = _line(_("与申请人的关系"), help_text=_("监护人必填，例如“母亲”"))
    identity_type = _one_of(_("身份证明"), IdentityType.choices, required=False)
    identity_number = _line(_("证件号码"), most=60)
    phone = _line(_("电话"), most=40)
    address = _line(_("通信地址"), most=300)
    scope = forms.MultipleChoiceField(
        label=_("授权的范围"), choices=Authority.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("代理人、经办人按授权委托书勾选"),
        error_messages={"invalid_choice": _("请从列出的各项里选")},
    )  # fmt: skip
    valid_from = _day(_("授权自"), required=False)
    valid_until = _day(_("授权到"), required=False, help_text=_("没有写期限的不填"))
    paper = _one_of(_("授权、监护的证明材料"), [], required=False)
    represents = forms.BooleanField(
        label=_("是全体申请人的代表人，文书写给代表人"), required=False,
        help_text=_("只对共同申请人；不勾选的，文书写给全体"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, papers: Any = (), **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["paper"].choices = [("", _("没有，或者还没有加入材料")), *papers]  # type: ignore[attr-defined]


class EndForm(_Form):
    """Somebody no longer acts."""

    ended_on = _day(_("到哪天为止"))


class CheckForm(_Form):
    """A check of who somebody is, or what they may do."""

    anchors = "c-%s"
    key = forms.CharField(widget=_SENT_TWICE(), required=False, max_length=40)
    person = _one_of(_("核对谁的"), [], required=False)
    what = _one_of(_("核对什么"), CheckedWhat.choices)
    proof = _one_of(_("看的是什么证明"), IdentityType.choices, required=False)
    result = _one_of(_("结果"), CheckResult.choices)
    checked_on = _day(_("核对之日"))
    paper = _one_of(_("留存的材料"), [], required=False)
    remarks = _words(
        _("疑问、说明"), required=False, most=500, help_text=_("有疑问的写明，补正告知书里用。加密保存")
    )

    def __init__(self, data: Any = None, *, papers: Any = (), people: Any = (), **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["paper"].choices = [("", _("没有留存")), *papers]  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", _("申请人")), *people]  # type: ignore[attr-defined]


class SplitReasonForm(_Form):
    """Why a case is split."""

    reason = _words(
        _("拆分的理由"), most=500,
        help_text=_("例如：两项信息由不同文件记载，可以分别检索、分别答复。不得为了增加件数、收费而拆分。加密保存"),
        error_messages={"required": _("请写明拆分的理由")},
    )  # fmt: skip


class MergeForm(_Form):
    """Into which case a wrongly split-off one goes back, and why."""

    into = forms.ChoiceField(
        label=_("并回哪一件"), widget=forms.RadioSelect,
        error_messages={"required": _("请选择一件"), "invalid_choice": _("请从列出的各件里选")},
    )  # fmt: skip
    reason = _words(
        _("为什么拆分得不对"), most=500, help_text=_("写进两件案件的记录。加密保存"),
        error_messages={"required": _("请写明为什么拆分得不对")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, targets: Any = (), **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["into"].choices = list(targets)  # type: ignore[attr-defined]
