"""The rows of the ledger as the lines of its files, to the byte, whatever somebody may have put into a row.

Columns are read as text and the payload is taken as it stands, so that a row which is no entry becomes a line
that is none: damage is found by the verification and is never an exception here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from gongkai.platform.ledger.models import LedgerEvent, LedgerHead, LedgerRoot
from gongkai.rules.ledger import ALGORITHMS, Header

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\+00)?\Z", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,18}\Z", re.ASCII)
_CHUNK = 2000


@contextmanager
def any_text() -> Generator[None]:
    """On SQLite a text may be bytes that are none: inside, these are read with marks in their place."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw: Any = connection.connection
    before, raw.text_factory = raw.text_factory, lambda data: bytes(data).decode(errors="replace")
    try:
        yield
    finally:
        raw.text_factory = before


def entry_lines(body: str, *, after: int = 0, through: int | None = None) -> Iterator[bytes]:
    """The lines of a body's entries in the order of their positions, each with its newline."""
    rows = LedgerEvent.objects.filter(body=body, position__gt=after) if after else _all(body)
    if through is not None:
        rows = rows.filter(position__lte=through)
    for row in _texts(rows.order_by("position", "id")):
        yield _entry_line(row)


def lines_at(body: str, positions: Iterable[int]) -> dict[int, bytes]:
    """The lines of a body's entries at some positions; one that is missing has none."""
    rows = LedgerEvent.objects.filter(body=body, position__in=set(positions)).order_by("position", "id")
    return {int(row[5] or 0): _entry_line(row) for row in _texts(rows)}


def _all(body: str) -> QuerySet[LedgerEvent]:
    """Every row, also one whose position is no number."""
    return LedgerEvent.objects.filter(body=body)


def _texts(rows: QuerySet[LedgerEvent]) -> Iterator[tuple[str | None, ...]]:
    names = (
        "actor", "hash", "kind", "occurred_on", "payload", "position", "prev_hash", "recorded_at", "schema",
        "seq", "stream",
    )  # fmt: skip
    casts = {f"{name}_text": Cast(F(name), TextField()) for name in names}
    yield from rows.annotate(**casts).values_list(*casts).iterator(chunk_size=_CHUNK)


def _entry_line(row: tuple[str | None, ...]) -> bytes:
    actor, digest, kind, day, payload, position, previous, moment, schema, seq, stream = row
    return _bytes(
        f'{{"actor":{_text(actor)},"hash":{_text(digest)},"kind":{_text(kind)},"occurred_on":{_text(day)},'
        f'"payload":{payload},"position":{_number(position)},"prev_hash":{_text(previous)},'
        f'"recorded_at":{_text(moment_of(moment))},"schema":{_number(schema)},"seq":{_number(seq)},'
        f'"stream":{_text(stream)}}}\n'
    )


def root_lines() -> Iterator[bytes]:
    """The lines of ``roots.jsonl``, each with its newline."""
    names = ("algorithm", "day", "heads", "prev_root", "root")
    casts = {f"{name}_text": Cast(F(name), TextField()) for name in names}
    rows = LedgerRoot.objects.order_by("day").annotate(**casts).values_list(*casts)
    for algorithm, day, heads, previous, root in rows.iterator(chunk_size=_CHUNK):
        yield _bytes(
            f'{{"algorithm":{_text(algorithm)},"date":{_text(day)},"heads":{heads},'
            f'"prev_root":{_text(previous)},"root":{_text(root)}}}\n'
        )


def header_line(body: str, head: LedgerHead | None) -> bytes:
    """The header of a body's file; of one whose head is missing, with the algorithm that is usual."""
    algorithm = ALGORITHMS[0] if head is None else head.algorithm
    return Header(body, algorithm).content() + b"\n"


def moment_of(text: str | None) -> str | None:
    """A column's moment as a line writes it; what is none comes back as it is."""
    found = _MOMENT.match(text or "")
    return text if found is None else f"{found[1]}T{found[2]}Z"


def _text(value: str | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: str | None) -> str:
    return value if value is not None and _NUMBER.match(value) else _text(value)


def _bytes(line: str) -> bytes:
    return line.encode(errors="replace")
