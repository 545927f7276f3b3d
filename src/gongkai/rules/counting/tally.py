"""What the tables write into while a year is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gongkai.annual.form import Form
from gongkai.annual.model import Number
from gongkai.rules.counting.lean import COUNTED, Sorted, day_of, view_at
from gongkai.rules.counting.result import CountNote, EventId, LateAct
from gongkai.rules.counting.settings import CountingRules
from gongkai.rules.counting.years import Seals
from gongkai.rules.event import Event


@dataclass(slots=True)
class Tally:
    """Cells in the making: entries of each cell that is no total, and numbers that are no mere count."""

    body: str
    year: int
    form: Form
    rules: CountingRules
    seals: Seals
    leaves: dict[str, list[EventId]] = field(default_factory=dict[str, list[EventId]])
    numbers: dict[str, Number | None] = field(default_factory=dict[str, Number | None])
    exact: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    notes: list[CountNote] = field(default_factory=list[CountNote])
    mattered: set[str] = field(default_factory=set[str])
    late: list[LateAct] = field(default_factory=list[LateAct])

    def ids(self, events: Iterable[Event]) -> tuple[EventId, ...]:
        """The identities of events of this body, by position."""
        return tuple(sorted(EventId.of(self.body, event) for event in events))

    def note(self, code: str, events: Iterable[Event] = (), **values: Any) -> None:
        """Add a note with the entries that it speaks of."""
        self.notes.append(CountNote(code, values, self.ids(events)))

    def act(self, event: Event, legal_year: int, counted_in: int) -> None:
        """List an act counted in this year as late where a seal has moved it here."""
        if legal_year < counted_in == self.year and self.seals.years:
            self.mattered.add("reporting_year")
            one = EventId.of(self.body, event)
            self.late.append(LateAct(one, event.kind, legal_year, counted_in, "recorded_after_sealing"))

    def corrections(self, found: Sorted) -> None:
        """List corrections, entered after a sealing, of acts that the sealed year had counted.

        Each is listed once: in the first year that was open when it was entered.
        """
        lost: list[Event] = []
        for stream, corrections in found.corrected.items():
            events: list[Event] = [
                *found.cases.get(stream, ()),
                *found.remedies.get(stream, ()),
                *found.single.get(stream, ()),
            ]
            known = {e.seq for e in events}
            for correction in corrections:
                if correction.payload["seq"] not in known:
                    lost.append(correction)
                elif self.seals.floor(correction.position) == self.year:
                    self._corrected(correction, events, corrections)
        if unknown := [c for c in lost if c.occurred_on.year == self.year and c.payload["seq"] >= c.seq]:
            self.note("CT-N-020", unknown, entries=len(unknown))

    def _corrected(self, correction: Event, events: Sequence[Event], corrections: Sequence[Event]) -> None:
        before = view_at(events, corrections, self._head_before(correction.position))
        for event in before:
            if event.seq != correction.payload["seq"] or event.kind not in COUNTED:
                continue
            day = day_of(event)
            counted_in = self.seals.year_of(day, event.position, opening=event.kind.startswith("opening."))
            if counted_in < self.year:
                self.mattered.add("reporting_year")
                one = EventId.of(self.body, correction)
                self.late.append(LateAct(one, event.kind, day.year, counted_in, "corrected_after_sealing"))

    def _head_before(self, position: int) -> int:
        return max(s.head_position for s in self.seals.years if s.head_position < position)
