"""``LedgerFile``: one body's file, and the one door through which events get into it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from gongkai.rules.event import Event
from gongkai.rules.ledger.canonical import moment_text, normalised
from gongkai.rules.ledger.entry import Entry, Header, hashed_content, parse_entry, seal
from gongkai.rules.ledger.errors import LedgerError, StaleWriter, Unreadable
from gongkai.rules.ledger.files import create_file, file_name, locked, refuse_unfinished, write_whole
from gongkai.rules.ledger.hashing import ALGORITHMS, SM3, TAG_ENTRY, chain_hash
from gongkai.rules.ledger.reading import read_header

Check = Callable[[str, Mapping[str, Any], int], None]
"""Raises for a kind or a payload that is not registered under that schema number."""


@dataclass
class _Head:
    """What was read of the file so far; a later append reads only what came after."""

    hash: str
    size: int
    position: int = 0
    recorded_at: str = ""
    seqs: dict[str, int] = field(default_factory=dict[str, int])


class LedgerFile:
    """One body's ledger file. Several objects and processes may append to the same file."""

    def __init__(self, path: Path) -> None:
        """Open the file that ``create`` made; raises as ``read_header``."""
        self.path = path
        self.header: Header = read_header(path)
        self._head = self._start()

    def _start(self) -> _Head:
        return _Head(self.header.hash, len(self.header.content()) + 1)

    @property
    def body(self) -> str:
        """The body whose acts these are."""
        return self.header.body

    def append(
        self,
        events: Sequence[Event],
        *,
        expected_seq: Mapping[str, int],
        check: Check,
        recorded_at: datetime | None = None,
    ) -> tuple[Entry, ...]:
        """Append the events, all or none, and return them in their places, hashes and numbers set.

        - ``expected_seq`` has the last number seen of each stream that is written to, 0 for a new one.
        - ``recorded_at`` is the clock's time, cut to whole seconds; without it every event has its own.
          It never runs backwards within a file.
        - Events come without numbers; where they have some, these must be the next ones.
        - ``check`` is asked for every event and raises for what is not registered.
        - When this returns, the lines are on the disk.

        Raises ``StaleWriter`` ``LG-E-013``; ``UnfinishedAppend`` ``LG-E-012`` until ``repair`` was called;
        ``LedgerError``: ``LG-E-014`` for a stream without expected number, ``LG-E-015`` for numbers that
        are not the next, ``LG-E-016`` for a time before the last one, ``LG-E-018`` where another writer
        holds the lock, ``LG-E-025`` for an event without kind or time; ``NotCanonical``; ``Unreadable``
        ``LG-E-010`` or ``LG-E-011`` for a damaged file; whatever ``check`` raises.
        """
        now = None if recorded_at is None else recorded_at.replace(microsecond=0)
        with self.path.open("r+b") as file, locked(file, self.path):
            refuse_unfinished(file, self.path)
            head = self._caught_up(file)
            for stream in {event.stream for event in events}:
                if stream not in expected_seq:
                    raise LedgerError("LG-E-014", stream=stream)
                expected, found = expected_seq[stream], head.seqs.get(normalised(stream, "stream"), 0)
                if found != expected:
                    raise StaleWriter("LG-E-013", stream=stream, expected=expected, found=found)
            after = replace(head, seqs=dict(head.seqs))
            entries: list[Entry] = []
            lines: list[bytes] = []
            for event in events:
                entry, line = self._sealed(event, after, now, check)
                entries.append(entry)
                lines.append(line)
            if lines:
                data = b"".join(lines)
                write_whole(file, self.path, data)
                after.size += len(data)
                self._head = after
        return tuple(entries)

    def _sealed(self, event: Event, head: _Head, now: datetime | None, check: Check) -> tuple[Entry, bytes]:
        position, seq = head.position + 1, head.seqs.get(normalised(event.stream, "stream"), 0) + 1
        if event.position not in {0, position} or event.seq not in {0, seq}:
            raise LedgerError("LG-E-015", stream=event.stream, seq=event.seq, position=event.position)
        recorded = now if now is not None else event.recorded_at
        if recorded is None:
            raise LedgerError("LG-E-025", kind=event.kind, stream=event.stream)
        check(event.kind, normalised(event.payload, "payload"), event.schema)
        numbered = replace(event, position=position, seq=seq, recorded_at=recorded)
        entry, line = seal(numbered, head.hash, algorithm=self.header.algorithm)
        text = moment_text(recorded)
        if text < head.recorded_at:
            raise LedgerError("LG-E-016", found=text, last=head.recorded_at)
        head.hash, head.position, head.recorded_at = entry.hash, position, text
        head.seqs[entry.event.stream] = seq
        return entry, line

    def _caught_up(self, file: BinaryIO) -> _Head:
        """The head after reading what others appended; the chain of what is read is checked."""
        size = file.seek(0, os.SEEK_END)
        head = self._head if size >= self._head.size else self._start()
        head = replace(head, seqs=dict(head.seqs))
        digest = chain_hash(self.header.algorithm, TAG_ENTRY)
        file.seek(head.size)
        for raw in file:
            line = head.position + 2
            content = raw.removesuffix(b"\n")
            try:
                members = parse_entry(content)
            except ValueError as error:
                raise Unreadable("LG-E-010", file=self.path.name, line=line, detail=str(error)) from None
            if (
                members["prev_hash"] != head.hash
                or members["position"] != head.position + 1
                or members["hash"] != digest(head.hash, hashed_content(content))
            ):
                raise Unreadable("LG-E-011", file=self.path.name, line=line, position=head.position + 1)
            head.hash, head.position, head.recorded_at = (
                members["hash"],
                members["position"],
                members["recorded_at"],
            )
            head.seqs[members["stream"]] = members["seq"]
            head.size += len(raw)
        self._head = head
        return head


def create(directory: Path, body: str, *, algorithm: str = SM3) -> LedgerFile:
    """Begin the ledger of a body in the directory, which is made where it is missing.

    Raises ``LedgerError``: ``LG-E-017`` where the body has one, ``LG-E-020`` for an id that cannot name
    a file, ``LG-E-006`` for an unknown algorithm; ``OSError`` as it comes.
    """
    if algorithm not in ALGORITHMS:
        raise LedgerError("LG-E-006", algorithm=algorithm, known="、".join(ALGORITHMS))
    path = directory / file_name(body)
    create_file(path, Header(body, algorithm).content() + b"\n")
    return LedgerFile(path)
