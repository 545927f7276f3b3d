"""A day and what is left until it, as every page says it: ``2026-03-13（周五，还有 8 个工作日）``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar

_WEEKDAYS = "一二三四五六日"


def weekday(day: date) -> str:
    """The Chinese name of the day of the week, such as ``周一``."""
    return f"周{_WEEKDAYS[day.weekday()]}"


@dataclass(frozen=True, slots=True)
class Rest:
    """A last day, seen from a day: the working days that are left, or that it is past."""

    day: date
    today: date
    working_days: int | None
    """Left (positive), past (negative), 0 on the day itself; ``None`` beyond the years of the calendar."""
    provisional: bool = False
    """The year of the day has no official holiday notice yet."""

    @property
    def overdue(self) -> bool:
        """The last day is over."""
        return self.day < self.today

    @property
    def weekday(self) -> str:
        """The Chinese name of the day of the week."""
        return weekday(self.day)

    @property
    def words(self) -> str:
        """What is left, in words. On a day off nothing may be left in working days and yet days are."""
        if self.day == self.today:
            return _("就在今天")
        if self.working_days is None:
            return _("已过") if self.overdue else _("所在年份的放假安排未定")
        if self.overdue:
            passed = -self.working_days
            return _("过了 {n} 个工作日").format(n=passed) if passed else _("已过，其间没有工作日")
        if self.working_days == 0:
            return _("到那天没有工作日了")
        return _("还有 {n} 个工作日").format(n=self.working_days)


def rest(day: date, today: date, calendar: WorkCalendar) -> Rest:
    """What is left on ``today`` until ``day``: working days in (today, day], as the clocks count them."""
    try:
        return Rest(day, today, calendar.count(today, day), calendar.is_provisional(day))
    except CalendarNotPublished:
        return Rest(day, today, None, provisional=True)
