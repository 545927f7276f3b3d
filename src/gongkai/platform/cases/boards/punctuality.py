"""Punctuality in a period: inner tasks by unit, answered cases by body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from gongkai.platform.cases.boards.catalogue import figures
from gongkai.platform.cases.boards.scope import Scope, bodies_of
from gongkai.platform.cases.boards.tables import (
    CASES,
    TASKS,
    Row,
    Source,
    Table,
    Value,
    cells,
    share,
    total_of,
)
from gongkai.platform.cases.models import CaseSummary, CaseTask, TaskState, Unit
from gongkai.platform.core.bases import calendars_of
from gongkai.rules.workdays import CalendarNotPublished

_TASKS, _CASES = figures("tasks_due"), figures("cases_answered")


def due_tasks(scope: Scope) -> Source:
    """Tasks whose inner due date lies in the period, each in exactly one of the five columns behind it."""
    period, today = scope.period, scope.today
    live = (TaskState.OPEN, TaskState.DONE, TaskState.RETURNED)
    rows = CaseTask.objects.filter(scope.mine(), state__in=live, due_on__range=(period.first, period.last))
    done, still = Q(state=TaskState.DONE), Q(state=TaskState.OPEN)
    in_time, late = done & Q(ended_on__lte=F("due_on")), done & Q(ended_on__gt=F("due_on"))
    open_late = still & Q(due_on__lt=today)
    columns = {
        "due": Q(), "in_time": in_time, "late": late, "returned": Q(state=TaskState.RETURNED),
        "open_late": open_late, "open": still & Q(due_on__gte=today),
    }  # fmt: skip
    return Source(rows, columns, lists={"rate": in_time | late | open_late, "mean": done, "longest": done})


@dataclass(frozen=True, slots=True)
class Taken:
    """How many tasks took how many working days; ``None`` of days: the calendar does not tell."""

    days: int | None
    tasks: int


def taken(scope: Scope, source: Source) -> dict[int, list[Taken]]:
    """How long the tasks of each unit took that were done, from the day they were given."""
    rows = source.rows.filter(state=TaskState.DONE).order_by()
    found = list(rows.values_list("unit_id", "body_id", "assigned_on", "ended_on").annotate(n=Count("pk")))
    bodies = bodies_of({body for _unit, body, _from, _to, _n in found}, scope)
    calendars = calendars_of(bodies, known_on=scope.actor.present.known_on)

    @cache
    def between(body: str, first: date, last: date) -> int | None:
        try:
            return calendars[body].count(first, last)
        except CalendarNotPublished:
            return None

    by_unit: dict[int, list[Taken]] = {}
    for unit, body, first, last, n in found:
        by_unit.setdefault(unit, []).append(Taken(between(body, first, last), n))
    return by_unit


def _times(found: Iterable[Taken]) -> dict[str, Value]:
    """Mean and longest; blank where nothing was done, or where one of them cannot be told."""
    known = [(one.days, one.tasks) for one in found if one.days is not None]
    if not known or len(known) < len(list(found)):
        return {"mean": None, "longest": None}
    number = sum(tasks for _days, tasks in known)
    return {
        "mean": Fraction(sum(days * tasks for days, tasks in known), number),
        "longest": max(days for days, _tasks in known),
    }


def _task_rate(values: Mapping[str, Value]) -> Fraction | None:
    in_time, late, open_late = (int(values.get(name) or 0) for name in ("in_time", "late", "open_late"))  # type: ignore[arg-type]
    return share(in_time, in_time + late + open_late)


def by_unit(scope: Scope) -> Table:
    """How punctual each unit was."""
    source = due_tasks(scope)
    found = {key: values for (key,), values in source.counts(["unit_id"])}
    times = taken(scope, source)
    named = Q(pk__in=found)
    if not scope.area:
        named |= Q(body=scope.bodies[0].key, active=True)
    order = {body.key: at for at, body in enumerate(scope.bodies)}
    units = sorted(Unit.objects.filter(named), key=lambda one: (order.get(one.body_id, 0), one.name, one.pk))
    rows: list[Row] = []
    for unit in units:
        values = found.get(unit.pk, {})
        values = {**values, **_times(times.get(unit.pk, [])), "rate": _task_rate(values)}
        body = scope.named[unit.body_id].name if scope.area else ""
        rows.append(Row(str(unit.pk), unit.name, cells(_TASKS, values), body, Q(unit=unit.pk)))
    all_times = [one for several in times.values() for one in several]
    summed = {name: sum(row[name] for row in found.values()) for name in source.columns}
    total = total_of(_TASKS, list(found.values()), {**_times(all_times), "rate": _task_rate(summed)})
    return Table(
        "units", _("交办，按承办单位"), TASKS, _("承办单位"), _TASKS, tuple(rows), total, (source,),
        _("这段时间没有到期的交办"),
    )  # fmt: skip


def answered_cases(scope: Scope) -> Source:
    """Cases whose standing reply was given in the period, each in exactly one of three columns."""
    rows = CaseSummary.objects.filter(
        scope.mine(), replied_on__range=(scope.period.first, scope.period.last), received_on__isnull=False
    )
    in_time, late = Q(answered_late=False), Q(answered_late=True)
    columns = {
        "answered": Q(), "in_time": in_time, "late": late, "untold": Q(answered_late__isnull=True),
    }  # fmt: skip
    return Source(rows, columns, lists={"rate": in_time | late})


def by_body(scope: Scope) -> Table:
    """How punctual each body was."""
    source = answered_cases(scope)
    found = {key: values for (key,), values in source.counts(["body_id"])}
    shown = scope.bodies if not scope.area else bodies_of(found, scope)
    rows: list[Row] = []
    for body in shown:
        values = found.get(body.key, {})
        values = {**values, "rate": _case_rate(values)}
        rows.append(Row(body.key, body.name, cells(_CASES, values), where=Q(body=body.key)))
    summed = {name: sum(row[name] for row in found.values()) for name in source.columns}
    total = total_of(_CASES, list(found.values()), {"rate": _case_rate(summed)}) if scope.area else None
    return Table(
        "bodies", _("案件，按机关"), CASES, _("机关"), _CASES, tuple(rows), total, (source,),
        _("这段时间各机关都没有答复"),
    )  # fmt: skip


def _case_rate(values: Mapping[str, int]) -> Fraction | None:
    in_time, late = values.get("in_time", 0), values.get("late", 0)
    return share(in_time, in_time + late)
