"""A published annual report as frozen data: cells addressed by key, each with raw text and place.

Blank, 0 and not-applicable are three different things here: ``Cell.value`` is ``None`` for
everything but a number, and ``Cell.state`` says why. Numbers are never compared by truthiness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import cast

from gongkai.annual.findings import Finding
from gongkai.annual.form import Form

Number = int | Decimal
"""A cell's number: whole numbers as ``int``, amounts of money as ``Decimal``."""


class CellState(StrEnum):
    """What stood where the form has a cell (public keys, see ``report-form``)."""

    VALUE = "value"
    BLANK = "blank"
    """The cell is there and empty, or holds a mark for nothing (``/``, ``-``, ``无``)."""
    MISSING = "missing"
    """There is no such cell on the page."""
    UNREADABLE = "unreadable"
    """Something is there that cannot be taken as a number, or not with certainty as this cell's."""
    NOT_APPLICABLE = "not_applicable"
    ENTERED = "entered"
    """Typed in by a person; holds a number like ``VALUE``."""


class Scope(StrEnum):
    """Whose acts a report counts."""

    OWN = "own"
    AREA = "area"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stood in the source; all numbers are 1-based, absent ones are ``None``."""

    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None


_HOLDS_NUMBER = (CellState.VALUE, CellState.ENTERED)


@dataclass(frozen=True, slots=True)
class Cell:
    """What was printed for one cell of the form."""

    state: CellState
    value: Number | None = None
    raw: str | None = None
    place: Place | None = None

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.state in _HOLDS_NUMBER):
            raise ValueError(f"a cell of state {self.state} with value {self.value!r}")


MISSING = Cell(CellState.MISSING)


@dataclass(frozen=True, slots=True)
class Remnant:
    """A row whose printed values could not be given to its columns with certainty.

    ``values`` are the printed texts in order; ``cells`` the paths among which they belong.
    """

    cells: tuple[str, ...]
    values: tuple[str, ...]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the preface names for questions; every part as printed."""

    address: str | None = None
    phone: str | None = None
    postcode: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report as it was published.

    - ``cells`` has an entry for every cell of ``form`` (and for alternate rows that were printed).
    - ``sections`` maps a section's number ("1" … "6") to its text as printed, without its heading;
      "0" is what stands before section one. A section that was not found has no entry.
    - ``reading`` are the findings made while reading (edition, torn rows, unreadable values).
    - ``section_labels`` maps a section's number to its heading as printed.
    """

    form: Form
    cells: Mapping[str, Cell]
    source: str = ""
    body: str | None = None
    scope: Scope = Scope.UNKNOWN
    title: str | None = None
    year: int | None = None
    sections: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    section_labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notice: str | None = None
    """Document number of the form notice that the preface cites, e.g. ``国办公开办函〔2021〕30号``."""
    period: tuple[str, str] | None = None
    """First and last day of the statistics period that the preface states, as ISO dates."""
    contact: Contact = Contact()
    signed: tuple[str | None, str | None] = (None, None)
    """Signature line and its date (ISO) at the end of the report."""
    remnants: tuple[Remnant, ...] = ()
    reading: tuple[Finding, ...] = ()

    def cell(self, path: str) -> Cell:
        """The cell at that path; a cell of the form that was not printed is ``MISSING``.

        Raises ``KeyError`` for a path that the form does not have.
        """
        found = self.cells.get(path)
        if found is not None:
            return found
        self.form.spec(path)
        return MISSING

    def value(self, path: str) -> Number | None:
        """The number at that path, or ``None`` where there is none (blank, missing, unreadable)."""
        return self.cell(path).value

    def with_values(self, values: Mapping[str, Number | None]) -> Report:
        """A copy in which those cells hold these numbers (``None`` makes a cell blank).

        Used for repairs and tests; never changes this report.
        """
        cells = dict(self.cells)
        for path, value in values.items():
            self.form.spec(path)
            place = self.cell(path).place
            cells[path] = (
                Cell(CellState.BLANK, None, "", place)
                if value is None
                else Cell(CellState.VALUE, value, str(value), place)
            )
        return replace(self, cells=MappingProxyType(cells))


def tables_of(report: Report) -> dict[str, dict[str, object]]:
    """The report's numbers in the exchange shape: table → row → (column →) number or ``None``.

    Every cell of the form is present; alternates are present where they were printed.
    """
    tables: dict[str, dict[str, object]] = {}
    printed = [p for p in report.form.alternates if p in report.cells]
    for path in [*report.form.cells, *printed]:
        table, row, *column = path.split(".")
        rows = tables.setdefault(table, {})
        if column:
            columns = cast("dict[str, Number | None]", rows.setdefault(row, {}))
            columns[column[0]] = report.value(path)
        else:
            rows[row] = report.value(path)
    return tables
