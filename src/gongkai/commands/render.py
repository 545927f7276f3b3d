"""Reports and findings as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gongkai.annual.findings import Severity, Verdict
from gongkai.annual.form import Block, CellSpec, Grid, Row
from gongkai.annual.model import Cell, CellState, Place, Report, Scope
from gongkai.commands import terminal
from gongkai.i18n import _

_SCOPE = {Scope.OWN: _("本级"), Scope.AREA: _("全地区"), Scope.UNKNOWN: _("范围不明")}
SEVERITY = {Severity.ERROR: _("错误"), Severity.WARNING: _("提醒"), Severity.NOTE: _("说明")}
VERDICT = {
    Verdict.HOLDS: _("成立"),
    Verdict.FAILS: _("不成立"),
    Verdict.HOLDS_IF_BLANK_IS_ZERO: _("空格当作 0 时成立"),
    Verdict.CANNOT_TELL: _("无法判断"),
}

_WIDE = 7
"""More columns than this do not stand beside each other in a terminal."""


def heading(report: Report) -> str:
    """Body, year and edition in one line."""
    body = report.body or _("（单位不明）")
    year = _("{year} 年度").format(year=report.year) if report.year is not None else _("年度不明")
    return " · ".join([body, year, report.form.label["zh"], _SCOPE[report.scope]])


def cell_text(cell: Cell) -> str:
    """What a cell holds, so that blank, missing and unreadable are told apart."""
    match cell.state:
        case CellState.VALUE | CellState.ENTERED:
            return str(cell.value)
        case CellState.BLANK:
            return _("空")
        case CellState.MISSING:
            return _("缺")
        case CellState.NOT_APPLICABLE:
            return _("不适用")
        case CellState.UNREADABLE:
            return _("读不出")


def place_text(place: Place | None) -> str:
    """Where something stands in the source."""
    if place is None:
        return ""
    parts = [
        (place.page, _("第 {n} 页")),
        (place.line, _("文本第 {n} 行")),
        (place.table, _("第 {n} 个表")),
        (place.row, _("第 {n} 行")),
        (place.column, _("第 {n} 列")),
    ]
    return "".join(text.format(n=number) for number, text in parts if number is not None)


def grid_title(grid: Grid) -> str:
    """The table's name as people cite it."""
    numeral = "零一二三四五六七八九"[grid.number] if 0 <= grid.number <= 9 else str(grid.number)
    return _("{numeral}、{title}").format(numeral=numeral, title=grid.title)


def tables(report: Report, limit: int) -> Iterator[str]:
    """Every table of the report, aligned."""
    for grid in report.form.grids:
        yield ""
        yield grid_title(grid)
        for block in grid.blocks:
            yield ""
            yield from _block(report, block, limit)


def _block(report: Report, block: Block, limit: int) -> Iterator[str]:
    match block.rows:
        case (only,) if len(block.columns) > _WIDE:
            yield from _lying(report, block, only)
            return
        case _more:
            pass
    first = block.columns[0].key
    printed = [a for a in block.alternates if block.path(a.key, first) in report.cells]
    rows = [
        [
            label,
            *(
                "" if row is None else cell_text(report.cell(block.path(row.key, c.key)))
                for c in block.columns
            ),
        ]
        for label, row in labelled([*block.rows, *printed])
    ]
    head = [block.heading or "", *(c.labels[-1] for c in block.columns)]
    yield from terminal.table(head, rows, align="l" + "r" * len(block.columns), limit=limit)


def labelled(rows: Iterable[Row]) -> Iterator[tuple[str, Row | None]]:
    """Each row with its label, indented under the groups it belongs to; a group's own line has no row."""
    before: tuple[str, ...] = ()
    for row in rows:
        groups = row.labels[:-1]
        for depth, group in enumerate(groups):
            if before[: depth + 1] != groups[: depth + 1]:
                yield "  " * depth + group, None
        before = groups
        yield ("  " * len(groups) + row.labels[-1] if row.labels else ""), row


def _lying(report: Report, block: Block, row: Row) -> Iterator[str]:
    """A long single row, turned so that each group of columns is a line."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, column in enumerate(block.columns):
        groups.setdefault(column.labels[:-1], []).append(index)
    head: list[str] = []
    lines: list[list[str]] = []
    for labels, members in groups.items():
        own = [block.columns[i].labels[-1] for i in members]
        if own != head:
            if lines:
                yield from _turned(head, lines)
            head, lines = own, []
        lines.append(
            [
                " · ".join(labels),
                *(cell_text(report.cell(block.path(row.key, block.columns[i].key))) for i in members),
            ]
        )
    yield from _turned(head, lines)


def _turned(head: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    return terminal.table(["", *head], lines, align="l" + "r" * len(head))


def _without_remark(label: str) -> str:
    """A label without the remark in brackets behind it; a number in brackets before it stays."""
    start = label.rfind("（")
    return label[:start] if start > 0 and label.endswith("）") else label


def short_label(spec: CellSpec) -> str:
    """The row's label (the column's where the row has none), without groups and remarks."""
    return _without_remark(spec.row.labels[-1] if spec.row.labels else spec.column.labels[-1])


def cell_label(spec: CellSpec) -> str:
    """Row and column in words, without remarks."""
    return " · ".join(_without_remark(part) for part in spec.label.split(" · "))


def counts(findings: Iterable[Severity]) -> str:
    """How many findings of each severity, in words."""
    listed = list(findings)
    parts = [
        _("{count} 条{kind}").format(count=listed.count(severity), kind=SEVERITY[severity])
        for severity in Severity
        if severity in listed
    ]
    return "，".join(parts)
