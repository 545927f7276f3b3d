"""The forms of intake: they check the shape of what is typed, never the law."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.applicants import (
    ApplicantDetails,
    FormWanted,
    IdentityType,
    RequestedItem,
    WayWanted,
)
from gongkai.platform.cases.intake import APPLICANT_KINDS, CHANNELS, PERSON
from gongkai.platform.cases.models import Counterpart, ItemKind
from gongkai.platform.cases.receipt import CONFIRMATIONS, ReceiptBasis
from gongkai.platform.cases.services.matters import OtherMatter
from gongkai.platform.cases.services.mending import LONGEST_REASON
from gongkai.platform.cases.services.numbers import is_document_number
from gongkai.platform.cases.services.referrals import Ticket

_EMPTY = [("", _("没有写明"))]
MOST_TEXT = 20_000


def _text(label: Any, size: str = "m", most: int = 100, **given: Any) -> forms.CharField:
    attributes = {"class": f"input input--{size}" if size else "input", "autocomplete": "off"}
    attributes |= given.pop("attrs", {})
    return forms.CharField(
        label=label, required=False, max_length=most, widget=forms.TextInput(attrs=attributes), **given
    )


def _day(label: Any, *, required: bool = False, **given: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input input--s"}),
        error_messages={"required": _("请填写日期"), "invalid": _("日期请写成 2026-03-01 这样")},
        **given,
    )


def _choice(label: Any, choices: Any, *, required: bool = False, **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.Select(attrs={"class": "input input--m"}),
        error_messages={"required": _("请选择一项"), "invalid_choice": _("请从列出的各项里选")},
        **given,
    )


class ReceiptForm(forms.Form):
    """How receipt was confirmed with the applicant (art. 31)."""

    confirmed_on = _day(
        _("确认之日"), help_text=_("平常信函、传真、电子邮件：与申请人双方确认的那天就是收到之日")
    )
    confirmation = _choice(
        _("怎样确认的"), [("", _("还没有确认")), *[(c.value, c.label) for c in CONFIRMATIONS]]
    )
    remark = _text(
        _("备注"), "", 500, help_text=_("通话对象、时间等；口头申请的，写谁代填、申请人怎样确认。加密保存")
    )


class ApplicantForm(forms.Form):
    """Who applies, without the kind."""

    name = _text(_("姓名或者名称"))
    unnamed = forms.BooleanField(label=_("来件上没有写姓名或者名称"), required=False)
    identity_type = _choice(_("身份证明"), [*_EMPTY, *IdentityType.choices])
    identity_number = _text(_("证件号码"), most=60)
    phone = _text(_("电话"), "s", 40, attrs={"inputmode": "tel"})
    address = _text(_("通信地址"), "", 300)
    postcode = _text(_("邮政编码"), "s", 10, attrs={"inputmode": "numeric"})
    email = _text(_("电子邮箱"), "m", 200, attrs={"inputmode": "email"})
    representative = _text(_("法定代表人或者负责人"))
    contact = _text(_("联系人"))
    agent_name = _text(_("代理人姓名"))
    agent_identity_number = _text(_("代理人证件号码"), most=60)
    agent_phone = _text(_("代理人电话"), "s", 40, attrs={"inputmode": "tel"})
    co_applicants = _text(
        _("共同申请人"), "", 500, help_text=_("一件申请有几名申请人的，第一位以外的写在这里")
    )

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, auto_id="f-%s", **given)
        # A name, or the word that there is none: a forgotten one must not pass.
        name = self.fields["name"]
        name.required = not (data is not None and data.get("unnamed"))
        name.error_messages["required"] = _("请填写姓名或者名称；来件上没有的，请勾选下面一项")

    @property
    def applicant(self) -> ApplicantDetails:
        """Who applies, also from a form that is not complete yet."""
        given = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else {}
        names = (
            "name", "identity_type", "identity_number", "phone", "address", "postcode", "email",
            "representative", "contact", "agent_name", "agent_identity_number", "agent_phone",
            "co_applicants",
        )  # fmt: skip
        values = {name: str(given.get(name) or "").strip() for name in names}
        return ApplicantDetails(kind=given.get("kind") or PERSON, **values)


class RegisterForm(ApplicantForm, ReceiptForm):
    """The letter and its applicant."""

    channel = _choice(_("渠道"), CHANNELS, required=True)
    came_on = _day(_("来件之日"), required=True, help_text=_("提交、签收或者到达本机关的那天，不是邮戳日"))
    kind = _choice(
        _("申请人类别"), APPLICANT_KINDS, required=True, help_text=_("年报表三的六类；有代理人的按被代理人")
    )
    registered_on = _day(_("登记之日"), help_text=_("补登以前的来件时填写；不填就是今天"))
    ticket_from = _choice(_("由谁转来"), [("", _("不是转来的")), *Counterpart.choices])
    ticket_number = _text(
        _("工单号、转办编号"), "m", 60, help_text=_("12345 工单、信访件的编号，以后可以按它查找")
    )
    ticket_on = _day(_("转来之日"), help_text=_("不填就是来件之日"))
    field_order: ClassVar = [
        "channel", "came_on", "confirmed_on", "confirmation", "remark", "registered_on", "ticket_from",
        "ticket_number", "ticket_on", "kind",
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A ticket has both: by whom, and a number."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        number, by = (given.get("ticket_number") or "").strip(), given.get("ticket_from")
        if by and not number:
            self.add_error("ticket_number", _("请填写对方的工单号、转办编号"))
        if number and not by:
            self.add_error("ticket_from", _("请选择由谁转来"))
        return given

    @property
    def ticket(self) -> Ticket | None:
        """By whom the letter was handed to the body; ``None`` where it came by itself."""
        given = self.cleaned_data
        if not given.get("ticket_from"):
            return None
        on = given.get("ticket_on") or given["came_on"]
        return Ticket(counterpart=given["ticket_from"], number=given["ticket_number"], on=on)


class ItemForm(forms.Form):
    """One request of the letter."""

    description = forms.CharField(
        label=_("要什么信息"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
        help_text=_("照来件写：名称、文号，或者便于查询的特征描述"),
        error_messages={
            "required": _("请写明要的是什么信息"),
            "max_length": _("超过 20,000 字，请写要点，原文作为附件"),
        },
    )
    title = _text(_("简称"), "", 60, help_text=_("列表里怎么称呼；不填就用内容的开头"))
    document_number = _text(_("文号"))
    form_wanted = _choice(_("所需形式"), [*_EMPTY, *FormWanted.choices])
    way_wanted = _choice(_("获取方式"), [*_EMPTY, *WayWanted.choices])
    suggests_publication = forms.BooleanField(label=_("申请人建议主动公开这项信息"), required=False)
    number = _text(_("已有的编号"), help_text=_("补登时照纸质登记簿填写；不填就按顺序给号"))

    def clean_number(self) -> str:
        """A number from the paper register has the signs of one."""
        number: str = self.cleaned_data["number"].strip()
        if number and not is_document_number(number):
            raise forms.ValidationError(_("编号只能有汉字、字母、数字和〔〕（）等符号，最长 60 字"))
        return number

    def __init__(self, at: int, data: Any = None) -> None:
        super().__init__(data, prefix=f"item-{at}", auto_id="f-%s")
        self.at = at

    @property
    def item(self) -> RequestedItem:
        """The request."""
        return self._request()

    def _request(self) -> RequestedItem:
        wanted = {field.name for field in fields(RequestedItem)}
        given = {
            key: value for key, value in self.cleaned_data.items() if isinstance(value, str) and key in wanted
        }
        return RequestedItem(
            suggests_publication=bool(self.cleaned_data.get("suggests_publication")),
            **{key: value.strip() for key, value in given.items()},
        )


class LetterItemForm(ItemForm):
    """One matter of a letter: a request for information, or something that is none."""

    sort = _choice(
        _("这一项是"), ItemKind.choices, required=True, initial=ItemKind.INFORMATION.value,
        help_text=_("只有政府信息公开申请立案、给号；信访、投诉举报、咨询登记在来件里，另行转办或者答复"),
    )  # fmt: skip

    def __init__(self, at: int, data: Any = None) -> None:
        if data is not None and f"item-{at}-sort" not in data:
            data = data.copy()
            data[f"item-{at}-sort"] = ItemKind.INFORMATION.value
        super().__init__(at, data)

    @property
    def is_request(self) -> bool:
        """Whether it is a request for information."""
        return self.cleaned_data.get("sort") == ItemKind.INFORMATION

    @property
    def matter(self) -> OtherMatter:
        """The matter that is no request."""
        return OtherMatter(kind=self.cleaned_data["sort"], text=self.cleaned_data["description"])


class MendApplicantForm(ApplicantForm):
    """The applicant's details as they stand, to be put right; and why."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("更正的原因"), max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
        help_text=_("例如：登记时把电话抄错了，与来件核对后更正。加密保存"),
        error_messages={"required": _("请写明更正的原因")},
    )  # fmt: skip


