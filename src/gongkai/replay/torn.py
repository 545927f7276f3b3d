"""Rows that were printed with fewer values than columns: which columns are there.

Rows of one table that lost the same number of cells lost the same columns, for they were printed with one
grid. A way to take columns away under which nothing printed contradicts itself is taken. Where there is
none, a row is read from its edges (its first value is the first column's, its last the total's), and of these
ways the one is taken under which the fewest printed numbers must change; ties go by a fixed order.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from gongkai.annual.findings import Verdict
from gongkai.annual.localise import localise
from gongkai.annual.localise.problem import problems
from gongkai.annual.model import Number, Remnant, Report
from gongkai.annual.relations import evaluate_all
from gongkai.replay.completion import SECONDS, completion
from gongkai.replay.errors import CannotReplay

MOST_PLACEMENTS = 60
"""Rows that allow more ways than this are left open altogether."""

Placement = tuple[int, ...]


def placed(report: Report) -> Report:
    """The report with the values of its torn rows in cells; cells that got none stay without number.

    Rows whose values are no whole numbers, or that could be placed in more than ``MOST_PLACEMENTS`` ways,
    stay as they are. Raises ``SolverMissing``.
    """
    for (width, count), rows in _groups(report.remnants):
        places = list(combinations(range(width), count))
        if len(places) > MOST_PLACEMENTS:
            continue
        agreeing = [place for place in places if _agrees(_with(report, rows, place))]
        if agreeing:
            best = min(agreeing, key=lambda place: (_edges(place, width), place))
        else:
            kept = min(_edges(place, width) for place in places)
            whole = [place for place in places if _edges(place, width) == kept]
            costs = {place: _cost(_with(report, rows, place)) for place in whole}
            best = min(whole, key=lambda place: (costs[place], place))
        report = _with(report, rows, best)
    return report


def _groups(remnants: Iterable[Remnant]) -> list[tuple[tuple[int, int], list[Remnant]]]:
    """Rows by (columns, values), the largest group first: it tells most about the grid."""
    found: dict[tuple[int, int], list[Remnant]] = {}
    for remnant in remnants:
        digits = all(value.isascii() and value.isdigit() for value in remnant.values)
        if digits and 0 < len(remnant.values) < len(remnant.cells):
            found.setdefault((len(remnant.cells), len(remnant.values)), []).append(remnant)
    return sorted(found.items(), key=lambda group: -len(group[1]))


def _with(report: Report, rows: Iterable[Remnant], place: Placement) -> Report:
    """The report with the rows' values in those columns."""
    values: dict[str, Number | None] = {
        remnant.cells[column]: int(value)
        for remnant in rows
        for column, value in zip(place, remnant.values, strict=True)
    }
    return report.with_values(values)


def _agrees(report: Report) -> bool:
    """Whether the cells without number can hold some that make everything agree."""
    if any(evaluation.verdict is Verdict.FAILS for evaluation in evaluate_all(report)):
        return False
    return all(completion(problem) is not None for problem in problems(report))


def _cost(report: Report) -> tuple[int, int]:
    """How many printed numbers would have to change, and how many of them are parts rather than totals."""
    found = localise(report, limit=1, seconds=SECONDS)
    if not found.repairs:
        raise CannotReplay("no_repair")
    changes = found.repairs[0].changes
    return found.cells, sum(1 for change in changes if not report.form.spec(change.path).total)


def _edges(place: Placement, width: int) -> tuple[bool, bool]:
    """Whether the last and the first column are missing: a row is read from its edges."""
    return place[-1] != width - 1, place[0] != 0
