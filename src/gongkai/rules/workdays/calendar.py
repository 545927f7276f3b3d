"""The calendar itself: an index of working days, so that every question is a look-up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.rules.workdays.errors import CalendarNotPublished
from gongkai.rules.workdays.local import LocalHolidays
from gongkai.rules.workdays.notice import Notice
from gongkai.rules.workdays.statutory import movable_festivals, statutory_days


@dataclass(frozen=True, slots=True)
class Moved:
    """A due date that another calendar puts elsewhere: ``working_days`` after ``start``."""

    start: date
    working_days: int
    old: date
    new: date


class WorkCalendar:
    """Working days from the first notice to the last year that can be told.

    - A year with a notice: Monday to Friday, less its days off, plus its made-up working days.
    - A year without one, after the first: Monday to Friday less the statutory festivals; provisional. No day
      is shifted and no festival on a weekend made up for, so a due date there is an early one.
    - Local days off go before everything.

    A calendar never changes; ``with_notices`` and ``with_local`` give new ones.
    """

    __slots__ = (
        "_base",
        "_days",
        "_days_off",
        "_first",
        "_last",
        "_locals",
        "_longest",
        "_made_up",
        "_notices",
        "_official",
        "_through",
        "_work",
    )

    def __init__(self, notices: Iterable[Notice], local: Iterable[LocalHolidays] = ()) -> None:
        by_year: dict[int, Notice] = {}
        for notice in notices:
            if notice.year in by_year:
                raise ValueError(f"two notices for the year {notice.year}")
            by_year[notice.year] = notice
        if not by_year:
            raise ValueError("a calendar needs at least one notice")
        self._notices = dict(sorted(by_year.items()))
        self._locals = tuple(local)
        self._official = frozenset(by_year)
        self._first = min(by_year)
        self._last = self._first
        while self._last + 1 in by_year or self._last + 1 in movable_festivals():
            self._last += 1
        self._index()

    def _index(self) -> None:
        ranges: list[tuple[date, date, str]] = []
        off: set[int] = set()
        worked: set[int] = set()
        for year in range(self._first, self._last + 1):
            notice = self._notices.get(year)
            if notice is None:
                ranges.extend(statutory_days(year))
                continue
            ranges.extend((f.first, f.last, f.name) for f in notice.festivals)
            worked.update(day.toordinal() for f in notice.festivals for day in f.worked)
        for first, last, _name in ranges:
            off.update(range(first.toordinal(), last.toordinal() + 1))
        for local in self._locals:
            ordinals = {day.toordinal() for day in local.days_off}
            off |= ordinals
            worked -= ordinals
            ranges.extend(_runs(ordinals, local.name_zh))
        self._base = date(self._first, 1, 1).toordinal()
        end = date(self._last, 12, 31).toordinal()
        through: list[int] = []  # working days from the base to each day, that day included
        days: list[date] = []  # the working days themselves
        work = bytearray()
        count = 0
        for ordinal in range(self._base, end + 1):
            # Ordinal 1 is a Monday. A made-up day of one notice goes before a weekend named in another.
            is_work = ordinal in worked or ((ordinal - 1) % 7 < 5 and ordinal not in off)
            if is_work:
                count += 1
                days.append(date.fromordinal(ordinal))
            work.append(is_work)
            through.append(count)
        self._through = through
        self._days = days
        self._work = bytes(work)
        self._made_up = tuple(date.fromordinal(o) for o in sorted(worked) if self._base <= o <= end)
        self._days_off = tuple(sorted(ranges))
        self._longest = max((last - first for first, last, _name in ranges), default=timedelta()) + timedelta(
            1
        )

    def _at(self, day: date) -> int:
        place = day.toordinal() - self._base
        if 0 <= place < len(self._work):
            return place
        raise CalendarNotPublished(day.year, self.years)

    @property
    def years(self) -> tuple[int, int]:
        """First and last year that can be told, provisional ones included."""
        return self._first, self._last

    @property
    def official_years(self) -> frozenset[int]:
        """The years with a notice."""
        return self._official

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices behind the calendar, oldest first."""
        return tuple(self._notices.values())

    @property
    def local(self) -> tuple[LocalHolidays, ...]:
        """The local days off, each with its source."""
        return self._locals

    def notice(self, year: int) -> Notice | None:
        """The notice of a year; ``None`` where there is none."""
        return self._notices.get(year)

    def is_workday(self, d: date) -> bool:
        """True for a working day. Raises ``CalendarNotPublished``."""
        place = d.toordinal() - self._base
        if 0 <= place < len(self._work):
            return self._work[place] == 1
        raise CalendarNotPublished(d.year, self.years)

    def add(self, d: date, n: int) -> date:
        """The ``n``-th working day after ``d``; ``d`` itself for 0.

        The day a period starts on is not counted (Regulation art. 33 with law.md 1.4). Raises ``ValueError``
        for a negative ``n`` and ``CalendarNotPublished`` where the calendar does not reach.
        """
        place = d.toordinal() - self._base
        if not 0 <= place < len(self._work):
            raise CalendarNotPublished(d.year, self.years)
        if n <= 0:
            if n == 0:
                return d
            raise ValueError(f"working days to add are 0 or more: {n}")
        target = self._through[place] + n - 1
        if target >= len(self._days):
            raise CalendarNotPublished(self._last + 1, self.years)
        return self._days[target]

    def count(self, after: date, through: date) -> int:
        """Working days in ``(after, through]``; the negative of the reverse where ``through`` lies before."""
        start, end = after.toordinal() - self._base, through.toordinal() - self._base
        if not 0 <= start < len(self._work):
            raise CalendarNotPublished(after.year, self.years)
        if not 0 <= end < len(self._work):
            raise CalendarNotPublished(through.year, self.years)
        return self._through[end] - self._through[start]

    def next_workday(self, d: date) -> date:
        """The first working day on or after ``d``. Raises ``CalendarNotPublished``."""
        place = self._at(d)
        if self._work[place]:
            return d
        index = self._through[place]
        if index >= len(self._days):
            raise CalendarNotPublished(self._last + 1, self.years)
        return self._days[index]

    def is_provisional(self, d: date) -> bool:
        """True where the year of ``d`` has no official notice. Raises ``CalendarNotPublished``."""
        self._at(d)
        return d.year not in self._official

    def made_up(self, after: date, through: date) -> tuple[date, ...]:
        """Made-up working days (调休上班) in ``(after, through]``."""
        return self._made_up[bisect_right(self._made_up, after) : bisect_right(self._made_up, through)]

    def days_off(self, after: date, through: date) -> tuple[tuple[date, date, str], ...]:
        """Festivals with a day in ``(after, through]``, whole, as (first, last, Chinese name)."""
        stop = bisect_right(self._days_off, through, key=lambda r: r[0])
        start = bisect_right(self._days_off, after - self._longest, key=lambda r: r[0])
        return tuple(r for r in self._days_off[start:stop] if r[1] > after)

    def with_notices(self, notices: Iterable[Notice]) -> WorkCalendar:
        """A new calendar; a notice given here takes the place of one held for the same year."""
        merged = {**self._notices, **{notice.year: notice for notice in notices}}
        return WorkCalendar(merged.values(), self._locals)

    def with_local(
        self, *, days_off: Iterable[date | tuple[date, date]], source: str, name_zh: str = "地方假日"
    ) -> WorkCalendar:
        """A new calendar with local days off (days, or first and last) and the instrument that sets them."""
        return self.with_local_holidays(LocalHolidays.of(days_off, source, name_zh))

    def with_local_holidays(self, local: LocalHolidays) -> WorkCalendar:
        """As ``with_local``, from the object."""
        return WorkCalendar(self._notices.values(), (*self._locals, local))

    def moved(self, other: WorkCalendar, periods: Iterable[tuple[date, int]]) -> tuple[Moved, ...]:
        """Which due dates ``other`` puts elsewhere; a period is (start, working days)."""
        pairs = ((start, n, self.add(start, n), other.add(start, n)) for start, n in periods)
        return tuple(Moved(start, n, old, new) for start, n, old, new in pairs if old != new)

    def changed_days(self, other: WorkCalendar) -> tuple[tuple[date, bool], ...]:
        """Days that are working days in only one of the two calendars, with what ``other`` says of them.

        Compared over the years that both can tell.
        """
        base = max(self._base, other._base)
        end = min(self._base + len(self._work), other._base + len(other._work))
        mine, theirs = self._work[base - self._base :], other._work[base - other._base :]
        return tuple(
            (date.fromordinal(base + n), theirs[n] == 1) for n in range(end - base) if mine[n] != theirs[n]
        )


def _runs(ordinals: Iterable[int], name: str) -> list[tuple[date, date, str]]:
    found: list[list[int]] = []
    for ordinal in sorted(ordinals):
        if found and ordinal == found[-1][1] + 1:
            found[-1][1] = ordinal
        else:
            found.append([ordinal, ordinal])
    return [(date.fromordinal(a), date.fromordinal(b), name) for a, b in found]
