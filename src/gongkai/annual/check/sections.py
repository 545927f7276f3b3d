"""The report's parts: missing, empty, out of order; tables that are not there; the statement on fees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.annual.check.registry import CheckContext, check
from gongkai.annual.findings import Finding, Verdict, finding
from gongkai.annual.model import CellState, Report

MISSING_SECTION = "AR-S-001"
EMPTY_SECTION = "AR-S-002"
ORDER = "AR-S-003"
MISSING_TABLE = "AR-S-004"
NO_FEE_STATEMENT = "AR-S-005"

# Traditional forms too: the text is matched as printed.
_FEE_WORDS = re.compile("[费費]|收取")


@check("sections", MISSING_SECTION, EMPTY_SECTION, ORDER, MISSING_TABLE, NO_FEE_STATEMENT)
def sections(context: CheckContext) -> Iterator[Finding]:
    """Every part of the form is looked for, in the form's order."""
    report = context.report
    yield from _tables(report)
    with_tables = {grid.section for grid in report.form.grids}
    for section in report.form.sections:
        text = report.sections.get(section.id)
        values = {"number": section.id, "label": section.label}
        if text is None:
            yield finding(MISSING_SECTION, expected=section.label, values=values)
        elif not text.strip() and section.id not in with_tables:
            yield finding(EMPTY_SECTION, values=values)
    yield from _order(report)
    yield from _fee_statement(report)


def _tables(report: Report) -> Iterator[Finding]:
    """A table of which not one cell is on the page; single missing cells are reported by the reading."""
    torn = {report.form.spec(path).grid for r in report.remnants for path in r.cells}
    printed = {
        report.form.spec(path).grid
        for path, cell in report.cells.items()
        if cell.state is not CellState.MISSING
    }
    for grid in report.form.grids:
        if grid.id not in printed and grid.id not in torn:
            cells = tuple(s.path for s in report.form.cells.values() if s.grid == grid.id)
            yield finding(MISSING_TABLE, cells=cells, values={"number": grid.number, "table": grid.title})


def _order(report: Report) -> Iterator[Finding]:
    known = [s.id for s in report.form.sections]
    seen = [number for number in report.section_labels if number in known]
    if seen != sorted(seen, key=known.index):
        yield finding(ORDER, found=" ".join(seen), values={"order": "、".join(seen)})


def _fee_statement(report: Report) -> Iterator[Finding]:
    """The last part states the year's processing fees, if only that there were none."""
    last = report.form.sections[-1].id
    text = report.sections.get(last, "")
    if text.strip() and not _FEE_WORDS.search(text):
        yield finding(NO_FEE_STATEMENT, verdict=Verdict.CANNOT_TELL, values={"number": last})
