"""The due dates that the paper script of twenty cases promises are those of the calendar."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gongkai.rules.workdays import load_calendar

CALENDAR = load_calendar()
PAPER = Path(__file__).parents[2] / "docs" / "tutorial" / "twenty-cases.md"
_DAY = re.compile(r"^## .*：(\d{4}-\d\d-\d\d)", re.M)
_DUE = re.compile(r"(第三方)?答复期限 (\d{4}-\d\d-\d\d)")
TWENTY, FIFTEEN = 20, 15


def promised() -> list[tuple[date, str, date]]:
    """Of every line that promises a date: the day it stands under, the line, the date."""
    text = PAPER.read_text(encoding="utf-8")
    parts = _DAY.split(text)[1:]
    found: list[tuple[date, str, date]] = []
    for day, part in zip(parts[::2], parts[1::2], strict=True):
        under = date.fromisoformat(day)
        found += [
            (under, line, date.fromisoformat(said[2]))
            for line in part.splitlines()
            if (said := _DUE.search(line)) is not None
        ]
    return found


@pytest.mark.parametrize(("day", "line", "due"), promised())
def test_a_promised_date_is_the_one_of_the_calendar(day: date, line: str, due: date) -> None:
    if "延期20个工作日" in line:
        first = CALENDAR.add(date(2024, 4, 28), TWENTY)
        assert CALENDAR.add(first, TWENTY) == due
    else:
        assert CALENDAR.add(day, FIFTEEN if "第三方答复期限" in line else TWENTY) == due


def test_it_has_twenty_cases_on_six_days_two_of_them_made_up() -> None:
    text = PAPER.read_text(encoding="utf-8")
    days = [date.fromisoformat(day) for day in _DAY.findall(text)]
    assert len(days) == 6
    assert date(2024, 12, 31) in days
    made_up = [day for day in days if day.weekday() >= 5]
    assert made_up
    assert all(CALENDAR.is_workday(day) for day in days)
    cases = {int(one) for line in re.findall(r"^\| ([\d、]+) \|", text, re.M) for one in line.split("、")}
    assert cases == set(range(1, 21))
