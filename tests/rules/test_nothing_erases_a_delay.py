"""Late stays late: what is entered behind a reply, or after a restart, moves no clock that has ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.rules.cases.described import Answer, answer
from gongkai.rules.event import Event
from gongkai.rules.law import load_law
from gongkai.rules.workdays import load_calendar

LAW, CALENDAR = load_law(), load_calendar()
Acts = list[tuple[str, str, dict[str, Any]]]

RECEIVED: Acts = [("request.received", "2026-03-02", {"channel": "counter", "applicant_kind": "other"})]
ASKED: Acts = [*RECEIVED, ("third_party.consulted", "2026-03-03", {"party": "a"})]
DENIED: Acts = [
    *ASKED,
    ("reply.issued", "2026-03-10", {"outcome": "denied_third_party", "method": "post"}),
    ("reply.dispatched", "2026-06-30", {}),
]
REVOKED: Acts = [("reply.revoked", "2026-07-06", {"by": "court"}), ("rehandling.started", "2026-07-06", {})]
CUT_SHORT: Acts = [
    *RECEIVED,
    ("correction.requested", "2026-03-04", {"working_days": 5}),
    ("reply.issued", "2026-03-13", {"outcome": "granted", "method": "post"}),
    ("reply.dispatched", "2026-05-29", {}),
]


def look(acts: Acts, as_of: str = "2026-12-01") -> Answer:
    events = [Event(kind, date.fromisoformat(on), payload) for kind, on, payload in acts]
    return answer(events, LAW, CALENDAR, date.fromisoformat(as_of))


def codes(found: Answer) -> list[str]:
    return [refusal.code for _index, refusal in found.refusals]


def first_reply_clock(found: Answer) -> Any:
    clocks = [c for c in (*found.deadlines.earlier, *found.deadlines.clocks) if c.clock == "reply"]
    return clocks[0]


@pytest.mark.parametrize(
    "after",
    [
        [("third_party.answered", "2026-07-10", {"party": "a", "consent": True})],
        [("third_party.delivered", "2026-06-29", {"party": "a"})],
        [("third_party.abandoned", "2026-07-10", {"party": "a"})],
        REVOKED,
    ],
    ids=["answered", "delivered", "abandoned", "handled anew"],
)
def test_a_consultation_that_a_reply_has_ended(after: Acts) -> None:
    before = first_reply_clock(look(DENIED))
    assert (before.state.value, before.due_on) == ("late", date(2026, 4, 7))
    found = first_reply_clock(look([*DENIED, *after]))
    assert (found.state.value, found.due_on) == ("late", date(2026, 4, 7))


def test_a_second_reply() -> None:
    second: Acts = [
        *CUT_SHORT,
        ("reply.revoked", "2026-06-02", {"by": "self"}),
        ("rehandling.started", "2026-06-02", {}),
        ("reply.issued", "2026-06-05", {"outcome": "granted", "method": "post", "supersedes": "first"}),
        ("reply.dispatched", "2026-06-08", {}),
    ]
    assert first_reply_clock(look(CUT_SHORT)).state.value == "late"
    found = look(second)
    assert first_reply_clock(found).state.value == "late"
    assert found.deadlines["reply"].state.value == "met"
    assert found.deadlines["reply"].due_on == date(2026, 7, 1)


def test_handling_anew_does_not_wait_for_what_the_first_reply_ended() -> None:
    anew: Acts = [*DENIED, REVOKED[0], ("rehandling.started", "2026-07-06", {"working_days": 10})]
    reply = look(anew).deadlines["reply"]
    assert (reply.state.value, reply.due_on) == ("overdue", date(2026, 7, 20))


def test_handling_anew_after_a_lapse_ends_with_its_own_service() -> None:
    acts: Acts = [
        *RECEIVED,
        ("correction.requested", "2026-03-04", {"working_days": 5}),
        ("correction.lapsed", "2026-03-12", {}),
        ("reply.issued", "2026-03-13", {"outcome": "other_no_correction", "method": "counter"}),
        ("reply.delivered", "2026-03-16", {}),
        ("reply.revoked", "2026-05-06", {"by": "court"}),
        ("rehandling.started", "2026-05-07", {"working_days": 10}),
        ("extension.told", "2026-05-08", {"working_days": 5, "approved_by": "head"}),
        ("reply.issued", "2026-05-12", {"outcome": "granted", "method": "counter", "supersedes": "first"}),
    ]
    found = look(acts, "2026-06-30")
    assert found.refusals == ()
    assert found.deadlines["reply"].state.value == "overdue"


def test_an_answer_without_a_name_belongs_to_whom_is_still_asked() -> None:
    acts: Acts = [
        *ASKED,
        ("third_party.consulted", "2026-03-03", {"party": "b"}),
        ("third_party.abandoned", "2026-03-06", {"party": "b"}),
        ("third_party.answered", "2026-03-10", {"consent": True}),
    ]
    found = look(acts, "2026-03-11")
    assert {c.party: c.answered_on for c in found.state.consultations} == {"a": date(2026, 3, 10), "b": None}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("reply.issued", {"outcome": "granted"}), ("request.withdrawn", {})],
)
def test_no_reply_and_no_withdrawal_before_what_moved_the_clock(kind: str, payload: dict[str, Any]) -> None:
    corrected: Acts = [
        *RECEIVED,
        ("correction.requested", "2026-03-04", {}),
        ("correction.received", "2026-03-10", {}),
    ]
    assert codes(look([*corrected, (kind, "2026-03-09", payload)])) == ["before_cause"]
    assert codes(look([*corrected, (kind, "2026-03-10", payload)])) == []


def test_the_longest_wait_of_a_correction_beside_a_consultation() -> None:
    both: Acts = [
        *ASKED,
        ("third_party.delivered", "2026-03-04", {"party": "a"}),
        ("correction.requested", "2026-03-05", {"working_days": 3}),
    ]
    assert look(both, "2026-03-06").deadlines["reply"].latest_due_on == date(2026, 4, 23)
    undelivered = [act for act in both if act[0] != "third_party.delivered"]
    assert look(undelivered, "2026-03-06").deadlines["reply"].latest_due_on is None


def test_letters_come_back_one_after_the_other() -> None:
    sent: Acts = [
        *RECEIVED,
        ("reply.issued", "2026-03-10", {"outcome": "granted", "method": "post"}),
        ("reply.dispatched", "2026-03-11", {}),
        ("reply.returned", "2026-04-20", {}),
    ]
    assert codes(look([*sent, ("reply.returned", "2026-04-21", {})])) == ["not_dispatched"]
    assert codes(look([*sent, ("reply.delivered", "2026-04-10", {})])) == ["before_cause"]
    again = look([*sent, ("reply.dispatched", "2026-04-22", {"method": "counter"})])
    assert again.deadlines["reply"].state.value == "met"


def test_a_case_of_the_day_on_which_the_regulation_came_into_force() -> None:
    acts: Acts = [
        ("request.submitted", "2019-05-13", {"channel": "ordinary_post"}),
        ("request.received", "2019-05-15", {"channel": "ordinary_post", "applicant_kind": "other"}),
    ]
    assert look(acts, "2019-05-20").deadlines["reply"].due_on is not None
