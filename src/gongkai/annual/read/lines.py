"""Small helpers shared by the source readers: white space, joining of lines, logical columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import RawCell, Table
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.limits import Limits

WIDE = (
    "\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
    "\u201c\u201d\u2018\u2019\u2014\u2026\U00020000-\U0003ffff"
)
"""Characters between which a line break in Chinese text means nothing (for a character class)."""
_SOFT_BREAK = re.compile(rf"(?<=[{WIDE}])[ \t]*[\r\n][ \t\r\n]*(?=[{WIDE}])")
_WIDE_END = re.compile(rf"[{WIDE}]\Z")
_WIDE_START = re.compile(rf"[{WIDE}]")
MAX_COLUMNS = 256

Slot = tuple[str, int, int]
"""Text, row span and column span of a cell as printed."""


def collapse(text: str) -> str:
    """White space to single blanks, none at the ends; a line break between Chinese characters goes."""
    if "\n" in text or "\r" in text:
        text = _SOFT_BREAK.sub("", text)
    return " ".join(text.split())


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one cell as one text: nothing between Chinese characters, else a blank."""
    joined = ""
    for line in lines:
        if not line:
            continue
        if not joined:
            joined = line
        elif _WIDE_END.search(joined) and _WIDE_START.match(line):
            joined += line
        else:
            joined = f"{joined} {line}"
    return joined


def lay_out(rows: Sequence[Sequence[Slot]], place: Place, budget: Budget, *, exact: bool = True) -> Table:
    """A table from its printed rows: every cell gets its logical row and column.

    Spans are cut at the table's end and at ``MAX_COLUMNS``. Raises ``Unsupported`` (AR-X-014) when the
    source has more cells or columns than its limits allow.
    """
    cells: list[RawCell] = []
    busy: list[int] = []  # per column: the first row that is free again
    height = len(rows)
    for number, row in enumerate(rows):
        column = 0
        budget.spend_cells(len(row))
        for text, row_span, column_span in row:
            while column < len(busy) and busy[column] > number:
                column += 1
            if row_span == column_span == 1 and column < MAX_COLUMNS:
                cells.append(RawCell(text, number, column))
                if column < len(busy):
                    busy[column] = number + 1
                else:
                    busy.append(number + 1)
                column += 1
                continue
            wide = min(max(column_span, 1), MAX_COLUMNS)
            tall = min(max(row_span, 1), height - number)
            budget.spend_cells(wide)
            end = column + wide
            if end > MAX_COLUMNS * 2:
                raise Unsupported("AR-X-014", limit=MAX_COLUMNS * 2)
            if end > len(busy):
                busy.extend([0] * (end - len(busy)))
            busy[column:end] = [number + tall] * wide
            cells.append(RawCell(text, number, column, tall, wide))
            column = end
    return Table(tuple(cells), place, exact)


class Budget:
    """What is left of a source's limits of cells and blocks."""

    __slots__ = ("_blocks", "_cells", "_limits")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells = limits.cells
        self._blocks = limits.blocks

    def spend_cells(self, number: int) -> None:
        """Raises ``Unsupported`` (AR-X-014) when there are more cells than allowed."""
        self._cells -= number
        if self._cells < 0:
            raise Unsupported("AR-X-014", limit=self._limits.cells)

    def spend_blocks(self, number: int = 1) -> None:
        """Raises ``Unsupported`` (AR-X-014) when there are more blocks than allowed."""
        self._blocks -= number
        if self._blocks < 0:
            raise Unsupported("AR-X-014", limit=self._limits.blocks)
