"""Working days: the vectors, both ends of the range, local days off, and what moves when a notice comes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.workdays import (
    CalendarNotPublished,
    LocalHolidays,
    Moved,
    WorkCalendar,
    load_calendar,
    parse_notice,
    shipped_notices,
)

CALENDAR = load_calendar()
FIRST, LAST = date(2002, 1, 1), date(2050, 12, 31)
NOTICE_2027 = """
year: 2027
title: 关于2027年部分节假日安排的通知（虚构）
number: null
mark: D
festivals:
  - {name: 元旦, days_off: {first: 2027-01-01, last: 2027-01-03}, worked: []}
  - {name: 春节, days_off: {first: 2027-02-05, last: 2027-02-12}, worked: [2027-01-30, 2027-02-20]}
  - {name: 清明节, days_off: {first: 2027-04-03, last: 2027-04-05}, worked: []}
  - {name: 劳动节, days_off: {first: 2027-05-01, last: 2027-05-05}, worked: [2027-05-08]}
  - {name: 端午节, days_off: {first: 2027-06-09, last: 2027-06-09}, worked: []}
  - {name: 中秋节, days_off: {first: 2027-09-15, last: 2027-09-15}, worked: []}
  - {name: 国庆节, days_off: {first: 2027-10-01, last: 2027-10-07}, worked: [2027-09-26, 2027-10-09]}
