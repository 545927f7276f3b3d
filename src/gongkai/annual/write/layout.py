"""The printed layout of a form's tables: merged heading and label cells, derived from the form alone.

Every writer (and the check page) draws what stands here, so that all formats show the same table and
a new edition needs no code. A cell is addressed by its origin; spans are explicit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gongkai.annual.form import Block, Grid, Row
from gongkai.annual.model import CellState, Report

Origin = tuple[int, int]
"""Row and column of a layout cell, 0-based."""


class CellKind(StrEnum):
    """What a printed cell is."""

    HEADING = "heading"
    """Heading of a block over its whole width."""
    CORNER = "corner"
    """Top left: what the labels are, or the form's note."""
    COLUMN = "column"
    """Heading of one column or of several."""
    GROUP = "group"
    """Label of several rows."""
    ROW = "row"
    """Label of one row."""
    VALUE = "value"
    """A cell of the form; ``path`` says which."""


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """One printed cell; ``headers`` are the origins of the cells that head a value, outermost first."""

    row: int
    column: int
    kind: CellKind
    text: str = ""
    row_span: int = 1
    column_span: int = 1
    path: str | None = None
    total: bool = False
    """True in the rows and columns of totals, labels included."""
    headers: tuple[Origin, ...] = ()
    group: str | None = None
    """On the first row label of a group: the label of that group."""

    @property
    def origin(self) -> Origin:
        return (self.row, self.column)

    @property
    def header(self) -> bool:
        """True for everything but a value."""
        return self.kind is not CellKind.VALUE


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A printed table.

    - ``rows`` hold the cells that begin in each row, from left to right.
    - ``head_rows`` leading rows are repeated on every page (0 where the table has several blocks).
    - ``widths`` are column widths in characters of the table's type.
    """

    grid: Grid
    rows: tuple[tuple[LayoutCell, ...], ...]
    width: int
    label_width: int
    head_rows: int
    widths: tuple[float, ...]

    @property
    def cells(self) -> Iterator[LayoutCell]:
        """All cells in reading order."""
        for row in self.rows:
            yield from row

    def at(self, origin: Origin) -> LayoutCell:
        """The cell that begins there; ``KeyError`` where none does."""
        for cell in self.rows[origin[0]]:
            if cell.column == origin[1]:
                return cell
        raise KeyError(origin)


def layouts(report: Report) -> tuple[TableLayout, ...]:
    """The tables of the report's form as they are to be printed for this report.

    A row that stands for several others (``alternates``) is printed where the report has it; the rows
    it stands for are then printed only if the report has any of their cells.
    """
    return tuple(layout(grid, report) for grid in report.form.grids)


def layout(grid: Grid, report: Report | None = None) -> TableLayout:
    """The printed layout of one table; without a report that of the empty form."""
    rows_of = [_printed_rows(block, report) for block in grid.blocks]
    label_width = max((_depth(rows) for rows in rows_of), default=0)
    value_width = max(
        len(block.columns) - (0 if _depth(rows) else label_width)
        for block, rows in zip(grid.blocks, rows_of, strict=True)
    )
    width = label_width + max(1, value_width)
    cells: list[LayoutCell] = []
    top = 0
    for block, rows in zip(grid.blocks, rows_of, strict=True):
        drawn, top = _draw(block, rows, top, label_width if _depth(rows) else 0, width)
        cells += drawn
    lines: list[list[LayoutCell]] = [[] for _ in range(top)]
    for cell in sorted(cells, key=lambda c: c.origin):
        lines[cell.row].append(cell)
    single = len(grid.blocks) == 1
    head = next((c.row for c in cells if c.kind is CellKind.VALUE), 0) if single else 0
    return TableLayout(
        grid=grid,
        rows=tuple(tuple(line) for line in lines),
        width=width,
        label_width=label_width,
        head_rows=head,
        widths=_widths(label_width, width - label_width),
    )


def _printed_rows(block: Block, report: Report | None) -> tuple[Row, ...]:
    if report is None:
        return block.rows

    def printed(row: Row) -> bool:
        paths = (block.path(row.key, column.key) for column in block.columns)
        return any(report.cell(path).state is not CellState.MISSING for path in paths)

    alternates = [row for row in block.alternates if printed(row)]
    rows: list[Row] = []
    placed: set[str] = set()
    for row in block.rows:
        standing = [a for a in alternates if row.key in a.stands_for]
        rows += [a for a in standing if a.key not in placed]
        placed.update(a.key for a in standing)
        if not standing or printed(row):
            rows.append(row)
    return (*rows, *(a for a in alternates if a.key not in placed))


def _depth(rows: Iterable[Row]) -> int:
    return max((len(row.labels) for row in rows), default=0)


def _draw(
    block: Block, rows: Sequence[Row], top: int, label_width: int, width: int
) -> tuple[list[LayoutCell], int]:
    """The cells of one block, and the first row below it."""
    cells: list[LayoutCell] = []
    over: tuple[Origin, ...] = ()
    if block.heading is not None:
        cells.append(LayoutCell(top, 0, CellKind.HEADING, block.heading, column_span=width))
        over = ((top, 0),)
        top += 1
    corner = "".join(text for text in (block.corner, block.note) if text)
    if corner and not label_width:
        cells.append(LayoutCell(top, 0, CellKind.CORNER, corner, column_span=width))
        top += 1
    spans = _share(width - label_width, len(block.columns))
    starts = [label_width + sum(spans[:i]) for i in range(len(spans))]
    depth = max(len(column.labels) for column in block.columns)
    if label_width and depth:
        cells.append(LayoutCell(top, 0, CellKind.CORNER, corner, depth, label_width))
    columns = _column_heads(block, top, depth, starts, spans)
    cells += columns
    first = top + depth
    labels = _row_labels(rows, first, label_width)
    cells += labels
    for offset, row in enumerate(rows):
        line = first + offset
        beside = tuple(c.origin for c in labels if c.row <= line < c.row + c.row_span)
        for column, start, span in zip(block.columns, starts, spans, strict=True):
            above = tuple(c.origin for c in columns if c.column <= start < c.column + c.column_span)
            cells.append(
                LayoutCell(
                    line,
                    start,
                    CellKind.VALUE,
                    column_span=span,
                    path=block.path(row.key, column.key),
                    total=row.total or column.total,
                    headers=(*over, *above, *beside),
                )
            )
    return cells, first + len(rows)


def _share(width: int, parts: int) -> list[int]:
    """Widths of the columns of a narrower block; the last takes what is left, as the form prints it."""
    spans = [width // parts] * parts
    spans[-1] += width % parts
    return spans


def _runs(labels: Sequence[tuple[str, ...]], level: int) -> Iterator[tuple[int, int]]:
    """Stretches (start, length) of neighbours that share their labels down to ``level``."""
    start = 0
    while start < len(labels):
        length = 1
        mine = labels[start]
        # A label that is somebody's last is its own; only headings over deeper labels are merged.
        if len(mine) > level + 1:
            while (
                start + length < len(labels)
                and len(labels[start + length]) > level + 1
                and labels[start + length][: level + 1] == mine[: level + 1]
            ):
                length += 1
        if len(mine) > level:
            yield start, length
        start += length


def _column_heads(
    block: Block, top: int, depth: int, starts: Sequence[int], spans: Sequence[int]
) -> list[LayoutCell]:
    labels = [column.labels for column in block.columns]
    cells: list[LayoutCell] = []
    for level in range(depth):
        for start, length in _runs(labels, level):
            last = len(labels[start]) == level + 1
            cells.append(
                LayoutCell(
                    top + level,
                    starts[start],
                    CellKind.COLUMN,
                    labels[start][level],
                    row_span=depth - level if last else 1,
                    column_span=sum(spans[start : start + length]),
                    total=last and block.columns[start].total,
                )
            )
    return cells


def _row_labels(rows: Sequence[Row], first: int, label_width: int) -> list[LayoutCell]:
    labels = [row.labels for row in rows]
    cells: list[LayoutCell] = []
    for level in range(label_width):
        for start, length in _runs(labels, level):
            last = len(labels[start]) == level + 1
            opens = last and level > 0 and (start == 0 or labels[start - 1][:level] != labels[start][:level])
            cells.append(
                LayoutCell(
                    first + start,
                    level,
                    CellKind.ROW if last else CellKind.GROUP,
                    labels[start][level],
                    row_span=length,
                    column_span=label_width - level if last else 1,
                    total=last and rows[start].total,
                    group=labels[start][level - 1] if opens else None,
                )
            )
    cells += [  # a row without a label in a table that has labels keeps its place
        LayoutCell(first + start, 0, CellKind.ROW, column_span=label_width)
        for start, own in enumerate(labels)
        if not own and label_width
    ]
    return cells


def _widths(label_width: int, value_width: int) -> tuple[float, ...]:
    """Outer groups are narrow, the innermost group holds five characters, the label gets the room."""
    groups = [4.6 if level == label_width - 2 else 2.3 for level in range(max(0, label_width - 1))]
    label = [15.0] if label_width else []
    value = max(2.8, min(9.0, 27.0 / value_width))
    return (*groups, *label, *([value] * value_width))
