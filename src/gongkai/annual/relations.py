"""Evaluation of the form's relations on reports: which cells take part, and what follows from them.

Checking, localising and comparing all stand on this module, so that they cannot disagree. Blank cells
count as 0 only for the verdict that says so; of missing and unreadable cells nothing is assumed but that
a count or an amount is never negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.annual.findings import Verdict
from gongkai.annual.form import CellSpec, Form, Relation, ValueType, YearlyRelation
from gongkai.annual.model import CellState, Number, Report

BLANK_STATES = frozenset({CellState.BLANK, CellState.NOT_APPLICABLE})
"""Cells that are there and hold no number: 0 is the likeliest meaning, not a certain one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The cells of a relation as this report prints them: alternates in place of the rows they stand for."""

    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a relation: the sum of the numbers that are there, and how many are not."""

    known: Number
    numbers: int
    blank: int
    unknown: int
    signed: bool
    """True if an unknown cell may hold a negative number, so that ``known`` is no lower bound."""

    @property
    def complete(self) -> bool:
        return self.blank == 0 and self.unknown == 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A relation on one report."""

    relation: Relation
    terms: Terms
    left: Side
    right: Side
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class YearlyEvaluation:
    """A relation between two years; ``this`` and ``last`` are ``None`` where a cell holds no number."""

    relation: YearlyRelation
    verdict: Verdict
    this: Number | None
    last: Number | None


def alternate_groups(form: Form, relation: Relation) -> dict[str, tuple[str, ...]]:
    """Alternate cells that may stand in for cells of the relation, each with the cells it stands for.

    An alternate replaces all its rows together. That keeps the relation true in two cases only: one side
    contains all the cells it stands for, or the whole relation lies in one of its rows (then the relation
    of the alternate row is the sum of theirs).
    """
    groups: dict[str, tuple[str, ...]] = {}
    specs = [form.spec(p) for p in relation.cells]
    one_row = len({(s.grid, s.block, s.row.key) for s in specs}) == 1 and len(specs) > 1
    for alternate in form.alternates.values():
        members = _members(form, alternate)
        touched = tuple(p for p in members if p in relation.left or p in relation.right)
        if not touched:
            continue
        whole = set(members) <= set(relation.left) or set(members) <= set(relation.right)
        if whole or one_row:
            groups[alternate.path] = members
    return groups


def _members(form: Form, alternate: CellSpec) -> tuple[str, ...]:
    block = form.grid(alternate.grid).blocks[alternate.block]
    return tuple(block.path(row, alternate.column.key) for row in alternate.row.stands_for)


def resolve(report: Report, relation: Relation) -> Terms:
    """The cells to add up: where an alternate is printed and its rows are not, the alternate, once."""
    if not any(path in report.cells for path in report.form.alternates):
        return Terms(relation.left, relation.right)
    swap: dict[str, str] = {}
    for alternate, members in alternate_groups(report.form, relation).items():
        printed = report.cell(alternate).state is not CellState.MISSING
        if printed and all(report.cell(m).state is CellState.MISSING for m in members):
            swap.update(dict.fromkeys(members, alternate))
    return Terms(_swapped(relation.left, swap), _swapped(relation.right, swap))


def _swapped(paths: Iterable[str], swap: dict[str, str]) -> tuple[str, ...]:
    # dict.fromkeys drops the repeats that several rows with one alternate leave, and keeps the order.
    return tuple(dict.fromkeys(swap.get(p, p) for p in paths))


def evaluate(report: Report, relation: Relation) -> Evaluation:
    """The relation's verdict on this report, with both sums."""
    terms = resolve(report, relation)
    left, right = _side(report, terms.left), _side(report, terms.right)
    return Evaluation(relation, terms, left, right, verdict_of(left, right))


def evaluate_all(report: Report) -> tuple[Evaluation, ...]:
    """Every relation of the report's form, in the form's order."""
    return tuple(evaluate(report, relation) for relation in report.form.relations)


def verdict_of(left: Side, right: Side) -> Verdict:
    """What follows from two sides.

    - both complete: they agree or not;
    - known parts of one side exceed the complete other side: it fails, whatever the rest is;
    - only blanks are open and the known parts agree: it holds if blanks are 0;
    - else it cannot be told.
    """
    if left.complete and right.complete:
        return Verdict.HOLDS if left.known == right.known else Verdict.FAILS
    if (_exceeds(left, right)) or (_exceeds(right, left)):
        return Verdict.FAILS
    if left.unknown == 0 and right.unknown == 0 and left.known == right.known:
        return Verdict.HOLDS_IF_BLANK_IS_ZERO
    return Verdict.CANNOT_TELL


def _exceeds(one: Side, other: Side) -> bool:
    return other.complete and not one.signed and one.known > other.known


def _side(report: Report, paths: Iterable[str]) -> Side:
    known: Number = 0
    numbers = blank = unknown = 0
    signed = False
    for path in paths:
        cell = report.cell(path)
        if cell.value is not None:
            known = known + cell.value
            numbers += 1
            continue
        if cell.state in BLANK_STATES:
            blank += 1
        else:
            unknown += 1
        signed = signed or report.form.spec(path).type is ValueType.SIGNED
    return Side(known, numbers, blank, unknown, signed)


def evaluate_yearly(this: Report, last: Report, relation: YearlyRelation) -> YearlyEvaluation | None:
    """A relation between this year's report and last year's.

    ``None`` where one of the two forms has no such cell. Missing and unreadable cells give
    ``cannot_tell``, and so do blanks, unless counting them as 0 makes the relation hold.
    """
    for terms, report in ((relation.this, this), (relation.last, last)):
        if any(path not in report.form.cells for _, path in terms):
            return None
    now, now_open = _signed_sum(this, relation.this)
    then, then_open = _signed_sum(last, relation.last)
    if now is None or then is None:
        return YearlyEvaluation(relation, Verdict.CANNOT_TELL, now, then)
    if not (now_open or then_open):
        verdict = Verdict.HOLDS if now == then else Verdict.FAILS
    else:
        verdict = Verdict.HOLDS_IF_BLANK_IS_ZERO if now == then else Verdict.CANNOT_TELL
    return YearlyEvaluation(relation, verdict, now, then)


def _signed_sum(report: Report, terms: Iterable[tuple[int, str]]) -> tuple[Number | None, bool]:
    total: Number = 0
    blanks = False
    for sign, path in terms:
        cell = report.cell(path)
        if cell.value is not None:
            total = total + sign * cell.value
        elif cell.state in BLANK_STATES:
            blanks = True
        else:
            return None, blanks
    return total, blanks
