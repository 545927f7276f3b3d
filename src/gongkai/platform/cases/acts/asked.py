"""Questions that several act forms share, and where their choices and defaults come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.acts.context import FormContext
from gongkai.platform.cases.acts.fields import Choices, ChoicesIn, Field, Goes, Shape, Text, choices_of
from gongkai.platform.cases.models import Stance, Unit
from gongkai.platform.cases.task_rules import inner_due
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.rules.cases.state import Consultation, ConsultationKind
from gongkai.rules.vocabulary import Method, TaskKind

NEW = "new"
"""Choice for a party, body, unit or proceeding that is not in the case yet."""


def on(label: Text, hint: Text = "") -> Field:
    """The legal date of the act, today at first."""
    return Field(
        "occurred_on",
        label,
        Shape.DATE,
        Goes.ON,
        hint=hint,
        initial=lambda context: context.today.isoformat(),
    )


def text(
    name: str,
    label: Text,
    *,
    required: bool = False,
    hint: Text = "",
    line: bool = False,
    personal: bool = False,
) -> Field:
    """Free text, kept outside the ledger."""
    shape = Shape.LINE if line else Shape.AREA
    return Field(name, label, shape, Goes.TEXT, required=required, hint=hint, personal=personal)


REMARKS = text("remarks", _("备注"))
PROOF = text(
    "proof", _("凭证"), line=True, hint=_("邮件号、签收人、截图编号等；扫描件在案件页的“材料”里添加")
)


HOW_SERVED = _("送达方式")


def method(label: Text = HOW_SERVED, *, required: bool = False, initial: str = "") -> Field:
    """How something was served or sent."""
    return Field(
        "method",
        label,
        Shape.CHOICE,
        Goes.PAYLOAD,
        required=required,
        choices=choices_of(Method),
        initial=initial,
    )


NUMBER = Field(
    "number",
    _("文书编号"),
    Shape.NUMBER,
    Goes.PAYLOAD,
    required=False,
    hint=_("由本系统出具文书的，编号自动取，不必填"),
)


def days_or_day(name: str, label: Text, *, hint: Text = "", law: str = "", required: bool = True) -> Field:
    """A last day, by default as many working days from today as the law's ``law`` says."""
    return Field(
        name,
        label,
        Shape.DATE,
        Goes.PAYLOAD,
        required=required,
        hint=hint,
        initial=(lambda context: context.after(law)) if law else "",
    )


# --- parties, bodies, units -----------------------------------------------------------------------------

Want = Callable[[Consultation], bool]


def _consulted(kind: ConsultationKind, want: Want) -> ChoicesIn:
    def choices(context: FormContext) -> Choices:
        found = [c for c in context.state.consultations if c.kind is kind and want(c)]
        return tuple({c.party: (c.party, context.names.of(c.party)) for c in found}.values())

    return choices


def is_open(consultation: Consultation) -> bool:
    """Waits for an answer."""
    return consultation.open


def undelivered(consultation: Consultation) -> bool:
    """Waits for an answer, delivery not recorded."""
    return consultation.open and consultation.delivered_on is None


def unanswered(consultation: Consultation) -> bool:
    """A late answer still finds its letter."""
    return consultation.answered_on is None and consultation.abandoned_on is None


def objected(consultation: Consultation) -> bool:
    """Answered that it does not agree."""
    return consultation.consent is False


def _only(choices: ChoicesIn) -> Callable[[FormContext], str]:
    def initial(context: FormContext) -> str:
        found = choices(context)
        return found[0][0] if len(found) == 1 else ""

    return initial


def consulted(kind: ConsultationKind, label: Text, want: Want, *, key: str = "party") -> Field:
    """One of those consulted for whom ``want`` holds; chosen at first where there is one."""
    choices = _consulted(kind, want)
    return Field(key, label, Shape.CHOICE, Goes.PAYLOAD, choices=choices, initial=_only(choices))


def whom(kind: ConsultationKind, label: Text, hint: Text = "") -> Field:
    """Whom to consult: somebody asked before, or somebody new."""
    known = _consulted(kind, lambda one: not one.open)

    def choices(context: FormContext) -> Choices:
        return (*known(context), (NEW, _("未征求过的（在下面填写）")))

    return Field("whom", label, Shape.CHOICE, Goes.FORM, hint=hint, choices=choices, initial=NEW)


def _units(context: FormContext) -> Choices:
    """The register of units, then the offices and departments below that are not in it yet."""
    known = list(Unit.objects.filter(body=context.body).select_related("of"))
    below = Body.objects.filter(parent=context.body, level__in=[BodyLevel.OFFICE, BodyLevel.DEPARTMENT])
    below = below.exclude(pk__in=[unit.of_id for unit in known if unit.of_id is not None])
    return (
        *((unit.key, unit.name) for unit in known if unit.active),
        *below.values_list("key", "name"),
        (NEW, _("其他单位（在下面填写）")),
    )


def inner_due_date(context: FormContext) -> str:
    """The inner due date of a task that is given today, in ISO; empty where it cannot be told."""
    due = inner_due(context.body, context.today, context.basis.calendar)
    return "" if due is None else due.isoformat()


UNIT = Field("unit_choice", _("承办单位"), Shape.CHOICE, Goes.FORM, choices=_units)


def _tasks(context: FormContext) -> Choices:
    return tuple(
        (f"{one.unit}|{one.kind}", f"{context.names.of(one.unit)}：{TaskKind(one.kind).label_zh}")
        for one in context.state.tasks
    )


STANCE = Field(
    "stance", _("会签、审核的意见"), Shape.CHOICE, Goes.TEXT, required=False,
    choices=tuple((one.value, one.label) for one in Stance), hint=_("会签、法制审核的要选，其他的不用"),
)  # fmt: skip


def task(label: Text) -> Field:
    """One of the tasks that are not done yet."""
    return Field("task", label, Shape.CHOICE, Goes.FORM, choices=_tasks, initial=_only(_tasks))


def optional(asked: Field) -> Field:
    """The same question, which need not be answered."""
    return replace(asked, required=False)
