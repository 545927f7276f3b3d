"""Forms of sensitive cases: flagging one, lifting it, where a secret original is kept, levels of approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.sensitive.flags import ReaderView
from gongkai.platform.cases.services.secret import LONGEST
from gongkai.platform.cases.services.sensitive import Flagging
from gongkai.platform.core.models import Role
from gongkai.platform.desk.forms.styled import DayInput, StyledForm

MOST = 1_000
LEVELS = [("0", _("不加，一位审批人批准即签发")), ("1", _("再加一级：共两位")), ("2", _("再加两级：共三位"))]


def reader_label(one: ReaderView) -> str:
    """Who it is, and by which roles."""
    roles = "、".join(str(role.label) for role in Role if role.value in one.roles)
    return f"{one.title} {one.name}（{roles}）".strip()


class Checkboxes(forms.CheckboxSelectMultiple):
    """A group to which the summary of errors can lead: to its first box."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Of the group itself, that of its first box."""
        return super().id_for_label(id_, "0" if index is None else index)


class FlagForm(StyledForm):
    """Why, who reads, how many approve, until when."""

    reason = forms.CharField(
        label=_("理由"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只有阅读人看得到；如：涉及举报人、未成年人、正在办理的案件"),
    )  # fmt: skip
    readers = forms.MultipleChoiceField(
        label=_("谁可以阅读"), widget=Checkboxes,
        help_text=_("您本人和承办人总在其中；至少有一位审批人，加几级审批就多几位审批人"),
        error_messages={"required": _("请选择谁可以阅读，其中至少一位审批人")},
    )  # fmt: skip
    levels = forms.ChoiceField(
        label=_("答复要几级审批"), choices=LEVELS, widget=forms.RadioSelect, initial="0",
        help_text=_("每一级是不同的人；不改变任何期限"),
    )  # fmt: skip
    until = forms.DateField(
        label=_("到哪一天为止"), required=False, widget=DayInput(),
        help_text=_("过了这一天自动解除；不填的，由审批人解除"),
    )  # fmt: skip

    def __init__(
        self, choices: Sequence[ReaderView], *args: Any, reason_stays: bool = False, **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", "f-%s")
        kwargs["initial"] = {
            "readers": [one.seat for one in choices if one.chosen],
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["readers"]
        field.choices = [(one.seat, reader_label(one)) for one in choices]
        if reason_stays:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = _("不填的，理由不变")

    @property
    def flagging(self) -> Flagging:
        """What was filled in; of a form that is valid."""
        said = self.cleaned_data
        return Flagging(
            reason=said["reason"], readers=said["readers"], levels=int(said["levels"]), until=said["until"]
        )


class LiftForm(StyledForm):
    """Why it is lifted."""

    reason = forms.CharField(
        label=_("为什么解除"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("解除以后，本机关能查看案件的人都能看到它；标记和解除都留在记录里"),
    )  # fmt: skip


class PointerForm(StyledForm):
    """Where the original is; never what it says."""

    number = forms.CharField(
        label=_("涉密台账编号"), max_length=LONGEST, help_text=_("只写编号，不写标题、内容")
    )
    keeper = forms.CharField(label=_("保管人"), max_length=LONGEST)
    place = forms.CharField(label=_("存放地点"), max_length=LONGEST, help_text=_("如：保密室 2 号柜"))


class LevelsForm(StyledForm):
    """For every outcome how many more approve than the one who issues."""

    def __init__(self, outcomes: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f-%s", **kwargs)
        for value, label in outcomes:
            self.fields[value] = forms.ChoiceField(
                label=label,
                choices=[("0", _("一级")), ("1", _("两级")), ("2", _("三级"))],
            )  # fmt: skip
            self.fields[value].widget.attrs["class"] = "input input--s"
