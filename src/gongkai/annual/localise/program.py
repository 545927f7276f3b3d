"""Mixed-integer programs over a problem: the smallest sets of cells to change, and values for a set.

Error localisation after Fellegi and Holt (1976): one 0/1 variable for each printed cell says whether it
is changed; their sum is made smallest under all relations. Solved with HiGHS, on one thread, with a new
model for each solve, so that the same report gives the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import highspy
import numpy as np

from gongkai.annual.localise.problem import Problem


class OutOfTime(Exception):
    """The time bound was reached before the answer was proved."""


@dataclass(slots=True)
class _Program:
    """A minimisation over whole numbers, gathered column by column and row by row."""

    costs: list[float] = field(default_factory=list[float])
    lows: list[float] = field(default_factory=list[float])
    highs: list[float] = field(default_factory=list[float])
    rows: list[tuple[float, float, Mapping[int, float]]] = field(
        default_factory=list[tuple[float, float, Mapping[int, float]]]
    )

    def column(self, low: float, high: float, cost: float = 0) -> int:
        self.lows.append(low)
        self.highs.append(high)
        self.costs.append(cost)
        return len(self.costs) - 1

    def row(self, low: float, high: float, terms: Mapping[int, float]) -> None:
        self.rows.append((low, high, terms))

    def solve(self, deadline: float) -> list[int] | None:
        """The best solution, or ``None`` if there is none; raises ``OutOfTime``."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise OutOfTime
        solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("time_limit", remaining),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.5),  # all costs are whole
            ("mip_feasibility_tolerance", 1e-9),
            ("primal_feasibility_tolerance", 1e-9),
        ):
            solver.setOptionValue(option, value)
        none = np.array([], dtype=np.int32), np.array([], dtype=np.float64)
        for index, (cost, low, high) in enumerate(zip(self.costs, self.lows, self.highs, strict=True)):
            solver.addCol(cost, low, high, 0, *none)
            solver.changeColIntegrality(index, highspy.HighsVarType.kInteger)
        for low, high, terms in self.rows:
            indices = np.fromiter(terms.keys(), dtype=np.int32, count=len(terms))
            weights = np.fromiter(terms.values(), dtype=np.float64, count=len(terms))
            solver.addRow(low, high, len(terms), indices, weights)
        solver.run()
        match solver.getModelStatus():
            case highspy.HighsModelStatus.kOptimal:
                return [round(v) for v in solver.getSolution().col_value]
            case highspy.HighsModelStatus.kInfeasible | highspy.HighsModelStatus.kUnboundedOrInfeasible:
                return None
            case _:
                raise OutOfTime


@dataclass(slots=True)
class SmallestSets:
    """Yields the smallest sets of cells to change, one call of ``next_set`` after the other.

    Sets come in the order of how many of their cells are parts rather than totals. A set once given is
    excluded by a cut; after the last of the smallest size ``next_set`` returns ``None``.
    """

    problem: Problem
    size: int | None = None
    _given: list[frozenset[int]] = field(default_factory=list[frozenset[int]])

    def next_set(self, deadline: float) -> frozenset[int] | None:
        """The next set as indices of the problem's variables; raises ``OutOfTime``."""
        program, changed = self._program()
        solution = program.solve(deadline)
        if solution is None:
            return None
        chosen = frozenset(i for i, column in changed.items() if solution[column] == 1)
        if self.size is None:
            self.size = len(chosen)
        elif len(chosen) != self.size:
            return None
        self._given.append(chosen)
        return chosen

    def _program(self) -> tuple[_Program, dict[int, int]]:
        problem, program = self.problem, _Program()
        # Whole weights that order by the number of cells first, by the number of parts second.
        weight = len(problem.variables) + 1
        bound = problem.bound
        values: dict[int, int] = {}
        changed: dict[int, int] = {}
        for i, variable in enumerate(problem.variables):
            low = -bound if variable.signed else 0
            values[i] = program.column(low, bound)
            if variable.start is None:
                continue
            cost = weight if variable.total else weight + 1
            changed[i] = program.column(1 if variable.must_change else 0, 1, cost)
            # low ≤ value ≤ bound, and value = start unless the cell is changed.
            start = variable.start
            program.row(-np.inf, start, {values[i]: 1, changed[i]: -(bound - start)})
            program.row(start, np.inf, {values[i]: 1, changed[i]: start - low})
        for relation in problem.relations:
            program.row(0, 0, {values[i]: c for i, c in relation.items()})
            self._tighten(program, relation, changed)
        if self.size is not None:
            program.row(self.size, self.size, dict.fromkeys(changed.values(), 1))
        for given in self._given:
            program.row(-np.inf, len(given) - 1, {changed[i]: 1 for i in given})
        return program, changed

    def _tighten(self, program: _Program, relation: Mapping[int, int], changed: Mapping[int, int]) -> None:
        """Rows that follow from whole numbers and that the bounds alone do not show.

        A relation that fails needs a change in one of its cells; in one that holds, no cell changes alone.
        """
        if not self.problem.closed(relation):
            return
        columns = [changed[i] for i in relation]
        if self.problem.residual(relation, {}) != 0:
            program.row(1, np.inf, dict.fromkeys(columns, 1))
            return
        for one in columns:
            program.row(0, np.inf, {c: (-1 if c == one else 1) for c in columns})


def values_for(problem: Problem, cells: Collection[int], deadline: float) -> dict[int, int] | None:
    """Numbers for those cells that make every relation hold with the least total change.

    Returns them by index, or ``None`` if these cells cannot do it; raises ``OutOfTime``. Free cells take
    any number and are not among the results: nothing is proposed for what was not printed.
    """
    program, columns = _Program(), dict[int, int]()
    bound = problem.bound
    for i, variable in enumerate(problem.variables):
        if i not in cells and variable.start is not None:
            continue
        columns[i] = program.column(-bound if variable.signed else 0, bound)
        if variable.start is not None:
            away = program.column(0, 2 * bound, 1)
            program.row(-np.inf, variable.start, {columns[i]: 1, away: -1})
            program.row(variable.start, np.inf, {columns[i]: 1, away: 1})
    for relation in problem.relations:
        fixed = sum(c * (problem.variables[i].start or 0) for i, c in relation.items() if i not in columns)
        terms: dict[int, float] = {columns[i]: c for i, c in relation.items() if i in columns}
        if terms:
            program.row(-fixed, -fixed, terms)
        elif fixed != 0:
            return None
    solution = program.solve(deadline)
    if solution is None:
        return None
    every = {i: solution[column] for i, column in columns.items()}
    # The solver works in floating point; what is proposed is held to the relations exactly.
    if any(problem.residual(relation, every) != 0 for relation in problem.relations):
        return None
    return {i: every[i] for i in cells}
