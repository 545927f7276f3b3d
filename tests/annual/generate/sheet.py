"""Printed tables derived from a form, and the draft of a report before it takes a file's shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from gongkai.annual.form import Block, Form, Grid, Row, Section
from gongkai.annual.model import Number

NUMERALS = "一二三四五六七八九十"


class Kind(StrEnum):
    """What a printed cell is."""

    HEAD = "head"
    ROW = "row"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed cell at its logical origin (0-based), with its spans."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    kind: Kind = Kind.HEAD
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed table of a grid: its cells in reading order."""

    grid: str
    width: int
    height: int
    cells: tuple[Printed, ...]
    blocks: tuple[int, ...]
    """First row of every block."""

    def line(self, row: int) -> tuple[Printed, ...]:
        """Cells whose origin is in that row, from left to right."""
        return tuple(sorted((c for c in self.cells if c.row == row), key=lambda c: c.column))

    def lines(self) -> list[tuple[Printed, ...]]:
        """All rows."""
        return [self.line(row) for row in range(self.height)]

    def edit(self, change: Callable[[Printed], Printed | None]) -> Sheet:
        """A copy with every cell passed through ``change``; ``None`` drops the cell."""
        kept = tuple(c for c in map(change, self.cells) if c is not None)
        return replace(self, cells=kept)

    def shift_rows(self, after: int, by: int = 1) -> Sheet:
        """A copy in which rows below ``after`` stand ``by`` lower; spans over the seam grow."""

        def move(cell: Printed) -> Printed:
            if cell.row > after:
                return replace(cell, row=cell.row + by)
            if cell.row + cell.rows - 1 > after:
                return replace(cell, rows=cell.rows + by)
            return cell

        moved = self.edit(move)
        blocks = tuple(b + by if b > after else b for b in self.blocks)
        return replace(moved, height=self.height + by, blocks=blocks)

    def shift_columns(self, after: int, by: int = 1) -> Sheet:
        """A copy in which columns right of ``after`` stand ``by`` further; spans over the seam grow."""

        def move(cell: Printed) -> Printed:
            if cell.column > after:
                return replace(cell, column=cell.column + by)
            if cell.column + cell.columns - 1 > after:
                return replace(cell, columns=cell.columns + by)
            return cell

        return replace(self.edit(move), width=self.width + by)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading as printed."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; ``section`` is ``title``, ``0`` (preface), a section's number, or ``noise``."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """The table of a section, as one sheet or several."""

    section: str
    sheets: tuple[Sheet, ...]


Item = Heading | Para | Sheets


class Expect(StrEnum):
    """What a reader owes for a cell."""

    EXACT = "exact"
    """Value and state as printed."""
    LOOSE = "loose"
    """The value as printed, or no value."""
    TORN = "torn"
    """The value as printed, or no value; a finding or remnant names the cell."""
    NONE = "none"
    """No value; a finding or remnant names the cell."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report ready to be written in a shape, with the truth and what is owed for each cell."""

    form: Form
    items: tuple[Item, ...]
    values: Mapping[str, Number | None]
    body: str
    year: int
    notice: str | None
    period: tuple[str, str] | None
    expect: Mapping[str, Expect] = field(default_factory=dict)
    default: Expect = Expect.EXACT
    narrative: bool = True
    """False where the sections' text can no longer be compared."""
    titled: bool = True
    """False where body or year can no longer be asked for."""
    refusable: bool = False
    """True where refusing the whole file is as good an answer."""

    def owed(self, path: str) -> Expect:
        """What a reader owes for that cell."""
        return self.expect.get(path, self.default)

    def owe(self, expect: Expect, paths: Sequence[str]) -> Draft:
        """A copy in which those cells are owed as ``expect``."""
        return replace(self, expect={**self.expect, **dict.fromkeys(paths, expect)})

    def truth(self, changes: Mapping[str, Number | None]) -> Draft:
        """A copy whose printed truth differs in those cells."""
        return replace(self, values={**self.values, **changes})

    def edit_sheets(self, change: Callable[[Sheet], Sheet], grid: str | None = None) -> Draft:
        """A copy with the sheets (of one grid, or of all) passed through ``change``."""
        items = tuple(
            replace(i, sheets=tuple(change(s) if grid in (None, s.grid) else s for s in i.sheets))
            if isinstance(i, Sheets)
            else i
            for i in self.items
        )
        return replace(self, items=items)

    def edit_text(self, change: Callable[[str], str], *, values: bool = True) -> Draft:
        """A copy with every printed text passed through ``change`` (values only if asked)."""

        def cell(c: Printed) -> Printed:
            return c if c.kind is Kind.VALUE and not values else replace(c, text=change(c.text))

        items: list[Item] = []
        for item in self.items:
            if isinstance(item, Sheets):
                items.append(replace(item, sheets=tuple(s.edit(cell) for s in item.sheets)))
            else:
                items.append(replace(item, text=change(item.text)))
        return replace(self, items=tuple(items))

    def section_text(self, section: str) -> str:
        """The paragraphs of a section joined by line ends."""
        return "\n".join(i.text for i in self.items if isinstance(i, Para) and i.section == section)


