"""The notices that come with the package."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

from gongkai.rules.workdays.calendar import WorkCalendar
from gongkai.rules.workdays.local import LocalHolidays
from gongkai.rules.workdays.notice import Notice, parse_notice


@cache
def shipped_notices() -> tuple[Notice, ...]:
    """The yearly notices of the State Council General Office shipped here, oldest first."""
    folder = resources.files("gongkai.rules.workdays") / "notices"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return tuple(parse_notice(f.read_text(encoding="utf-8"), name=f.name) for f in files)


@cache
def _shipped() -> WorkCalendar:
    return WorkCalendar(shipped_notices())


def load_calendar(
    notices: Iterable[Notice] | None = None, *, local: LocalHolidays | None = None
) -> WorkCalendar:
    """The calendar of the shipped notices (built once), or of those given, with local days off if any.

    Raises ``ValueError`` where two of the notices are for one year or none is given.
    """
    calendar = _shipped() if notices is None else WorkCalendar(tuple(notices))
    return calendar if local is None else calendar.with_local_holidays(local)
