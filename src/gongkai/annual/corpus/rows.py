"""One report as one row: what stands in which column of the corpus file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from gongkai.annual.check import check
from gongkai.annual.corpus.engine import LostReason
from gongkai.annual.findings import Finding, Severity, describe, finding
from gongkai.annual.form import builtin_forms
from gongkai.annual.model import CellState, Report
from gongkai.annual.read import read_path
from gongkai.annual.read.errors import ReadError
from gongkai.annual.read.names import shown_name
from gongkai.annual.write.schema import ColumnKind, all_columns

Value = int | Decimal | str | None | list[dict[str, object]]

TRAILING = ("number", "notice", "errors", "warnings", "notes", "findings", "cell_states")
"""Columns behind those of ``write.schema``; ``number`` counts the reports of one file from 1.

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
def leading() -> Mapping[str, ColumnKind]:
    """The columns that every columnar file has: what the report is, then every cell of all editions."""
    return dict(all_columns(builtin_forms()))


def column_names() -> tuple[str, ...]:
    """All columns of the corpus file in order."""
    return (*leading(), *TRAILING)


def row_of(report: Report, findings: Iterable[Finding], *, number: int = 1) -> tuple[Value, ...]:
    """A report and what was found in it as one row, in the order of ``column_names``."""
    found = tuple(findings)
    printed = [path for path in report.form.alternates if path in report.cells]
    states = {
        path: report.cell(path).state.value
        for path in [*report.form.cells, *printed]
        if report.value(path) is None
    }
    about: dict[str, Value] = {
        "source": report.source,
        "body": report.body,
        "scope": report.scope.value,
        "title": report.title,
        "year": report.year,
        "form": report.form.edition,
    }
    return (
        *(about[name] if name in about else _value(report, name) for name in leading()),
        number,
        report.notice,
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


def read_rows(source: str, *, ocr: bool = False) -> FileRows:
    """Read and check a file: the function that the engine maps over a corpus."""
    shown = shown_name(source)
    try:
        reports = read_path(Path(source), ocr=ocr)
    except ReadError as error:
        told = describe(finding(error.code, values=error.values))
        return FileRows(shown, refusal=Refusal(shown, error.code, None, told))
    return FileRows(
        shown,
        tuple(
            # The file is what a row is found by; our JSON would name where it was made from.
            row_of(replace(report, source=shown), check(report).findings, number=n)
            for n, report in enumerate(reports, 1)
        ),
    )
