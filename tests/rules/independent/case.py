"""One random case: its acts go through ``decide``, and what the law refuses is left out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.rules.independent.world import World

from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal


class Case:
    """One case on its way; ``go`` moves the day on, ``act`` enters what the law allows."""

    def __init__(self, world: World, stream: str, on: date) -> None:
        self.world, self.stream, self.on = world, stream, on
        self.rng = world.rng
        self.events: list[Event] = []
        self.state = CaseState()
        self.replies = 0

    def go(self, low: int, high: int) -> None:
        """Some days later, often to the last or the first day of a year where one lies ahead."""
        turn = date(self.on.year + 1, 1, 1)
        if self.world.chance(0.4) and (turn - self.on).days <= high + 20:
            self.on = max(self.on, turn - timedelta(days=self.rng.choice((0, 1, 1, 2))))
        else:
            self.on += timedelta(days=self.rng.randint(low, high))

    def act(self, kind: str, /, **payload: Any) -> bool:
        """Enter an act of this day; ``False`` where the law refuses it or the ledger has ended."""
        return self.act_on(self.on, kind, **payload)

    def act_on(self, on: date, kind: str, /, **payload: Any) -> bool:
        """The same on another day."""
        if on > self.world.end:
            return False
        keys = {key.rstrip("_"): value for key, value in payload.items()}
        command = Command(kind, on, keys)
        outcome = decide(self.state, command, self.world.law, self.world.calendar)
        if isinstance(outcome, Refusal):
            self.world.refused[outcome.code] = self.world.refused.get(outcome.code, 0) + 1
            return False
        self.events.extend(outcome)
        self.state = fold(self.events)
        return True
