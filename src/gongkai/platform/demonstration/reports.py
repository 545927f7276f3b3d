"""What a page shows of a published report: its tables as printed, and what the check finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.annual.check import check
from gongkai.annual.findings import describe
from gongkai.annual.form import Form
from gongkai.annual.model import CellState, Report
from gongkai.annual.read import read_bytes
from gongkai.platform.demonstration.models import PublishedReport


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its label and its cells in words."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: its heading and columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in words: its public code, how bad it is, and the sentence."""

    code: str
    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A report with what was found in it."""

    edition: str
    tables: Sequence[Table]
    findings: Sequence[Finding]


_FINDINGS_OF_FIGURES = ("AR-T", "AR-V")
"""Codes that speak of tables and cells: the sentences of the report are not here to be checked."""


def report_in(published: PublishedReport) -> Report:
    """The report as it was stored."""
    (report,) = read_bytes(published.figures.encode(), source=published.body.name)
    return report


def checked(published: PublishedReport) -> Checked:
    """The figures of a published report and the findings on them."""
    report = report_in(published)
    findings = tuple(
        Finding(found.code, found.severity.value, describe(found))
        for found in check(report).findings
        if found.code.startswith(_FINDINGS_OF_FIGURES)
    )
    return Checked(report.form.edition, _tables(report, report.form), findings)


def _tables(report: Report, form: Form) -> tuple[Table, ...]:
    """One table for each block of the form, in printed order."""
    tables: list[Table] = []
    for grid in form.grids:
        for block in grid.blocks:
            rows = tuple(
                Row(
                    " ".join(row.labels),
                    tuple(_said(report, block.path(row.key, column.key)) for column in block.columns),
                )
                for row in block.rows
            )
            title = " ".join(part for part in (grid.title, block.heading) if part)
            tables.append(Table(title, tuple(" ".join(column.labels) for column in block.columns), rows))
    return tuple(tables)


def _said(report: Report, path: str) -> str:
    """A cell in words: a blank stays blank, and what is not certain is said to be so."""
    if path not in report.form.cells:
        return ""
    cell = report.cell(path)
    if cell.value is not None:
        return f"{cell.value:,}"
    return "" if cell.state is CellState.BLANK else str(_("不能确定"))
