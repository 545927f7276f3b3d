"""Check a report: run every family, gather findings, relations and matched figures.

``check(report).findings`` is where most callers begin.
"""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.annual.check import arithmetic, edition, missing, sections, values, yearly
from gongkai.annual.check.narrative import narrative_checks
from gongkai.annual.check.registry import CheckContext, families
from gongkai.annual.check.result import CheckResult, FigureMatch, RelationResult
from gongkai.annual.findings import Finding, Severity
from gongkai.annual.model import Number, Report
from gongkai.annual.relations import Evaluation, Side

__all__ = ["CheckResult", "FigureMatch", "RelationResult", "check"]

# Named so that the modules are imported for what they register, in the order they run.
FAMILIES = (
    arithmetic.arithmetic,
    missing.missing,
    values.values,
    edition.edition,
    sections.sections,
    yearly.yearly,
)
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check(report: Report, *, last_year: Report | None = None) -> CheckResult:
    """Check one report, and against last year's where it is given.

    - returns every finding (those of the reading included), every relation with its verdict, every
      figure of the narrative that was set against something;
    - raises nothing for anything that a report may hold, and never changes it;
    - the same report gives the same result.
    """
    context = CheckContext.of(report, last_year)
    found = [*report.reading]
    for family in families().values():
        found.extend(family.run(context))
    # Not a family: it also returns every figure it matched, whether it agreed or not.
    from_text, figures = narrative_checks(report, last_year)
    found.extend(from_text)
    return CheckResult(
        report=report,
        findings=_sorted(report, found),
        relations=tuple(_result(e) for e in context.evaluations),
        figures=tuple(figures),
        last_year=last_year,
    )


def _result(evaluation: Evaluation) -> RelationResult:
    def number(side: Side) -> Number | None:  # a side without any number has no sum to show
        return side.known if side.numbers else None

    return RelationResult(
        evaluation.relation, evaluation.verdict, number(evaluation.left), number(evaluation.right)
    )


def _sorted(report: Report, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, then place: tables in printed order, then the text, then what has no place."""
    order = {path: index for index, path in enumerate([*report.form.cells, *report.form.alternates])}

    def key(one: Finding) -> tuple[int, int, int, str, int, str]:
        if one.cells:
            return (_RANK[one.severity], 0, order.get(one.cells[0], len(order)), "", 0, one.code)
        if one.spans:
            span = one.spans[0]
            return (_RANK[one.severity], 1, 0, span.section, span.start, one.code)
        return (_RANK[one.severity], 2, 0, "", 0, one.code)

    return tuple(sorted(found, key=key))
