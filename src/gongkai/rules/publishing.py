"""The clock of proactive disclosure: working days from the making or changing of information (art. 26)."""

from __future__ import annotations

from datetime import date

from gongkai.rules.cases.clock import Clock, ClockState, Step
from gongkai.rules.law import Law
from gongkai.rules.workdays import WorkCalendar


def publish_clock(
    made_on: date, law: Law, calendar: WorkCalendar, as_of: date, *, published_on: date | None = None
) -> Clock:
    """Until when a record is to be published that was made or changed on ``made_on``, seen on ``as_of``.

    Raises ``NoRuleInForce`` for a day before the Regulation in force, ``CalendarNotPublished`` beyond the
    calendar. A special law's own limit is a local value of ``publish_period``.
    """
    due = calendar.add(made_on, law.number("publish_period", on=made_on))
    days = calendar.count(made_on, due)
    cite = law.cite("publish_period", on=made_on)
    steps = [Step(made_on, "made", article=cite), Step(due, "nth_day", {"days": days}, cite)]
    if published_on is not None:
        state = ClockState.MET if published_on <= due else ClockState.LATE
        steps.append(Step(published_on, "published"))
    else:
        state = ClockState.OVERDUE if as_of > due else ClockState.RUNNING
    provisional = calendar.is_provisional(due)
    if provisional:
        steps.append(Step(None, "provisional", {"year": due.year}))
    return Clock(
        "publish",
        state,
        "organ",
        started_on=made_on,
        due_on=due,
        earliest_due_on=due,
        latest_due_on=due,
        working_days_left=calendar.count(as_of, due) if published_on is None else None,
        provisional=provisional,
        steps=tuple(steps),
        ended_on=published_on,
    )