"""


@pytest.fixture(scope="module")
def with_2027() -> WorkCalendar:
    return CALENDAR.with_notices([parse_notice(NOTICE_2027, name="2027.yaml")])


VECTORS = [
    # receipt, then working days and the day they end on
    ("2026-01-05", {7: "2026-01-14", 15: "2026-01-26", 20: "2026-02-02", 40: "2026-03-06"}),
    ("2026-02-09", {7: "2026-02-25", 15: "2026-03-06", 20: "2026-03-13", 40: "2026-04-13"}),
    ("2026-02-13", {7: "2026-03-02", 15: "2026-03-12", 20: "2026-03-19", 40: "2026-04-17"}),
    ("2026-04-30", {7: "2026-05-13", 15: "2026-05-25", 20: "2026-06-01", 40: "2026-06-30"}),
    ("2026-09-18", {7: "2026-09-29", 15: "2026-10-15", 20: "2026-10-22", 40: "2026-11-19"}),
    ("2026-09-24", {7: "2026-10-12", 15: "2026-10-22", 20: "2026-10-29", 40: "2026-11-26"}),
    ("2026-11-20", {7: "2026-12-01", 15: "2026-12-11", 20: "2026-12-18"}),
    ("2025-12-31", {20: "2026-01-29"}),
    ("2025-01-22", {20: "2025-02-25"}),
    ("2024-09-12", {20: "2024-10-16"}),
]


@pytest.mark.parametrize(
    ("start", "days", "due"), [(start, n, due) for start, ends in VECTORS for n, due in ends.items()]
)
def test_vectors(start: str, days: int, due: str) -> None:
    assert CALENDAR.add(date.fromisoformat(start), days) == date.fromisoformat(due)


def test_a_made_up_saturday_counts_as_the_first_day() -> None:
    assert CALENDAR.add(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert CALENDAR.is_workday(date(2026, 2, 14))


def test_a_day_off_in_the_week_does_not_count() -> None:
    assert CALENDAR.add(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert not CALENDAR.is_workday(date(2026, 2, 16))


def test_nothing_added_is_the_day_itself_even_a_day_of_rest() -> None:
    assert CALENDAR.add(date(2026, 10, 1), 0) == date(2026, 10, 1)


def test_next_workday_is_the_day_itself_if_it_is_one() -> None:
    assert CALENDAR.next_workday(date(2026, 9, 30)) == date(2026, 9, 30)
    assert CALENDAR.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert CALENDAR.next_workday(date(2026, 10, 3)) == date(2026, 10, 8)


def test_days_are_not_added_backwards() -> None:
    with pytest.raises(ValueError, match="-1"):
        CALENDAR.add(date(2026, 1, 5), -1)


def test_before_the_first_notice_nothing_is_answered() -> None:
    day = date(2001, 12, 31)
    for ask in (
        lambda: CALENDAR.is_workday(day),
        lambda: CALENDAR.add(day, 1),
        lambda: CALENDAR.add(day, 0),
        lambda: CALENDAR.next_workday(day),
        lambda: CALENDAR.is_provisional(day),
        lambda: CALENDAR.count(day, date(2002, 1, 4)),
        lambda: CALENDAR.count(date(2002, 1, 4), day),
    ):
        with pytest.raises(CalendarNotPublished) as raised:
            ask()
        assert raised.value.year == 2001


def test_beyond_the_table_of_festivals_nothing_is_answered() -> None:
    assert CALENDAR.years == (2002, 2050)
    assert CALENDAR.is_provisional(LAST)
    for ask in (
        lambda: CALENDAR.is_workday(date(2051, 1, 1)),
        lambda: CALENDAR.add(date(2050, 12, 30), 2),
        lambda: CALENDAR.next_workday(LAST),
    ):
        with pytest.raises(CalendarNotPublished) as raised:
            ask()
        assert raised.value.year == 2051


def test_a_year_without_a_notice_is_provisional() -> None:
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert 2027 not in CALENDAR.official_years
    due = CALENDAR.add(date(2026, 11, 20), 40)
    assert due == date(2027, 1, 18)  # 1 January is off, no other day is moved
    assert CALENDAR.is_provisional(due)


def test_a_provisional_year_has_weekends_and_the_thirteen_days() -> None:
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    off_in_week = [d for d in days if d.weekday() < 5 and not CALENDAR.is_workday(d)]
    assert off_in_week == [
        date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 8), date(2027, 4, 5), date(2027, 6, 9),
        date(2027, 9, 15), date(2027, 10, 1),
    ]  # fmt: skip
    assert not any(CALENDAR.is_workday(d) for d in days if d.weekday() >= 5)


def test_a_notice_moves_due_dates_and_says_which(with_2027: WorkCalendar) -> None:
    periods = [(date(2026, 11, 20), 40), (date(2027, 1, 20), 20), (date(2026, 1, 5), 20)]
    moved = CALENDAR.moved(with_2027, periods)
    assert moved == (Moved(date(2027, 1, 20), 20, date(2027, 2, 19), date(2027, 2, 23)),)
    assert not with_2027.is_provisional(date(2027, 6, 1))
    assert with_2027.is_provisional(date(2028, 1, 4))
    assert CALENDAR.is_provisional(date(2027, 6, 1))  # the old calendar has not changed


def test_changed_days_say_what_the_other_calendar_holds(with_2027: WorkCalendar) -> None:
    changed = dict(CALENDAR.changed_days(with_2027))
    assert changed[date(2027, 1, 30)] is True
    assert changed[date(2027, 2, 9)] is False
    assert all(day.year == 2027 for day in changed)
    assert CALENDAR.changed_days(CALENDAR) == ()


def test_a_notice_of_the_same_year_takes_the_place_of_the_old_one() -> None:
    notice = CALENDAR.notice(2026)
    assert notice is not None
    assert CALENDAR.with_notices([notice]).changed_days(CALENDAR) == ()
    with pytest.raises(ValueError, match="2026"):
        WorkCalendar([notice, notice])


def test_a_calendar_needs_a_notice() -> None:
    with pytest.raises(ValueError, match="at least one"):
        WorkCalendar([])


def test_a_gap_between_notices_ends_the_calendar_where_festivals_are_unknown() -> None:
    early = [n for n in shipped_notices() if n.year <= 2010]
    late = [n for n in shipped_notices() if n.year >= 2020]
    assert load_calendar(early).years == (2002, 2010)
    assert load_calendar(early + late).years == (2002, 2010)
    assert load_calendar([n for n in shipped_notices() if n.year != 2025]).is_provisional(date(2025, 6, 3))


def test_local_days_off_go_before_a_made_up_working_day() -> None:
    local = CALENDAR.with_local(
        days_off=[date(2026, 2, 14), (date(2026, 3, 24), date(2026, 3, 25))], source="某州条例第五条"
    )
    assert not local.is_workday(date(2026, 2, 14))
    assert date(2026, 2, 14) not in local.made_up(date(2026, 1, 1), date(2026, 12, 31))
    assert local.count(date(2026, 3, 23), date(2026, 3, 25)) == 0
    assert local.local[0].source == "某州条例第五条"
    assert (date(2026, 3, 24), date(2026, 3, 25), "地方假日") in local.days_off(
        date(2026, 3, 24), date(2026, 3, 25)
    )
    assert local.changed_days(CALENDAR) == tuple(
        (d, True) for d in (date(2026, 2, 14), date(2026, 3, 24), date(2026, 3, 25))
    )
    assert load_calendar(local=local.local[0]).changed_days(local) == ()


@pytest.mark.parametrize(
    ("days", "source"), [([date(2026, 3, 3)], " "), ([(date(2026, 3, 3), date(2026, 3, 2))], "某州条例")]
)
def test_local_days_off_need_a_source_and_an_order(days: list[date], source: str) -> None:
    with pytest.raises(ValueError, match="local days off"):
        LocalHolidays.of(days, source)


def test_days_off_and_made_up_days_between_two_days() -> None:
    after, through = date(2026, 1, 3), date(2026, 2, 15)
    assert CALENDAR.made_up(after, through) == (date(2026, 1, 4), date(2026, 2, 14))
    assert CALENDAR.days_off(after, through) == ((date(2026, 2, 15), date(2026, 2, 23), "春节"),)
    assert CALENDAR.days_off(date(2026, 2, 22), date(2026, 2, 23)) == (
        (date(2026, 2, 15), date(2026, 2, 23), "春节"),
    )
    assert CALENDAR.days_off(date(2026, 2, 23), date(2026, 3, 1)) == ()
    assert CALENDAR.made_up(date(2026, 1, 4), date(2026, 2, 13)) == ()


DAYS = st.dates(FIRST, LAST)
EARLY = st.dates(FIRST, date(2048, 12, 31))


@given(EARLY, st.integers(1, 250))
def test_count_takes_back_what_add_gave(start: date, n: int) -> None:
    due = CALENDAR.add(start, n)
    assert CALENDAR.is_workday(due)
    assert CALENDAR.count(start, due) == n
    assert CALENDAR.count(due, start) == -n


@given(DAYS, DAYS)
def test_count_is_the_number_of_working_days_looked_at_one_by_one(a: date, b: date) -> None:
    first, last = sorted((a, min(b, a + timedelta(days=400))))
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    assert CALENDAR.count(first, last) == sum(CALENDAR.is_workday(d) for d in days)


@given(EARLY, EARLY, st.integers(0, 250))
def test_a_later_start_never_ends_earlier(a: date, b: date, n: int) -> None:
    first, last = sorted((a, b))
    assert CALENDAR.add(first, n) <= CALENDAR.add(last, n)


@given(EARLY, st.integers(1, 120), st.integers(1, 120))
def test_adding_twice_is_adding_the_sum(start: date, n: int, m: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, n), m) == CALENDAR.add(start, n + m)


@given(EARLY)
def test_next_workday_is_the_first_on_or_after(day: date) -> None:
    found = CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(found)
    assert not any(CALENDAR.is_workday(day + timedelta(days=n)) for n in range((found - day).days))
