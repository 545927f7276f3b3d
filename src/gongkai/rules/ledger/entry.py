"""The lines of a ledger: the header and the entries, to bytes and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, cast

from gongkai.rules.event import Event
from gongkai.rules.ledger.canonical import (
    encoded,
    is_date,
    is_moment,
    moment_text,
    normalised,
    parsed_exactly,
)
from gongkai.rules.ledger.errors import LedgerError, Unreadable
from gongkai.rules.ledger.hashing import ALGORITHMS, SM3, TAG_ENTRY, chain_hash, header_hash

FORMAT = 1
SCHEMA = 1
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)

_NUMBERS = ("position", "schema", "seq")
_TEXTS = ("kind", "stream", "occurred_on", "recorded_at", "hash", "prev_hash")
_KEYS = frozenset(("actor", "payload", *_NUMBERS, *_TEXTS))


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in its place in the chain."""

    event: Event
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a body's file; its hash is the first entry's ``prev_hash``."""

    body: str
    algorithm: str = SM3
    format: int = FORMAT
    schema: int = SCHEMA

    def content(self) -> bytes:
        """The line without its newline."""
        return encoded(
            {
                "algorithm": self.algorithm,
                "body": self.body,
                "format": self.format,
                "ledger": "gongkai",
                "schema": self.schema,
            }
        )

    @property
    def hash(self) -> str:
        """What the first entry names as the hash before it."""
        return header_hash(self.algorithm, self.content())


def parse_header(raw: bytes) -> Header:
    """The header of a line without its newline, which must be canonical to the byte.

    Raises ``Unreadable``: ``LG-E-008`` for a line that is no header, ``LG-E-009`` for a format or an
    envelope schema newer than this program; ``LedgerError`` ``LG-E-006`` for an unknown algorithm.
    """
    try:
        value = parsed_exactly(raw)
    except ValueError as error:
        raise Unreadable("LG-E-008", detail=str(error)) from None
    match value:
        case {"ledger": "gongkai", "format": int(form), "schema": int(schema)} if (
            (form, schema) != (FORMAT, SCHEMA) and type(form) is int and type(schema) is int
        ):
            raise Unreadable("LG-E-009", format=form, schema=schema)
        case {
            "ledger": "gongkai",
            "format": int(),
            "schema": int(),
            "body": str(body),
            "algorithm": str(algorithm),
            **rest,
        } if body and not rest:
            if algorithm not in ALGORITHMS:
                raise LedgerError("LG-E-006", algorithm=algorithm, known="、".join(ALGORITHMS))
            header = Header(body, algorithm)
            if header.content() == raw:  # true and 1 are equal in Python, not in the file
                return header
        case _:
            pass
    raise Unreadable("LG-E-008", detail="no header")


def envelope(event: Event) -> dict[str, Any]:
    """The event's canonical members without the hashes.

    Raises ``NotCanonical`` for values without a canonical form, ``LedgerError`` ``LG-E-025`` where the
    event is not numbered, has no kind, stream or recording time, or its payload is no object.
    """
    if not event.kind or not event.stream or event.seq < 1 or event.position < 1 or event.schema < 1:
        raise LedgerError("LG-E-025", kind=event.kind, stream=event.stream)
    if event.recorded_at is None or isinstance(event.occurred_on, datetime):
        raise LedgerError("LG-E-025", kind=event.kind, stream=event.stream)
    return {
        "actor": normalised(event.actor, "actor"),
        "kind": normalised(event.kind, "kind"),
        "occurred_on": event.occurred_on.isoformat(),
        "payload": normalised(event.payload, "payload"),
        "position": normalised(event.position, "position"),
        "recorded_at": moment_text(event.recorded_at),
        "schema": normalised(event.schema, "schema"),
        "seq": normalised(event.seq, "seq"),
        "stream": normalised(event.stream, "stream"),
    }


def seal(event: Event, prev_hash: str, *, algorithm: str = SM3) -> tuple[Entry, bytes]:
    """The numbered event put behind ``prev_hash``: the entry, and its line with the newline.

    The entry's event is what a reader of the line would get. Errors as ``envelope``.
    """
    members = envelope(event)
    digest = chain_hash(algorithm, TAG_ENTRY)(prev_hash, encoded(members))
    kept = replace(
        event,
        actor=members["actor"],
        kind=members["kind"],
        stream=members["stream"],
        payload=members["payload"],
        recorded_at=None if event.recorded_at is None else event.recorded_at.astimezone(UTC),
    )
    members["hash"], members["prev_hash"] = digest, prev_hash
    return Entry(kept, prev_hash, digest), encoded(members) + b"\n"


def hashed_content(raw: bytes) -> bytes:
    """The bytes of a canonical entry line that its hash covers: the line without ``hash`` and ``prev_hash``.

    Keys are sorted and quotes inside strings escaped, so the first ``,"hash":`` and the last
    ``,"prev_hash":`` are the entry's own.
    """
    first = raw.index(b',"hash":"')
    last = raw.rindex(b',"prev_hash":"')
    return raw[:first] + raw[first + 74 : last] + raw[last + 79 :]


def parse_entry(raw: bytes) -> dict[str, Any]:
    """The members of an entry line without its newline; canonical to the byte, every member of its type.

    Raises ``ValueError`` for any other line. Kinds are not looked at: those of a newer schema are kept.
    """
    value = parsed_exactly(raw)
    if type(value) is not dict:
        raise ValueError("no object")
    members = cast("dict[str, Any]", value)
    if members.keys() != _KEYS:
        raise ValueError("not the members of an entry")
    for name in _NUMBERS:
        number = members[name]
        if type(number) is not int or number < 1:
            raise ValueError(f"{name} is no number from 1")
    for name in _TEXTS:
        text = members[name]
        if type(text) is not str or not text:
            raise ValueError(f"{name} is no text")
    if type(members["actor"]) is not str:
        raise ValueError("actor is no text")
    if type(members["payload"]) is not dict:
        raise ValueError("payload is no object")
    if not is_date(members["occurred_on"]) or not is_moment(members["recorded_at"]):
        raise ValueError("no such day or time")
    if not is_hash(members["hash"]) or not is_hash(members["prev_hash"]):
        raise ValueError("no hash")
    return members


def is_hash(text: str) -> bool:
    """True for 64 lower-case hexadecimal digits."""
    return _HASH.fullmatch(text) is not None


def event_of(members: Mapping[str, Any]) -> Event:
    """The event of a whole entry's members; raises ``KeyError``, ``TypeError``, ``ValueError``."""
    return Event(
        members["kind"],
        date.fromisoformat(members["occurred_on"]),
        members["payload"],
        members["stream"],
        members["seq"],
        members["position"],
        datetime.fromisoformat(members["recorded_at"]),
        members["actor"],
        members["schema"],
    )


def loose_event_of(members: Mapping[str, Any]) -> Event:
    """The event of a line without chain: only ``kind`` and ``occurred_on`` are needed.

    Raises ``KeyError``, ``TypeError``, ``ValueError``.
    """
    recorded = members.get("recorded_at")
    return Event(
        members["kind"],
        date.fromisoformat(members["occurred_on"]),
        members.get("payload", {}),
        members.get("stream", ""),
        members.get("seq", 0),
        members.get("position", 0),
        None if recorded is None else datetime.fromisoformat(recorded),
        members.get("actor", ""),
        members.get("schema", 1),
    )
