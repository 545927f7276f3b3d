"""The register of document numbers of letters (文号登记): each that was given, to what, and why one is void.

A number is never given twice: not one of a letter, not one that is void, not one that was used outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.letters.numbering import NUMBER_KINDS
from gongkai.platform.cases.models import NumberNote, NumberSequence, NumberState, OutgoingLetter
from gongkai.platform.cases.selectors.scope import readable_letters, unreadable_among
from gongkai.platform.cases.services.numbers import (
    Parsed,
    entries_with_numbers,
    format_number,
    is_noted,
    next_number,
    parse_number,
)
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import event_of, history
from gongkai.platform.ledger.services import lock
from gongkai.rules.cases.fold import fold
from gongkai.rules.event import Event

KINDS = {key: kind.label_zh for key, kind in NUMBER_KINDS.items() if key != "request"}
"""What letters are numbered by; the numbers of cases are in the list of cases."""
STREAM = "numbers-"
"""Under this, and the body's key, the reasons are kept: they belong to no case."""


class NumberStatus(StrEnum):
    """What a number is."""

    LETTER = "letter"
    ENTRY = "entry"
    """An entry of the ledger bears it, and no letter is kept here: written by hand, or erased."""
    VOID = "void"
    ELSEWHERE = "elsewhere"
    GAP = "gap"


STATUSES: dict[str, Any] = {
    NumberStatus.LETTER.value: gettext_lazy("有文书"),
    NumberStatus.ENTRY.value: gettext_lazy("台账里有，没有文书"),
    NumberStatus.VOID.value: gettext_lazy("作废"),
    NumberStatus.ELSEWHERE.value: gettext_lazy("用于系统外的文书"),
    NumberStatus.GAP.value: gettext_lazy("没有文书，待说明"),
}


class NumberRefused(ValueError):
    """What cannot be entered: ``message`` (Chinese)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number and what became of it."""

    text: str
    serial: int
    status: str
    label: str
    """What letter; blank where there is none, or its case is closed to the actor."""
    letter: str
    stream: str
    """The case of the entry that bears it, where no letter does; blank as ``letter`` is."""
    issued_on: date | None
    reason: str
    by: str
    at: datetime | None

    @property
    def words(self) -> Any:
        """The status in words."""
        return STATUSES[self.status]


@dataclass(frozen=True, slots=True)
class NumberRegister:
    """The register of a kind and a year."""

    kind: str
    year: int
    last: int
    rows: Sequence[NumberRow]
    counts: dict[str, int]
    by_hand: Sequence[str]
    """Numbers of letters of that year which are not in the body's form: given on paper."""


def years_of(body: Body) -> list[int]:
    """The years in which letters were numbered, the newest first."""
    years = NumberSequence.objects.filter(body=body, kind__in=KINDS).values_list("year", flat=True)
    return sorted(set(years), reverse=True)


def number_register(*, body: Body, kind: str, year: int, status: str = "", actor: Actor) -> NumberRegister:
    """Every number up to the last, the newest first. Raises ``NotPermitted``, ``KeyError`` for a kind."""
    actor.require(Act.CASE_SEE, body)
    KINDS[kind]
    sequence = NumberSequence.objects.filter(body=body, kind=kind, year=year).first()
    letters = OutgoingLetter.objects.filter(body=body, number__contains=f"〔{year}〕")
    readable = set(readable_letters(letters, actor).values_list("pk", flat=True))
    borne: dict[int, OutgoingLetter] = {}
    by_hand: list[str] = []
    for letter in letters.order_by("-key"):
        parsed = parse_number(body, letter.number)
        if parsed is None:
            by_hand.append(letter.number if letter.pk in readable else "")
        elif (parsed.kind, parsed.year) == (kind, year):
            borne[parsed.number] = letter
    notes = {
        one.serial: one
        for one in NumberNote.objects.filter(body=body, kind=kind, year=year).select_related("seat__person")
    }
    entered = _entered(body, kind, year)
    closed = unreadable_among(actor, {event.stream for some in entered.values() for event in some})
    last = max([sequence.last if sequence is not None else 0, *borne, *notes, *entered], default=0)
    reasons = private.read_many(one.reason for one in notes.values())
    rows = [
        _row(
            Parsed(kind, year, serial),
            _Around(body, borne, notes, entered, reasons, readable, closed),
        )
        for serial in range(last, 0, -1)
    ]
    counts = {one: sum(row.status == one for row in rows) for one in STATUSES}
    shown = [row for row in rows if not status or row.status == status]
    return NumberRegister(kind, year, last, shown, counts, sorted({one for one in by_hand if one}))


