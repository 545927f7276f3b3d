"""One report as one row: what stands in which column of the corpus file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from gongkai.annual.check import check
from gongkai.annual.corpus.engine import LostReason
from gongkai.annual.findings import Finding, Severity, describe, finding
from gongkai.annual.form import Form, builtin_forms
from gongkai.annual.model import CellState, Report
from gongkai.annual.read import read_path
from gongkai.annual.read.errors import ReadError

Value = int | Decimal | str | None | list[dict[str, object]]

LEADING = ("source", "number", "body", "scope", "title", "year", "form", "notice")
"""Columns before the cells; ``number`` counts the reports of one file from 1."""
TRAILING = ("errors", "warnings", "notes", "findings", "cell_states")
"""Columns behind the cells.

``findings`` is a list of records; ``cell_states`` names, as a JSON object, the state of every cell of the
form that holds no number, so that blank, missing and unreadable stay apart where the cell is null.
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file gave no row: a public code with its sentence, or what befell the work on it."""

    source: str
    code: str | None
    lost: LostReason | None
    message: str


@dataclass(frozen=True, slots=True)
class FileRows:
    """What one file gave: rows in the order of the reports, or a refusal."""

    source: str
    rows: tuple[tuple[Value, ...], ...] = ()
    refusal: Refusal | None = None


@cache
def cell_columns(forms: tuple[Form, ...] | None = None) -> Mapping[str, bool]:
    """Every cell of all editions as a column; ``True`` where it holds money, not a whole number."""
    columns: dict[str, bool] = {}
    for form in forms if forms is not None else builtin_forms():
        for path, spec in [*form.cells.items(), *form.alternates.items()]:
            columns.setdefault(path, spec.type.value in {"wan_yuan", "yuan"})
    return columns


def column_names(forms: tuple[Form, ...] | None = None) -> tuple[str, ...]:
    """All columns of the corpus file in order."""
    return (*LEADING, *cell_columns(forms), *TRAILING)


def row_of(report: Report, findings: Iterable[Finding], *, number: int = 1) -> tuple[Value, ...]:
    """A report and what was found in it as one row, in the order of ``column_names``."""
    found = tuple(findings)
    states = {path: report.cell(path).state.value for path in report.form.cells if report.value(path) is None}
    return (
        report.source,
        number,
        report.body,
        report.scope.value,
        report.title,
        report.year,
        report.form.edition,
        report.notice,
        *(_value(report, path) for path in cell_columns()),
        *(sum(1 for f in found if f.severity is severity) for severity in Severity),
        [_finding(f) for f in found],
        json.dumps(states, ensure_ascii=False),
    )


def _value(report: Report, path: str) -> int | Decimal | None:
    cell = report.cells.get(path)
    if cell is None or cell.state not in {CellState.VALUE, CellState.ENTERED}:
        return None
    return cell.value


def _finding(found: Finding) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "verdict": found.verdict.value,
        "relation": found.relation,
        "cells": list(found.cells),
        "expected": None if found.expected is None else str(found.expected),
        "found": None if found.found is None else str(found.found),
        "message": describe(found),
    }


def read_rows(source: str) -> FileRows:
    """Read and check a file: the function that the engine maps over a corpus."""
    try:
        reports = read_path(Path(source))
    except ReadError as error:
        told = describe(finding(error.code, values=error.values))
        return FileRows(source, refusal=Refusal(source, error.code, None, told))
    return FileRows(
        source,
        tuple(row_of(report, check(report).findings, number=n) for n, report in enumerate(reports, 1)),
    )
