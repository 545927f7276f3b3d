"""What checking a report yields: findings, every relation with its verdict, every figure matched."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gongkai.annual.findings import Finding, Severity, Span, Verdict
from gongkai.annual.form import Relation
from gongkai.annual.model import Number, Report


@dataclass(frozen=True, slots=True)
class RelationResult:
    """One relation of the form, evaluated on one report.

    ``left`` and ``right`` are the sums over the cells that hold numbers; a blank counts as 0 there and
    ``verdict`` then says so. They are ``None`` where no cell of that side holds a number.
    """

    relation: Relation
    verdict: Verdict
    left: Number | None
    right: Number | None


@dataclass(frozen=True, slots=True)
class FigureMatch:
    """A figure of the narrative that was set against something: a cell, another figure, arithmetic.

    ``figure`` is the number as understood (factor applied), ``against`` what it was compared with
    (``None`` where there was nothing to compare, verdict ``cannot_tell``).
    """

    span: Span
    figure: Number
    unit: str
    concept: str
    """What the figure counts, a key of the narrative glossary (e.g. ``requests_received``)."""
    cells: tuple[str, ...]
    against: Number | Decimal | None
    verdict: Verdict
    finding: Finding | None = None
    """The finding raised for it, if any."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A report with all that was noticed; findings are ordered by severity, then place."""

    report: Report
    findings: tuple[Finding, ...]
    relations: tuple[RelationResult, ...]
    figures: tuple[FigureMatch, ...] = ()
    last_year: Report | None = None

    def count(self, severity: Severity) -> int:
        """How many findings of that severity there are."""
        return sum(1 for f in self.findings if f.severity is severity)
