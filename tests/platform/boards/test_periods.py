"""The time that is asked for: years, quarters, months, from one day to another; what is no time is told."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.platform.conftest import TODAY

from gongkai.platform.cases.boards.periods import PARTS, BoardPeriod, NoPeriod, read_period

SAID = {
    "": (date(2026, 1, 1), date(2026, 12, 31), "2026 年"),
    "q1": (date(2026, 1, 1), date(2026, 3, 31), "2026 年第一季度"),
    "q4": (date(2026, 10, 1), date(2026, 12, 31), "2026 年第四季度"),
    "m02": (date(2026, 2, 1), date(2026, 2, 28), "2026 年2 月"),
    "m12": (date(2026, 12, 1), date(2026, 12, 31), "2026 年12 月"),
}


@pytest.mark.parametrize("part", list(SAID))
def test_a_part_of_the_year_has_its_days_and_its_name(part: str) -> None:
    assert read_period({"part": part}, TODAY) == BoardPeriod(*SAID[part])


def test_a_leap_year_s_february_has_29_days() -> None:
    assert read_period({"year": "2024", "part": "m02"}, TODAY).last == date(2024, 2, 29)


def test_from_and_to_go_before_the_year() -> None:
    found = read_period({"year": "2020", "part": "q1", "from": "2025-03-09", "to": "2025-03-09"}, TODAY)
    assert found == BoardPeriod(date(2025, 3, 9), date(2025, 3, 9), "2025-03-09 至 2025-03-09")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"year": "26"}, "year"), ({"year": "1999"}, "year"), ({"year": "２０２６"}, "year"),
        ({"part": "q5"}, "part"), ({"part": "m13"}, "part"), ({"from": "2026-01-01"}, "to"),
        ({"to": "2026-01-01"}, "from"), ({"from": "2026-02-30", "to": "2026-03-01"}, "from"),
        ({"from": "2026-03-01", "to": "20260302"}, "to"), ({"from": "2026-03-02", "to": "2026-03-01"}, "to"),
        ({"from": "1026-03-02", "to": "2026-03-01"}, "from"),
        ({"from": "2026-03-02", "to": "9026-03-01"}, "to"),
    ],
)  # fmt: skip
def test_what_is_no_time_names_its_field_and_what_to_do(asked: dict[str, str], field: str) -> None:
    with pytest.raises(NoPeriod) as none:
        read_period(asked, TODAY)
    assert none.value.field == field and none.value.words


@given(some.dates(date(2000, 1, 1), date(2100, 1, 1)), some.integers(0, 900))
def test_the_months_of_a_period_are_its_days_without_gap(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    months = list(BoardPeriod(first, last, "").months())
    assert (months[0].first, months[-1].last) == (first, last)
    for one, following in pairwise(months):
        assert following.first.toordinal() == one.last.toordinal() + 1 and following.first.day == 1


def test_the_parts_cover_the_year() -> None:
    quarters = [read_period({"part": part}, TODAY) for part in PARTS if part.startswith("q")]
    assert sum((one.last - one.first).days + 1 for one in quarters) == 365
    months = [read_period({"part": part}, TODAY) for part in PARTS if part.startswith("m")]
    assert sum((one.last - one.first).days + 1 for one in months) == 365
