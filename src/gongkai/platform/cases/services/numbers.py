"""Document numbers (文号) by body, year and kind, such as 云公复〔2026〕3号; none is given twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from gongkai.platform.cases.letters.numbering import NUMBER_KINDS
from gongkai.platform.cases.models import CaseSummary, NumberNote, NumberSequence, OutgoingLetter
from gongkai.platform.core.models import Body
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.services import lock
from gongkai.rules import kinds
from gongkai.rules.event import Event

_FORM = re.compile(r"(?P<head>.+)〔(?P<year>[0-9]{4})〕(?P<number>[1-9][0-9]{0,4})号")
"""Five digits are more than an office gives in a year; a longer one is a slip, and moves no row."""


class NoShortName(ValueError):
    """The body has no sign for document numbers (机关代字): it must be set before anything is numbered."""


class NumberTaken(ValueError):
    """Another letter of the body bears the number that was given by hand: ``number``."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Parsed:
    """A number of a body taken apart."""

    kind: str
    year: int
    number: int


def format_number(*, body: Body, year: int, kind: str, number: int) -> str:
    """The number as letters bear it; raises ``KeyError`` for an unknown kind and ``NoShortName``."""
    sign = NUMBER_KINDS[kind].sign
    if not body.short_name:
        raise NoShortName(body.key)
    return f"{body.short_name}{sign}〔{year}〕{number}号"


def parse_number(body: Body, text: str) -> Parsed | None:
    """The kind, year and number of what looks like a number of this body; ``None`` for any other text."""
    found = _FORM.fullmatch(text)
    if found is None or not body.short_name:
        return None
    for kind, entry in NUMBER_KINDS.items():
        if found["head"] == body.short_name + entry.sign:
            return Parsed(kind, int(found["year"]), int(found["number"]))
    return None


@transaction.atomic
def next_number(*, body: Body, year: int, kind: str) -> str:
    """Take the next number of a kind, under the lock of the body's chain.

    - called in the transaction of the act that bears the number: an act that fails takes none;
    - a number that a case or a letter bears already (by import, or entered by hand) is passed over, never
      given again; nor is one of a case or letter that became void.

    Raises ``KeyError`` for an unknown kind, ``NoShortName``, ``LedgerHead.DoesNotExist``.
    """
    lock(body=body.key)
    sequence, _created = NumberSequence.objects.get_or_create(body=body, year=year, kind=kind)
    number = sequence.last
    while True:
        number += 1
        text = format_number(body=body, year=year, kind=kind, number=number)
        if not _borne(body, kind, text) and not is_noted(body, Parsed(kind, year, number)):
            break
    sequence.last = number
    sequence.save(update_fields=["last"])
    return text


@transaction.atomic
def note_used(*, body: Body, year: int, kind: str, number: int) -> None:
    """Take note of a number given elsewhere, so that the row goes on behind it; a lower one changes nothing.

    Raises ``ValueError`` for a number below 1, ``KeyError`` for an unknown kind.
    """
    NUMBER_KINDS[kind]
    if number < 1:
        raise ValueError(f"no document number: {number}")
    lock(body=body.key)
    sequence, _created = NumberSequence.objects.get_or_create(body=body, year=year, kind=kind)
    if number > sequence.last:
        sequence.last = number
        sequence.save(update_fields=["last"])


def note_borne(*, body: Body, events: Iterable[Event]) -> None:
    """Take note of the numbers that new entries bear, so that none is given to another paper afterwards.

    Called in the transaction of the entries, under the body's lock. Numbers of others (a judgment's) are
    passed over.
    """
    highest: dict[tuple[str, int], int] = {}
    for event in events:
        number = event.payload.get("number")
        parsed = parse_number(body, number) if isinstance(number, str) else None
        if parsed is not None:
            key = (parsed.kind, parsed.year)
            highest[key] = max(parsed.number, highest.get(key, 0))
    for (kind, year), number in highest.items():
        rows = NumberSequence.objects.filter(body=body, kind=kind, year=year)
        if rows.filter(last__gte=number).exists():
            continue
        if not rows.update(last=number):
            NumberSequence.objects.create(body=body, kind=kind, year=year, last=number)


def is_noted(body: Body, number: Parsed) -> bool:
    """Whether a number is void, or borne by a letter outside: it is never given to another."""
    return NumberNote.objects.filter(
        body=body, kind=number.kind, year=number.year, serial=number.number
    ).exists()


def is_used(body: Body, text: str, *, but_by: str = "") -> bool:
    """Whether a number is a letter's already (of another case than ``but_by``), or must not be used."""
    if OutgoingLetter.objects.filter(body=body, number=text).exclude(stream=but_by).exists():
        return True
    parsed = parse_number(body, text)
    return parsed is not None and is_noted(body, parsed)


_BEARING = [
    *sorted(key for key, kind in kinds.KINDS.items() if "number" in {*kind.required, *kind.optional}),
    "entry.corrected",
]


def entries_with_numbers(body: Body) -> QuerySet[LedgerEvent]:
    """The entries that may bear a number. Payloads are text, and are searched in these alone."""
    return LedgerEvent.objects.filter(body=body.key, kind__in=_BEARING)


def is_entered(body: Body, text: str, *, but_by: str = "") -> bool:
    """Whether an entry of the ledger bears a number already, with or without a letter kept for it."""
    quoted = json.dumps(text, ensure_ascii=False)
    rows = entries_with_numbers(body).filter(payload__contains=f'"number":{quoted}')
    return rows.exclude(stream=but_by).exists()


def _borne(body: Body, kind: str, text: str) -> bool:
    if kind == "request":
        return CaseSummary.objects.filter(body=body, number=text).exists()
    return OutgoingLetter.objects.filter(body=body, number=text).exists()


def is_document_number(text: str) -> bool:
    """Whether a text has the signs of a document number (文号), as the ledger wants it."""
    try:
        kinds.check("request.registered", {"number": text})
    except kinds.UnlawfulShape:
        return False
    return True
