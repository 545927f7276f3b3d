"""Random lawful histories of a case, as the rules' own tests draw them, with times of recording."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from random import Random

from tests.rules.case_commands import FIRST, Draw

from gongkai.platform.core.bases import Basis
from gongkai.rules import kinds
from gongkai.rules.cases.decide import decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.law import load_law
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import load_calendar

BASIS = Basis(load_law(), load_calendar())


def recorded(day: date) -> datetime:
    """A time of recording on a day."""
    return datetime.combine(day, time(3), UTC)


def history(seed: int, *, stream: str = "case-1", length: int = 25) -> list[Event]:
    """What was accepted of so many random commands, each recorded on the latest legal day so far."""
    draw = Draw(Random(seed))  # noqa: S311 - no secret
    events: list[Event] = []
    state, last = CaseState(), FIRST
    opening = draw.of(["request.received", "request.received", "request.submitted", "opening.case"])
    for at in range(length):
        command = draw.command(opening, last, 0) if at == 0 else draw.next(state, last)
        outcome = decide(state, command, BASIS.law, BASIS.calendar)
        if isinstance(outcome, Refusal) or not _registered(outcome):
            continue
        last = max(last, command.occurred_on)
        events += [replace(event, stream=stream, recorded_at=recorded(last)) for event in outcome]
        state = fold(events)
    return events


def _registered(events: tuple[Event, ...]) -> bool:
    try:
        for event in events:
            kinds.check(event.kind, event.payload, event.schema)
    except kinds.UnlawfulShape:
        return False
    return True
