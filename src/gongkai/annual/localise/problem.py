"""The localisation problem of a report: its cells as whole numbers, its relations as rows of coefficients.

Relations couple cells, so the problem falls into the connected components of that coupling. Components
are independent: a smallest repair of the report is one smallest repair of each component.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gongkai.annual.findings import Verdict
from gongkai.annual.form import ValueType
from gongkai.annual.model import Number, Report
from gongkai.annual.relations import BLANK_STATES, Evaluation, evaluate_all

_SETTLED = (Verdict.HOLDS, Verdict.HOLDS_IF_BLANK_IS_ZERO)


@dataclass(frozen=True, slots=True)
class Variable:
    """One cell: ``start`` is its number in units of ``1/unit`` (0 for a blank), ``None`` if it is free."""

    path: str
    found: Number | None
    start: int | None
    unit: int
    signed: bool
    total: bool
    must_change: bool
    """The printed number is none that this cell may hold (negative, or a count that is not whole)."""

    def number(self, value: int) -> Number:
        """A value of the variable as the cell's number."""
        return value if self.unit == 1 else Decimal(value) / self.unit


@dataclass(frozen=True, slots=True)
class Problem:
    """One component: each relation is index → coefficient, and the weighted sum must be 0."""

    variables: tuple[Variable, ...]
    relations: tuple[Mapping[int, int], ...]

    def residual(self, relation: Mapping[int, int], values: Mapping[int, int]) -> int:
        """What the relation lacks to 0 when those variables hold these values and the rest their start."""
        return sum(c * values.get(i, self.variables[i].start or 0) for i, c in relation.items())

    def closed(self, relation: Mapping[int, int]) -> bool:
        """True if no cell of the relation is free."""
        return all(self.variables[i].start is not None for i in relation)

    @property
    def bound(self) -> int:
        """A bound no repair needs to pass: totals are sums of cells, so twice all of them is ample."""
        return 10 + 2 * sum(abs(v.start or 0) for v in self.variables)


def problems(report: Report) -> Iterator[Problem]:
    """The components in which something does not hold, in the form's order."""
    evaluations: dict[tuple[tuple[str, ...], tuple[str, ...]], Evaluation] = {}
    for evaluation in evaluate_all(report):
        evaluations.setdefault((evaluation.terms.left, evaluation.terms.right), evaluation)
    for component in _components(list(evaluations.values())):
        if any(e.verdict not in _SETTLED for e in component):
            yield _problem(report, component)


def _components(evaluations: list[Evaluation]) -> list[list[Evaluation]]:
    """Relations that share cells, directly or through others, together; first come, first listed."""
    home: dict[str, int] = {}
    groups: dict[int, list[Evaluation]] = {}
    for number, evaluation in enumerate(evaluations):
        met = sorted({home[p] for p in evaluation.terms.cells if p in home})
        target = met[0] if met else number
        merged = [e for g in met for e in groups.pop(g)]
        groups[target] = [*merged, evaluation]
        for member in groups[target]:
            home.update(dict.fromkeys(member.terms.cells, target))
    return [groups[key] for key in sorted(groups)]


def _problem(report: Report, component: Iterable[Evaluation]) -> Problem:
    evaluations = list(component)
    used = dict.fromkeys(path for e in evaluations for path in e.terms.cells)
    paths = [p for p in (*report.form.cells, *report.form.alternates) if p in used]
    scale = _scale(report, paths)
    variables = tuple(_variable(report, path, scale) for path in paths)
    index = {path: i for i, path in enumerate(paths)}
    relations: list[Mapping[int, int]] = []
    for evaluation in evaluations:
        row: dict[int, int] = {}
        for sign, terms in ((1, evaluation.terms.left), (-1, evaluation.terms.right)):
            for path in terms:
                i = index[path]
                row[i] = row.get(i, 0) + sign * (scale // variables[i].unit)
        relations.append({i: c for i, c in row.items() if c != 0})
    return Problem(variables, tuple(relations))


def _scale(report: Report, paths: Iterable[str]) -> int:
    """The finest unit among amounts of money, so that these are whole numbers too."""
    places = 0
    for path in paths:
        value = report.value(path)
        if isinstance(value, Decimal) and not _whole(report, path):
            exponent = value.normalize().as_tuple().exponent
            places = max(places, -exponent if isinstance(exponent, int) else 0)
    return 10**places


def _whole(report: Report, path: str) -> bool:
    return report.form.spec(path).type in (ValueType.COUNT, ValueType.SIGNED)


def _variable(report: Report, path: str, scale: int) -> Variable:
    spec, cell = report.form.spec(path), report.cell(path)
    unit = 1 if _whole(report, path) else scale
    signed = spec.type is ValueType.SIGNED
    start: int | None = None
    must_change = False
    if cell.value is not None:
        exact = cell.value * unit
        start = int(exact)
        must_change = exact != start or (start < 0 and not signed)
    elif cell.state in BLANK_STATES:
        start = 0
    return Variable(path, cell.value, start, unit, signed, spec.total, must_change)
