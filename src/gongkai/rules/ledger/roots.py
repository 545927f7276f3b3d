"""Daily roots over the bodies of a directory, and anchors: heads of chains that are kept elsewhere."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, cast

from gongkai.rules.ledger.canonical import encoded, is_date, parsed_exactly
from gongkai.rules.ledger.entry import Header, hashed_content, is_hash, parse_entry, parse_header
from gongkai.rules.ledger.errors import LedgerError, Unreadable
from gongkai.rules.ledger.files import ROOTS, body_files, create_file, locked, refuse_unfinished, write_whole
from gongkai.rules.ledger.hashing import ALGORITHMS, DIGEST_HEX, SM3, TAG_ENTRY, TAG_ROOT, chain_hash

NO_ROOT = "0" * DIGEST_HEX
"""What the first root names as the root before it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a body's chain; position 0 is the header."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Root:
    """A day's root: the heads of all bodies under one hash, chained to the root before."""

    date: date
    algorithm: str
    heads: Mapping[str, Head]
    prev_root: str
    root: str

    def content(self) -> bytes:
        """The line without its newline."""
        return encoded({**self._covered(), "prev_root": self.prev_root, "root": self.root})

    def _covered(self) -> dict[str, Any]:
        return {
            "algorithm": self.algorithm,
            "date": self.date.isoformat(),
            "heads": {b: {"hash": h.hash, "position": h.position} for b, h in self.heads.items()},
        }

    def computed(self) -> str:
        """The hash that ``root`` must be."""
        return chain_hash(self.algorithm, TAG_ROOT)(self.prev_root, encoded(self._covered()))


def parse_root(raw: bytes) -> Root:
    """The root of a line without its newline; raises ``ValueError`` for what is none, to the byte."""
    value = parsed_exactly(raw)
    match value:
        case {
            "algorithm": str(algorithm),
            "date": str(day),
            "heads": heads,
            "prev_root": str(previous),
            "root": str(root),
            **rest,
        } if not rest and algorithm in ALGORITHMS and is_date(day) and is_hash(previous) and is_hash(root):
            if not isinstance(heads, dict):
                raise ValueError("heads is no object")
            found = {b: _head(h) for b, h in cast("dict[str, Any]", heads).items()}
            return Root(date.fromisoformat(day), algorithm, MappingProxyType(found), previous, root)
        case _:
            raise ValueError("no root")


def _head(value: Any) -> Head:
    match value:
        case {"hash": str(digest), "position": int(position), **rest} if (
            not rest and is_hash(digest) and type(position) is int and position >= 0
        ):
            return Head(position, digest)
        case _:
            raise ValueError("no head")


def roots(directory: Path) -> tuple[Root, ...]:
    """The roots of a directory, oldest first; none where there is no ``roots.jsonl``.

    Nothing is verified. Raises ``Unreadable`` ``LG-E-010`` for a line that is no root.
    """
    path = directory / ROOTS
    if not path.is_file():
        return ()
    found: list[Root] = []
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                found.append(parse_root(raw.removesuffix(b"\n")))
            except ValueError as error:
                raise Unreadable("LG-E-010", file=ROOTS, line=number, detail=str(error)) from None
    return tuple(found)


def head_of(path: Path) -> tuple[str, Head]:
    """The body of a file and the head of its chain, from the header and the last line.

    Raises ``UnfinishedAppend`` ``LG-E-012``, ``Unreadable`` ``LG-E-008``, ``LG-E-010``, ``LG-E-011`` for
    a header or a last line that is not sound.
    """
    with path.open("rb") as file, locked(file, path, shared=True):
        refuse_unfinished(file, path)
        file.seek(0)
        first = file.readline()
        header = parse_header(first.removesuffix(b"\n"))
        raw = _last_line(file)
        if raw == first.removesuffix(b"\n"):
            return header.body, Head(0, header.hash)
        return header.body, _sound_head(raw, header, path)


def _sound_head(raw: bytes, header: Header, path: Path) -> Head:
    try:
        members = parse_entry(raw)
    except ValueError as error:
        raise Unreadable("LG-E-010", file=path.name, line="-", detail=str(error)) from None
    digest = chain_hash(header.algorithm, TAG_ENTRY)(members["prev_hash"], hashed_content(raw))
    if digest != members["hash"]:
        position = members["position"]
        raise Unreadable("LG-E-011", file=path.name, line=position + 1, position=position)
    return Head(members["position"], members["hash"])


def _last_line(file: BinaryIO) -> bytes:
    at = file.seek(0, os.SEEK_END)
    data = b""
    while at > 0 and data.rstrip(b"\n").rfind(b"\n") < 0:
        step = min(at, 65536)
        at -= step
        file.seek(at)
        data = file.read(step) + data
    return data.rstrip(b"\n").rpartition(b"\n")[2]


def write_root(directory: Path, day: date, *, algorithm: str = SM3) -> Root:
    """Append the day's root over all bodies of the directory to ``roots.jsonl``, on the disk.

    Raises ``LedgerError``: ``LG-E-022`` where there is a root of that day or a later one, ``LG-E-023``
    where the directory has no ledger, ``LG-E-006``, ``LG-E-018``; ``UnfinishedAppend`` and ``Unreadable``
    as ``head_of``.
    """
    files = body_files(directory)
    if not files:
        raise Unreadable("LG-E-023", path=directory.name, body="")
    if algorithm not in ALGORITHMS:
        raise LedgerError("LG-E-006", algorithm=algorithm, known="、".join(ALGORITHMS))
    path = directory / ROOTS
    if not path.exists():
        with contextlib.suppress(LedgerError):  # another writer was first
            create_file(path, b"")
    with path.open("r+b") as file, locked(file, path):
        refuse_unfinished(file, path)
        earlier = roots(directory)
        if earlier and earlier[-1].date >= day:
            raise LedgerError("LG-E-022", date=day.isoformat(), last=earlier[-1].date.isoformat())
        heads = MappingProxyType(dict(head_of(f) for f in files))
        blank = Root(day, algorithm, heads, earlier[-1].root if earlier else NO_ROOT, NO_ROOT)
        root = Root(day, algorithm, heads, blank.prev_root, blank.computed())
        write_whole(file, path, root.content() + b"\n")
    return root


# -- anchors ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Anchor:
    """Heads that were kept elsewhere; ``root`` is their root where they came as a whole root line."""

    heads: Mapping[str, Head]
    root: Root | None = field(default=None)


def parse_anchor(text: str) -> Anchor:
    """An anchor of ``body:position:hash`` or of a root line.

    Raises ``LedgerError`` ``LG-E-021`` for anything else, and for a root line that is not sound itself.
    """
    line = text.strip()
    if line.startswith("{"):
        try:
            root = parse_root(line.encode())
        except ValueError as error:
            raise LedgerError("LG-E-021", text=line[:80], detail=str(error)) from None
        if root.computed() != root.root:
            raise LedgerError("LG-E-021", text=line[:80], detail="its root is not the hash of its heads")
        return Anchor(root.heads, root)
    body, _colon, rest = line.rpartition(":")
    name, _colon, number = body.rpartition(":")
    if not name or not number.isascii() or not number.isdigit() or not is_hash(rest):
        raise LedgerError("LG-E-021", text=line[:80], detail="body:position:hash")
    return Anchor(MappingProxyType({name: Head(int(number), rest)}))
