"""Table 3: new, carried in, results by row, carried out, each by kind of applicant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from gongkai.rules.counting.lean import (
    Facts,
    Place,
    Sorted,
    facts_of,
    place_of,
    staged_place,
    view_at,
)
from gongkai.rules.counting.result import EventId
from gongkai.rules.counting.settings import Rows, moved_sub_kinds, rows_of
from gongkai.rules.counting.tally import Tally
from gongkai.rules.counting.years import Seals
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import ApplicantKind

COLUMNS = tuple(str(kind) for kind in ApplicantKind)

Placed = tuple[str, Sequence[Event], Facts, Place]
"""A stream with its acts, its facts as they are now, and its years."""


def places(found: Sorted, seals: Seals) -> Iterator[Placed]:
    """Every case with its years; those with corrections are looked at as each sealing knew them."""
    corrected = found.corrected
    stages = seals.stages()
    for stream, events in found.cases.items():
        corrections = corrected.get(stream, ())
        facts = facts_of(events)
        if not corrections and facts.entries < 2:
            yield stream, events, facts, place_of(facts, seals)
            continue
        views = [view_at(events, corrections, stage.head) for stage in stages]
        known = [facts_of(view) for view in views]
        yield stream, views[-1], known[-1], staged_place(zip(known, stages, strict=True))


def count_requests(tally: Tally, cases: Iterable[Placed]) -> None:
    """Add Table 3 and its notes to the tally; by construction all its relations hold.

    - a case counts once as new or carried in, and once as a result or carried out, in one column;
    - its result is the first that was entered: handling anew gives neither a new case nor a second result.
    """
    Requests(tally).run(cases)


class Requests:
    """One count of Table 3 in progress."""

    def __init__(self, tally: Tally) -> None:
        self.tally, self.year = tally, tally.year
        self.rows: Rows = rows_of(tally.form, tally.rules)
        self.cells: dict[tuple[str, str], list[EventId]] = {}
        for row in ("new", "carried_in", *self.rows.leaves, "carried_out"):
            for column in COLUMNS:
                ids: list[EventId] = []
                self.cells[row, column] = tally.leaves[f"requests.{row}.{column}"] = ids
        self.noted: defaultdict[str, list[Event]] = defaultdict(list)
        self.sub_kinds: Counter[tuple[str, str]] = Counter()
        self.unknown: defaultdict[str, list[Event]] = defaultdict(list)
        self.new: list[tuple[str, str | None]] = []
        self.named: dict[str, str] = {}

    def run(self, cases: Iterable[Placed]) -> None:
        """Place every case, then write the notes."""
        year, end = self.year, date(self.year, 12, 31)
        for stream, events, facts, place in cases:
            entered, ended = place.entered, place.ended
            if facts.letter is not None:
                self.named[stream] = facts.letter
            if entered is None or entered > year:
                submitted = facts.submitted
                # Confirmed next year and answered since: still listed. An outcome without a receipt is not.
                unanswered = facts.outcome is None or entered is not None
                if submitted is not None and submitted.occurred_on <= end and unanswered:
                    self.noted["CT-N-001"].append(submitted)
            if entered is None:
                self._without_receipt(facts)
            elif entered <= year and (ended is None or ended >= year):
                self._one(stream, events, facts, place, entered, ended)
        self._write_notes()

    def _one(
        self,
        stream: str,
        events: Sequence[Event],
        facts: Facts,
        place: Place,
        entered: int,
        ended: int | None,
    ) -> None:
        tally, year, column = self.tally, self.year, place.column
        entry, day = place.entry, place.entry_day
        if entry is None or day is None:
            raise ValueError(f"{stream}: a year of entering without an entry")
        entry_id = EventId(tally.body, entry.position, entry.stream, entry.seq)
        cell = (
            None if column is None else self.cells.get(("new" if entered == year else "carried_in", column))
        )
        if cell is None or column is None:
            self.noted["CT-N-010"].append(entry)
            return
        cell.append(entry_id)
        if entry.kind == "opening.case" and entered < year:
            tally.mattered.add("opening_case")
        if entered == year:
            self.new.append((stream, facts.letter))
            if day.year < year:
                tally.act(entry, day.year, entered)
        if ended == year:
            self._result(events, place, column)
            return
        self.cells["carried_out", column].append(entry_id)
        if place.voided:
            self.noted["CT-N-013"].append(entry)
        if len(events) > 1 and (asked := _awaited(events, year)) is not None:
            self.noted["CT-N-023"].append(asked)

    def _result(self, events: Sequence[Event], place: Place, column: str) -> None:
        tally, outcome = self.tally, place.outcome
        if outcome is None:
            raise ValueError("a year of the outcome without an outcome")
        if outcome.kind == "request.withdrawn":
            row = self.rows.withdrawn
            tally.mattered.add("withdrawn")
        else:
            name, sub_kind = outcome.payload["outcome"], outcome.payload.get("sub_kind")
            found = self.rows.row(name, sub_kind)
            if found is None:
                self.unknown[name].append(outcome)
            row = self.rows.fallback if found is None else found
            if outcome.payload.get("reply_body") not in (None, tally.body):
                self.noted["CT-N-025"].append(outcome)
            if (name, sub_kind) in self.rows.by_outcome and sub_kind is not None:
                self.sub_kinds[sub_kind, row] += 1
            dispatched = _dispatched(events, outcome)
            if dispatched is not None and outcome.occurred_on.year == self.year < dispatched.occurred_on.year:
                self.noted["CT-N-002"].append(outcome)
        self.cells[row, column].append(EventId(tally.body, outcome.position, outcome.stream, outcome.seq))
        if place.entry_day is not None and outcome.occurred_on.year < place.entry_day.year:
            self.noted["CT-N-012"].append(outcome)
        elif outcome.occurred_on.year < self.year:
            tally.act(outcome, outcome.occurred_on.year, self.year)

    def _without_receipt(self, facts: Facts) -> None:
        outcome = facts.outcome
        if outcome is None:
            return
        if self.tally.seals.year_of(outcome.occurred_on, outcome.position) == self.year:
            self.noted["CT-N-009"].append(outcome)

    def _write_notes(self) -> None:
        tally, named = self.tally, self.named
        letters = {named.get(letter, letter) if letter is not None else stream for stream, letter in self.new}
        if len(letters) != len(self.new):
            tally.note("CT-N-004", letters=len(letters), cases=len(self.new))
            tally.mattered.add("split_cases")
        for (sub_kind, row), cases in sorted(self.sub_kinds.items()):
            tally.note("CT-N-006", sub_kind=sub_kind, row=row, cases=cases)
            tally.mattered.update({sub_kind} & moved_sub_kinds())
        for name, outcomes in sorted(self.unknown.items()):
            tally.note("CT-N-011", outcomes, outcome=name, cases=len(outcomes))
        for code, events in sorted(self.noted.items()):
            key = "replies" if code == "CT-N-002" else "cases"
            tally.note(code, events, **{key: len(events)})
            if (rule := _RULES_OF_NOTES.get(code)) is not None:
                tally.mattered.add(rule)


_RULES_OF_NOTES = {
    "CT-N-001": "submitted_unconfirmed",
    "CT-N-002": "issued_then_dispatched",
    "CT-N-023": "correction_awaited",
    "CT-N-025": "in_whose_name",
}


def _dispatched(events: Sequence[Event], reply: Event) -> Event | None:
    """The first dispatch of that reply: neither a second one of returned mail nor that of a later reply."""
    for event in events:
        if event.position > reply.position:
            if event.kind == "reply.dispatched":
                return event
            if event.kind == "reply.issued":
                return None
    return None


_CORRECTION: dict[str, Callable[[Event], bool]] = {
    "correction.requested": lambda _e: True,
    "correction.reopened": lambda _e: True,
    "correction.received": lambda _e: False,
    "correction.lapsed": lambda _e: False,
}


def _awaited(events: Sequence[Event], year: int) -> Event | None:
    """The last correction that was still awaited on 31 December, as its request or reopening."""
    asked: Event | None = None
    for event in events:
        step = _CORRECTION.get(event.kind)
        if step is not None and event.occurred_on.year <= year:
            asked = event if step(event) else None
    return asked
