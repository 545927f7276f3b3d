"""Which cells of the tables a check report marks, and with what; the numbers of findings and repairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from gongkai.annual.check.result import CheckResult
from gongkai.annual.findings import Finding, Severity, Verdict
from gongkai.annual.form import Form, Relation
from gongkai.annual.model import CellState, Number, Remnant, Report
from gongkai.annual.relations import Terms, evaluate, resolve
from gongkai.annual.repair import Localisation
from gongkai.annual.write.check_page_words import Words, words_for
from gongkai.annual.write.content import plain
from gongkai.annual.write.layout import layouts

# The ten heavenly stems, then the twelve earthly branches: a single character for 22 repairs.
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


MOST_NOTES = 6
"""A finding on more cells than this has its words under the first of them only."""


class MarkKind(StrEnum):
    """How a cell is marked, the gravest last."""

    NONE = "none"
    SAID = "said"
    """The text contradicts the cell; which of the two is right is open."""
    WARN = "warn"
    BAD = "bad"


_ORDER = tuple(MarkKind)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with its number on the page, from 1, and its number among those of its severity."""

    number: int
    finding: Finding
    ordinal: int


@dataclass(frozen=True, slots=True)
class CellMark:
    """What is marked on one cell; ``notes`` are words with the number of the finding they belong to."""

    kind: MarkKind = MarkKind.NONE
    notes: tuple[tuple[str, int], ...] = ()
    repairs: tuple[int, ...] = ()


NO_MARK = CellMark()


@dataclass(frozen=True, slots=True)
class View:
    """All that the parts of the page draw from; built once, changes nothing."""

    result: CheckResult
    localisation: Localisation | None
    words: Words
    findings: tuple[Numbered, ...]
    marks: Mapping[str, CellMark]
    torn: Mapping[str, Remnant]
    """Cells that belong to a row which could not be read into columns, by path."""
    anchors: frozenset[str]
    """Cells that have a place of their own on the page, so that a link to them leads somewhere."""
    traditional: bool

    @property
    def report(self) -> Report:
        return self.result.report

    @property
    def form(self) -> Form:
        return self.result.report.form


def view_of(
    result: CheckResult, localisation: Localisation | None, language: str, *, traditional: bool
) -> View:
    """Number the findings and work out every cell's marks; ``ValueError`` for an unknown language."""
    words = words_for(language)
    findings = tuple(_numbered(result.findings))
    # Without a relation that fails there is nothing to repair: blanks and unread cells are no errors.
    if not any(r.verdict is Verdict.FAILS for r in result.relations):
        localisation = None
    return View(
        result=result,
        localisation=localisation,
        words=words,
        findings=findings,
        marks=_marks(result, findings, localisation, words),
        torn=MappingProxyType({p: r for r in result.report.remnants for p in r.cells}),
        anchors=_anchors(result.report),
        traditional=traditional,
    )


def _numbered(findings: tuple[Finding, ...]) -> Iterator[Numbered]:
    counts = Counter[Severity]()
    for number, found in enumerate(findings, start=1):
        counts[found.severity] += 1
        yield Numbered(number, found, counts[found.severity])


def label_of(numbered: Numbered, words: Words) -> str:
    """How the page names a finding, as the command line does: 提醒 1; the count starts anew by severity."""
    kind = words(f"severity_{numbered.finding.severity.value}")
    return words("mark_see", kind=kind, n=numbered.ordinal)


def _anchors(report: Report) -> frozenset[str]:
    gone = missing_grids(report)
    drawn = {c.path for t in layouts(report) if t.grid.id not in gone for c in t.cells if c.path is not None}
    # A torn row is one cell on the page, with the place of its first column.
    hidden = {path for r in report.remnants for path in r.cells[1:]}
    return frozenset(drawn - hidden)


def letter(index: int, language: str) -> str:
    """The name of a repair by its place: 甲 乙 丙 … or A B C …, digits when these are used up."""
    names = _STEMS if language == "zh" else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return names[index] if index < len(names) else str(index + 1)


