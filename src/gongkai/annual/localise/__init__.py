"""Where the error probably is: the smallest sets of cells whose change makes every relation hold.

The method proposes and never changes the report. Needs the extra ``solve`` for a report in which
something fails; a report in which everything holds needs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice, product

from gongkai.annual.localise.problem import Problem, problems
from gongkai.annual.model import Report
from gongkai.annual.repair import Change, Localisation, Repair

__all__ = ["SolverMissing", "localise"]


class SolverMissing(RuntimeError):
    """The optional solver is not installed; the message says what to install."""

    def __init__(self) -> None:
        super().__init__("localising errors needs the optional solver: pip install 'gongkai[solve]'")


def localise(report: Report, *, limit: int = 20, seconds: float = 10) -> Localisation:
    """List all smallest repairs of a report.

    - takes the report, how many repairs to list at most, and a bound on the time;
    - a blank counts as 0 and may be changed like any cell; missing and unreadable cells may be anything
      that is not negative, at no cost, and nothing is proposed for them;
    - repairs come with totals suspected first, then by the size of the change, then in printed order;
    - ``complete`` is false where the list was cut by the limit or by the time; where the time did not
      suffice to prove even the smallest number of cells, no repair is given.

    Raises ``SolverMissing``.
    """
    found = list(problems(report))
    if not found:
        return Localisation((), 0, ambiguous=False, complete=True)
    if find_spec("highspy") is None:
        raise SolverMissing
    deadline = time.monotonic() + seconds
    listed: list[list[tuple[Change, ...]]] = []
    complete = True
    for problem in found:
        repairs, whole = _repairs(problem, limit, deadline)
        complete = complete and whole
        if repairs is None:
            return Localisation((), 0, ambiguous=False, complete=False)
        if repairs != [()]:
            listed.append(repairs)
    if not listed:
        return Localisation((), 0, ambiguous=False, complete=complete)
    combined = list(islice(_combined(listed), limit + 1))
    complete = complete and len(combined) <= limit
    ranked = sorted(combined[:limit], key=lambda changes: _rank(report, changes))
    return Localisation(
        repairs=tuple(Repair(changes) for changes in ranked),
        cells=len(ranked[0]),
        ambiguous=len(combined) > 1 or not complete,
        complete=complete,
    )


def _combined(listed: list[list[tuple[Change, ...]]]) -> Iterator[tuple[Change, ...]]:
    for choice in product(*listed):
        yield tuple(change for part in choice for change in part)


def _repairs(problem: Problem, limit: int, deadline: float) -> tuple[list[tuple[Change, ...]] | None, bool]:
    """Smallest repairs of one component and whether these are all; ``None`` if not one was proved."""
    # Here, not above: the solver is an extra, and reports in which all holds do without it.
    from gongkai.annual.localise.program import OutOfTime, SmallestSets, values_for

    repairs: list[tuple[Change, ...]] = []
    sets = SmallestSets(problem)
    try:
        # One more than asked for tells whether the list is complete.
        while len(repairs) <= limit:
            cells = sets.next_set(deadline)
            if cells is None:
                return (repairs or None), bool(repairs)
            if not cells:
                return [()], True
            values = values_for(problem, cells, deadline)
            if values is None:
                return (repairs or None), False
            repairs.append(tuple(_change(problem, i, values[i]) for i in sorted(cells)))
    except OutOfTime:
        return (repairs or None), False
    return repairs[:limit], False


def _change(problem: Problem, index: int, value: int) -> Change:
    variable = problem.variables[index]
    return Change(variable.path, variable.found, variable.number(value))


def _rank(report: Report, changes: tuple[Change, ...]) -> tuple[int, float, tuple[int, ...]]:
    order = {path: i for i, path in enumerate((*report.form.cells, *report.form.alternates))}
    parts = sum(1 for c in changes if not report.form.spec(c.path).total)
    size = sum(abs(c.proposed - (c.found if c.found is not None else 0)) for c in changes)
    return parts, float(size), tuple(order[c.path] for c in changes)
