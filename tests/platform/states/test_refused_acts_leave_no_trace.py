"""Every state meets every act: a refused one leaves nothing but the audit, a lawful one what it should."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import pytest
from tests.platform.conftest import Place
from tests.platform.states.entering import (
    Entered,
    Traces,
    enter_all,
    job,
    of_phase,
    undone,
)
from tests.platform.states.payloads import Payload, payloads
from tests.platform.states.reach import BASIS, KINDS, Reached, standing, telling

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.projection import summary_fields
from gongkai.platform.cases.services.acting import ActRefused, Step, perform_act, perform_acts
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.rules.cases.state import Phase, phase
from gongkai.rules.refusal import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("states")]


def refused(one: Reached) -> Iterator[tuple[str, Payload, str]]:
    """Every act that has a refusal in a state: with the first payload that is refused, and its code."""
    for kind in KINDS:
        for payload in payloads(kind, one.state, one.today):
            if isinstance(found := one.decided(kind, payload), Refusal):
                yield kind, payload, found.code
                break


def meets(place: Place, case: Entered, traces: Traces) -> Iterator[str]:
    """What is wrong after everything unlawful was tried on a case; all of it stays undone but the audit."""
    one, whole, last = case.reached, traces.whole(), audited()
    before = traces.light()
    for kind, payload, code in refused(one):
        if (said := attempt(place, case, kind, payload)) != code:
            yield f"{one.told}: {kind}: {said}, not {code}"
        if traces.light() != before:
            yield f"{one.told}: {kind} left a trace"
        entry = audited()
        told = (entry.position, entry.act, entry.success, entry.object, json.loads(entry.detail))
        expected = {"kind": kind, "code": code}
        if told != (last.position + 1, "case.act_refused", False, case.stream, expected):
            yield f"{one.told}: {kind} is not in the audit: {told}"
        last = entry
    if (after := traces.whole()) != whole:
        yield f"{one.told}: {[table for table in whole if whole[table] != after[table]]} changed"


def audited() -> AuditEntry:
    """The last entry of the audit."""
    return AuditEntry.objects.order_by("-position")[0]


def attempt(place: Place, case: Entered, kind: str, payload: Mapping[str, object]) -> str:
    """The code of the refusal of an act that is entered; blank where it was not refused."""
    day = case.reached.today
    try:
        perform_acts(
            body=place.body, stream=case.stream, steps=[Step(kind, day, payload)], expected_seq=case.seq,
            actor=job(day), basis=BASIS,
        )  # fmt: skip
    except ActRefused as refusal:
        return refusal.refusal.code
    return ""


def performed(place: Place, case: Entered, kind: str, payload: Payload) -> Iterator[str]:
    """What is wrong after a lawful act, which is taken back."""
    one = case.reached
    with undone():
        done = perform_act(
            body=place.body, stream=case.stream, kind=kind, occurred_on=one.today, expected_seq=case.seq,
            actor=job(one.today), payload=payload,
        )  # fmt: skip
        events = history(body=place.body.key, stream=case.stream).events
        if len(events) != case.seq + 1 or events != done.events:
            yield f"{one.told}: {kind} is not in the ledger"
        row = CaseSummary.objects.filter(stream=case.stream).values().get()
        should = summary_fields(place.body.key, events, BASIS)
        if wrong := [name for name, value in should.items() if row[name] != value]:
            yield f"{one.told}: after {kind} the lists differ in {wrong}"


def checked(place: Place, states: Iterable[Reached]) -> tuple[list[Entered], list[str]]:
    """Enter states, and try every refused act on each."""
    cases, traces = enter_all(place, states), Traces()
    return cases, [problem for case in cases for problem in meets(place, case, traces)]


@pytest.mark.one_database
@pytest.mark.parametrize("where", [one for one in Phase if one is not Phase.NOT_RECEIVED])
def test_every_state_meets_every_act(county: Place, where: Phase) -> None:
    cases, wrong = checked(county, of_phase(telling(), where))
    assert cases
    seen: set[tuple[object, ...]] = set()
    for case in cases:
        clocks = tuple(sorted((c.clock, c.state.value) for c in case.reached.clocks))
        for kind, code in case.reached.verdicts:
            payload = case.reached.lawful(kind)
            if code or payload is None or (key := (clocks, kind)) in seen:
                continue
            seen.add(key)
            wrong += list(performed(county, case, kind, payload))
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:20])
    assert not verify_ledger(county.body.key).damages
    day = max(case.reached.today for case in cases)
    assert verify_projections(county.body.key, known_on=day).ok


def test_a_state_of_each_phase_meets_every_act(county: Place) -> None:
    """The same on both databases, for one state of each phase."""
    first = {phase(one.state): one for one in reversed(standing(5))}
    cases, wrong = checked(county, first.values())
    assert len(cases) == len(Phase) - 1
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:20])
