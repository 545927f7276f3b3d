"""In every state that a case can reach, its page offers the acts that the rules allow, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from tests.platform.states.entering import job
from tests.platform.states.payloads import payloads
from tests.platform.states.reach import BASIS, KINDS, Reached, reachable, standing

from gongkai.platform.cases.acts.catalogue import FORMS
from gongkai.platform.cases.showing.names import Names
from gongkai.platform.cases.showing.offers import Offers, offers
from gongkai.platform.core.models import Body
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.state import Phase, phase
from gongkai.rules.refusal import Refusal, refusals

pytestmark = [pytest.mark.one_database, pytest.mark.xdist_group("states")]
OFFERED = frozenset(kind for kind, form in FORMS.items() if form.offered)


@cache
def offered(one: Reached) -> Offers:
    return offers(one.state, BASIS, job(one.today), Body(), Names({}))


def test_the_walk_meets_every_phase_and_every_kind() -> None:
    states = reachable()
    assert {phase(one.state) for one in states} | {Phase.NOT_RECEIVED} == set(Phase)
    lawful = {kind for one in standing() for kind, code in one.verdicts if not code}
    assert lawful | {one.events[0].kind for one in states} == set(KINDS)
    assert len(standing()) > 400
    assert len(states) > 1000


def test_what_is_offered_is_what_some_payload_makes_lawful() -> None:
    wrong: list[str] = []
    for one in standing():
        lawful = {kind for kind, code in one.verdicts if not code} & OFFERED
        found = offered(one)
        if found.kinds != lawful:
            wrong.append(f"{one.told}: {sorted(found.kinds ^ lawful)}")
        if {act.kind for act in found.refused} != OFFERED - lawful:
            wrong.append(f"{one.told}: neither offered nor refused")
    assert not wrong, f"{len(wrong)} states\n" + "\n".join(wrong[:20])


def test_a_refusal_says_why_and_by_which_article() -> None:
    for one in standing():
        for act in offered(one).refused:
            assert act.reason, (one.told, act.kind)
            assert act.article, (one.told, act.kind)
            assert "{" not in act.reason, act.reason


def earlier(one: Reached, kind: str) -> Iterator[object]:
    """What becomes of an act that is dated on a day on which something happened before today."""
    for day in sorted({event.occurred_on for event in one.events if event.occurred_on < one.today}):
        for payload in payloads(kind, one.state, day):
            yield decide(one.state, Command(kind, day, payload), BASIS.law, BASIS.calendar)


def test_what_may_be_entered_late_is_lawful_on_an_earlier_day() -> None:
    wrong = [
        f"{one.told}: {act.kind}: {act.reason}"
        for one in standing()
        for act in offered(one).refused
        if act.backdated and all(isinstance(found, Refusal) for found in earlier(one, act.kind))
    ]
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:20])


def test_what_may_be_done_instead_is_lawful_now() -> None:
    wrong: set[str] = set()
    for one in standing():
        lawful = {kind for kind, code in one.verdicts if not code}
        for act in offered(one).refused:
            shown = {other.kind for other in act.instead}
            named = set(refusals()[one.verdict(act.kind)].instead)
            if shown - lawful or (named & lawful) - shown:
                wrong.add(f"{one.verdict(act.kind)} of {act.kind}: {sorted(shown)}: {one.told}")
    assert not wrong, f"{len(wrong)}\n" + "\n".join(sorted(wrong)[:20])
