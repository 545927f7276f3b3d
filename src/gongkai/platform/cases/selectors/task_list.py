"""The list of tasks: those that others gave to us, and those that we gave to units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import CaseSummary, CaseTask, CaseText, ReplyDraft, Stance, TaskState, Unit
from gongkai.platform.cases.models.drafts import DraftState
from gongkai.platform.cases.selectors.scope import readable, unreadable_among, visible_bodies
from gongkai.platform.cases.task_rules import inner_period
from gongkai.platform.cases.task_view import Standing, cover, hidden_words, standing, who
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.rules.vocabulary import TaskKind
from gongkai.rules.workdays import WorkCalendar

PAGE = 50
MOST_EXPORTED = 20_000
OURS, GIVEN = "ours", "given"
STATES: Mapping[str, Any] = MappingProxyType(
    {
        "open": _("办理中"), "late": _("超过内部期限"), "done": _("已办结"), "returned": _("已退回"),
        "void": _("已作废"), "all": _("全部"),
    }
)  # fmt: skip
KINDS: Mapping[str, str] = MappingProxyType({kind.value: kind.label_zh for kind in TaskKind})
SORTS: Mapping[str, Any] = MappingProxyType(
    {"due": _("内部期限在前"), "newest": _("新交办的在前"), "oldest": _("早交办的在前")}
)


class TooManyTasks(ValueError):
    """More rows than a sheet is made of."""


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """What is listed. Unknown words of an address are nothing."""

    view: str = GIVEN
    state: str = "open"
    kind: str = ""
    unit: int | None = None
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in the list."""

    key: str
    number: str
    title: str
    unit: str
    body: str
    kind: str
    standing: Standing
    assigned_on: date
    assigned_by: str
    due_on: date | None
    ended_on: date | None
    stance: str
    reminded: int


@dataclass(frozen=True, slots=True)
class TaskList:
    """A page of the list; ``pages`` is at least 1. ``tabs``: which of the two lists the actor has."""

    filters: TaskFilters
    rows: Sequence[TaskRow]
    count: int
    page: int
    pages: int
    ours_open: int
    given_open: int
    units: Sequence[tuple[int, str]]


def tasks_given_to(actor: Actor) -> QuerySet[CaseTask]:
    """The tasks of the units that stand for the actor's own body; none that were struck through."""
    if actor.seat is None or not actor.may(Act.TASK_SEE, actor.seat.body):
        return CaseTask.objects.none()
    return CaseTask.objects.filter(unit__of=actor.seat.body).exclude(state=TaskState.VOID)


def tasks_given_by(actor: Actor) -> QuerySet[CaseTask]:
    """The tasks of cases that the actor may see."""
    return readable(CaseTask.objects.filter(body__in=visible_bodies(actor, Act.CASE_SEE)), actor)


@dataclass(frozen=True, slots=True)
class TasksAhead:
    """What the first page says of tasks: given to the actor's body, and given back by units to it."""

    ours: int
    ours_late: int
    """Of ``ours``, those past their inner due date."""
    returned: int
    """Given back by a unit in an open case, where nothing was given to anybody since and nobody drafts."""

    def __bool__(self) -> bool:
        return self.ours > 0 or self.returned > 0


def tasks_ahead(actor: Actor) -> TasksAhead:
    """Two counts by index; nothing of what the tasks are about."""
    late = Q(due_on__lt=actor.today)
    given = tasks_given_to(actor).filter(state=TaskState.OPEN)
    ours = given.aggregate(all=Count("pk"), late=Count("pk", filter=late))
    returned = 0
    if actor.seat is not None and actor.may(Act.CASE_ACT, actor.seat.body):
        back = CaseTask.objects.filter(body=actor.seat.body, state=TaskState.RETURNED)
        is_open = CaseSummary.objects.filter(stream=OuterRef("stream"), open=True)
        later = CaseTask.objects.filter(stream=OuterRef("stream"), seq__gt=OuterRef("ended_seq"))
        drafted = ReplyDraft.objects.filter(stream=OuterRef("stream")).exclude(state=DraftState.DROPPED)
        back = back.filter(Exists(is_open)).exclude(Exists(later)).exclude(Exists(drafted))
        returned = readable(back, actor).count()
    return TasksAhead(ours["all"], ours["late"], returned)


