"""Rows and cells that a printed table lacks; a table that is missing whole is told by ``sections``."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.annual.check.registry import CheckContext, check
from gongkai.annual.findings import Finding, Verdict, finding
from gongkai.annual.form import Block, Form, Grid, Row
from gongkai.annual.model import CellState, Report

MISSING_ROWS = "AR-V-009"
MISSING_CELLS = "AR-V-010"


@check("missing", MISSING_ROWS, MISSING_CELLS)
def missing(context: CheckContext) -> Iterator[Finding]:
    """One finding a table for the rows it lacks, and one for single cells that it lacks.

    A row for which an alternate row of another edition stands is told by the reading, and not here.
    """
    report = context.report
    for grid in report.form.grids:
        rows = [(block, row) for block in grid.blocks for row in block.rows]
        lacking = {_key(b, r): _lacking(report, b, r) for b, r in rows}
        widths = {_key(b, r): len(b.columns) for b, r in rows}
        whole = [(b, r) for b, r in rows if len(lacking[_key(b, r)]) == widths[_key(b, r)]]
        if len(whole) == len(rows):
            continue  # the whole table is missing
        if whole:
            cells = tuple(p for b, r in whole for p in lacking[_key(b, r)])
            yield finding(
                MISSING_ROWS,
                cells=cells,
                verdict=Verdict.CANNOT_TELL,
                values={"number": grid.number, "rows": _names(grid, whole), "count": len(whole)},
            )
        single = tuple(p for b, r in rows if (b, r) not in whole for p in lacking[_key(b, r)])
        if single:
            labels = "、".join(report.form.spec(p).label for p in single[:3]) + (
                " …" if len(single) > 3 else ""
            )
            yield finding(
                MISSING_CELLS,
                cells=single,
                verdict=Verdict.CANNOT_TELL,
                values={"number": grid.number, "cells": labels, "count": len(single)},
            )


def _key(block: Block, row: Row) -> tuple[int, str]:
    return id(block), row.key


def _lacking(report: Report, block: Block, row: Row) -> tuple[str, ...]:
    """Cells of the row that are not on the page, and for which nothing else stands."""
    torn = {path for remnant in report.remnants for path in remnant.cells}
    return tuple(
        path
        for path in (block.path(row.key, column.key) for column in block.columns)
        if report.cell(path).state is CellState.MISSING
        and path not in torn
        and not _stood_for(report, report.form, path)
    )


def _stood_for(report: Report, form: Form, path: str) -> bool:
    return any(report.cell(other).state is not CellState.MISSING for other in form.stand_ins(path))


def _names(grid: Grid, rows: list[tuple[Block, Row]]) -> str:
    names = [row.labels[-1] if row.labels else grid.title for _, row in rows]
    return "、".join(f"“{n}”" for n in names[:4]) + (" …" if len(names) > 4 else "")
