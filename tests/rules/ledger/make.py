"""Ledgers for the tests: invented acts, always the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from gongkai.rules.event import Event
from gongkai.rules.ledger import SM3, LedgerFile, create

START = datetime(2026, 2, 12, 1, 30, tzinfo=UTC)
KINDS = {"request.received", "reply.issued", "note.added"}


class Unregistered(Exception):
    """What the check of these tests raises."""


def check(kind: str, payload: Mapping[str, Any], schema: int) -> None:
    if kind not in KINDS:
        raise Unregistered(kind)


def event(number: int) -> Event:
    return Event(
        ("request.received", "note.added", "reply.issued")[number % 3],
        date(2026, 1, 1) + timedelta(days=number % 300),
        {"channel": "counter", "number": f"〔2026〕{number}号", "parts": [number, None, True]},
        f"case-{number // 3:05d}",
        actor="seat-17",
    )


def ledger(directory: Path, count: int, *, body: str = "cn-110101", algorithm: str = SM3) -> LedgerFile:
    """A ledger of so many entries, written in several appends."""
    made = create(directory, body, algorithm=algorithm)
    for first in range(0, count, 3000):
        some = [event(n) for n in range(first, min(first + 3000, count))]
        made.append(
            some,
            expected_seq={e.stream: 0 for e in some},
            check=check,
            recorded_at=START + timedelta(minutes=first),
        )
    return made


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)