@dataclass(frozen=True, slots=True)
class _Around:
    """What is looked up for all rows at once."""

    body: Body
    borne: dict[int, OutgoingLetter]
    notes: dict[int, NumberNote]
    entered: dict[int, list[Event]]
    reasons: dict[str, dict[str, Any]]
    readable: set[str]
    closed: frozenset[str]


def _entered(body: Body, kind: str, year: int) -> dict[int, list[Event]]:
    """The entries of the ledger that bear numbers of a kind and a year, by the number."""
    begins = f"{body.short_name}{NUMBER_KINDS[kind].sign}〔{year}〕"
    rows = entries_with_numbers(body).filter(payload__contains=begins).order_by("position")
    found: dict[int, list[Event]] = {}
    for event in map(event_of, rows):
        parsed = parse_number(body, str(event.payload.get("number") or ""))
        if parsed is not None and (parsed.kind, parsed.year) == (kind, year):
            found.setdefault(parsed.number, []).append(event)
    return found


def _row(number: Parsed, around: _Around) -> NumberRow:
    letter, note = around.borne.get(number.number), around.notes.get(number.number)
    event = around.entered.get(number.number, [None])[0]
    status = NumberStatus.GAP if letter is None else NumberStatus.LETTER
    if letter is None and event is not None:
        status = NumberStatus.ENTRY
    if note is not None:
        status = NumberStatus(note.state)
    seen = letter is not None and letter.pk in around.readable
    told = letter is None and event is not None and event.stream not in around.closed
    return NumberRow(
        text=format_number(body=around.body, year=number.year, kind=number.kind, number=number.number),
        serial=number.number,
        status=status.value,
        label=LETTERS[letter.kind].label if letter is not None and seen else "",
        letter=letter.key if letter is not None and seen else "",
        stream=event.stream if event is not None and told else "",
        issued_on=_day(letter if seen else None, event if told else None),
        reason=str(around.reasons.get(note.reason, {}).get("reason", "")) if note is not None else "",
        by=note.seat.person.name if note is not None and note.seat is not None else "",
        at=note.at if note is not None else None,
    )


def _day(letter: OutgoingLetter | None, event: Event | None) -> date | None:
    if letter is not None:
        return letter.issued_on
    return event.occurred_on if event is not None else None


def notes_of(body: Body) -> int:
    """How many notes there are: what the form that takes a number must carry."""
    return NumberNote.objects.filter(body=body).count()


@transaction.atomic
def void_number(*, body: Body, number: str, reason: str, actor: Actor) -> NumberNote:
    """Make a number void, with the reason; it is never given again.

    Refused while the letter that bears it stands in the ledger: there the entry is corrected first. Raises
    ``NotPermitted``, ``NumberRefused``.
    """
    number = number.strip()
    parsed = _given(body, number, reason, actor)
    entries = {
        (one.stream, one.seq) for one in _entered(body, parsed.kind, parsed.year).get(parsed.number, ())
    }
    letters = OutgoingLetter.objects.filter(body=body, number=number)
    entries |= {(one.stream, one.seq) for one in letters if one.seq is not None}
    if any(_stands(body, stream, seq) for stream, seq in entries):
        raise NumberRefused(_("%s 的文书还有效：先在案件的“经过”里更正签发的记录，再作废文号。") % number)
    return _note(body, parsed, NumberState.VOID, reason, actor)


