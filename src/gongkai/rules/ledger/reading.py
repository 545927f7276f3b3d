"""Reading ledgers, fast: lines to events, without verifying their hashes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gongkai.rules.event import Event
from gongkai.rules.ledger.entry import Entry, Header, event_of, loose_event_of, parse_header
from gongkai.rules.ledger.errors import Unreadable
from gongkai.rules.ledger.files import body_files, completed, file_name, is_torn, lines_within

_decode = json.JSONDecoder().raw_decode


def read_header(path: Path) -> Header:
    """The header of a body's file.

    Raises ``Unreadable`` ``LG-E-008`` where the first line is none, ``LG-E-009`` for a newer format;
    ``LedgerError`` ``LG-E-006`` for an unknown algorithm; ``OSError`` as it comes.
    """
    with path.open("rb") as file:
        return parse_header(file.readline().removesuffix(b"\n"))


def bodies(directory: Path) -> dict[str, Path]:
    """Body id → file, for every body of a ledger directory; errors as ``read_header``."""
    return {read_header(path).body: path for path in body_files(directory)}


def body_path(path: Path, body: str | None) -> list[Path]:
    """The files to read: of one body, or of all in a directory; the file itself where it is one.

    Raises ``Unreadable`` ``LG-E-023`` where there is no ledger, or none of that body.
    """
    if path.is_dir():
        found = body_files(path) if body is None else [path / file_name(body)]
        if found and all(file.is_file() for file in found):
            return found
        raise Unreadable("LG-E-023", path=path.name, body=body or "")
    if body is not None and read_header(path).body != body:
        raise Unreadable("LG-E-023", path=path.name, body=body)
    return [path]


def read_ledger(path: Path, *, body: str | None = None) -> Iterator[Entry]:
    """The entries of a file, or of a directory's files one after the other (or of one body), in order.

    - Each line must name the hash of the line before and the next position, which costs nothing; hashes
      are not computed: that is ``verify``.
    - Kinds are not looked at, so those of a newer schema come through.
    - An append that was never completed is not read.

    Raises ``Unreadable``: ``LG-E-008`` and ``LG-E-009`` for the header, ``LG-E-010`` for a line that is
    no entry, ``LG-E-011`` where the chain is broken, ``LG-E-012`` for a torn last line, ``LG-E-023``
    where there is no ledger; ``OSError`` as it comes.
    """
    for file in body_path(path, body):
        yield from _entries(file)


def read_events(path: Path, *, chain: bool = True, body: str | None = None) -> Iterator[Event]:
    """The events of a ledger file or directory as ``read_ledger`` does, without their hashes.

    ``chain=False`` also takes a file of event lines without header and hashes, of which ``kind`` and
    ``occurred_on`` are needed; nothing about their order is checked then, and ``body`` is not for it.
    Errors as ``read_ledger``.
    """
    for file in body_path(path, body):
        yield from _events(file) if chain else _loose_events(file)


def _entries(path: Path) -> Iterator[Entry]:
    for members in _chained(path):
        yield Entry(_event(event_of, members, path), members["prev_hash"], members["hash"])


def _events(path: Path) -> Iterator[Event]:
    for members in _chained(path):
        yield _event(event_of, members, path)


def _chained(path: Path) -> Iterator[dict[str, Any]]:
    """The members of each entry line, in a chain of positions and of hashes as they are written."""
    lines = _lines(path)
    previous = parse_header(next(lines, b"").removesuffix(b"\n")).hash
    for position, raw in enumerate(lines, start=1):
        members = _members(raw, path, position + 1)
        try:
            if members["prev_hash"] != previous or members["position"] != position:
                raise Unreadable("LG-E-011", file=path.name, line=position + 1, position=position)
            previous = members["hash"]
        except KeyError as error:
            raise Unreadable("LG-E-010", file=path.name, line=position + 1, detail=str(error)) from None
        yield members


def _loose_events(path: Path) -> Iterator[Event]:
    for number, raw in enumerate(_lines(path), start=1):
        if raw.isspace():
            continue
        members = _members(raw, path, number)
        if number == 1 and "ledger" in members and "kind" not in members:
            continue
        yield _event(loose_event_of, members, path, number)


def _lines(path: Path) -> Iterator[bytes]:
    return lines_within(path, completed(path)[0])


def _members(raw: bytes, path: Path, line: int) -> dict[str, Any]:
    try:
        members = _decode(raw.decode())[0]
    except (ValueError, RecursionError) as error:
        code = "LG-E-012" if is_torn(raw) else "LG-E-010"
        raise Unreadable(code, file=path.name, line=line, detail=str(error)) from None
    if type(members) is not dict:
        raise Unreadable("LG-E-010", file=path.name, line=line, detail="no object")
    return members  # pyright: ignore[reportUnknownVariableType]


def _event(
    make: Callable[[dict[str, Any]], Event], members: dict[str, Any], path: Path, line: int | None = None
) -> Event:
    try:
        return make(members)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        number = members["position"] + 1 if line is None else line
        raise Unreadable("LG-E-010", file=path.name, line=number, detail=str(error)) from None
