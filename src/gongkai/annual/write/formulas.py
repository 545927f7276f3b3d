"""The form's relations as spreadsheet formulas, each with the outcome a spreadsheet would compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from gongkai.annual.form import Form, Relation
from gongkai.annual.model import Number, Report
from gongkai.annual.write.content import plain

HOLDS, HOLDS_IF_ZERO, CANNOT_TELL = "成立", "成立（空格按 0 计）", "无法判断"

_FIRST_ROW = 4
_COLUMNS = ("D", "E", "F", "G")
_RESULT = 6
_MOST_ARGUMENTS = 200
"""A spreadsheet function takes 255 arguments at most."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One relation as a line of the check sheet.

    ``formulas`` are left side, right side, difference and result, each with its computed value.
    """

    relation: Relation
    subject: str
    """What the relation was expanded over, in words: a column, a row, a group."""
    row: int
    column: int
    formulas: tuple[tuple[str, str | float], ...]
    outcome: str

    @property
    def result(self) -> str:
        """Address of the result on the check sheet."""
        return xl_rowcol_to_cell(self.row, self.column, row_abs=True, col_abs=True)


def check_lines(report: Report, addresses: Mapping[str, str]) -> tuple[CheckLine, ...]:
    """A line for every relation of the form; ``addresses`` give the place of each printed cell.

    A cell that is not printed (one that stands under an alternate row) counts as empty.
    """
    return tuple(
        _line(report, relation, addresses, _FIRST_ROW + index)
        for index, relation in enumerate(report.form.relations)
    )


def _line(report: Report, relation: Relation, addresses: Mapping[str, str], row: int) -> CheckLine:
    left = [addresses[path] for path in relation.left if path in addresses]
    right = [addresses[path] for path in relation.right if path in addresses]
    sides = [f"{column}{row + 1}" for column in _COLUMNS]
    counts = (_over("COUNT", left), _over("COUNT", right))
    wanted = len(relation.cells)
    result = (
        f'IF(OR({counts[0]}=0,{counts[1]}=0),"{CANNOT_TELL}",'
        f"IF(ROUND({sides[2]},6)=0,"
        f'IF({counts[0]}+{counts[1]}={wanted},"{HOLDS}","{HOLDS_IF_ZERO}"),'
        f'"差 "&ROUND(ABS({sides[2]}),6)&IF({counts[0]}+{counts[1]}={wanted},"","（有空格）")))'
    )
    sums = (_sum(report, relation.left), _sum(report, relation.right))
    outcome = _outcome(report, relation)
    return CheckLine(
        relation=relation,
        subject=_subject(report.form, relation),
        row=row,
        column=_RESULT,
        formulas=(
            (f"={_over('SUM', left)}", float(sums[0])),
            (f"={_over('SUM', right)}", float(sums[1])),
            (f"={sides[0]}-{sides[1]}", float(sums[0] - sums[1])),
            (f"={result}", outcome),
        ),
        outcome=outcome,
    )


def _over(function: str, cells: Sequence[str]) -> str:
    """The function over cells that need not be neighbours; nothing to count is 0."""
    if not cells:
        return "0"
    groups = [cells[i : i + _MOST_ARGUMENTS] for i in range(0, len(cells), _MOST_ARGUMENTS)]
    parts = [f"{function}({','.join(group)})" for group in groups]
    return parts[0] if len(parts) == 1 else f"({'+'.join(parts)})"


def _values(report: Report, paths: Sequence[str]) -> list[Number]:
    return [value for value in map(report.value, paths) if value is not None]


def _sum(report: Report, paths: Sequence[str]) -> Number:
    total: Number = 0
    for value in _values(report, paths):
        total += value
    return total


def _outcome(report: Report, relation: Relation) -> str:
    """What the result formula shows for the report as it is."""
    left, right = _values(report, relation.left), _values(report, relation.right)
    if not left or not right:
        return CANNOT_TELL
    full = len(left) + len(right) == len(relation.cells)
    off = _sum(report, relation.left) - _sum(report, relation.right)
    if off == 0:
        return HOLDS if full else HOLDS_IF_ZERO
    return f"差 {plain(abs(off))}" + ("" if full else "（有空格）")


def _subject(form: Form, relation: Relation) -> str:
    specs = [form.spec(path) for path in relation.cells]
    if len({(spec.block, spec.row.key) for spec in specs}) == 1 and specs[0].row.labels:
        return specs[0].row.labels[-1]
    if len({(spec.block, spec.column.key) for spec in specs}) == 1 and specs[0].column.labels:
        return specs[0].column.labels[-1]
    shared: list[str] = []
    for level in zip(*(spec.column.labels for spec in specs), strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return " · ".join(shared)
