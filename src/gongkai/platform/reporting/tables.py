"""Tables 3 and 4 as rows for a template: headings and labels from the form, numbers from a report.

Which rows and columns there are, what they are called and which are totals stands in the form alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from gongkai.annual.form import Block, Column, Form, Row
from gongkai.annual.model import Number, Report

_ASIDE = re.compile(r"(?P<label>（.+?）[^（]+)(?P<aside>（.+）)")
"""A label with a remark behind it: （二）部分公开 and （区分处理的，…）."""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One printed cell; ``value`` is ``None`` for a heading and for a blank, ``path`` names a value."""

    header: bool
    text: str
    row_span: int = 1
    column_span: int = 1
    path: str = ""
    value: Number | None = None
    total: bool = False
    scope: str = ""
    """``col``, ``colgroup``, ``row``, ``rowgroup`` for a heading."""
    css: str = ""
    aside: str = ""
    """What of a heading is a remark, in small type."""
    group: str = ""
    """The group that a row begins; said again where the group's own cell is folded away, as on a phone."""
    label: str = ""
    """Row and column of a value in words, for whoever hears the page."""

    @property
    def is_zero(self) -> bool:
        """A counted 0, printed lightly; a blank is none."""
        return self.value is not None and self.value == 0


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of cells; iterates over them."""

    cells: tuple[FigureCell, ...]
    css: str = ""

    def __iter__(self) -> Iterator[FigureCell]:
        return iter(self.cells)


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table of the form with its numbers."""

    key: str
    number: int
    title: str
    head: tuple[FigureRow, ...]
    rows: tuple[FigureRow, ...]


def requests_table(report: Report) -> FigureTable:
    """Table 3: requests by outcome and kind of applicant, as the form prints it."""
    grid = report.form.grid("requests")
    block = grid.blocks[0]
    depth = max(len(row.labels) for row in block.rows)
    lines = _header(block.columns)
    corner = FigureCell(
        True, (block.note or "").strip("（）"), row_span=len(lines), column_span=depth, scope="col",
        css="note0 stick lab",
    )  # fmt: skip
    return FigureTable(
        key=grid.id,
        number=grid.number,
        title=grid.title,
        head=tuple(
            FigureRow((corner, *line) if level == 0 else tuple(line)) for level, line in enumerate(lines)
        ),
        rows=tuple(
            FigureRow(
                (
                    *_labels(block, place, depth),
                    *(_value(report, block.path(row.key, column.key), column) for column in block.columns),
                ),
                "sumr" if row.total else ("first" if len(row.labels) == 1 else ""),
            )
            for place, row in enumerate(block.rows)
        ),
    )


def remedies_table(report: Report) -> FigureTable:
    """Table 4: one row for each way (reconsideration, suits), its results as columns.

    The form prints it as one row of fifteen columns, which no screen shows; the numbers are the same.
    """
    grid = report.form.grid("remedies")
    block = grid.blocks[0]
    ways = [list(columns) for _way, columns in groupby(block.columns, key=lambda one: one.labels[:-1])]
    results = [FigureCell(True, one.labels[-1], scope="col", css="num") for one in ways[0]]
    return FigureTable(
        key=grid.id,
        number=grid.number,
        title=grid.title,
        head=(FigureRow((FigureCell(True, _("途径"), scope="col"), *results)),),
        rows=tuple(
            FigureRow(
                (
                    FigureCell(True, "，".join(columns[0].labels[:-1]), scope="row"),
                    *(_value(report, block.path("figures", column.key), column) for column in columns),
                )
            )
            for columns in ways
        ),
    )


def words_of(form: Form) -> Mapping[str, str]:
    """Keys of rows, columns and cells as the form calls them, for notes that name them."""
    found: dict[str, str] = {}
    for grid in form.grids:
        for block in grid.blocks:
            found |= {row.key: row.labels[-1] for row in block.rows if row.labels}
            found |= {column.key: column.labels[-1] for column in block.columns if column.labels}
    return found | {path: spec.label for path, spec in form.cells.items()}


def _labels(block: Block, place: int, depth: int) -> list[FigureCell]:
    """The header cells of a row: those of groups that it begins, and its own."""
    labels = block.rows[place].labels
    found: list[FigureCell] = []
    group = ""
    for level in range(len(labels) - 1):
        size = _begins(block.rows, place, level)
        if size:
            css = "grp" if level else "side"
            found.append(FigureCell(True, labels[level], row_span=size, scope="rowgroup", css=css))
            group = labels[level] if level else group
    parted = _ASIDE.fullmatch(labels[-1])
    text, aside = (parted["label"], parted["aside"]) if parted is not None else (labels[-1], "")
    found.append(
        FigureCell(
            True, text, column_span=depth - len(labels) + 1, scope="row", css="stick lab", aside=aside,
            group=group,
        )
    )  # fmt: skip
    return found


def _begins(rows: Sequence[Row], place: int, level: int) -> int:
    """How many rows the group of this level has, where this row is its first; else 0."""
    key = rows[place].labels[: level + 1]

    def inside(row: Row) -> bool:
        return len(row.labels) > level + 1 and row.labels[: level + 1] == key

    if place and inside(rows[place - 1]):
        return 0
    size = 0
    while place + size < len(rows) and inside(rows[place + size]):
        size += 1
    return size


def _header(columns: Sequence[Column]) -> list[list[FigureCell]]:
    """The lines of the heading, from the outermost label to the innermost."""
    depth = max(len(column.labels) for column in columns)
    lines: list[list[FigureCell]] = [[] for _level in range(depth)]
    for level in range(depth):
        for key, group in groupby(columns, key=lambda one: one.labels[: level + 1]):
            size = len(list(group))
            if len(key) <= level:
                continue
            last = any(one.labels == key for one in columns)
            lines[level].append(
                FigureCell(
                    True, key[level], column_span=size, row_span=depth - level if last else 1,
                    scope="col" if last else "colgroup",
                )
            )  # fmt: skip
    return lines


def _value(report: Report, path: str, column: Column) -> FigureCell:
    spec, value = report.form.spec(path), report.value(path)
    text = "" if value is None else str(value)
    return FigureCell(False, text, path=path, value=value, total=spec.total, label=spec.label)
