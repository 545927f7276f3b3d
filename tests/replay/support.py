"""What the tests of replays share: the law, a year counted back, and every stream judged from scratch."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from gongkai.annual.model import Report
from gongkai.replay import BODY_STREAM, Difference, Replay, replay, rules_for, unlike
from gongkai.rules import kinds
from gongkai.rules.acts import decide_act, fold_body
from gongkai.rules.cases.clock import ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.decide import Command, judge
from gongkai.rules.cases.fold import fold
from gongkai.rules.counting import Count, count
from gongkai.rules.event import Event
from gongkai.rules.law import Law, load_law
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import load_calendar

LAW, CALENDAR = load_law(), load_calendar()
ODD_NOTES = {"CT-N-009", "CT-N-010", "CT-N-011", "CT-N-012", "CT-N-013", "CT-N-014", "CT-N-020", "CT-N-024"}
"""Notes of a count that speak of acts that do not fit together."""


def lived(report: Report, seed: int = 1, body: str = "机关") -> Replay:
    """The year of a report."""
    return replay(report, seed=seed, law=LAW, calendar=CALENDAR, body=body)


def counted(made: Replay) -> Count:
    """The year counted."""
    rules = rules_for(made.target)
    return count(made.events, body=made.body, year=made.year, form=made.target.form.edition, rules=rules)


def counts_back(made: Replay) -> tuple[Difference, ...]:
    """In which cells the count is not the report that was replayed."""
    found = counted(made)
    assert not ODD_NOTES & {note.code for note in found.notes}
    return unlike(made.target, found.report, made.not_told)


def streams(made: Replay) -> dict[str, list[Event]]:
    """The cases, each with its events in order."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in made.events:
        found[event.stream].append(event)
    found.pop(BODY_STREAM, None)
    return found


def assert_lawful(made: Replay, law: Law = LAW) -> None:
    """Shapes, numbers and order as a ledger wants them; every stream lawful from an empty state."""
    last = None
    seqs: dict[str, int] = defaultdict(int)
    for position, event in enumerate(made.events, 1):
        kinds.check(event.kind, event.payload, strict=True)
        seqs[event.stream] += 1
        assert (event.position, event.seq) == (position, seqs[event.stream])
        assert event.actor
        assert event.recorded_at is not None
        assert last is None or event.recorded_at >= last
        last = event.recorded_at
        assert event.occurred_on.year in (made.year, made.year - 1)
        assert event.recorded_at.year == made.year
        assert event.occurred_on <= event.recorded_at.date()
    for stream, events in streams(made).items():
        judged = judge(events, law, CALENDAR)
        assert judged.refusals == (), (stream, judged.refusals)
    of_body = [event for event in made.events if event.stream == BODY_STREAM]
    for at, event in enumerate(of_body):
        command = Command(event.kind, event.occurred_on, event.payload)
        assert not isinstance(decide_act(fold_body(of_body[:at]), command), Refusal), event


def assert_in_time(made: Replay, law: Law = LAW) -> None:
    """No clock of any case of this year is late or past due on 31 December."""
    for stream, events in streams(made).items():
        state = fold(events)
        if state.opening:
            continue  # its clocks are unknown
        clocks = deadlines(state, law, CALENDAR, date(made.year, 12, 31))
        for clock in (*clocks.clocks, *clocks.earlier):
            assert clock.state not in (ClockState.LATE, ClockState.OVERDUE), (stream, clock)