class MendItemForm(ItemForm):
    """The request as it stands, to be put right; its number is the ledger's."""

    number = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(0, data)
        self.initial = given.get("initial", {})


CALL = ("call_phone", "call_at", "call_spoke_to", "call_text")


class ConfirmForm(ReceiptForm):
    """Confirmation of a letter that waits."""

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, auto_id="f-%s", **given)
        for name in ("confirmed_on", "confirmation"):
            self.fields[name].required = True
        self.fields |= {
            "call_phone": _text(_("电话记录：对方号码"), "s", 40, attrs={"inputmode": "tel"}),
            "call_at": _text(_("电话记录：几点几分"), "s", 20, help_text=_("如 15:20")),
            "call_spoke_to": _text(_("电话记录：与谁通话"), "m", 60),
            "call_text": _text(
                _("电话记录：说了什么"), "", 500, help_text=_("电话确认的，作为确认收到的凭据记入案件的经过")
            ),
        }

    def clean(self) -> dict[str, Any]:
        """A call says what was said, and belongs to a confirmation by telephone."""
        said: dict[str, Any] = super().clean() or {}
        told = [name for name in CALL if said.get(name)]
        if told and not said.get("call_text"):
            self.add_error("call_text", _("请写明电话里说了什么"))
        if told and said.get("confirmation") != ReceiptBasis.CONFIRMED_BY_PHONE:
            self.add_error("confirmation", _("写了电话记录的，请选电话确认"))
        return said

    @property
    def call(self) -> dict[str, str]:
        """The record of the call, by the names of the note's own fields."""
        return {name.removeprefix("call_"): self.cleaned_data[name] for name in CALL}

    @property
    def call_fields(self) -> list[forms.BoundField]:
        """The fields of the record of a call."""
        return [self[name] for name in CALL]
