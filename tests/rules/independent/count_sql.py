"""Runs ``count.sql`` over exported events with the SQLite of the standard library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from gongkai.rules.event import Event

Cells = dict[str, int | Decimal | None]


@dataclass(frozen=True)
class Counted:
    """Cells by path, and what each of them counts."""

    cells: Cells
    behind: Mapping[str, tuple[str, ...]]
    fees: tuple[int, Decimal, int, Decimal]
    """Section six: notices, their amount, payments, their amount (in yuan)."""
    beside: Mapping[str, int]
    """What is listed or shown as a sub-figure, where it is not none; with sealed years only what is late."""


@cache
def _script() -> str:
    return (Path(__file__).parent / "count.sql").read_text(encoding="utf-8")


def count_in_sql(
    events: Iterable[Event], years: Iterable[int], sealed: Mapping[int, int] | None = None
) -> dict[tuple[str, int], Counted]:
    """The cells of each form and year: ``count_in_sql(events, [2024])["2021", 2024].cells``.

    ``sealed``: of each sealed year the last position that its report knew. Charges are not rounded.
    """
    base = sqlite3.connect(":memory:")
    try:
        base.execute(
            "CREATE TABLE entry (position INTEGER PRIMARY KEY, stream TEXT, seq INTEGER, kind TEXT,"
            " occurred_on TEXT, recorded_at TEXT, payload TEXT, UNIQUE (stream, seq))"
        )
        base.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", (_row(e) for e in events))
        base.execute("CREATE TABLE asked (year INTEGER PRIMARY KEY)")
        base.executemany("INSERT INTO asked VALUES (?)", ((year,) for year in sorted(set(years))))
        base.execute("CREATE TABLE sealed (year INTEGER PRIMARY KEY, head INTEGER)")
        base.executemany("INSERT INTO sealed VALUES (?, ?)", (sealed or {}).items())
        base.executescript(_script())
        cells: dict[tuple[str, int], Cells] = {}
        behind: dict[tuple[str, int], dict[str, list[str]]] = {}
        for form, year, path, value in base.execute("SELECT form, year, path, value FROM cells"):
            found = cells.setdefault((form, year), {})
            if path == "proactive.fees_fen":
                found["proactive.fees_wan_yuan"] = Decimal(value) / 1_000_000
            else:
                found[path] = value
        for form, year, path, thing in base.execute("SELECT form, year, path, thing FROM behind"):
            behind.setdefault((form, year), {}).setdefault(path, []).append(thing)
        fees = {
            year: (notices, Decimal(notified) / 100, payments, Decimal(paid) / 100)
            for year, notices, notified, payments, paid in base.execute("SELECT * FROM section_six")
        }
        beside: dict[int, dict[str, int]] = {}
        for year, name, number in base.execute("SELECT year, name, number FROM beside"):
            if not sealed or name.startswith("late_"):
                beside.setdefault(year, {})[name] = number
    finally:
        base.close()
    return {
        (form, year): Counted(
            found,
            {path: tuple(sorted(things)) for path, things in behind.get((form, year), {}).items()},
            fees[year],
            beside.get(year, {}),
        )
        for (form, year), found in cells.items()
    }


def _row(event: Event) -> tuple[object, ...]:
    recorded = event.recorded_at.isoformat() if event.recorded_at else None
    payload = json.dumps(dict(event.payload), ensure_ascii=False)
    day = event.occurred_on.isoformat()
    return (event.position, event.stream, event.seq, event.kind, day, recorded, payload)
