"""Forms of what comes after a reply: a day that was appointed, the review of a loss, a measure done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.losses import causes
from gongkai.platform.cases.models import AppointmentKind
from gongkai.platform.desk.forms.styled import DayInput, StyledForm

MOST = 2_000
_DATE = {"invalid": _("请写成 2026-03-13 这样的日期"), "required": _("请写日期")}


def _day(label: Any, **given: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=DayInput(), input_formats=["%Y-%m-%d"], error_messages=_DATE, **given
    )


class AppointmentForm(StyledForm):
    """What, when and where."""

    kind = forms.ChoiceField(label=_("事项"), choices=AppointmentKind.choices)
    on = _day(_("日期"))
    at = forms.TimeField(
        label=_("时间"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("请写成 09:30 这样的时间")},
    )  # fmt: skip
    place = forms.CharField(label=_("地点"), required=False, max_length=200)
    remarks = forms.CharField(
        label=_("备注"), required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如法官、联系人、要带的材料"),
    )  # fmt: skip


class ReviewForm(StyledForm):
    """Why it was lost, and what is done about it."""

    cause = forms.ChoiceField(label=_("原因"), error_messages={"required": _("请选择原因")})
    went_wrong = forms.CharField(
        label=_("哪里出了问题"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明哪里出了问题")},
    )  # fmt: skip
    measure = forms.CharField(
        label=_("整改措施"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明整改措施")},
    )  # fmt: skip
    responsible = forms.ChoiceField(label=_("责任人"), error_messages={"required": _("请选择责任人")})
    due_on = _day(_("完成期限"))

    def __init__(self, handlers: Any, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["cause"].choices = [("", _("请选择")), *causes().items()]  # type: ignore[attr-defined]
        people = [(one.key, one.label) for one in handlers]
        self.fields["responsible"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]


class DoneForm(StyledForm):
    """When the measure was done."""

    done_on = _day(_("完成日期"))
