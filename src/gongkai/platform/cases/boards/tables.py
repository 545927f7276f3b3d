"""A board's tables: rows, columns, cells; and how counts come about, with the list behind each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.platform.cases.boards.catalogue import Figure

CASES, TASKS, LOSSES = "cases", "tasks", "losses"
TOTAL = "total"
"""Key of the row that adds up the others."""
Value = int | Fraction | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a row. ``value`` ``None``: there is nothing from which it could be told."""

    figure: Figure
    value: Value
    applies: bool = True
    """``False``: the column says nothing of such rows."""

    @property
    def text(self) -> str:
        """The value in signs: a percentage and a mean with one decimal, rounded half up; empty for none."""
        match self.value:
            case None:
                return ""
            case date() as day:
                return day.isoformat()
            case Fraction() as part if self.figure.unit == "%":
                return f"{_tenths(part * 100)}%"
            case Fraction() as mean:
                return str(_tenths(mean))
            case number:
                return str(number)

    @property
    def is_zero(self) -> bool:
        """A counted 0; a blank is none, and neither is a mean of 0 days."""
        return self.figure.unit in ("件", "项") and self.value is not None and self.value == 0

    @property
    def opens(self) -> bool:
        """Whether there is a list behind it."""
        return self.applies and self.value is not None and not self.is_zero


def _tenths(value: Fraction) -> Decimal:
    # Exact: a decimal quotient would have been rounded once already.
    return Decimal(int(value * 10 + Fraction(1, 2))).scaleb(-1)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its key in addresses, what it is called, a second line, its cells; ``where`` its things are."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    sub: str = ""
    where: Q = field(default_factory=Q)
    sources: tuple[Source, ...] = ()
    """From what it is counted, where the table's rows differ in that."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of the database, and by column the condition of those that it counts."""

    rows: QuerySet[Any]
    columns: Mapping[str, Q]
    least: Mapping[str, str] = field(default_factory=dict[str, str])
    """By column, the field whose smallest value is shown."""
    lists: Mapping[str, Q] = field(default_factory=dict[str, Q])
    """What columns open that are worked out from others; without an entry, ``columns``, or else all rows."""
    parts: tuple[Q, ...] = ()
    """Where given, only rows of these, which have none in common: each is looked up by itself, for speed."""

    def has(self, column: str) -> bool:
        """Whether the column is one of this source."""
        return column in self.columns or column in self.least or column in self.lists

    def counts(self, by: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
        """The counts by the values of some fields, each once."""
        if self.parts:
            yield from self._added(by)
            return
        wanted: dict[str, Any] = {
            f"n_{name}": Count("pk", filter=where) if where else Count("pk")
            for name, where in self.columns.items()
        }
        wanted |= {f"n_{name}": Min(of) for name, of in self.least.items()}
        rows = self.rows.order_by()
        found: Iterable[dict[str, Any]] = (
            rows.values(*by).annotate(**wanted) if by else [rows.aggregate(**wanted)]
        )
        for row in found:
            yield tuple(row[name] for name in by), {name[2:]: row[name] for name in wanted}

    def _added(self, by: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
        added: dict[tuple[Any, ...], dict[str, Any]] = {}
        for part in self.parts:
            for key, found in Source(self.rows.filter(part), self.columns).counts(by):
                row = added.setdefault(key, dict.fromkeys(found, 0))
                added[key] = {name: row[name] + value for name, value in found.items()}
        yield from added.items()

    def behind(self, column: str, where: Q) -> QuerySet[Any]:
        """What a number of a row counts."""
        condition = self.lists.get(column, self.columns.get(column, Q()))
        if self.parts:
            rows = [self.rows.filter(where).filter(part) for part in self.parts]
            keys = [key for each in rows for key in each.order_by().values_list("pk", flat=True)]
            return self.rows.model._default_manager.filter(pk__in=keys)
        return self.rows.filter(where).filter(condition)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a board. ``rows`` without the total, which is ``None`` where it would say nothing more."""

    key: str
    title: str
    of: str
    """What is behind its numbers: ``CASES``, ``TASKS`` or ``LOSSES``."""
    head: str
    """What its rows are."""
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    total: Row | None
    sources: tuple[Source, ...] = ()
    empty: str = ""
    """What is said where there is no row."""

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """The rows with their total."""
        return self.rows if self.total is None else (*self.rows, self.total)

    def cell(self, row: str, column: str) -> tuple[Row, Cell] | None:
        """A number by its names; ``None`` where there is none."""
        found = next((one for one in self.all_rows if one.key == row), None)
        if found is None:
            return None
        cell = next((one for one in found.cells if one.figure.column == column), None)
        return None if cell is None else (found, cell)

    def behind(self, row: Row, column: str) -> QuerySet[Any]:
        """The rows of the database that a number counts."""
        source = next(one for one in row.sources or self.sources if one.has(column))
        return source.behind(column, row.where)


def cells(
    shown: Sequence[Figure], values: Mapping[str, Value], not_for: Iterable[str] = ()
) -> tuple[Cell, ...]:
    """The cells of a row; a count that no source gave is 0."""
    left_out = frozenset(not_for)
    return tuple(
        Cell(one, values.get(one.column, 0 if one.unit in ("件", "项") else None), one.column not in left_out)
        for one in shown
    )


def total_of(
    shown: Sequence[Figure],
    rows: Sequence[Mapping[str, Value]],
    more: Mapping[str, Value],
    not_for: Iterable[str] = (),
) -> Row:
    """The row that adds up counts, with the smallest date; ``more``: what cannot be added up."""
    values: dict[str, Value] = {}
    for one in shown:
        found = [row.get(one.column) for row in rows]
        if one.unit in ("件", "项"):
            values[one.column] = sum(value for value in found if isinstance(value, int))
        elif one.unit == "日":
            values[one.column] = min((value for value in found if isinstance(value, date)), default=None)
    return Row(TOTAL, _("合计"), cells(shown, {**values, **more}, not_for))


def share(part: int, whole: int) -> Fraction | None:
    """A part of a whole; ``None`` where there is no whole."""
    return Fraction(part, whole) if whole else None
