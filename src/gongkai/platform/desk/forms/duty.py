"""Forms of the duty: an absence, an order of a superior body, how an applicant was told of a moved date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import OrderResult, ToldBy
from gongkai.platform.core.models import Seat
from gongkai.platform.desk.forms.styled import DayInput, StyledForm

MOST = 2_000
_DAY = {"invalid": _("请写成 2026-03-03 这样的日期。")}


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=DayInput(), error_messages=_DAY)


class AbsenceForm(StyledForm):
    """Who is away from when until when, and who stands in."""

    seat = forms.ChoiceField(label=_("谁离岗"))
    deputy = forms.ChoiceField(
        label=_("谁代理"), required=False,
        help_text=_("本机关另一位在岗的人；不选，这次离岗列在“没有人代理”里"),
    )  # fmt: skip
    first = _day(_("第一天"))
    last = _day(_("最后一天"), _("这一天还由代理人代理"))

    def choose_from(self, seats: Sequence[Seat], deputies: Sequence[Seat]) -> None:
        """Set the choices."""
        self._seats = {seat.pk: seat for seat in (*seats, *deputies)}
        self.has_choices = bool(seats)
        self._choices("seat", [(seat.pk, _named(seat)) for seat in seats])
        self._choices("deputy", [("", "—"), *((seat.pk, _named(seat)) for seat in deputies)])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def clean_seat(self) -> Seat:
        """The seat itself."""
        return self._seats[self.cleaned_data["seat"]]

    def clean_deputy(self) -> Seat | None:
        """The seat itself, or nobody."""
        return self._seats.get(self.cleaned_data["deputy"])


def _named(seat: Seat) -> str:
    return f"{seat.person.name}（{seat.title or seat.role_names}）"


class RegisterOrderForm(StyledForm):
    """An order that came in on paper."""

    issuer_name = forms.CharField(label=_("督办单位"), max_length=100)
    number = forms.CharField(label=_("文号"), max_length=60, required=False)
    text = forms.CharField(
        label=_("督办内容"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("加密保存；不要写身份证号、住址"),
    )  # fmt: skip
    numbers = forms.CharField(
        label=_("涉及的案件"), max_length=MOST, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("案件的编号，一行一个；不涉及具体案件就不填"),
    )  # fmt: skip
    received_on = _day(_("收到日"))
    due_on = _day(_("办结期限"), _("督办单位定的，不影响法定期限"))

    def clean_numbers(self) -> list[str]:
        """One by one."""
        return _one_by_one(self.cleaned_data["numbers"])


class IssueOrderForm(StyledForm):
    """An order to a body below."""

    number = RegisterOrderForm.base_fields["number"]
    text = RegisterOrderForm.base_fields["text"]
    numbers = RegisterOrderForm.base_fields["numbers"]
    due_on = RegisterOrderForm.base_fields["due_on"]

    def clean_numbers(self) -> list[str]:
        """One by one."""
        return _one_by_one(self.cleaned_data["numbers"])


def _one_by_one(text: str) -> list[str]:
    """Numbers of cases: one a line, or with commas between them."""
    return [one for one in re.split(r"[\s，、；;,]+", text) if one]


class AnswerOrderForm(StyledForm):
    """How an order ended."""

    result = forms.ChoiceField(label=_("结果"), choices=OrderResult.choices)
    answer = forms.CharField(
        label=_("办理情况"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("怎样办的、怎样答复督办单位的"),
    )  # fmt: skip
    on = _day(_("办结日"))


class ToldForm(StyledForm):
    """How an applicant was told that a date moved."""

    how = forms.ChoiceField(label=_("怎样告知"), choices=ToldBy.choices)
    on = _day(_("告知日"))
    words = forms.CharField(
        label=_("怎么说的"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("记入案件的记事；不用告知的，写明理由"),
    )  # fmt: skip


class DaysAfterForm(StyledForm):
    """How far the list of a holiday looks."""

    days = forms.IntegerField(
        label=_("节后列到第几个工作日"), min_value=1, max_value=10,
        error_messages={"invalid": _("请写 1 至 10 的整数"), "min_value": _("至少 1 个工作日"),
                        "max_value": _("最多 10 个工作日")},
    )  # fmt: skip
