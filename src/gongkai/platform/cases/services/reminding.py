"""Units are reminded by the daily work: before the inner due date, and once more when it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db import transaction

from gongkai.platform.cases.models import CaseTask, ReminderKind, TaskReminder, TaskState
from gongkai.platform.cases.task_rules import inner_period
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Body
from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar


def remind_by_itself(actor: Actor) -> Mapping[str, int]:
    """Record the reminders that are due today and are not there yet; how many of each kind.

    One of each kind for a task, however often it is called: a task whose due date was moved is not reminded
    of anew.
    """
    done = {ReminderKind.BEFORE.value: 0, ReminderKind.LATE.value: 0}
    waiting = CaseTask.objects.filter(
        state=TaskState.OPEN, due_on__isnull=False, assigned_on__lte=actor.today
    )
    for body in Body.objects.filter(key__in=waiting.values("body")):
        calendar = basis_for(body, known_on=actor.present.known_on).calendar
        warn_days = inner_period(body, actor.today).warn_days
        for task, kind in _due(body, actor.today, calendar, warn_days):
            done[kind] += _remind(task, kind, actor)
    return {"before": done[ReminderKind.BEFORE.value], "late": done[ReminderKind.LATE.value]}


def _due(body: Body, today: date, calendar: WorkCalendar, warn_days: int) -> Iterator[tuple[CaseTask, str]]:
    rows = CaseTask.objects.filter(
        body=body, state=TaskState.OPEN, due_on__isnull=False, assigned_on__lte=today
    ).prefetch_related("reminders")
    for task in rows.order_by("due_on", "key"):
        if task.due_on is None:
            continue
        had = {reminder.kind for reminder in task.reminders.all()}
        kind = ReminderKind.LATE if task.due_on < today else ReminderKind.BEFORE
        if kind.value in had or (
            kind is ReminderKind.BEFORE and not _near(task.due_on, today, calendar, warn_days)
        ):
            continue
        yield task, kind.value


def _near(due_on: date, today: date, calendar: WorkCalendar, warn_days: int) -> bool:
    try:
        return calendar.count(today, due_on) <= warn_days
    except CalendarNotPublished:
        return False


@transaction.atomic
def _remind(task: CaseTask, kind: str, actor: Actor) -> int:
    now = CaseTask.objects.select_for_update().filter(pk=task.pk, state=TaskState.OPEN).first()
    if now is None:
        return 0
    _reminder, new = TaskReminder.objects.get_or_create(
        task=now, kind=kind, defaults={"on": actor.today, "at": actor.present.moment}
    )
    if new:
        audit.record("task.reminded", actor=actor, body=task.body, object=task.key, detail={"by": kind})
    return int(new)
