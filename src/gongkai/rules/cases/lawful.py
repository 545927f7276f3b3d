"""What every rule of ``decide`` gets and gives: the context of a command, and the checks they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from gongkai.rules.cases.fold import effective
from gongkai.rules.cases.periods import Rules
from gongkai.rules.cases.state import CaseState, Consultation, ConsultationKind
from gongkai.rules.event import Event
from gongkai.rules.kinds import KINDS
from gongkai.rules.law.cite import citation_zh
from gongkai.rules.refusal import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule needs to know of other cases, looked up under the same lock as the append."""

    numbers_in_use: frozenset[str] = frozenset()
    """Numbers given in this body and year, also to void cases: a number is never used again."""
    cases_this_month: int | None = None
    """The applicant's cases in the calendar month, this one included (fee measures art. 4)."""
    repeats: int | None = None
    """Earlier requests of the same applicant for the same information that were answered (art. 36(6))."""


@dataclass(frozen=True, slots=True)
class Command:
    """An act that somebody wants to enter: the event it would become, and facts of other cases."""

    kind: str
    occurred_on: date
    payload: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    facts: Facts = field(default_factory=Facts)
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """A command, the state it meets, and the rules by which it is judged."""

    state: CaseState
    command: Command
    rules: Rules

    @property
    def on(self) -> date:
        """The legal date of the command."""
        return self.command.occurred_on

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload of the command; its shape was checked."""
        return self.command.payload

    def since(self, cause: date | None) -> Refusal | None:
        """Refuse an effect dated before its cause."""
        if cause is not None and self.on < cause:
            return refuse("before_cause", on=self.on, cause=cause)
        return None


May = Callable[[CaseState, date | None], Refusal | None]
"""Whether a state allows a kind at all; the date is ``None`` where only the state is asked for."""
Check = Callable[[Context], Refusal | None]
"""Whether payload and date of a command are lawful in a state that allows its kind."""


@dataclass(frozen=True, slots=True)
class Act:
    """The two halves of a rule."""

    may: May
    check: Check


def first(*found: Refusal | None) -> Refusal | None:
    """The first refusal, if any."""
    return next((refusal for refusal in found if refusal is not None), None)


def always(_state: CaseState, _on: date | None) -> Refusal | None:
    """Every state allows it."""
    return None


def fine(_context: Context) -> Refusal | None:
    """Nothing more to check."""
    return None


def before_reply(state: CaseState, _on: date | None) -> Refusal | None:
    """Refuse what moves the reply clock once a reply stands, whatever its date: a late reply stays late.

    What was forgotten before the reply is entered by voiding the reply and entering both in their order.
    """
    reply = state.reply
    if reply is None or state.rehandling_pending:
        return None
    return refuse("replied", issued=reply.issued_on)


def corrected(entries: Sequence[Event], command: Command) -> tuple[Event, list[Event]] | Refusal:
    """The entry that an ``entry.corrected`` names, and the acts of the stream as they would then be.

    Whether those are lawful is for who knows the stream to judge; a correction itself cannot be corrected.
    """
    seq = command.payload["seq"]
    entry = next((event for event in entries if event.seq == seq), None)
    if entry is None or entry.kind == "entry.corrected":
        return refuse("no_such_entry", seq=seq)
    last = max(event.seq for event in entries)
    correction = Event(command.kind, command.occurred_on, command.payload, seq=last + 1)
    history = effective([*entries, correction])
    return entry, [event for event in history if event.kind != "entry.corrected"]


def breaks(act: Event, refusal: Refusal) -> Refusal:
    """A correction refused because ``act`` would no longer be lawful, for the reason in ``refusal``."""
    return refuse("correction_breaks", seq=act.seq, kind=KINDS[act.kind].label_zh, why=refusal)


def consultation_article(kind: ConsultationKind) -> str:
    """The article of a consultation: third parties 32, co-makers 34, other agencies 33."""
    number = {
        ConsultationKind.THIRD_PARTY: "32",
        ConsultationKind.CO_MAKER: "34",
        ConsultationKind.AGENCY: "33",
    }[kind]
    return citation_zh("政府信息公开条例", number)


def find_consultation(
    state: CaseState, kind: ConsultationKind, party: str | None, want: Callable[[Consultation], bool]
) -> Consultation | None:
    """The last consultation of a kind for which ``want`` holds; with ``party`` only of that one."""
    for consultation in reversed(state.consultations):
        if consultation.kind is kind and party in (None, consultation.party) and want(consultation):
            return consultation
    return None
