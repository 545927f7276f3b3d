"""The calendar of the case page is drawn from the period; its last day and its numbers are the clock's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.rules.scenario import Scenario, read_scenarios
from tests.rules.test_scenarios import calendar_of, id_of, law_of

from gongkai.platform.cases.case_view import state_on
from gongkai.platform.cases.showing.weeks import reply_weeks
from gongkai.rules.cases.clock import ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.decide import judge
from gongkai.rules.cases.periods import Rules, periods
from gongkai.rules.event import Event

SCENARIOS = [scenario for scenario in read_scenarios() if scenario.events]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=id_of)
@pytest.mark.parametrize("days", [0, 3, 30, 200])
def test_the_last_day_and_its_number_are_the_clocks(scenario: Scenario, days: int) -> None:
    law, calendar = law_of(scenario), calendar_of(scenario)
    as_of = scenario.as_of + timedelta(days=days)
    state, _later = state_on(judge(scenario.events, law, calendar).state.entries, as_of)
    rules = Rules(law, calendar)
    clock = deadlines(state, law, calendar, as_of).get("reply")
    if clock is None:
        return
    weeks = reply_weeks(state, clock, rules, as_of)
    if weeks is None:
        return
    cells = [day for row in weeks.rows for day in row]
    assert all(len(row) == 7 and row[0].on.weekday() == 0 for row in weeks.rows)
    assert [day.on for day in cells] == [cells[0].on + timedelta(days=n) for n in range(len(cells))]
    numbers = [day.number for day in cells if day.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(not day.made_up or calendar.is_workday(day.on) for day in cells)
    due = [day for day in cells if day.kind == "due"]
    if clock.due_on is not None and clock.due_on != clock.started_on and clock.due_on <= cells[-1].on:
        assert [day.on for day in due] == [clock.due_on]
        period = periods(state, rules, assume=clock.ended_on or as_of)[-1]
        if period.delayed_until is None and period.start.due_on is None and period.due_on == clock.due_on:
            assert numbers[-1] == period.base_days + period.extended_by
            assert due[0].number in (None, numbers[-1])
    today = [day for day in cells if day.today]
    assert len(today) == (1 if cells[0].on <= as_of <= cells[-1].on else 0)


def test_made_up_days_and_days_off_are_told_apart() -> None:
    """The weeks of February 2026, as the notice of that year has them."""
    scenario = next(s for s in SCENARIOS if not s.settings)
    law, calendar = law_of(scenario), calendar_of(scenario)
    event = Event("request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "other"})
    state, _later = state_on([event], date(2026, 3, 3))
    clock = deadlines(state, law, calendar, date(2026, 3, 3))["reply"]
    weeks = reply_weeks(state, clock, Rules(law, calendar), date(2026, 3, 3))
    assert weeks is not None
    by_day = {day.on: day for row in weeks.rows for day in row}
    assert (by_day[date(2026, 2, 14)].corner, by_day[date(2026, 2, 14)].word) == ("班", "5")
    assert by_day[date(2026, 2, 17)].corner == "休"
    assert by_day[date(2026, 3, 3)].corner == "今天"
    assert by_day[date(2026, 3, 13)].word == "20 到期"
    assert weeks.counted == by_day[date(2026, 3, 3)].number


RECEIVED = Event("request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "other"})
ENDS = {
    "fee": (
        [
            Event("fee.notified", date(2026, 2, 11), {"amount": "100.00", "basis": "fee_per_case"}),
            Event("fee.delivered", date(2026, 2, 12)),
            Event("fee.lapsed", date(2026, 4, 10)),
        ],
        2,
    ),
    "correction": (
        [
            Event("correction.requested", date(2026, 2, 10), {"respond_by": "2026-02-27"}),
            Event("correction.lapsed", date(2026, 3, 10)),
        ],
        1,
    ),
    "withdrawal": ([Event("request.withdrawn", date(2026, 2, 11))], 2),
}


@pytest.mark.parametrize("how", sorted(ENDS))
def test_of_a_period_that_just_ended_no_day_counts_from_the_question_on(how: str) -> None:
    scenario = next(s for s in SCENARIOS if not s.settings)
    law, calendar = law_of(scenario), calendar_of(scenario)
    events, counted = ENDS[how]
    today = events[-1].occurred_on + timedelta(days=1)
    state = judge([RECEIVED, *events], law, calendar).state
    clock = deadlines(state, law, calendar, today)["reply"]
    assert clock.state is ClockState.ENDED
    weeks = reply_weeks(state, clock, Rules(law, calendar), today)
    assert weeks is not None
    numbers = [day.number for row in weeks.rows for day in row if day.number is not None]
    assert numbers == list(range(1, counted + 1))
    assert weeks.counted == counted
