"""What a count gives: the report, the acts behind each cell, and what must be said beside the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import yaml

from gongkai.annual.model import Report
from gongkai.rules.counting.settings import CountingRules
from gongkai.rules.event import Event


class EventId(NamedTuple):
    """An entry of a body's ledger."""

    body: str
    position: int
    stream: str
    seq: int

    @classmethod
    def of(cls, body: str, event: Event) -> EventId:
        """The identity of an event in that body's ledger."""
        return cls(body, event.position, event.stream, event.seq)


@dataclass(frozen=True, slots=True)
class CountNote:
    """Something to be known beside the numbers: a public code and values; texts stand in ``notes.yaml``."""

    code: str
    values: Mapping[str, Any]
    events: tuple[EventId, ...] = ()

    def text(self, language: Literal["zh", "en"] = "zh") -> str:
        """The note in words; raises ``KeyError`` for a code that is not in the catalogue."""
        return note_texts()[self.code][language].format(**self.values)


@cache
def note_texts() -> Mapping[str, Mapping[str, str]]:
    """The catalogue of notes: code -> language -> text with placeholders."""
    text = (resources.files("gongkai.rules.counting") / "notes.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(text))


@dataclass(frozen=True, slots=True)
class LateAct:
    """An act whose legal date lies in a sealed year, or a correction of one that was counted there.

    ``why``: ``recorded_after_sealing`` (it counts in ``counted_in``, the year of this count) or
    ``corrected_after_sealing`` (the act stays as it was counted in ``counted_in``, an earlier year).
    """

    event: EventId
    kind: str
    legal_year: int
    counted_in: int
    why: Literal["recorded_after_sealing", "corrected_after_sealing"]


@dataclass(frozen=True, slots=True)
class FeeFigures:
    """Section six: notices of the information processing fee, and what was paid, in yuan."""

    notices: int = 0
    notified: Decimal = Decimal(0)
    payments: int = 0
    paid: Decimal = Decimal(0)
    events: tuple[EventId, ...] = ()


class Provenance(Mapping[str, tuple[EventId, ...]]):
    """Cell path -> entries behind it, by position; totals are put together when they are asked for."""

    __slots__ = ("_leaves", "_parts")

    def __init__(self, leaves: Mapping[str, list[EventId]], parts: Mapping[str, tuple[str, ...]]) -> None:
        """``leaves``: entries of cells that are no totals; ``parts``: of each total, the cells it adds."""
        self._leaves = {path: tuple(sorted(ids)) for path, ids in leaves.items()}
        self._parts = dict(parts)

    def __getitem__(self, path: str) -> tuple[EventId, ...]:
        parts = self._parts.get(path)
        if parts is None:
            return self._leaves[path]
        return tuple(sorted(one for part in parts for one in self._leaves.get(part, ())))

    def __iter__(self) -> Iterator[str]:
        yield from self._leaves
        yield from self._parts

    def __len__(self) -> int:
        return len(self._leaves) + len(self._parts)


@dataclass(frozen=True, slots=True)
class Count:
    """A year of acts of one body, or of several added up."""

    body: str
    year: int
    report: Report
    provenance: Mapping[str, tuple[EventId, ...]]
    """Every cell that holds a number, with the entries behind it."""
    notes: tuple[CountNote, ...]
    rules_that_mattered: tuple[str, ...]
    late: tuple[LateAct, ...]
    fees: FeeFigures
    rules: CountingRules
    exact: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    """Amounts in yuan before they were rounded, by cell."""
