"""Acts outside cases that the annual report counts (Table 2): documents, decisions, charges, procurement.

They stand in the stream of the body. ``fold_body`` and ``decide_act`` are to it what ``fold`` and
``decide`` are to a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from gongkai.rules import kinds
from gongkai.rules.cases.fold import effective
from gongkai.rules.cases.lawful import Command, breaks, corrected
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal, refuse

ENDING = frozenset({"document.repealed", "document.lapsed"})


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation or normative document as its acts leave it; ``issued_on`` ``None``: before the ledger."""

    kind: str
    ref: str
    issued_on: date | None
    amended_on: tuple[date, ...] = ()
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class BodyState:
    """What the stream of a body says: its documents, and the stock with which the ledger began."""

    entries: tuple[Event, ...] = ()
    documents: Mapping[tuple[str, str], Document] = field(default_factory=lambda: MappingProxyType({}))
    openings: Mapping[str, tuple[int, date]] = field(default_factory=lambda: MappingProxyType({}))
    """Documents in force by kind when the ledger began, and on which day."""

    @property
    def last_seq(self) -> int:
        """The number of the last entry, 0 where there is none."""
        return max((event.seq for event in self.entries), default=0)


def fold_body(events: Iterable[Event]) -> BodyState:
    """The state of a body's stream after its events, in the order in which they were entered."""
    entries = [event if event.seq > 0 else replace(event, seq=at) for at, event in enumerate(events, 1)]
    documents: dict[tuple[str, str], Document] = {}
    openings: dict[str, tuple[int, date]] = {}
    for event in effective(entries):
        payload = event.payload
        if event.kind == "opening.documents":
            on = payload.get("on")
            day = event.occurred_on if on is None else date.fromisoformat(on)
            openings[payload["kind"]] = (payload["in_force"], day)
        elif event.kind.startswith("document."):
            key = (payload["kind"], payload["ref"])
            known = documents.get(key, Document(*key, None))
            if event.kind == "document.issued":
                known = replace(known, issued_on=event.occurred_on)
            elif event.kind == "document.amended":
                known = replace(known, amended_on=(*known.amended_on, event.occurred_on))
            else:
                known = replace(known, ended_on=event.occurred_on)
            documents[key] = known
    return BodyState(tuple(entries), MappingProxyType(documents), MappingProxyType(openings))


def decide_act(state: BodyState, command: Command) -> tuple[Event, ...] | Refusal:
    """The event that an act outside cases becomes, or why it may not be entered."""
    try:
        kinds.check(command.kind, command.payload, strict=False)
    except kinds.UnlawfulShape as error:
        return refuse("shape", kind=error.kind, problem=error)
    if command.kind not in kinds.BODY_KINDS:
        return refuse("no_body_kind", kind=command.kind)
    refusal: Refusal | None = None
    if command.kind == "opening.documents":
        refusal = _opening(state, command)
    elif command.kind.startswith("document."):
        refusal = _document(state, command)
    elif command.kind == "entry.corrected":
        refusal = _correction(state, command)
    if refusal is not None:
        return refusal
    event = Event(
        command.kind, command.occurred_on, command.payload, seq=state.last_seq + 1, actor=command.actor
    )
    return (event,)


def _opening(state: BodyState, command: Command) -> Refusal | None:
    known = state.openings.get(command.payload["kind"])
    return None if known is None else refuse("stock_known", on=known[1])


def _document(state: BodyState, command: Command) -> Refusal | None:
    ref = command.payload["ref"]
    known = state.documents.get((command.payload["kind"], ref))
    if command.kind == "document.issued":
        return None if known is None else refuse("document_known", ref=ref)
    if known is None:
        return None  # issued before the ledger began
    if known.ended_on is not None:
        return refuse("document_ended", ref=ref, on=known.ended_on)
    if known.issued_on is not None and command.occurred_on < known.issued_on:
        return refuse("before_cause", on=command.occurred_on, cause=known.issued_on)
    return None


def _correction(state: BodyState, command: Command) -> Refusal | None:
    """As for a case: what remains must be lawful from the first entry on."""
    found = corrected(state.entries, command)
    if isinstance(found, Refusal):
        return found
    taken: list[Event] = []
    for event in found[1]:
        outcome = decide_act(fold_body(taken), Command(event.kind, event.occurred_on, event.payload))
        if isinstance(outcome, Refusal):
            return breaks(event, outcome)
        taken.append(event)
    return None
