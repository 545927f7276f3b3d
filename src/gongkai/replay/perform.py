"""Performing: every step goes through ``decide``; then all acts are put in the order of recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from gongkai.replay.chance import Chance
from gongkai.replay.errors import NotLawful
from gongkai.replay.intake import Year
from gongkai.replay.life import SYSTEM, Life, Step
from gongkai.rules import kinds
from gongkai.rules.acts import decide_act, fold_body
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal

SHANGHAI = timezone(timedelta(hours=8))
OPENS, CLOSES = 8 * 3600 + 30 * 60, 17 * 3600 + 30 * 60
"""Office hours in which acts are entered, in seconds of the day."""


@dataclass(frozen=True, slots=True)
class _Entered:
    """An event with the moment at which it was entered and its place among the streams."""

    day: date
    second: int
    order: int
    event: Event

    @property
    def key(self) -> tuple[date, int, int, int]:
        return self.day, self.second, self.order, self.event.seq


def perform(
    lives: Sequence[Life], acts: Sequence[Step], body_stream: str, year: Year, chance: Chance
) -> tuple[Event, ...]:
    """All events in the order in which they were entered, with position, stream, number and time.

    Raises ``NotLawful`` where ``decide`` refuses a step, ``UnlawfulShape`` for a payload that a ledger
    would not take.
    """
    entered: list[_Entered] = []
    for order, life in enumerate(lives, 1):
        entered += _entered(_lived(life, year), order, year, chance)
    entered += _entered(_of_body(acts, body_stream), 0, year, chance)
    entered.sort(key=lambda one: one.key)
    return tuple(
        replace(one.event, position=position, recorded_at=_moment(one.day, one.second))
        for position, one in enumerate(entered, 1)
    )


def _lived(life: Life, year: Year) -> list[Event]:
    """The events of one case, each decided on the state that the ones before it left."""
    events: list[Event] = []
    state = CaseState()
    law, calendar = year.rules.law, year.rules.calendar
    # The intake stands first whatever its date: an opening entry is made later than what it tells of.
    intake = [step for step in life.steps if step.kind in _INTAKE]
    rest = sorted((step for step in life.steps if step.kind not in _INTAKE), key=lambda step: step.on)
    for step in (*intake, *rest):
        command = Command(step.kind, step.on, step.payload, step.facts, step.actor)
        decided = decide(state, command, law, calendar)
        if isinstance(decided, Refusal):
            raise NotLawful(step.kind, step.on, decided)
        for event in decided:
            kinds.check(event.kind, event.payload)
            events.append(replace(event, stream=life.stream))
        state = fold(events)
    return events


_INTAKE = frozenset(
    {"opening.case", "request.submitted", "request.received", "case.split", "request.registered"}
)


def _of_body(acts: Iterable[Step], stream: str) -> list[Event]:
    """Acts outside cases, each decided on the acts before it on the same document, or on the same stock."""
    events: list[Event] = []
    by_document: dict[tuple[str, str], list[Event]] = {}
    for step in acts:
        # What is decided looks at no other document; a fold of all of them each time would be long.
        of = step.kind.partition(".")[0], str(step.payload.get("ref", ""))
        before = by_document.setdefault(of, [])
        command = Command(step.kind, step.on, step.payload, step.facts, step.actor)
        decided = decide_act(fold_body(before), command)
        if isinstance(decided, Refusal):
            raise NotLawful(step.kind, step.on, decided)
        for event in decided:
            kinds.check(event.kind, event.payload)
            before.append(event)
            events.append(replace(event, stream=stream, seq=len(events) + 1))
    return events


def _entered(events: Sequence[Event], order: int, year: Year, chance: Chance) -> list[_Entered]:
    """When each was entered: on its day or the next working day, never before the one in front of it."""
    days: list[date] = []
    last = year.first
    for event in events:
        day = event.occurred_on
        if event.actor != SYSTEM:
            day = year.rules.calendar.next_workday(day)
        if day > year.last:  # the books of the year are closed on its last day
            day = year.last
        last = max(last, day)
        days.append(last)
    out: list[_Entered] = []
    for day in dict.fromkeys(days):
        mine = [event for event, on in zip(events, days, strict=True) if on == day]
        seconds = sorted(chance.whole(OPENS, CLOSES) for _ in mine)
        out += [_Entered(day, second, order, event) for second, event in zip(seconds, mine, strict=True)]
    return out


def _moment(day: date, second: int) -> datetime:
    midnight = datetime.combine(day, time(), SHANGHAI)
    return (midnight + timedelta(seconds=second)).astimezone(UTC)
