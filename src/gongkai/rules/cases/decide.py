"""``decide``: what a command does to a case, or why the law does not allow it.

Pure: the state, the law and the calendar are arguments; what must be known of other cases comes with the
command. The same function judges a screen, an import and a replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gongkai.rules import kinds
from gongkai.rules.cases import acts_before_reply, acts_of_reply
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.lawful import Act, Command, Context, Facts, breaks, corrected
from gongkai.rules.cases.periods import Rules
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.law import Law, NoRuleInForce
from gongkai.rules.refusal import Refusal, refuse
from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar

__all__ = ["Command", "Facts", "Judged", "allowed", "decide", "judge"]

ACTS: dict[str, Act] = {**acts_before_reply.ACTS, **acts_of_reply.ACTS}

_INTAKE = frozenset({"opening.case", "request.submitted", "request.received", "case.split"})
_AFTER_ARCHIVE = frozenset(
    {
        "remedy.filed", "remedy.answered", "remedy.decided", "reply.revoked", "rehandling.started",
        "note.added", "disclosure.converted",
    }
)  # fmt: skip
_AFTER_WITHDRAWAL = frozenset(
    {
        "case.archived", "note.added", "disclosure.converted", "task.done", "task.returned",
        "remedy.filed", "remedy.answered", "remedy.decided",
    }
)  # fmt: skip


def decide(
    state: CaseState, command: Command, law: Law, calendar: WorkCalendar
) -> tuple[Event, ...] | Refusal:
    """The events that ``command`` becomes in ``state``, or the reason why it may not.

    The events carry their ``seq``; stream, position and time of recording are the ledger's. Payload keys
    are checked in shape (``gongkai.rules.kinds``); whether references are free of names is the ledger's.
    """
    try:
        kinds.check(command.kind, command.payload, strict=False)
    except kinds.UnlawfulShape as error:
        return refuse("shape", kind=error.kind, problem=error)
    if command.kind not in kinds.CASE_KINDS:
        return refuse("no_case_kind", kind=command.kind)
    try:
        if command.kind == "entry.corrected":
            refusal = _check_entry_corrected(state, command, law, calendar)
        else:
            refusal = _refusal(state, command, Rules(law, calendar))
    except NoRuleInForce as error:
        since = "" if error.first is None else f"，{error.first} 起"
        return refuse("no_rule", rule=law.parameter(error.key).label_zh, since=since, on=error.on)
    except CalendarNotPublished as error:
        return refuse("no_calendar", year=error.year)
    return refusal if refusal is not None else (_event(state, command),)


def _event(state: CaseState, command: Command) -> Event:
    payload: dict[str, Any] = dict(command.payload)
    facts: dict[str, int | bool] = {}
    if command.facts.cases_this_month is not None:
        facts["cases_this_month"] = command.facts.cases_this_month
    if command.facts.repeats is not None:
        facts["repeats"] = command.facts.repeats
    if command.kind == "request.registered" and command.facts.numbers_in_use:
        facts["number_was_free"] = True
    if facts:
        payload["facts"] = facts
    return Event(command.kind, command.occurred_on, payload, seq=state.last_seq + 1, actor=command.actor)


def _refusal(state: CaseState, command: Command, rules: Rules) -> Refusal | None:
    if (refusal := _may(state, command.kind, command.occurred_on)) is not None:
        return refusal
    if state.received_on is not None and command.occurred_on < state.received_on:
        return refuse("before_receipt", on=command.occurred_on, received=state.received_on)
    if command.kind in ("request.received", "case.split"):
        # Requests from before the Regulation in force come in as opening entries.
        received = command.payload.get("received_on")
        day = command.occurred_on if received is None else date.fromisoformat(received)
        rules.law.value("reply_period", on=day)
    return ACTS[command.kind].check(Context(state, command, rules))


def _may(state: CaseState, kind: str, on: date | None) -> Refusal | None:
    """What the state says of a kind, before any payload."""
    if state.received_on is None and kind not in _INTAKE:
        return refuse("not_received")
    if state.archived_on is not None and kind not in _AFTER_ARCHIVE:
        return refuse("archived", on=state.archived_on)
    if state.withdrawn_on is not None and kind not in _AFTER_WITHDRAWAL:
        return refuse("withdrawn", on=state.withdrawn_on)
    return ACTS[kind].may(state, on)


def allowed(state: CaseState) -> tuple[str, ...]:
    """The kinds of events that the present state allows, in the order of the registry (for a screen)."""
    found = [kind for kind in kinds.KINDS if kind in ACTS and _may(state, kind, None) is None]
    if state.entries:
        found.append("entry.corrected")
    return tuple(found)


def _check_entry_corrected(
    state: CaseState, command: Command, law: Law, calendar: WorkCalendar
) -> Refusal | None:
    """A correction must leave a history in which every act is still lawful."""
    found = corrected(state.entries, command)
    if isinstance(found, Refusal):
        return found
    entry, acts = found
    changed = next((event for event in acts if event.seq == entry.seq), entry)
    number = changed.payload.get("number")
    taken = command.facts.numbers_in_use - {entry.payload.get("number")}
    if number is not None and number in taken:
        return refuse("number_in_use", number=number)
    for refused in judge(acts, law, calendar).refusals:
        return breaks(acts[refused.index], refused.refusal)
    return None


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused event: its place in the list as given (from 0) and why."""

    index: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Judged:
    """A list of events judged one after the other: the state of the lawful ones, and the refused."""

    state: CaseState
    refusals: tuple[Refused, ...]


def judge(events: Iterable[Event], law: Law, calendar: WorkCalendar) -> Judged:
    """Judge events in their order as ``decide`` would have, from an empty state.

    A refused event is left out of what follows, so that one mistake is told once.
    """
    taken: list[Event] = []
    refusals: list[Refused] = []
    state = CaseState()
    given: Sequence[Event] = list(events)
    for index, event in enumerate(given):
        command = Command(event.kind, event.occurred_on, event.payload)
        outcome = decide(state, command, law, calendar)
        if isinstance(outcome, Refusal):
            refusals.append(Refused(index, outcome))
            continue
        taken.append(event if event.seq > 0 else replace(event, seq=index + 1))
        state = fold(taken)
    return Judged(state, tuple(refusals))
