"""Ruled tables of a PDF: cells by their borders, joined over pages, given logical rows and columns."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import RawCell, Table
from gongkai.annual.read.lines import Budget, join_lines
from gongkai.annual.read.pieces import reads_as_text

_NEAR = 3.0
_OUTER = 8.0
_NUMBERED = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[）)、.．](?!\d)|第)")


@dataclass(frozen=True, slots=True)
class Boxed:
    """A cell by its borders (points, from the page's top left) with its text, lines parted by ``\\n``."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


@dataclass(slots=True)
class Ruled:
    """A table as it stands on one page, or on several after ``join``."""

    page: int
    last_page: int
    cells: list[Boxed]

    @property
    def top(self) -> float:
        return min(c.top for c in self.cells)

    @property
    def bottom(self) -> float:
        return max(c.bottom for c in self.cells)

    @property
    def left(self) -> float:
        return min(c.x0 for c in self.cells)

    @property
    def right(self) -> float:
        return max(c.x1 for c in self.cells)

    def printed_rows(self) -> list[list[Boxed]]:
        """Cells grouped by their upper border."""
        tops = edges([c.top for c in self.cells])
        rows: list[list[Boxed]] = [[] for _ in tops]
        for cell in sorted(self.cells, key=lambda c: (c.top, c.x0)):
            rows[nearest(tops, cell.top)].append(cell)
        return rows


def edges(values: list[float]) -> list[float]:
    """Sorted positions with those that lie close together made one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def nearest(positions: list[float], value: float) -> int:
    """Index of the position that is nearest to the value."""
    at = bisect_left(positions, value)
    if at == len(positions):
        return at - 1
    return at - 1 if at and value - positions[at - 1] <= positions[at] - value else at


def parted(ruled: Ruled) -> list[Ruled]:
    """The tables of a grid that a frame or a background around the page has made one.

    Such a frame turns the text between the tables into rows over the whole width; what stands in them
    is text of the page.
    """
    if not ruled.cells:
        return []
    left, right = ruled.left, ruled.right
    tables: list[Ruled] = []
    rows, rest = ruled.printed_rows(), list[list[Boxed]]()
    for row in rows:
        wide = len(row) == 1 and row[0].x0 - left <= _NEAR and right - row[0].x1 <= _NEAR
        if not (wide and reads_as_text(row[0].text.split("\n"))):
            rest.append(row)
            continue
        tables.extend(_framed(ruled, rest))
        rest = []
    return [*tables, *_framed(ruled, rest)] if tables or rest != rows else [ruled]


def _framed(ruled: Ruled, rows: list[list[Boxed]]) -> list[Ruled]:
    """Those rows as a table, without the empty rest of the frame above and below them."""
    blank = [len(row) == 1 and not row[0].text.strip() for row in rows]
    if all(blank):
        return []
    start, end = blank.index(False), len(blank) - blank[::-1].index(False)
    return [Ruled(ruled.page, ruled.last_page, [cell for row in rows[start:end] for cell in row])]


def continues(first: Ruled, second: Ruled) -> bool:
    """True where the second table can be the first one's continuation on the next page.

    Its borders must be the first one's: the same outer ones, and inside no column of its own.
    """
    if second.page != first.last_page + 1:
        return False
    if abs(first.left - second.left) > _OUTER or abs(first.right - second.right) > _OUTER:
        return False
    one = edges([c.x0 for c in first.cells])
    two = edges([c.x0 for c in second.cells])
    few, many = (one, two) if len(one) <= len(two) else (two, one)
    return all(abs(many[nearest(many, x)] - x) <= _NEAR + 1 for x in few) and len(few) > 1


def join(first: Ruled, second: Ruled) -> None:
    """Add the second table below the first; a heading that is printed again is left out."""
    rows, above = second.printed_rows(), first.printed_rows()
    skip = 0
    while (
        skip < min(len(rows), len(above))
        and _texts(rows[skip]) == _texts(above[skip])
        and any(_texts(rows[skip]))
    ):
        skip += 1
    # Rows of figures may be equal by chance; a heading has no figures.
    if any(text.strip().isdecimal() for row in rows[:skip] for text in _texts(row)):
        skip = 0
    kept = [cell for row in rows[skip:] for cell in row]
    if not kept:
        first.last_page = second.last_page
        return
    shift = first.bottom - min(c.top for c in kept)
    moved = [Boxed(c.x0, c.top + shift, c.x1, c.bottom + shift, c.text) for c in kept]
    moved = _mend_groups(first, moved)
    first.cells.extend(_mend_row(first, moved))
    first.last_page = second.last_page


def _mend_groups(first: Ruled, rest: list[Boxed]) -> list[Boxed]:
    """Put cells that a page's end cut in two (labels of groups of rows) together again.

    The lower half stands at the top of the page, is higher than its row and empty, or goes on with
    text that has no number of its own.
    """
    top, floor = min(c.top for c in rest), first.bottom
    line = min(c.bottom for c in rest if c.top - top <= _NEAR)
    kept: list[Boxed] = []
    for cell in rest:
        above = _same_columns(first.cells, cell, floor)
        cut = cell.top - top <= _NEAR and cell.bottom - line > _NEAR and not _NUMBERED.match(cell.text)
        if above is None or not cut:
            kept.append(cell)
            continue
        first.cells.remove(above)
        first.cells.append(Boxed(above.x0, above.top, above.x1, cell.bottom, _add(above.text, cell.text)))
    return kept


def _mend_row(first: Ruled, rest: list[Boxed]) -> list[Boxed]:
    """Put a row together that a page's end cut in two; in doubt it stays two rows.

    It is certain where the upper part's label is numbered and the lower part's is not, or the lower
    part has no label at all, and no column has a figure in both parts.
    """
    top = min(c.top for c in rest)
    lower = sorted((c for c in rest if c.top - top <= _NEAR), key=lambda c: c.x0)
    floor = top
    pairs = [(_same_columns(first.cells, cell, floor), cell) for cell in lower]
    upper = [above for above, _ in pairs if above is not None]
    if len(upper) != len(lower) or len(lower) < 3 or len({round(c.top) for c in upper}) != 1:
        return rest
    # The label is the last cell before the figures; groups before it were put together already.
    label, figures = pairs[0], pairs[1:]
    if any(above is not None and above.text.strip() and cell.text.strip() for above, cell in figures):
        return rest
    lower_label, upper_label = label[1].text.strip(), upper[0].text.strip()
    lower_blank = not any(cell.text.strip() for _, cell in figures)
    upper_blank = not any(above is not None and above.text.strip() for above, _ in figures)
    numbered = bool(_NUMBERED.match(upper_label)) and not _NUMBERED.match(lower_label)
    if not (numbered and lower_label and (lower_blank or upper_blank)) and (lower_label or not upper_blank):
        return rest
    for above, cell in pairs:
        if above is not None:
            first.cells.remove(above)
            first.cells.append(Boxed(above.x0, above.top, above.x1, cell.bottom, _add(above.text, cell.text)))
    return [c for c in rest if c not in lower]


def _same_columns(cells: list[Boxed], cell: Boxed, floor: float) -> Boxed | None:
    """The cell above the page's end that has the same left and right border."""
    for above in cells:
        if (
            abs(above.bottom - floor) <= _NEAR
            and abs(above.x0 - cell.x0) <= _NEAR
            and abs(above.x1 - cell.x1) <= _NEAR
        ):
            return above
    return None


def _add(upper: str, lower: str) -> str:
    return "\n".join(part for part in (upper, lower) if part.strip())


def _texts(row: list[Boxed]) -> list[str]:
    return [join_lines(cell.text.split()) for cell in row]


def to_table(ruled: Ruled, number: int, budget: Budget) -> Table:
    """The table with logical rows and columns from its borders. Raises as ``Budget``."""
    xs = edges([c.x0 for c in ruled.cells] + [c.x1 for c in ruled.cells])
    ys = edges([c.top for c in ruled.cells] + [c.bottom for c in ruled.cells])
    cells: list[RawCell] = []
    for cell in sorted(ruled.cells, key=lambda c: (nearest(ys, c.top), c.x0)):
        row, column = nearest(ys, cell.top), nearest(xs, cell.x0)
        tall = max(1, nearest(ys, cell.bottom) - row)
        wide = max(1, nearest(xs, cell.x1) - column)
        budget.spend_cells(wide)
        text = join_lines(" ".join(line.split()) for line in cell.text.split("\n"))
        cells.append(RawCell(text, row, column, tall, wide))
    return Table(tuple(cells), Place(page=ruled.page, table=number))
