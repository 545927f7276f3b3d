"""Payloads of every kind of act that mean something in a state: what the walk tries, and what tests enter.

They are written without looking at what the case page tries (``cases.showing.offers``), which is held
against them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from gongkai.rules.cases.state import CaseState, ConsultationKind
from gongkai.rules.vocabulary import Outcome

Payload = dict[str, Any]
_PARTIES: Mapping[str, tuple[str, str]] = {
    "third_party": ("party", "third-party"),
    "co_maker": ("body", "co-maker"),
    "agency": ("body", "agency"),
}
OUTCOMES = (
    Outcome.GRANTED, Outcome.PARTIAL, Outcome.DENIED_PROCESS, Outcome.UNAVAILABLE_NOT_HELD,
    Outcome.UNAVAILABLE_STILL_UNCLEAR, Outcome.REJECTED_REPEAT, Outcome.REJECTED_EXCESSIVE,
    Outcome.OTHER_NO_CORRECTION, Outcome.OTHER_UNPAID, Outcome.OTHER_OTHER,
)  # fmt: skip
"""One of each kind of condition that the rules put on an outcome."""

_SIMPLE: Mapping[str, tuple[Payload, ...]] = {
    "opening.case": ({"received_on": "2026-02-09", "applicant_kind": "business"},),
    "request.submitted": ({"channel": "fax", "applicant_kind": "natural_person"},),
    "request.received": ({"channel": "counter", "applicant_kind": "natural_person"},),
    "case.split": (
        {"from": "case-0"},
        {
            "from": "case-0", "received_on": "2026-02-09", "channel": "counter",
            "applicant_kind": "natural_person",
        },
    ),
    "correction.requested": ({"working_days": 15}, {}),
    "reasons.received": ({"reasonable": True}, {"reasonable": False}),
    "extension.told": ({"working_days": 10, "approved_by": "head"},),
    "fee.notified": ({"amount": "100.00", "basis": "fee_per_case"},),
    "fee.delivered": ({"method": "post"},),
    "fee.paid": ({"amount": "100.00"},),
    "task.assigned": ({"unit": "unit-1", "kind": "search"},),
    "task.done": ({"unit": "unit-1", "kind": "search"},),
    "task.returned": ({"unit": "unit-1", "kind": "search"},),
    "note.added": ({"kind": "call"},),
    "reply.dispatched": ({"method": "post"},),
    "reply.delivered": ({"method": "post"},),
    "reply.revoked": ({"by": "self"},),
    "rehandling.started": ({"working_days": 15}, {}),
    "request.withdrawn": ({"scope": "whole"}, {"scope": "item"}),
    "disclosure.converted": ({"record": "record-1"},),
}  # fmt: skip


def payloads(kind: str, state: CaseState, on: date) -> Iterator[Payload]:
    """What could be entered of a kind in a state on a day; some of it lawful where anything is."""
    what, _dot, verb = kind.partition(".")
    if kind in _SIMPLE:
        yield from (dict(one) for one in _SIMPLE[kind])
    elif what in _PARTIES:
        yield from _of_a_party(state, what, verb)
    elif kind in _BY_STATE:
        yield from _BY_STATE[kind](state, on)
    else:
        yield {}


def _of_a_party(state: CaseState, what: str, verb: str) -> Iterator[Payload]:
    key, name = _PARTIES[what]
    asked = [c.party for c in state.consultations if c.kind is ConsultationKind(what)]
    new = f"{name}-{len(set(asked)) + 1}"
    for party in dict.fromkeys([*asked, new] if verb == "consulted" else asked or [new]):
        if verb == "answered":
            yield {key: party, "consent": True}
            yield {key: party, "consent": False}
        else:
            yield {key: party}


def _reply(state: CaseState, _on: date) -> Iterator[Payload]:
    named = {"supersedes": state.replies[-1].number} if state.replies else {}
    for outcome in OUTCOMES:
        parts: Payload = {}
        if outcome is Outcome.PARTIAL:
            asked = [c.party for c in state.consultations if c.kind is not ConsultationKind.AGENCY]
            withheld = [{"disclosed": False, "party": one} for one in dict.fromkeys(asked)]
            parts = {"parts": [{"disclosed": True}, *(withheld or [{"disclosed": False}])]}
        number = f"云公复〔2026〕{len(state.replies) + 1}号"
        yield {"outcome": outcome.value, "method": "post", "number": number, **named, **parts}


def _delay(_state: CaseState, on: date) -> Iterator[Payload]:
    yield {"due_on": (on + timedelta(days=120)).isoformat()}


def _filed(state: CaseState, on: date) -> Iterator[Payload]:
    new = {"remedy": f"remedy-{len(state.remedies) + 1}", "reached_on": on.isoformat()}
    yield {**new, "kind": "reconsideration", "procedure": "ordinary"}
    yield {**new, "kind": "litigation_direct", "instance": "first"}
    yield {**new, "kind": "litigation_after_reconsideration", "instance": "first"}


def _of_a_remedy(more: Payload) -> Callable[[CaseState, date], Iterator[Payload]]:
    def found(state: CaseState, _on: date) -> Iterator[Payload]:
        for remedy in state.remedies:
            instance = {} if remedy.instance is None else {"instance": remedy.instance}
            yield {"remedy": remedy.remedy, **instance, **more}
        yield {"remedy": "remedy-0", **more}

    return found


def _corrected(state: CaseState, _on: date) -> Iterator[Payload]:
    """The last act struck out, the first one given another channel; nothing where there is none."""
    acts = [event for event in state.entries if event.kind != "entry.corrected"]
    for event in acts[:1]:
        payload = {**event.payload, "applicant_kind": "research"}
        yield {"seq": event.seq, "replacement": {"payload": payload}}
    for event in acts[-1:]:
        yield {"seq": event.seq, "replacement": None}
    if not acts:
        yield {"seq": 1, "replacement": None}


_BY_STATE: Mapping[str, Callable[[CaseState, date], Iterator[Payload]]] = {
    "request.registered": lambda state, _on: iter([{"number": "云公申〔2026〕900号"}]),
    "reply.issued": _reply,
    "delay.set": _delay,
    "remedy.filed": _filed,
    "remedy.answered": _of_a_remedy({}),
    "remedy.decided": _of_a_remedy({"result": "upheld"}),
    "entry.corrected": _corrected,
}
