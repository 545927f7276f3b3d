"""What all streams of a random ledger share: chance, dates, and the order in which things are recorded."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from gongkai.rules.event import Event
from gongkai.rules.law import Law
from gongkai.rules.workdays import WorkCalendar


@dataclass
class Ledger:
    """Events of one body, the years that it covers, and what was refused on the way."""

    events: list[Event]
    years: tuple[int, ...]
    refused: dict[str, int]


@dataclass
class World:
    """What all cases of a ledger share."""

    rng: random.Random
    begin: date
    end: date
    law: Law
    calendar: WorkCalendar
    refused: dict[str, int] = field(default_factory=dict)
    entered: list[tuple[datetime, int, Event]] = field(default_factory=list)
    streams: list[tuple[str, date]] = field(default_factory=list)
    shared: list[tuple[str, str, date, date, str]] = field(default_factory=list)
    numbers: int = 0
    made: int = 0

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def enter(self, stream: str, events: list[Event], late: float = 0.1) -> None:
        """Record the events of a stream: mostly within days of their date, sometimes weeks later."""
        at = datetime.combine(self.begin, time(1), UTC)
        for event in events:
            lag = self.rng.randint(20, 60) if self.chance(late) else self.rng.randint(0, 3)
            day = datetime.combine(event.occurred_on + timedelta(days=lag), time(1), UTC)
            at = max(at + timedelta(seconds=1), day + timedelta(seconds=self.rng.randint(0, 30_000)))
            self.made += 1
            self.entered.append((at, self.made, replace(event, stream=stream, recorded_at=at)))

    def in_order(self) -> list[Event]:
        """All events by the time of their recording, with gapless positions."""
        return [
            replace(event, position=at) for at, (_, _, event) in enumerate(sorted(self.entered, key=_when), 1)
        ]


def _when(entry: tuple[datetime, int, Event]) -> tuple[datetime, int]:
    return entry[:2]


def near(world: World, first: date) -> date:
    day = first + timedelta(days=world.rng.randint(0, max(0, (world.end - first).days)))
    if world.chance(0.25):
        day = date(day.year, *world.rng.choice(((12, 31), (1, 1), (12, 30), (1, 2))))
    return max(day, first)
