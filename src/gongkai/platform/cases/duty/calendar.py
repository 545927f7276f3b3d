"""The long holidays of a calendar: days off in a row, with their names and the days worked instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar

LONG = 3
"""Days in a row from which a holiday is a long one; an ordinary weekend has two."""
AROUND = timedelta(days=400)
"""So far back and ahead holidays are offered."""
_DAY = timedelta(days=1)
_WORKED_NEAR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off in a row, weekends included."""

    first: date
    last: date
    name: str
    worked: tuple[date, ...]
    """Made-up working days (调休上班) near it."""
    official: bool
    """Its year has a notice; else it is worked out from the statutory festivals alone."""

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        return tuple(self.first + _DAY * n for n in range((self.last - self.first).days + 1))


def holidays(calendar: WorkCalendar, start: date, end: date) -> tuple[Holiday, ...]:
    """Long holidays with a day from ``start`` to ``end``, oldest first, as far as the calendar reaches."""
    first_year, last_year = calendar.years
    day, stop = max(start, date(first_year, 1, 1)), min(end, date(last_year, 12, 31))
    found: list[Holiday] = []
    while day <= stop:
        run = _run(calendar, day)
        if len(run) >= LONG:
            found.append(_holiday(calendar, run[0], run[-1]))
        day = (run[-1] if run else day) + _DAY
    return tuple(found)


def holiday_on(calendar: WorkCalendar, day: date) -> Holiday | None:
    """The long holiday that a day belongs to."""
    try:
        run = _run(calendar, day)
    except CalendarNotPublished:
        return None
    return _holiday(calendar, run[0], run[-1]) if len(run) >= LONG else None


def next_of(found: Sequence[Holiday], today: date) -> Holiday | None:
    """The holiday that is on or comes next."""
    return next((one for one in found if one.last >= today), None)


def _run(calendar: WorkCalendar, day: date) -> list[date]:
    """The days off in a row around a day; empty for a working day."""
    if calendar.is_workday(day):
        return []
    run = [day]
    while _is_off(calendar, run[0] - _DAY):
        run.insert(0, run[0] - _DAY)
    while _is_off(calendar, run[-1] + _DAY):
        run.append(run[-1] + _DAY)
    return run


def _is_off(calendar: WorkCalendar, day: date) -> bool:
    try:
        return not calendar.is_workday(day)
    except CalendarNotPublished:
        return False


def _holiday(calendar: WorkCalendar, first: date, last: date) -> Holiday:
    names = dict.fromkeys(name for _a, _b, name in calendar.days_off(first - _DAY, last))
    return Holiday(
        first, last, "、".join(names), calendar.made_up(first - _WORKED_NEAR, last + _WORKED_NEAR),
        not calendar.is_provisional(first),
    )  # fmt: skip
