"""The reply clock of cases that end because nothing came back, and remedies of replies before 2024."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.rules.cases.clock import ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.decide import judge
from gongkai.rules.cases.fold import fold
from gongkai.rules.event import Event
from gongkai.rules.law import load_law
from gongkai.rules.workdays import load_calendar

LAW, CALENDAR = load_law(), load_calendar()
RECEIVED = Event(
    "request.received", date(2026, 3, 2), {"channel": "counter", "applicant_kind": "natural_person"}
)


def reply_state(*events: Event) -> ClockState:
    """The reply clock after lawful events, long after."""
    assert judge([RECEIVED, *events], LAW, CALENDAR).refusals == ()
    return deadlines(fold([RECEIVED, *events]), LAW, CALENDAR, date(2026, 9, 1))["reply"].state


def replied(day: date, outcome: str) -> tuple[Event, Event]:
    """A reply issued and sent on a day."""
    return (
        Event("reply.issued", day, {"outcome": outcome, "method": "post"}),
        Event("reply.dispatched", day, {"method": "post"}),
    )


def test_a_reply_after_the_time_for_correcting_ran_out_is_in_time() -> None:
    state = reply_state(
        Event("correction.requested", date(2026, 3, 5), {"working_days": 15}),
        Event("correction.delivered", date(2026, 3, 5)),
        Event("correction.lapsed", date(2026, 3, 27)),
        *replied(date(2026, 4, 10), "other_no_correction"),
    )
    assert state is ClockState.MET


@pytest.mark.parametrize(
    ("notified", "lapsed", "issued", "state"),
    [
        (date(2026, 3, 5), date(2026, 4, 7), date(2026, 4, 10), ClockState.MET),
        (date(2026, 4, 1), date(2026, 5, 8), date(2026, 5, 11), ClockState.LATE),
    ],
)
def test_a_reply_after_the_time_for_paying_ran_out_is_as_late_as_its_notice(
    notified: date, lapsed: date, issued: date, state: ClockState
) -> None:
    found = reply_state(
        Event("fee.notified", notified, {"amount": "100"}),
        Event("fee.delivered", notified),
        Event("fee.lapsed", lapsed),
        *replied(issued, "other_unpaid"),
    )
    assert found is state


def test_a_lapse_before_handling_anew_does_not_excuse_the_later_reply() -> None:
    state = reply_state(
        Event("correction.requested", date(2026, 3, 5), {"working_days": 15}),
        Event("correction.delivered", date(2026, 3, 5)),
        Event("correction.lapsed", date(2026, 3, 27)),
        Event("reply.issued", date(2026, 3, 30), {"outcome": "other_no_correction", "number": "1号"}),
        Event("reply.revoked", date(2026, 4, 10), {"by": "court"}),
        Event("rehandling.started", date(2026, 4, 10), {"working_days": 20}),
        Event(
            "reply.issued", date(2026, 6, 10), {"outcome": "granted", "method": "post", "supersedes": "1号"}
        ),
        Event("reply.dispatched", date(2026, 6, 10), {"method": "post"}),
    )
    assert state is ClockState.LATE


@pytest.mark.parametrize("outcome", ["partial", "denied_inquiry", "denied_process"])
def test_before_2024_no_reply_has_to_go_to_reconsideration_first(outcome: str) -> None:
    events = [
        Event(
            "request.received", date(2022, 3, 2), {"channel": "counter", "applicant_kind": "natural_person"}
        ),
        Event("reply.issued", date(2022, 3, 15), {"outcome": outcome, "method": "post"}),
        Event("reply.dispatched", date(2022, 3, 15), {"method": "post"}),
        Event("reply.delivered", date(2022, 3, 17), {"method": "post"}),
    ]
    clocks = deadlines(fold(events), LAW, CALENDAR, date(2022, 4, 1))
    assert clocks["litigation_period"].state is ClockState.RUNNING
    assert clocks["reconsideration_period"].state is ClockState.RUNNING
