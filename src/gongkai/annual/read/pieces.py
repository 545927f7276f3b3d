"""Lines and tables on their way to blocks: tables that only lay out a page are dissolved here."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import normalize

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import Block, Text
from gongkai.annual.read.lines import Budget, Slot, join_lines, lay_out

_LONG_CELL = 400
_PROSE_ROW = 120
# 一、 … 十、 at the start of a row over the whole width is a section's heading, not a row of a table.
_SECTION = re.compile(r"\s*[一二三四五六七八九十]{1,3}\s*[、.．]")


class Heading(str):
    """A line that the source marks as a heading."""

    __slots__ = ()


class Cell(NamedTuple):
    """What a table cell holds, with its spans as printed."""

    items: list[Item]
    row_span: int
    column_span: int


class Grid(NamedTuple):
    """A table as printed, row by row."""

    rows: list[list[Cell]]


Item = str | Grid
"""A line of text or a table."""


def close_grid(rows: list[list[Cell]], out: list[Item]) -> None:
    """Put a finished table into ``out``: as a table, or as what stands in it where it is only layout."""
    rows = [row for row in rows if row]
    if not rows:
        return
    if is_layout(rows):
        for row in rows:
            for cell in row:
                out.extend(cell.items)
    else:
        out.append(Grid(rows))


def is_layout(rows: list[list[Cell]]) -> bool:
    """True for a table that arranges parts of the page instead of holding data.

    That is one column only, or a cell with a data table or with long running text of several lines
    in it. A table of one row inside a cell is only more layout.
    """
    if all(len(row) == 1 for row in rows):
        return True
    for row in rows:
        for cell in row:
            items = cell.items
            if len(items) < 2 and not (items and isinstance(items[0], Grid)):
                continue
            length = 0
            for item in items:
                if isinstance(item, str):
                    length += len(item)
                elif len(item.rows) > 1:
                    return True
            if len(items) > 2 and length > _LONG_CELL:
                return True
    return False


def to_blocks(items: list[Item], budget: Budget) -> tuple[Block, ...]:
    """Number lines and tables and give every cell its logical place.

    Raises ``Unsupported`` (AR-X-014) beyond the limits.
    """
    blocks: list[Block] = []
    line = table = 0
    for item in items:
        for part in (item,) if isinstance(item, str) else _parts(item):
            if isinstance(part, str):
                line += 1
                blocks.append(Text(str(part), Place(line=line), isinstance(part, Heading)))
            else:
                table += 1
                rows: list[list[Slot]] = [
                    [(cell_text(i), tall, wide) for i, tall, wide in r] for r in part.rows
                ]
                blocks.append(lay_out(rows, Place(table=table), budget))
    return tuple(blocks)


def cell_text(items: list[Item]) -> str:
    """All text of a cell as one line."""
    if not items:
        return ""
    if len(items) == 1 and isinstance(items[0], str):
        return items[0]
    lines: list[str] = []
    for item in items:
        if isinstance(item, str):
            lines.append(item)
        else:
            lines.extend(cell_text(cell.items) for row in item.rows for cell in row)
    return join_lines(lines)


def _parts(grid: Grid) -> list[Item]:
    """A table with rows of running text (the whole report drawn as one table) cut at these rows."""
    parts: list[Item] = []
    rows: list[list[Cell]] = []
    for row in grid.rows:
        if len(row) == 1 and _is_running_text(row[0]):
            if rows:
                parts.append(Grid(rows))
                rows = []
            parts.extend(i for i in row[0].items if isinstance(i, str))
        else:
            rows.append(row)
    if rows:
        parts.append(Grid(rows))
    return parts


def _is_running_text(cell: Cell) -> bool:
    """True for a cell over the whole width that holds a section's heading or running text."""
    if cell.row_span > 1 or cell.column_span == 1 or not cell.items:
        return False
    return reads_as_text([i for i in cell.items[:1] if isinstance(i, str)]) or (
        sum(len(i) for i in cell.items if isinstance(i, str)) > _PROSE_ROW
    )


def reads_as_text(lines: list[str]) -> bool:
    """True for the lines of a row over the whole width where they hold a section's heading, or much text."""
    # Some PDFs print 一 and 二 as the radicals that look the same.
    return (
        any(_SECTION.match(normalize("NFKC", line[:12])) for line in lines)
        or sum(len(line) for line in lines) > _PROSE_ROW
    )
