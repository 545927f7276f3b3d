"""Acts outside cases: documents live and end once, openings are told once, mistakes are corrected."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongkai.rules.acts import BodyState, decide_act, fold_body
from gongkai.rules.cases.lawful import Command
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal

DOCUMENT = {"kind": "normative", "ref": "doc:1"}


def act(state: BodyState, act_kind: str, on: str, /, **payload: Any) -> BodyState | str:
    """The state after an act, or the code of its refusal."""
    outcome = decide_act(state, Command(act_kind, date.fromisoformat(on), payload))
    if isinstance(outcome, Refusal):
        return outcome.code
    return fold_body([*state.entries, *outcome])


def after(*acts: tuple[str, str, dict[str, Any]]) -> BodyState:
    state = BodyState()
    for kind, on, payload in acts:
        found = act(state, kind, on, **payload)
        assert isinstance(found, BodyState), found
        state = found
    return state


ISSUED = ("document.issued", "2026-03-01", DOCUMENT)


def test_a_document_is_issued_once() -> None:
    assert act(after(ISSUED), "document.issued", "2026-04-01", **DOCUMENT) == "document_known"


def test_a_document_ends_once() -> None:
    state = after(ISSUED, ("document.repealed", "2026-04-01", DOCUMENT))
    assert state.documents["normative", "doc:1"].ended_on == date(2026, 4, 1)
    assert act(state, "document.lapsed", "2026-05-01", **DOCUMENT) == "document_ended"
    assert act(state, "document.amended", "2026-05-01", **DOCUMENT) == "document_ended"


def test_a_document_does_not_end_before_it_was_issued() -> None:
    assert act(after(ISSUED), "document.repealed", "2026-02-01", **DOCUMENT) == "before_cause"


def test_a_document_from_before_the_ledger_may_be_repealed() -> None:
    state = act(BodyState(), "document.repealed", "2026-02-01", **DOCUMENT)
    assert isinstance(state, BodyState)
    assert state.documents["normative", "doc:1"].issued_on is None


def test_the_opening_stock_is_told_once_for_each_kind() -> None:
    opening = ("opening.documents", "2026-01-01", {"kind": "normative", "in_force": 59})
    state = after(opening)
    assert state.openings["normative"] == (59, date(2026, 1, 1))
    assert act(state, "opening.documents", "2026-01-02", kind="normative", in_force=60) == "stock_known"
    assert isinstance(act(state, "opening.documents", "2026-01-02", kind="regulation", in_force=0), BodyState)


def test_a_case_event_is_no_act_of_the_body() -> None:
    assert act(BodyState(), "case.archived", "2026-01-02") == "no_body_kind"


def test_a_mistaken_entry_is_corrected_by_a_further_one() -> None:
    state = act(after(ISSUED), "entry.corrected", "2026-03-05", seq=1, replacement=None)
    assert isinstance(state, BodyState)
    assert not state.documents
    assert len(state.entries) == 2


def test_a_correction_may_not_leave_an_end_without_a_beginning() -> None:
    state = after(ISSUED, ("document.repealed", "2026-04-01", DOCUMENT))
    later = {"occurred_on": "2026-05-01"}
    found = act(state, "entry.corrected", "2026-06-01", seq=1, replacement=later)
    assert found == "correction_breaks"


def test_an_entry_that_is_not_there_cannot_be_corrected() -> None:
    assert act(BodyState(), "entry.corrected", "2026-01-01", seq=1) == "no_such_entry"


def test_a_shape_that_does_not_fit_is_refused_not_raised() -> None:
    assert act(BodyState(), "decisions.counted", "2026-01-01", kind="licensing", count=-1) == "shape"
    assert act(BodyState(), "charges.collected", "2026-01-01", amount="1.5万") == "shape"


def test_events_without_numbers_are_numbered_in_their_order() -> None:
    state = fold_body([Event("document.issued", date(2026, 3, 1), DOCUMENT)])
    assert state.last_seq == 1
