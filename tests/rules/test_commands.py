"""What a command brings that a list of events does not: facts of other cases; days nobody can tell."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.rules.cases.decide import Command, Facts, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.law import load_law
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import load_calendar

LAW, CALENDAR = load_law(), load_calendar()
RECEIPT = {"channel": "counter", "applicant_kind": "natural_person"}


def received(on: date) -> CaseState:
    return fold([Event("request.received", on, RECEIPT)])


def test_a_number_once_given_is_never_given_again() -> None:
    facts = Facts(numbers_in_use=frozenset({"〔2026〕1号"}))
    on = date(2026, 3, 2)
    used = Command("request.registered", on, {"number": "〔2026〕1号"}, facts)
    free = Command("request.registered", on, {"number": "〔2026〕2号"}, facts)
    refusal = decide(received(on), used, LAW, CALENDAR)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "number_in_use"
    assert not isinstance(decide(received(on), free, LAW, CALENDAR), Refusal)


def test_what_was_known_of_other_cases_is_recorded_in_the_event() -> None:
    on = date(2026, 3, 2)
    command = Command("fee.notified", on, {"amount": "100"}, Facts(cases_this_month=11))
    outcome = decide(received(on), command, LAW, CALENDAR)
    assert not isinstance(outcome, Refusal)
    assert outcome[0].payload["facts"] == {"cases_this_month": 11}


@pytest.mark.parametrize("kind", ["decisions.counted", "document.issued"])
def test_an_act_of_the_body_is_no_act_of_a_case(kind: str) -> None:
    payloads = {
        "decisions.counted": {"kind": "licensing", "count": 1},
        "document.issued": {"kind": "normative", "ref": "document-1"},
    }
    refusal = decide(
        received(date(2026, 3, 2)), Command(kind, date(2026, 3, 2), payloads[kind]), LAW, CALENDAR
    )
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_case_kind"


def test_a_lapse_that_no_calendar_can_tell_is_refused() -> None:
    on = date(CALENDAR.years[1], 12, 20)
    asked = fold([Event("request.received", on, RECEIPT), Event("correction.requested", on, {})])
    refusal = decide(asked, Command("correction.lapsed", on, {}), LAW, CALENDAR)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_calendar"


def test_a_request_is_a_repeat_only_where_an_earlier_one_was_answered() -> None:
    on = date(2026, 3, 2)
    payload = {"outcome": "rejected_repeat", "method": "counter"}
    refusal = decide(received(on), Command("reply.issued", on, payload, Facts(repeats=0)), LAW, CALENDAR)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_repeat"
    for facts in (Facts(repeats=1), Facts()):  # not looked up: left to whoever decides
        assert not isinstance(
            decide(received(on), Command("reply.issued", on, payload, facts), LAW, CALENDAR), Refusal
        )
