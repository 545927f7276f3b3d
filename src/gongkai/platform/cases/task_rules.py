"""Who may answer a task, by when it is wanted, and what an outcome needs: settings of a body, dated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, cast

import yaml
from django.db.models import Q

from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import CaseTask, OutcomeNeed, TaskSetting, TaskState, Unit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act, Relation, can, relation
from gongkai.rules.vocabulary import Outcome
from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar

WORKING_DAYS, WARN_DAYS = 5, 2
"""The inner period, and how long before its end a unit is reminded, unless the body set others (mark M)."""
LEGAL_REVIEW, COUNTERSIGN, SEARCH_RECORD = NEEDS = ("legal_review", "countersign", "search_record")
ANSWERS = frozenset({"task.done", "task.returned"})
PARTIAL = Outcome.PARTIAL.value


def may_answer(*, body: Body, stream: str, kind: str, payload: Mapping[str, Any], actor: Actor) -> bool:
    """Whether an act answers an open task of a unit whose people the actor is one of."""
    if kind not in ANSWERS or actor.seat is None:
        return False
    named = payload.get("unit")
    open_tasks = CaseTask.objects.filter(
        Q(unit__key=named) | Q(unit__of=named), body=body, stream=stream, kind=payload.get("kind"),
        state=TaskState.OPEN,
    ).select_related("unit__of")  # fmt: skip
    return any(answers_for(task.unit, actor) for task in open_tasks)


def answers_for(unit: Unit, actor: Actor) -> bool:
    """Whether the actor is one of the people of the body that a unit stands for, and may answer for it."""
    return unit.of is not None and actor.may(Act.TASK_ANSWER, unit.of)


def has_own_people(unit: Unit) -> bool:
    """Whether somebody of the body that a unit stands for can answer here; else the office enters it."""
    if unit.of is None:
        return False
    seats = Seat.objects.filter(valid_until__isnull=True, person__is_active=True)
    return any(can(seat, Act.TASK_ANSWER, unit.of) for seat in seats.filter(body=unit.of))


def signed_for(task: CaseTask) -> bool:
    """Whether a task of a unit with people of its own was ended by somebody else, such as the office."""
    of, seat = task.unit.of, task.signed_by
    if of is None or seat is None or relation(seat.body, of) is Relation.OWN:
        return False
    return has_own_people(task.unit)


@dataclass(frozen=True, slots=True)
class InnerPeriod:
    """The inner period of a body on a day. ``own``: the body set it itself."""

    working_days: int
    warn_days: int
    own: bool


def inner_period(body: Body, on: date) -> InnerPeriod:
    """The inner period that holds on a day."""
    row = TaskSetting.objects.filter(body=body, from_date__lte=on).order_by("-from_date").first()
    if row is None:
        return InnerPeriod(WORKING_DAYS, WARN_DAYS, own=False)
    return InnerPeriod(row.working_days, row.warn_days, own=True)


def inner_due(body: Body, on: date, calendar: WorkCalendar) -> date | None:
    """The inner due date of a task given on a day; ``None`` beyond the years of the calendar."""
    try:
        return calendar.add(on, inner_period(body, on).working_days)
    except CalendarNotPublished:
        return None


@dataclass(frozen=True, slots=True)
class Need:
    """What a reply needs before it is submitted, and where that comes from."""

    legal_review: bool = False
    countersign: bool = False
    search_record: bool = False
    source: str = ""
    """What the body says it rests on; empty for what was shipped."""
    from_date: date | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """What is needed."""
        return tuple(name for name in NEEDS if getattr(self, name))

    def joined(self, other: Need) -> Need:
        """What either needs."""
        return Need(
            self.legal_review or other.legal_review, self.countersign or other.countersign,
            self.search_record or other.search_record, self.source, self.from_date,
        )  # fmt: skip


@cache
def _shipped() -> tuple[dict[str, Any], ...]:
    text = (resources.files("gongkai.platform.cases") / "outcome_needs.yaml").read_text(encoding="utf-8")
    entries = tuple(cast("list[dict[str, Any]]", yaml.safe_load(text)))
    for entry in entries:
        Outcome(entry["outcome"])
        if not set(entry["needs"]) <= set(NEEDS):
            raise ValueError(f"outcome_needs.yaml: {entry}")
    return entries


def shipped_need(outcome: str, sub_kind: str, on: date) -> Need:
    """What is shipped for an outcome on a day."""
    found = Need()
    for entry in sorted(_shipped(), key=lambda one: one["from_date"]):
        fits = not entry.get("sub_kinds") or sub_kind in entry["sub_kinds"]
        if entry["outcome"] == outcome and fits and entry["from_date"] <= on:
            asked = [name in entry["needs"] for name in NEEDS]
            found = Need(asked[0], asked[1], asked[2], from_date=entry["from_date"])
    return found


def named_sub_kind(outcome: str, sub_kind: str) -> str:
    """The sub-kind by its name where a blank one means the same letter (``not_held``)."""
    letter = reply_letter(outcome, sub_kind)
    return sub_kind or next((name for name in letter.sub_kinds if name), "")


def need_for(
    body: Body, outcome: str, sub_kind: str, on: date, parts: Sequence[Mapping[str, Any]] = ()
) -> Need:
    """What a reply of a body needs on a day: its own setting, else the shipped one.

    The body's word for the sub-kind goes before its word for the outcome, that before its word for all
    outcomes. Of a partial disclosure also what the grounds of the withheld parts need.
    """
    found = _need(body, outcome, sub_kind, on)
    if outcome == PARTIAL:
        for ground in sorted({str(part["ground"]) for part in parts if part.get("ground")}):
            found = found.joined(_need(body, ground, "", on))
    return found


def _need(body: Body, outcome: str, sub_kind: str, on: date) -> Need:
    sub_kind = named_sub_kind(outcome, sub_kind)
    rows = OutcomeNeed.objects.filter(body=body, outcome__in=("", outcome), from_date__lte=on)
    fitting = [row for row in rows.order_by("from_date") if row.sub_kind in ("", sub_kind)]
    if not fitting:
        return shipped_need(outcome, sub_kind, on)
    row = max(fitting, key=lambda one: (bool(one.outcome), bool(one.sub_kind), one.from_date))
    return Need(row.legal_review, row.countersign, row.search_record, row.source, row.from_date)
