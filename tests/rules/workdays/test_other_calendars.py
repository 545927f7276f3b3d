"""Day by day against two independent packages, and against the printed notices.

Where they differ from us, the reason stands here and in the notice's file.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from gongkai.rules.workdays import load_calendar, movable_festivals, read_notice, shipped_notices

CALENDAR = load_calendar()
PRINTED = sorted((Path(__file__).parent / "printed").glob("*.txt"))

# The notice for 2006 (国办发明电〔2005〕35号) has 31 December 2005 worked; the package lost it.
WRONG_IN_CHINESECALENDAR = {date(2005, 12, 31): True}
# The long holiday of May 2003 was called off on 21 April 2003; the package has the plan from before.
WRONG_IN_HOLIDAYS = {
    date(2003, 4, 26): False,
    date(2003, 4, 27): False,
    date(2003, 5, 6): True,
    date(2003, 5, 7): True,
}


def days(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=n) for n in range((date(last, 12, 31) - start).days + 1)]


def test_every_day_from_2004_to_2026_as_chinesecalendar_has_it() -> None:
    different = {
        d: CALENDAR.is_workday(d)
        for d in days(2004, 2026)
        if CALENDAR.is_workday(d) != chinese_calendar.is_workday(d)
    }
    assert different == WRONG_IN_CHINESECALENDAR


def test_every_day_from_2002_to_2026_as_holidays_has_it() -> None:
    china = holidays.country_holidays("CN", years=range(2001, 2028))
    different = {
        d: CALENDAR.is_workday(d)
        for d in days(2002, 2026)
        if CALENDAR.is_workday(d) != china.is_working_day(d)
    }
    assert different == WRONG_IN_HOLIDAYS


def test_every_year_from_2002_to_2026_has_a_notice() -> None:
    assert [n.year for n in shipped_notices()] == list(range(2002, 2027))


@pytest.mark.parametrize("file", PRINTED, ids=lambda f: f.stem)
def test_printed_notices_give_the_same_days(file: Path) -> None:
    """The items of the official texts (not protected: Copyright Law art. 5), without preamble and closing."""
    notice = read_notice(file)
    shipped = CALENDAR.notice(notice.year)
    assert shipped is not None
    assert CALENDAR.changed_days(CALENDAR.with_notices([notice])) == ()
    if notice.number is not None:
        assert notice.number == shipped.number
    assert notice.title == shipped.title


def test_the_table_of_festivals_as_holidays_computes_it() -> None:
    china = holidays.country_holidays("CN", years=range(2025, 2051), language="zh_CN")
    names = {"spring_festival": "春节", "qingming": "清明节", "dragon_boat": "端午节", "mid_autumn": "中秋节"}
    assert sorted(movable_festivals()) == list(range(2025, 2051))
    for year, festivals in movable_festivals().items():
        assert set(festivals) == set(names)
        for key, day in festivals.items():
            assert day.year == year
            assert names[key] in china.get(day, ""), (year, key, china.get(day))
        # The first of three days of the same name: the day before is New Year's Eve.
        eve = festivals["spring_festival"] - timedelta(days=1)
        assert "除夕" in china.get(eve, "")
