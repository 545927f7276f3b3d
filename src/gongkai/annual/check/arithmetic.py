"""Arithmetic of the tables: every relation of the form, and torn rows that no reading can make agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

from gongkai.annual.check.registry import CheckContext, check
from gongkai.annual.findings import Finding, Severity, Verdict, finding
from gongkai.annual.form import Form
from gongkai.annual.model import Cell, CellState, Remnant, Report
from gongkai.annual.relations import Evaluation, Side, evaluate
from gongkai.annual.telling import standing, told_apart

BLANK_MISMATCH = "AR-T0-002"
TORN_ROWS = "AR-T3-004"
MAX_READINGS = 500
"""Ways to place the printed values among the columns beyond which torn rows are left alone."""
_FEW_BLANKS = 3
"""Blank cells that are named; of more the rest is counted."""


@check("arithmetic", BLANK_MISMATCH, TORN_ROWS)
def arithmetic(context: CheckContext) -> Iterator[Finding]:
    """Relations that fail, relations that fail if blanks are 0, and torn rows that cannot agree."""
    seen: set[tuple[str, tuple[str, ...], tuple[str, ...]]] = set()
    for evaluation in context.evaluations:
        # Several rows with one alternate in their place have one relation among them: told once.
        key = (evaluation.relation.id, evaluation.terms.left, evaluation.terms.right)
        if key in seen:
            continue
        seen.add(key)
        found = _of_relation(context.report, evaluation)
        if found is not None:
            yield found
    yield from _torn_rows(context.report)


def _of_relation(report: Report, evaluation: Evaluation) -> Finding | None:
    relation, left, right = evaluation.relation, evaluation.left, evaluation.right
    total_left = len(evaluation.terms.left) == 1 and len(evaluation.terms.right) > 1
    expected, found = (right.known, left.known) if total_left else (left.known, right.known)
    values = {
        "title": relation.title,
        "where": standing(report.form, evaluation.terms.cells).name,
        "left": written(report, evaluation.terms.left, left),
        "right": written(report, evaluation.terms.right, right),
    }
    if evaluation.verdict is Verdict.FAILS:
        return finding(
            relation.id,
            severity=Severity.ERROR,
            cells=evaluation.terms.cells,
            expected=expected,
            found=found,
            relation=relation.instance,
            values=values,
        )
    open_only_by_blanks = left.unknown == 0 and right.unknown == 0 and left.blank + right.blank > 0
    # Where no total is printed at all there is nothing that the parts could contradict.
    compared = left.numbers > 0 and right.numbers > 0
    if evaluation.verdict is Verdict.CANNOT_TELL and open_only_by_blanks and compared:
        values |= _told_of_blanks(report, evaluation)
        return finding(
            BLANK_MISMATCH,
            cells=evaluation.terms.cells,
            expected=expected,
            found=found,
            verdict=Verdict.CANNOT_TELL,
            relation=relation.instance,
            values=values,
        )
    return None


def _told_of_blanks(report: Report, evaluation: Evaluation) -> dict[str, object]:
    """What the warning of blanks says: which total, what its parts add up to, and which cells are blank."""
    relation, left, right = evaluation.relation, evaluation.left, evaluation.right
    terms = evaluation.terms
    if len(terms.left) == 1 or len(terms.right) == 1:
        total, parts = (left, right) if len(terms.left) == 1 else (right, left)
        cell = terms.left[0] if len(terms.left) == 1 else terms.right[0]
        name = _named(report.form, cell, terms.cells)
        zh = f"各分项合计 {parts.known}，“{name}”印的是 {total.known}"
        en = f"the parts add up to {parts.known} and “{name}” is printed as {total.known}"
    else:
        one, other = (
            [_named(report.form, p, terms.cells) for p in paths] for paths in (terms.left, terms.right)
        )
        zh = f"{_quoted(one)}合计 {left.known}，{_quoted(other)}合计 {right.known}"
        en = f"{_quoted(one, ' + ')} is {left.known} and {_quoted(other, ' + ')} is {right.known}"
    blank = [_named(report.form, p, terms.cells) for p in terms.cells if report.value(p) is None]
    few, more = blank[:_FEW_BLANKS], len(blank) > _FEW_BLANKS
    return {
        "title_zh": relation.title["zh"],
        "title_en": relation.title["en"],
        "sums_zh": zh,
        "sums_en": en,
        "apart": abs(left.known - right.known),
        "blanks_zh": _quoted(few) + (f"等 {len(blank)} 格" if more else ""),
        "blanks_en": _quoted(few, ", ") + (f" and {len(blank) - len(few)} more" if more else ""),
    }


def _quoted(names: list[str], between: str = "") -> str:
    return between.join(f"“{name}”" for name in names)


def _named(form: Form, path: str, beside: tuple[str, ...]) -> str:
    """What tells a cell from those beside it, without a definition in brackets behind a row's words."""
    name = told_apart(form, path, beside)
    return re.sub(r"(?<=.)（[^（）]*）$", "", name) if name in form.spec(path).row.labels else name


