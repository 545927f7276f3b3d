"""The law and the calendar as a body has them: the shipped ones under its own rules and days off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gongkai.platform.core.models import Body, LocalHoliday, LocalRule
from gongkai.rules.law import Law, LocalValue, Value, load_law
from gongkai.rules.workdays import LocalHolidays, WorkCalendar, load_calendar


@dataclass(frozen=True, slots=True)
class Basis:
    """By what the acts of a body are judged and its clocks are worked out."""

    law: Law
    calendar: WorkCalendar


_NEXT_NOTICE = (12, 1)
"""From this day on the demonstration knows the holiday notice of the coming year (a convention of ours:
the notices came out between late October and early December)."""


def known_calendar(as_of: date | None) -> WorkCalendar:
    """The shipped calendar; with a day, without the notices not known on it yet."""
    return _known(None if as_of is None else as_of.year + ((as_of.month, as_of.day) >= _NEXT_NOTICE))


@lru_cache(maxsize=16)
def _known(last_year: int | None) -> WorkCalendar:
    calendar = load_calendar()
    if last_year is None:
        return calendar
    return WorkCalendar([notice for notice in calendar.notices if notice.year <= last_year], calendar.local)


def basis_for(body: Body, *, known_on: date | None = None) -> Basis:
    """The basis of a body. ``known_on``: the demonstration's day, ``None`` outside it.

    Rules and holidays of bodies above hold below too; a body's own go before them. Raises
    ``LocalValueRefused`` where a stored rule does not fit the law (it was checked when it was set).
    """
    keys = body.path.rstrip("/").split("/")
    rules = _rules_of(keys)
    values = tuple(
        LocalValue(key=key, value=value, from_date=day, source=source, kind=kind)
        for (key, day), (value, source, kind) in sorted(rules.items(), key=lambda item: item[0])
    )
    law = load_law()
    calendar = known_calendar(known_on)
    if values:
        law = law.with_local(values)
    for holidays in _holidays_of(keys):
        calendar = calendar.with_local_holidays(holidays)
    return Basis(law, calendar)


def calendars_of(bodies: Iterable[Body], *, known_on: date | None = None) -> dict[str, WorkCalendar]:
    """The calendars of several bodies by key, as ``basis_for`` has them, with one query for all."""
    paths = {body.key: body.path.rstrip("/").split("/") for body in bodies}
    by_body: dict[str, list[LocalHolidays]] = {}
    keys = {key for path in paths.values() for key in path}
    for row in LocalHoliday.objects.filter(body__in=keys):
        by_body.setdefault(row.body_id, []).append(
            LocalHolidays.of([(row.first, row.last)], row.source, row.name)
        )
    calendars: dict[str, WorkCalendar] = {}
    for key, path in paths.items():
        calendar = known_calendar(known_on)
        for holidays in (one for above in path for one in by_body.get(above, ())):
            calendar = calendar.with_local_holidays(holidays)
        calendars[key] = calendar
    return calendars


def _rules_of(keys: list[str]) -> dict[tuple[str, date], tuple[Value, str, str]]:
    rules = LocalRule.objects.filter(body__in=keys).order_by()
    return {
        (rule.key, rule.from_date): (rule.value, rule.source, rule.kind)
        for rule in sorted(rules, key=lambda one: keys.index(one.body_id))
    }


def _holidays_of(keys: list[str]) -> list[LocalHolidays]:
    return [
        LocalHolidays.of([(row.first, row.last)], row.source, row.name)
        for row in LocalHoliday.objects.filter(body__in=keys)
    ]
