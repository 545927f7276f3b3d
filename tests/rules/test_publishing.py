"""The clock of proactive disclosure (art. 26)."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.rules.law import LocalValue, NoRuleInForce, load_law
from gongkai.rules.publishing import publish_clock
from gongkai.rules.workdays import load_calendar

LAW, CALENDAR = load_law(), load_calendar()


@pytest.mark.parametrize(
    ("as_of", "published", "state", "left"),
    [
        (date(2026, 6, 1), None, "running", 0),
        (date(2026, 6, 2), None, "overdue", -1),
        (date(2026, 7, 1), date(2026, 6, 1), "met", None),
        (date(2026, 7, 1), date(2026, 6, 2), "late", None),
    ],
)
def test_the_last_day_and_the_day_after(
    as_of: date, published: date | None, state: str, left: int | None
) -> None:
    clock = publish_clock(date(2026, 4, 30), LAW, CALENDAR, as_of, published_on=published)
    assert (clock.due_on, clock.state.value, clock.working_days_left) == (date(2026, 6, 1), state, left)


def test_a_made_up_saturday_is_the_last_day() -> None:
    assert publish_clock(date(2026, 1, 19), LAW, CALENDAR, date(2026, 2, 1)).due_on == date(2026, 2, 14)


def test_into_a_year_without_a_notice_is_provisional() -> None:
    clock = publish_clock(date(2026, 12, 15), LAW, CALENDAR, date(2026, 12, 16))
    assert clock.provisional
    assert clock.steps[-1].values["year"] == 2027


def test_a_stricter_local_value_with_its_source() -> None:
    law = LAW.with_local([LocalValue("publish_period", 10, date(2026, 1, 1), "云政办〔2025〕1号")])
    clock = publish_clock(date(2026, 3, 2), law, CALENDAR, date(2026, 3, 3))
    assert clock.due_on == date(2026, 3, 16)
    assert "云政办〔2025〕1号" in str(clock.steps[-1].article)


def test_before_the_regulation_there_is_no_rule() -> None:
    with pytest.raises(NoRuleInForce):
        publish_clock(date(2019, 5, 14), LAW, CALENDAR, date(2019, 6, 1))