def task_list(actor: Actor, filters: TaskFilters, *, page: int = 1) -> TaskList:
    """A page of the tasks that the actor may see."""
    rows = _selected(actor, filters)
    count = rows.count()
    pages = max(1, -(-count // PAGE))
    page = min(max(1, page), pages)
    found = list(rows[(page - 1) * PAGE : page * PAGE])
    units = Unit.objects.filter(tasks__in=_whose(actor, filters.view)).distinct().order_by("name", "pk")
    return TaskList(
        filters, tuple(task_rows(found, actor, filters.view)), count, page, pages,
        tasks_given_to(actor).filter(state=TaskState.OPEN).count(),
        tasks_given_by(actor).filter(state=TaskState.OPEN).count(),
        tuple(units.values_list("pk", "name")) if filters.view == GIVEN else (),
    )  # fmt: skip


def exported_tasks(actor: Actor, filters: TaskFilters) -> Iterator[TaskRow]:
    """Every task under the filters, for a spreadsheet; raises ``TooManyTasks`` before the first is given."""
    rows = _selected(actor, filters)
    if rows.count() > MOST_EXPORTED:
        raise TooManyTasks
    return _in_chunks(rows, actor, filters)


def _in_chunks(rows: QuerySet[CaseTask], actor: Actor, filters: TaskFilters) -> Iterator[TaskRow]:
    for first in range(0, MOST_EXPORTED + 1, 500):
        chunk = list(rows[first : first + 500])
        yield from task_rows(chunk, actor, filters.view)
        if len(chunk) < 500:
            return


def _whose(actor: Actor, view: str) -> QuerySet[CaseTask]:
    return tasks_given_to(actor) if view == OURS else tasks_given_by(actor)


def _selected(actor: Actor, filters: TaskFilters) -> QuerySet[CaseTask]:
    rows = _whose(actor, filters.view)
    match filters.state:
        case "open":
            rows = rows.filter(state=TaskState.OPEN)
        case "late":
            still = Q(state=TaskState.OPEN, due_on__lt=actor.today)
            rows = rows.filter(still | Q(ended_on__gt=F("due_on")))
        case "done" | "returned" | "void":
            rows = rows.filter(state=filters.state)
        case _all:
            pass
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.unit is not None:
        rows = rows.filter(unit=filters.unit)
    rows = rows.annotate(
        by=Coalesce("due_on", Value(date.max, DateField())), reminded=Count("reminders")
    ).select_related("unit", "body", "assigned_by__person")
    order = {"newest": ("-assigned_on", "-key"), "oldest": ("assigned_on", "key")}
    return rows.order_by(*order.get(filters.sort, ("by", "key")))


def task_rows(tasks: Sequence[CaseTask], actor: Actor, view: str) -> Iterator[TaskRow]:
    """What a list shows of tasks that the actor may see, as those given to us, or those that we gave."""
    streams = [task.stream for task in tasks]
    texts = CaseText.objects.in_bulk(streams)
    numbers = dict(CaseSummary.objects.filter(stream__in=streams).values_list("stream", "number"))
    may_read = {body.pk: actor.may(Act.CASE_IDENTITY, body) for body in {task.body for task in tasks}}
    ours = view == OURS
    covered = hidden_words(texts.values()) if ours else {}
    closed = unreadable_among(actor, streams) if ours else frozenset[str]()
    settings: dict[str, tuple[WorkCalendar, int]] = {}
    for task in tasks:
        body = task.body
        if body.pk not in settings:
            calendar = basis_for(body, known_on=actor.present.known_on).calendar
            settings[body.pk] = (calendar, inner_period(body, actor.today).warn_days)
        text = texts.get(task.stream)
        shown = text is not None and task.stream not in closed and (ours or may_read[body.pk])
        title = cover(text.title, covered.get(task.stream, ())) if shown and text is not None else ""
        yield TaskRow(
            task.key, "" if task.stream in closed else numbers.get(task.stream, ""), title,
            task.unit.name, body.name,
            TaskKind(task.kind).label_zh, standing(task, actor.today, *settings[body.pk]),
            task.assigned_on, who(task.assigned_by), task.due_on, task.ended_on,
            str(Stance(task.stance).label) if task.stance else "", getattr(task, "reminded", 0),
        )  # fmt: skip


def read_task_filters(given: Mapping[str, Any], *, default_view: str) -> TaskFilters:
    """Filters of an address; what is not known is left out."""

    def one(name: str, known: Mapping[str, Any], usual: str) -> str:
        value = str(given.get(name, ""))
        return value if value in known else usual

    unit = str(given.get("unit", ""))
    return TaskFilters(
        view=one("view", {OURS: 1, GIVEN: 1}, default_view), state=one("state", STATES, "open"),
        kind=one("kind", KINDS, ""), sort=one("sort", SORTS, "due"),
        unit=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
    )  # fmt: skip


def units_of(body: Body, *, active: bool = True) -> list[Unit]:
    """The units of a body, those in use or all; for the pages that choose one."""
    rows = Unit.objects.filter(body=body).select_related("of")
    return list(rows.filter(active=True) if active else rows)
