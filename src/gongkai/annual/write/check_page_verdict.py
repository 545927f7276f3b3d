"""What a check report says of the whole: its verdict in a line, and what kept the check from being whole."""

from __future__ import annotations

from collections import Counter

from gongkai.annual.findings import Severity, Verdict
from gongkai.annual.model import CellState, Report
from gongkai.annual.relations import resolve
from gongkai.annual.write.check_page_marks import View

_GAPS = (CellState.MISSING, CellState.UNREADABLE, CellState.BLANK, CellState.NOT_APPLICABLE)


def verdict_of(view: View) -> tuple[str, str]:
    """Shape and word of the whole."""
    words, result = view.words, view.result
    failing = sum(1 for r in result.relations if r.verdict is Verdict.FAILS)
    errors = result.count(Severity.ERROR)
    if errors:
        return "over", words("sums_fail", n=failing) if failing == errors else words("errors_found", n=errors)
    unchecked = gaps(view)
    if unchecked:
        count = open_relations(view)
        key = "open_relations" if count else "open_cells"
        return "half", words(key, n=count, gaps=unchecked)
    if result.count(Severity.WARNING):
        return "half", words("look_again", n=result.count(Severity.WARNING))
    return "tick", words("clean")


def relations_line(view: View) -> str:
    """How many relations of the form there are, and how many of them hold, fail or stay open."""
    words = view.words
    verdicts = Counter(r.verdict for r in view.result.relations)
    count, held = sum(verdicts.values()), verdicts[Verdict.HOLDS]
    if not count:
        return ""
    if held == count:
        return words("relations_all", n=count)
    line = words("relations_some", n=count, held=held)
    if verdicts[Verdict.HOLDS_IF_BLANK_IS_ZERO]:
        line += words("relations_blank", n=verdicts[Verdict.HOLDS_IF_BLANK_IS_ZERO])
    if verdicts[Verdict.FAILS]:
        line += words("relations_fail", n=verdicts[Verdict.FAILS])
    if verdicts[Verdict.CANNOT_TELL]:
        line += words("relations_open", n=verdicts[Verdict.CANNOT_TELL])
    return line


def open_relations(view: View) -> int:
    """How many relations cannot be told."""
    return sum(1 for r in view.result.relations if r.verdict is Verdict.CANNOT_TELL)


def gaps(view: View) -> str:
    """What keeps the check from being whole, in words: cells that are missing, unreadable or blank.

    Blanks are counted only where a relation stays open through them; empty where nothing is in the way.
    """
    report, words = view.report, view.words
    replaced = _replaced(report)
    states = {path: report.cell(path).state for path in view.form.cells if path not in replaced}
    held = {p for p, state in states.items() if state in (CellState.MISSING, CellState.UNREADABLE)}
    for result in view.result.relations:
        if result.verdict is Verdict.CANNOT_TELL:
            terms = resolve(report, result.relation).cells
            held |= {p for p in terms if report.value(p) is None}
    counts = Counter(report.cell(path).state for path in held)
    parts = [words(f"cells_{s.value}", n=counts[s]) for s in _GAPS if counts[s]]
    return words("comma").join(parts)


def _replaced(report: Report) -> frozenset[str]:
    """Cells that a printed alternate row stands for: nothing is missing there."""
    return frozenset(
        report.form.grid(spec.grid).blocks[spec.block].path(row, spec.column.key)
        for path, spec in report.form.alternates.items()
        if report.cell(path).state is not CellState.MISSING
        for row in spec.row.stands_for
    )
