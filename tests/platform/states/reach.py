"""The states that a case can reach, found by trying every lawful act: breadth first, shortest history kept.

A state is what the rules look at and what a page shows: the phase, what is awaited and from whom, what was
served, extended, paid, answered, revoked, filed, and whether the time of each has run out (``facets``). Days
count only in so far as they make a clock run out, so a walk has one more step beside the acts: to wait until
everything that runs is over. The number of such states is finite but large, for most of them are two things
that do not touch each other; so a walk goes on only from states in which no more than ``AT_ONCE`` things are
under way at once, and takes at most ``MOST`` steps after the receipt.

Many of them look alike to whoever acts: of all states with the same verdicts on every kind of act, the same
phase and the same clocks (``Reached.signature``), the first one found stands for the others where a test
needs a database (``standing``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property

from tests.platform.states.payloads import Payload, payloads

from gongkai.platform.cases.services.acting import Step
from gongkai.platform.core.bases import Basis, known_calendar
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState, Consultation, Remedy, phase
from gongkai.rules.event import Event
from gongkai.rules.kinds import CASE_KINDS
from gongkai.rules.law import load_law
from gongkai.rules.refusal import Refusal

FIRST = date(2026, 2, 9)
KINDS = tuple(sorted(CASE_KINDS))
LAST = date(2026, 11, 30)
"""After it the demonstration knows another calendar."""
MOST = 6
EXTRA = 3
BASIS = Basis(load_law(), known_calendar(FIRST))
_LIVE = (ClockState.RUNNING, ClockState.OVERDUE, ClockState.PAUSED, ClockState.UNKNOWN)
_FOR_OTHERS = frozenset({"reconsideration_period", "litigation_period"})
"""Periods of the applicant that no act of the office waits for."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Reached:
    """A state, by the shortest history that leads to it, on the day after its last act or after a wait."""

    events: tuple[Event, ...]
    today: date
    steps: int
    """How many steps from the receipt on; a wait is one."""

    @cached_property
    def state(self) -> CaseState:
        """What the history leaves."""
        return fold(self.events)

    @cached_property
    def clocks(self) -> tuple[Clock, ...]:
        """The clocks of the office that still run, wait or are over."""
        found = deadlines(self.state, BASIS.law, BASIS.calendar, self.today).clocks
        return tuple(clock for clock in found if clock.state in _LIVE and clock.clock not in _FOR_OTHERS)

    @cached_property
    def facets(self) -> tuple[tuple[str, object], ...]:
        """What makes this state another one."""
        return tuple((name, value) for name, value in _facets(self.state, self.clocks) if value)

    @property
    def under_way(self) -> int:
        """How many things have begun in it, beside the reply and its service."""
        one = self.state
        once = (one.corrections, one.reasons, one.extensions, one.fees, one.tasks, one.converted_on)
        return len(one.consultations) + len(one.remedies) + sum(1 for thing in once if thing)

    @cached_property
    def far(self) -> int:
        """How far out of the way it lies: its steps, and more for all that does not touch what goes on."""
        one = self.state
        usual = one.entries[:1] == () or one.entries[0].kind == "request.received"
        usual = usual and (one.number is not None or len(one.entries) < 2)
        return self.steps + EXTRA * (max(0, self.under_way - 1) + (0 if usual else 1))

    @cached_property
    def verdicts(self) -> tuple[tuple[str, str], ...]:
        """Of every kind of act why it is refused today; blank where some payload makes it lawful."""
        return tuple((kind, self.verdict(kind)) for kind in KINDS)

    @property
    def signature(self) -> tuple[object, ...]:
        """What a page of this state shows, whichever way led to it."""
        clocks = tuple(sorted((c.clock, c.state.value) for c in self.clocks))
        return (phase(self.state), clocks, self.verdicts)

    def verdict(self, kind: str) -> str:
        """The code of the first refusal, blank where the act is lawful with some payload."""
        found = self.refusal(kind)
        return "" if found is None else found.code

    def refusal(self, kind: str) -> Refusal | None:
        """The first refusal of an act; ``None`` where it is lawful with some payload."""
        first: Refusal | None = None
        for payload in payloads(kind, self.state, self.today):
            decided = self.decided(kind, payload)
            if not isinstance(decided, Refusal):
                return None
            first = first or decided
        return first

    def decided(self, kind: str, payload: Payload) -> tuple[Event, ...] | Refusal:
        """What an act of today becomes."""
        return decide(self.state, Command(kind, self.today, payload), BASIS.law, BASIS.calendar)

    def lawful(self, kind: str) -> Payload | None:
        """A payload with which an act is lawful today, if there is one."""
        found = payloads(kind, self.state, self.today)
        return next((one for one in found if not isinstance(self.decided(kind, one), Refusal)), None)

    @property
    def history(self) -> list[Step]:
        """Its acts, to be entered."""
        return [Step(one.kind, one.occurred_on, one.payload) for one in self.events]

    @property
    def told(self) -> str:
        """Its acts in a line, for a test that fails."""
        return f"{' '.join(one.kind for one in self.events)} @{self.today}"

    def after(self) -> Iterator[Reached]:
        """The states one step on."""
        for kind in KINDS:
            for payload in payloads(kind, self.state, self.today):
                decided = self.decided(kind, payload)
                if not isinstance(decided, Refusal):
                    events = (*self.events, *(replace(one, stream="case") for one in decided))
                    yield Reached(events, self.today + _DAY, self.steps + 1)
        due = [clock.due_on for clock in self.clocks if clock.due_on is not None]
        if due and self.today <= max(due) < LAST:
            yield Reached(self.events, max(due) + _DAY, self.steps + 1)


