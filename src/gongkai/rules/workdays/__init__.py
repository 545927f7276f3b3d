"""Working days (工作日): Monday to Friday, less the days off, plus the made-up days of the official notices.

One file per yearly notice of the State Council General Office under ``notices/``; a day of a year without one
is provisional; before the first notice nothing is answered. ``docs/explanation/algorithms/working-days.md``.
"""

from gongkai.rules.workdays.calendar import Moved, WorkCalendar
from gongkai.rules.workdays.errors import CalendarNotPublished, NoticeError
from gongkai.rules.workdays.local import LocalHolidays
from gongkai.rules.workdays.notice import (
    FestivalDays,
    Notice,
    dump_notice,
    parse_notice,
    read_notice,
    read_notices,
)
from gongkai.rules.workdays.shipped import load_calendar, shipped_notices
from gongkai.rules.workdays.statutory import movable_festivals, statutory_days

__all__ = [
    "CalendarNotPublished",
    "FestivalDays",
    "LocalHolidays",
    "Moved",
    "Notice",
    "NoticeError",
    "WorkCalendar",
    "dump_notice",
    "load_calendar",
    "movable_festivals",
    "parse_notice",
    "read_notice",
    "read_notices",
    "shipped_notices",
    "statutory_days",
]