def printed_number(value: Number | None) -> str:
    """A value as the plain form prints it; nothing for a blank."""
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def sheet_of(
    grid: Grid, values: Mapping[str, Number | None], *, only: int | None = None, alternate: bool = False
) -> Sheet:
    """The official printed table of a grid (or of one of its blocks) holding those values.

    With ``alternate`` an alternate row is printed in place of the rows it stands for.
    """
    blocks = grid.blocks if only is None else (grid.blocks[only],)
    label_width = max(_label_depth(b) for b in blocks)
    width = label_width + max(len(b.columns) for b in blocks)
    cells: list[Printed] = []
    starts: list[int] = []
    top = 0
    for block in blocks:
        starts.append(top)
        if block.heading is not None:
            cells.append(Printed(block.heading, top, 0, 1, width))
            top += 1
        top = _head(block, cells, top, label_width, width)
        top = _body(block, values, cells, top, label_width, width, alternate)
    return Sheet(grid.id, width, top, tuple(sorted(cells, key=lambda c: (c.row, c.column))), tuple(starts))


def _label_depth(block: Block) -> int:
    return max(len(r.labels) for r in block.rows)


def _head(block: Block, cells: list[Printed], top: int, left: int, width: int) -> int:
    depth = max(len(c.labels) for c in block.columns)
    corner = block.note if block.note is not None else block.corner
    if left:
        cells.append(Printed(corner or "", top, 0, depth, left))
    count = len(block.columns)
    for level in range(depth):
        entries = [
            (c.labels[: level + 1] if len(c.labels) > level else None, i) for i, c in enumerate(block.columns)
        ]
        for prefix, run in groupby(entries, key=lambda e: e[0]):
            indexes = [i for _, i in run]
            if prefix is None:
                continue
            last = all(len(block.columns[i].labels) == level + 1 for i in indexes)
            span = len(indexes) + (width - left - count if indexes[-1] == count - 1 else 0)
            cells.append(
                Printed(prefix[-1], top + level, left + indexes[0], depth - level if last else 1, span)
            )
    return top + depth


def _rows(block: Block, alternate: bool) -> list[Row]:
    if not alternate:
        return list(block.rows)
    out: list[Row] = []
    for row in block.rows:
        stand = next((a for a in block.alternates if row.key in a.stands_for), None)
        if stand is None:
            out.append(row)
        elif stand not in out:
            out.append(stand)
    return out


def _body(
    block: Block,
    values: Mapping[str, Number | None],
    cells: list[Printed],
    top: int,
    left: int,
    width: int,
    alternate: bool,
) -> int:
    rows = _rows(block, alternate)
    for level in range(left):
        entries = [(r.labels[: level + 1] if len(r.labels) > level else None, i) for i, r in enumerate(rows)]
        for prefix, run in groupby(entries, key=lambda e: e[0]):
            indexes = [i for _, i in run]
            if prefix is None:
                continue
            last = len(rows[indexes[0]].labels) == level + 1
            cells.append(
                Printed(
                    prefix[-1], top + indexes[0], level, len(indexes), left - level if last else 1, Kind.ROW
                )
            )
    count = len(block.columns)
    for number, row in enumerate(rows):
        for index, column in enumerate(block.columns):
            path = block.path(row.key, column.key)
            span = width - left - count + 1 if index == count - 1 else 1
            cells.append(
                Printed(
                    printed_number(values.get(path)), top + number, left + index, 1, span, Kind.VALUE, path
                )
            )
    return top + len(rows)


def heading_text(section: Section) -> str:
    """A section's official heading, e.g. ``一、总体情况``."""
    return f"{NUMERALS[int(section.id) - 1]}、{section.label}"