def _facets(state: CaseState, clocks: tuple[Clock, ...]) -> Iterator[tuple[str, object]]:
    yield "phase", phase(state).value
    yield "beginning", (state.opening, state.split_from is not None, state.number is not None)
    correction = state.corrections[-1] if state.corrections else None
    if correction is not None:
        yield "correction", (
            correction.delivered_on is not None, correction.received_on is not None,
            correction.lapsed_on is not None, correction.reopened_on is not None,
            state.correction_awaited is not None,
        )  # fmt: skip
    for kind in ("third_party", "co_maker", "agency"):
        yield kind, tuple(_asked(c) for c in state.consultations if c.kind.value == kind)[-1:]
    reasons = state.reasons[-1] if state.reasons else None
    if reasons is not None:
        yield "reasons", (reasons.awaited, reasons.reasonable, len(state.delays) > 0)
    if state.extensions:
        yield "extension", (len(state.extensions) > 1, state.extensions[-1].told_on == _last_move(state))
    fee = state.fees[-1] if state.fees else None
    if fee is not None:
        yield "fee", (
            fee.delivered_on is not None, fee.paid_on is not None, fee.lapsed_on is not None,
            state.fee_awaited is not None,
        )  # fmt: skip
    yield "tasks", len(state.tasks) > 0
    reply = state.replies[-1] if state.replies else None
    if reply is not None:
        yield "reply", (
            reply.dispatched_on is not None, reply.delivered_on is not None, reply.returned_on is not None,
            reply.revoked_on is not None, state.rehandling_pending, len(state.replies) > 1,
        )  # fmt: skip
    yield "remedies", tuple(sorted(_proceeding(one) for one in state.remedies))
    yield "ended", (state.withdrawn_on is not None, state.archived_on is not None)
    yield "converted", state.converted_on is not None
    yield "over", tuple(sorted(one.clock for one in clocks if one.state is ClockState.OVERDUE))


def _last_move(state: CaseState) -> date | None:
    """The last day on which the period was extended or begun anew."""
    days = [one.told_on for one in state.extensions]
    days += [one.received_on for one in state.corrections if one.received_on is not None]
    days += [one.paid_on for one in state.fees if one.paid_on is not None]
    days += [one.started_on for one in state.rehandlings]
    return max(days, default=None)


def _asked(one: Consultation) -> tuple[object, ...]:
    return (
        one.delivered_on is not None, one.consent, one.lapsed_on is not None, one.abandoned_on is not None,
        one.told_on is not None, one.open,
    )  # fmt: skip


def _proceeding(one: Remedy) -> tuple[object, ...]:
    return (one.kind.value, one.answered_on is not None, one.decided_on is not None)


@cache
def reachable(most: int = MOST) -> tuple[Reached, ...]:
    """Every state that is no farther than so, in the order in which they were found."""
    begin = Reached((), FIRST, 0)
    found = {begin.facets: begin}
    waiting = deque([begin])
    while waiting:
        here = waiting.popleft()
        if here.far >= most:
            continue
        for there in here.after():
            if there.far <= most and there.facets not in found:
                found[there.facets] = there
                waiting.append(there)
    return tuple(one for one in found.values() if one.events)


@cache
def standing(most: int = MOST) -> tuple[Reached, ...]:
    """One state for each that somebody who acts can tell apart."""
    first: dict[tuple[object, ...], Reached] = {}
    for one in reachable(most):
        first.setdefault(one.signature, one)
    return tuple(first.values())


@cache
def telling() -> tuple[Reached, ...]:
    """So few of these that every act still meets, in every phase, every refusal that it can meet there."""
    brought = {one: {(phase(one.state), *verdict) for verdict in one.verdicts} for one in standing()}
    wanted = set[tuple[object, ...]]().union(*brought.values())
    found: list[Reached] = []
    while wanted:
        best = max(brought, key=lambda one: len(brought[one] & wanted))
        wanted -= brought.pop(best)
        found.append(best)
    return tuple(found)