def written(report: Report, paths: tuple[str, ...], side: Side) -> str:
    """One side in numbers: ``65 + 9 + 5 = 79``; zeros are left out, ``… ≥`` says that cells are missing."""
    parts = [v for v in (report.value(p) for p in paths) if v is not None and v != 0]
    sum_of = " + ".join(f"({v})" if v < 0 else str(v) for v in parts)
    if not side.complete:
        return f"{sum_of} + … ≥ {side.known}" if parts else f"… ≥ {side.known}"
    return f"{sum_of} = {side.known}" if len(parts) > 1 else str(side.known)


def _torn_rows(report: Report) -> Iterator[Finding]:
    """Rows with too few or too many values: is there any choice of columns under which they agree?

    Rows of one block that print the same number of values are taken to lack the same columns. Each
    choice of columns is tried; if under every one some relation fails, no reading makes the rows agree.
    """
    form = report.form
    groups: dict[tuple[str, int, int], list[Remnant]] = {}
    for remnant in report.remnants:
        if not remnant.cells or len(remnant.values) >= len(remnant.cells):
            continue
        spec = form.spec(remnant.cells[0])
        groups.setdefault((spec.grid, spec.block, len(remnant.values)), []).append(remnant)
    for remnants in groups.values():
        # One row or two may have lost any cell; from three on it is the table that lost columns.
        if len(remnants) >= 3 and len({len(r.cells) for r in remnants}) == 1:
            found = _no_reading_agrees(report, remnants)
            if found is not None:
                yield found


def _no_reading_agrees(report: Report, remnants: list[Remnant]) -> Finding | None:
    size, printed = len(remnants[0].cells), len(remnants[0].values)
    readings = list(combinations(range(size), printed))
    if printed == 0 or len(readings) > MAX_READINGS:
        return None
    torn = {path for r in remnants for path in r.cells}
    touched = [r for r in report.form.relations if torn & set(r.cells)]
    ids: set[str] | None = None
    first: dict[str, Evaluation] = {}
    for columns in readings:
        tried = _placed(report, remnants, columns)
        failed = {
            e.relation.id: (tried, e)
            for e in (evaluate(tried, r) for r in reversed(touched))
            if e.verdict is Verdict.FAILS
        }
        ids = set(failed) if ids is None else ids & set(failed)
        if not failed:
            return None
        for code, (_, evaluation) in failed.items():
            first.setdefault(code, evaluation)
    # The same relation under every reading makes the plainest sentence; else the first reading's.
    code = next((r.id for r in touched if r.id in (ids or first)), touched[0].id)
    return _torn_finding(report, remnants, readings, first[code])


def _placed(report: Report, remnants: list[Remnant], columns: tuple[int, ...]) -> Report:
    cells: dict[str, Cell] = dict(report.cells)
    for remnant in remnants:
        for path in remnant.cells:
            cells[path] = Cell(CellState.MISSING)
        for column, text in zip(columns, remnant.values, strict=True):
            if text.strip().isascii() and text.strip().isdigit():
                cells[remnant.cells[column]] = Cell(CellState.VALUE, int(text), text)
    return replace(report, cells=MappingProxyType(cells))


def _torn_finding(
    report: Report, remnants: list[Remnant], readings: list[tuple[int, ...]], sample: Evaluation
) -> Finding:
    """Name the rows of the relation that fails: those that print something other than 0, and the total."""
    terms = set(sample.terms.cells)
    left = set(sample.terms.left)
    rows: dict[str, str] = {}
    cells: list[str] = []
    for remnant in remnants:
        spec = report.form.spec(remnant.cells[0])
        in_relation = terms & set(remnant.cells)
        if in_relation and (left & in_relation or any(v.strip() not in ("", "0") for v in remnant.values)):
            rows[spec.row.labels[-1] if spec.row.labels else spec.label] = " ".join(remnant.values)
            cells.extend(remnant.cells)
    values: Mapping[str, object] = {
        "rows": "；".join(f"{row}：{texts}" for row, texts in rows.items()),
        "printed": len(remnants[0].values),
        "columns": len(remnants[0].cells),
        "readings": len(readings),
        "relation_zh": sample.relation.title["zh"],
        "relation_en": sample.relation.title["en"],
    }
    return finding(TORN_ROWS, cells=tuple(cells), relation=sample.relation.id, values=values)
