"""Forms of tasks: giving, answering, returning, reminding, records of searches; settings and units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import Found, Stance, Unit
from gongkai.platform.cases.requirements import NEED_WORDS
from gongkai.platform.cases.selectors.task_list import KINDS
from gongkai.platform.cases.services.tasks import Search
from gongkai.platform.cases.task_rules import NEEDS, Need
from gongkai.platform.core.models import Body
from gongkai.platform.desk.forms.styled import DayInput, StyledForm

MOST = 5_000
_DAY: dict[str, Any] = {"invalid": _("日期请写成 2026-03-01 这样")}


def _area(label: Any, rows: int = 4, **given: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=MOST, widget=widget, **given)


def _line(label: Any, most: int = 200, **given: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.TextInput(attrs={"autocomplete": "off"}), **given
    )


def _day(label: Any, **given: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=DayInput(), input_formats=["%Y-%m-%d"], error_messages=dict(_DAY), **given
    )


class GiveForm(StyledForm):
    """A task for one or several units."""

    kind = forms.ChoiceField(
        label=_("办什么"), choices=list(KINDS.items()),
        error_messages={"invalid_choice": _("请从列出的各项里选")},
    )  # fmt: skip
    units = forms.MultipleChoiceField(
        label=_("交给哪些单位"), widget=forms.CheckboxSelectMultiple, required=True,
        help_text=_("可以一次交给几个单位，每个单位各办各的"),
        error_messages={"required": _("请至少选一个单位"), "invalid_choice": _("请从列出的单位里选")},
    )  # fmt: skip
    wanted = _area(
        _("要单位做什么"), help_text=_("单位看得到申请内容，看不到申请人是谁；这里也不要写申请人的姓名")
    )
    due_on = _day(_("内部期限"), required=False, help_text=_("只管内部，不影响答复期限"))

    def __init__(self, units: Sequence[Unit], today: date, *args: Any, **kwargs: Any) -> None:
        self.known = {str(unit.pk): unit for unit in units}
        self.today = today
        super().__init__(*args, **kwargs)
        field: Any = self.fields["units"]
        field.choices = [(key, unit.name) for key, unit in self.known.items()]

    def clean_due_on(self) -> date | None:
        """Not before today."""
        due: date | None = self.cleaned_data["due_on"]
        if due is not None and due < self.today:
            raise forms.ValidationError(_("内部期限不能早于今天"))
        return due

    @property
    def chosen(self) -> list[Unit]:
        """The units that were chosen."""
        return [self.known[key] for key in self.cleaned_data["units"]]


class AnswerForm(StyledForm):
    """A signed opinion."""

    stance = forms.ChoiceField(
        label=_("意见"), choices=Stance.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选同意或者不同意")},
    )  # fmt: skip
    result = _area(_("意见和理由"), 5, help_text=_("签发以后不能改；以您现在的岗位署名"))
    signer = _line(_("单位里谁签的"), 60, help_text=_("单位没有人在本系统里，由您代为录入时填写"))

    def __init__(self, *args: Any, review: bool, for_unit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not review:
            del self.fields["stance"]
            self.fields["result"].label = _("办理结果")
        if not for_unit:
            del self.fields["signer"]


class ReturnTaskForm(StyledForm):
    """Why a task goes back."""

    reason = _area(_("退回的原因"), 3, help_text=_("写明为什么不由本单位办，应当由谁办"))


class RemindForm(StyledForm):
    """Words that go with a reminder."""

    words = _line(_("催办的话"), required=False)


class NoteForm(StyledForm):
    """In which words the approver takes note of a disagreement."""

    words = _area(_("怎样考虑的"), 3, help_text=_("写明为什么仍按这个结果答复；与意见一起留存"))


class SearchForm(StyledForm):
    """The record of a search."""

    on = _day(_("哪天找的"))
    where = _area(_("在哪里找的"), 2, help_text=_("哪些档案、系统、科室，逐一写明"))
    how = _area(_("怎样找的"), 2, help_text=_("全文检索、翻阅目录、询问经办人等"))
    terms = _line(_("用了哪些词"), help_text=_("检索词、文号、项目名称；翻阅的写翻阅的范围"))
    period = _line(_("找了哪个时段的"), 100, required=False)
    by_whom = _line(_("谁找的"), 100, help_text=_("部门和姓名"))
    found = forms.ChoiceField(
        label=_("找到没有"), choices=Found.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选一项")},
    )  # fmt: skip
    result = _area(_("结果"), 3, help_text=_("没有找到的，写明为什么可以认定不存在"))
    field_order: ClassVar = ["on", "where", "how", "terms", "period", "by_whom", "found", "result"]

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        """Not after today."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("不能晚于今天"))
        return on

    @property
    def search(self) -> Search:
        """The record, once the form is valid."""
        return Search(**self.cleaned_data)


class UnitForm(StyledForm):
    """A unit of the register."""

    name = _line(_("单位名称"), 100)
    of = forms.ModelChoiceField(
        Body.objects.none(), label=_("对应的机关"), required=False,
        empty_label=_("（没有，由本机关代为录入）"),
        help_text=_("选了的，那里的承办人自己在“交办”里办理；不选的，意见由本机关代录"),
        error_messages={"invalid_choice": _("请从列出的机关里选")},
    )  # fmt: skip
    phone = _line(_("联系电话"), 50, required=False)
    active = forms.BooleanField(label=_("还在使用"), required=False, initial=True)

    def __init__(self, bodies: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["of"]
        field.queryset = bodies


class PeriodForm(StyledForm):
    """The inner period of the body."""

    working_days = forms.IntegerField(
        label=_("内部期限（工作日）"), min_value=1, max_value=60,
        error_messages={"invalid": _("请写 1 至 60 的整数"), "min_value": _("至少 1 个工作日"),
                        "max_value": _("最多 60 个工作日")},
    )  # fmt: skip
    warn_days = forms.IntegerField(
        label=_("到期前几个工作日提醒"), min_value=0, max_value=60,
        error_messages={"invalid": _("请写整数"), "min_value": _("不能是负数"), "max_value": _("太多了")},
    )  # fmt: skip
    from_date = _day(_("从哪天起"))

    def clean(self) -> dict[str, Any]:
        """A warning comes within the period."""
        said: dict[str, Any] = super().clean() or {}
        period, warn = said.get("working_days"), said.get("warn_days")
        if period is not None and warn is not None and warn > period:
            self.add_error("warn_days", _("不能多于内部期限"))
        return said


class NeedForm(StyledForm):
    """What an outcome needs from a day on."""

    outcome = forms.ChoiceField(label=_("处理结果"), required=False)
    needs = forms.MultipleChoiceField(
        label=_("送审、批准以前要有"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(NEED_WORDS.items()),
        help_text=_("一项也不选，就是都不要"),
    )  # fmt: skip
    from_date = _day(_("从哪天起"))
    source = _line(_("依据"), help_text=_("本机关的哪个规定，如“县政府信息公开工作规程第九条”"))

    def __init__(self, outcomes: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = [("", _("各种结果（另有设置的除外）")), *outcomes]

    @property
    def need(self) -> Need:
        """What was chosen."""
        wanted = [name in self.cleaned_data["needs"] for name in NEEDS]
        return Need(wanted[0], wanted[1], wanted[2], source=self.cleaned_data["source"])