def relation_of(form: Form, found: Finding) -> Relation | None:
    """The form's relation that the finding is of, if it is of one."""
    if found.relation is None:
        return None
    return next((r for r in form.relations if r.instance == found.relation), None)


def printed_sum(terms: Terms) -> str | None:
    """The cell that is to be the sum of the others; ``None`` where several stand on both sides."""
    one, other = sorted((terms.left, terms.right), key=len)
    return one[0] if len(one) == 1 and len(other) > 1 else None


def sum_beside(report: Report, relation: Relation) -> Number:
    """What the parts of the relation add up to, beside its printed sum."""
    evaluation = evaluate(report, relation)
    return (evaluation.right if len(evaluation.terms.left) == 1 else evaluation.left).known


def missing_grids(report: Report) -> frozenset[str]:
    """Tables of which not one cell is on the page."""
    seen = {report.form.spec(p).grid for r in report.remnants for p in r.cells}
    seen |= {
        report.form.spec(path).grid
        for path, cell in report.cells.items()
        if cell.state is not CellState.MISSING
    }
    return frozenset(g.id for g in report.form.grids if g.id not in seen)


def _marks(
    result: CheckResult,
    findings: tuple[Numbered, ...],
    localisation: Localisation | None,
    words: Words,
) -> Mapping[str, CellMark]:
    kinds: dict[str, MarkKind] = {}
    notes: dict[str, list[tuple[str, int]]] = {}
    repairs: dict[str, list[int]] = {}
    torn = {path for r in result.report.remnants for path in r.cells}
    for numbered in findings:
        kind = _kind(numbered.finding)
        if kind is MarkKind.NONE:
            continue
        focus = _focus(result.report, numbered.finding)
        told_by_reading = numbered.finding in result.report.reading
        for at, path in enumerate(focus):
            # A torn row says itself what reading says of it; a cell that is not there cannot be framed.
            absent = result.report.cell(path).state is CellState.MISSING and path not in torn
            if absent or (told_by_reading and path in torn):
                continue
            kinds[path] = max(kinds.get(path, MarkKind.NONE), kind, key=_ORDER.index)
            if at == 0 or len(focus) <= MOST_NOTES or path in torn:
                note = _note(result.report, numbered, kind, words)
                notes.setdefault(path, []).append((note, numbered.number))
    for index, repair in enumerate(localisation.repairs if localisation is not None else ()):
        for change in repair.changes:
            repairs.setdefault(change.path, []).append(index)
    return MappingProxyType(
        {
            path: CellMark(
                kinds.get(path, MarkKind.NONE), tuple(notes.get(path, ())), tuple(repairs.get(path, ()))
            )
            for path in dict.fromkeys([*kinds, *repairs])
        }
    )


def _kind(found: Finding) -> MarkKind:
    match found.severity:
        case Severity.NOTE:
            return MarkKind.NONE
        case _ if found.spans:
            return MarkKind.SAID
        case Severity.ERROR:
            return MarkKind.BAD
        case Severity.WARNING:
            return MarkKind.WARN


def _focus(report: Report, found: Finding) -> tuple[str, ...]:
    """The cells to mark: of a sum the printed total, of everything else what the finding names."""
    relation = relation_of(report.form, found)
    if relation is not None:
        total = printed_sum(resolve(report, relation))
        if total is not None:
            return (total,)
    return found.cells


def _note(report: Report, numbered: Numbered, kind: MarkKind, words: Words) -> str:
    found = numbered.finding
    relation = relation_of(report.form, found)
    if relation is not None and printed_sum(resolve(report, relation)) is not None:
        return words("mark_sum", n=plain(sum_beside(report, relation)))
    if kind is MarkKind.SAID:
        return words("mark_said", see=label_of(numbered, words))
    if any(found.relation == yearly.instance for yearly in report.form.yearly):
        return words("mark_last_year", n=found.expected)
    return label_of(numbered, words)
