"""The fast pass: acts by stream, only of kinds that a count needs, reduced without a full ``fold``.

``gongkai.rules.counting.reference`` states the same from ``gongkai.rules.cases.fold``; a property test
holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from gongkai.rules.cases.fold import replaced
from gongkai.rules.counting.years import Seals, Stage
from gongkai.rules.event import Event

CASE_ACTS = frozenset(
    [
        "opening.case",
        "request.submitted",
        "request.received",
        "case.split",
        "reply.issued",
        "reply.dispatched",
        "request.withdrawn",
        "correction.requested",
        "correction.received",
        "correction.lapsed",
        "correction.reopened",
    ]
)
REMEDY_ACTS = frozenset({"remedy.filed", "remedy.decided"})
SINGLE_ACTS = frozenset(
    [
        "fee.notified",
        "fee.paid",
        "rehandling.started",
        "opening.documents",
        "document.issued",
        "document.amended",
        "document.repealed",
        "document.lapsed",
        "decisions.counted",
        "charges.collected",
        "procurement.counted",
    ]
)
COUNTED = frozenset(
    [
        "opening.case",
        "request.received",
        "case.split",
        "reply.issued",
        "request.withdrawn",
        "remedy.filed",
        "remedy.decided",
        "fee.notified",
        "fee.paid",
        "opening.documents",
        "document.issued",
        "document.amended",
        "document.repealed",
        "document.lapsed",
        "decisions.counted",
        "charges.collected",
        "procurement.counted",
    ]
)
"""Kinds whose correction after a sealing is listed."""
NEEDED = CASE_ACTS | REMEDY_ACTS | SINGLE_ACTS | {"entry.corrected"}
"""Every kind that a count reads; a reader may leave out all others."""


class Sorted:
    """Acts by what they are counted for, each in the order in which they were entered."""

    __slots__ = ("cases", "corrected", "remedies", "single")

    def __init__(self) -> None:
        self.cases: dict[str, list[Event]] = {}
        self.remedies: dict[str, list[Event]] = {}
        self.single: dict[str, list[Event]] = {}
        self.corrected: dict[str, list[Event]] = {}


def sort_events(events: Iterable[Event], head: int | None = None) -> Sorted:
    """One pass over the entries up to ``head`` (``None``: all)."""
    found = Sorted()
    cases, remedies, single, corrected = found.cases, found.remedies, found.single, found.corrected
    case_acts, remedy_acts, single_acts = CASE_ACTS, REMEDY_ACTS, SINGLE_ACTS
    for event in events:
        kind = event.kind
        if kind in case_acts:
            into = cases
        elif kind in single_acts:
            into = single
        elif kind in remedy_acts:
            into = remedies
        elif kind == "entry.corrected":
            into = corrected
        else:
            continue
        if head is not None and event.position > head:
            continue
        stream = event.stream
        some = into.get(stream)
        if some is None:
            into[stream] = [event]
        else:
            some.append(event)
    return found


def numbered(events: Iterable[Event]) -> Iterator[Event]:
    """The events with positions, and numbers within their streams, where a file without chain has none."""
    seqs: dict[str, int] = {}
    for position, event in enumerate(events, 1):
        seq = seqs[event.stream] = seqs.get(event.stream, 0) + 1
        yield replace(event, position=position, seq=seq) if event.position == 0 else event


def corrected_view(events: Sequence[Event], corrections: Iterable[Event]) -> list[Event]:
    """The events as the corrections leave them; those of other entries have no effect here."""
    by_seq: dict[int, Event | None] = {event.seq: event for event in events}
    for correction in corrections:
        seq = correction.payload["seq"]
        if seq in by_seq:
            by_seq[seq] = replaced(by_seq[seq], correction.payload.get("replacement"))
    return [event for event in by_seq.values() if event is not None]


def view_at(events: Sequence[Event], corrections: Sequence[Event], head: int) -> list[Event]:
    """What was known at ``head``."""
    return corrected_view(
        [e for e in events if e.position <= head], [c for c in corrections if c.position <= head]
    )


class Facts:
    """What a count needs of one case."""

    __slots__ = ("column", "entries", "entry", "entry_day", "letter", "outcome", "split", "submitted")

    def __init__(self) -> None:
        self.entry: Event | None = None
        self.entry_day: date | None = None
        self.column: str | None = None
        self.outcome: Event | None = None
        self.submitted: Event | None = None
        self.letter: str | None = None
        """The letter that the case came with, where it names one."""
        self.split = False
        self.entries = 0
        """How many acts of receipt there are; more than one is odd."""


def facts_of(events: Iterable[Event]) -> Facts:
    """The receipt that holds (the last entered) and the outcome that stands (the first entered)."""
    facts = Facts()
    for event in events:
        kind = event.kind
        if kind == "reply.issued":
            if facts.outcome is None:
                facts.outcome = event
        elif kind == "request.received":
            facts.entries += 1
            facts.entry, facts.entry_day = event, event.occurred_on
            facts.column = event.payload["applicant_kind"]
            if not facts.split:
                facts.letter = event.payload.get("letter")
        elif kind == "request.withdrawn":
            if facts.outcome is None and event.payload.get("scope") != "item":
                facts.outcome = event
        elif kind == "opening.case":
            facts.entries += 1
            facts.entry, facts.entry_day = event, date.fromisoformat(event.payload["received_on"])
            facts.column = event.payload["applicant_kind"]
        elif kind == "request.submitted":
            facts.submitted = event
        elif kind == "case.split":
            facts.split, facts.letter = True, event.payload["from"]
            if facts.entry is None and event.payload.get("received_on") is not None:
                facts.entries += 1
                facts.entry, facts.entry_day = event, date.fromisoformat(event.payload["received_on"])
                facts.column = event.payload.get("applicant_kind")
    return facts


class Place:
    """In which years a case was taken in and ended, and in which column it counts."""

    __slots__ = ("column", "ended", "entered", "entry", "entry_day", "outcome", "voided")

    def __init__(self) -> None:
        self.entered: int | None = None
        self.ended: int | None = None
        self.entry: Event | None = None
        self.entry_day: date | None = None
        self.column: str | None = None
        self.outcome: Event | None = None
        self.voided = False
        """Its receipt was voided after a sealing that had counted it."""


def place_of(facts: Facts, seals: Seals) -> Place:
    """The years of a case without corrections: those of its acts, or the first that was open for them."""
    place = Place()
    entry, day = facts.entry, facts.entry_day
    place.outcome = facts.outcome
    if entry is None or day is None:
        return place
    place.entry, place.entry_day, place.column = entry, day, facts.column
    entered = seals.year_of(day, entry.position, opening=entry.kind == "opening.case")
    place.entered = entered
    outcome = facts.outcome
    if outcome is not None:
        ended = seals.year_of(outcome.occurred_on, outcome.position)
        place.ended = entered if ended < entered else ended
    return place


def staged_place(stages: Iterable[tuple[Facts, Stage]]) -> Place:
    """The years of a case with corrections: what a sealed year had counted stays as it was.

    ``stages`` are the facts as they were known at each sealing, oldest first, and as they are.
    """
    place = Place()
    for facts, stage in stages:
        entry, day = facts.entry, facts.entry_day
        if place.entered is None and entry is not None and day is not None:
            floor = stage.opening_floor if entry.kind == "opening.case" else stage.floor
            year = max(day.year, floor)
            if year <= stage.last:
                place.entered, place.entry, place.entry_day = year, entry, day
                place.column = facts.column
        place.voided = place.entered is not None and entry is None
        outcome = facts.outcome
        if place.ended is None:
            place.outcome = outcome
            if place.entered is not None and outcome is not None:
                year = max(outcome.occurred_on.year, stage.floor, place.entered)
                if year <= stage.last:
                    place.ended = year
    return place


def settled(events: Sequence[Event], corrections: Sequence[Event], seals: Seals) -> list[tuple[Event, int]]:
    """Acts that count each for itself, with the year in whose report they do.

    An act that a sealed year had counted stays as it was then, whatever was corrected later.
    """
    if not corrections:
        return [
            (e, seals.year_of(day_of(e), e.position, opening=e.kind == "opening.documents")) for e in events
        ]
    found: dict[int, tuple[Event, int]] = {}
    for stage in seals.stages():
        for event in view_at(events, corrections, stage.head):
            floor = stage.opening_floor if event.kind == "opening.documents" else stage.floor
            year = max(day_of(event).year, floor)
            if event.seq not in found and year <= stage.last:
                found[event.seq] = (event, year)
    return [found[e.seq] for e in events if e.seq in found]


_DAYS = {"opening.documents": "on", "opening.case": "received_on", "case.split": "received_on"}


def day_of(event: Event) -> date:
    """The legal date of an act: for what was open before the ledger, and for splits, the day it tells."""
    name = _DAYS.get(event.kind)
    on = None if name is None else event.payload.get(name)
    return event.occurred_on if on is None else date.fromisoformat(on)