@transaction.atomic
def explain_number(*, body: Body, number: str, reason: str, actor: Actor) -> NumberNote:
    """Say where a number went that no letter here bears. Raises as ``void_number``."""
    number = number.strip()
    parsed = _given(body, number, reason, actor)
    borne = OutgoingLetter.objects.filter(body=body, number=number).exists()
    if borne or parsed.number in _entered(body, parsed.kind, parsed.year):
        raise NumberRefused(_("%s 有文书或者台账记录，不用说明去向。") % number)
    return _note(body, parsed, NumberState.ELSEWHERE, reason, actor)


@transaction.atomic
def take_number(*, body: Body, kind: str, reason: str, actor: Actor, seen: int | None = None) -> str:
    """Take the next number for a letter that is written outside.

    ``seen``: how many notes the page showed (``notes_of``); what was sent twice takes one number. ``None``:
    nobody was shown any. Raises ``NotPermitted``, ``NumberRefused``, ``NoShortName``.
    """
    actor.require(Act.CASE_CORRECT, body)
    if kind not in KINDS:
        raise NumberRefused(_("请选择文书的种类。"))
    if not reason.strip():
        raise NumberRefused(_("请写明用在哪一份文书上。"))
    lock(body=body.key)
    if seen is not None and seen != notes_of(body):
        raise NumberRefused(_("您打开这一页以后，有人取过号或者登记过文号：请看现在的登记，还要取的再取。"))
    text = next_number(body=body, year=actor.today.year, kind=kind)
    parsed = parse_number(body, text)
    if parsed is None:
        raise NumberRefused(_("机关代字设置得不对，请系统管理员先改正。"))
    _note(body, parsed, NumberState.ELSEWHERE, reason, actor, act="number.taken")
    return text


def _given(body: Body, number: str, reason: str, actor: Actor) -> Parsed:
    """The number taken apart, if it was given and nothing is said of it yet."""
    actor.require(Act.CASE_CORRECT, body)
    if not reason.strip():
        raise NumberRefused(_("请写明原因。"))
    lock(body=body.key)
    parsed = parse_number(body, number)
    if parsed is None or parsed.kind not in KINDS:
        raise NumberRefused(_("“%s”不是本机关的文号，要写全，如“云公复〔2026〕3号”。") % number[:60])
    sequence = NumberSequence.objects.filter(body=body, kind=parsed.kind, year=parsed.year).first()
    if sequence is None or parsed.number > sequence.last:
        raise NumberRefused(_("%s 还没有给出去过。") % number)
    if is_noted(body, parsed):
        raise NumberRefused(_("%s 已经作废或者说明过，可能刚有人登记。") % number)
    return parsed


def _stands(body: Body, stream: str, seq: int) -> bool:
    """Whether the entry that bears a number stands; a letter of no entry can be made void."""
    state = fold(history(body=body.key, stream=stream).events)
    return any(one.seq == seq for one in state.events)


def _note(
    body: Body, number: Parsed, state: NumberState, reason: str, actor: Actor, *, act: str = ""
) -> NumberNote:
    kept = private.keep(
        body=body, stream=f"{STREAM}{body.key}", kind="number.note", actor=actor,
        fields={"reason": reason.strip()},
    )  # fmt: skip
    note = NumberNote.objects.create(
        body=body, year=number.year, kind=number.kind, serial=number.number, state=state.value,
        reason=kept.ref, seat=actor.seat, at=actor.present.moment,
    )  # fmt: skip
    usual = "number.voided" if state is NumberState.VOID else "number.explained"
    audit.record(
        act or usual, actor=actor, body=body,
        object=format_number(body=body, year=number.year, kind=number.kind, number=number.number),
    )  # fmt: skip
    return note
