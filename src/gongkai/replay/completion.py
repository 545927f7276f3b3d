"""Numbers for cells of which nothing is known: whether there are any, and which are forced."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongkai.annual.localise import SolverMissing
from gongkai.annual.localise.problem import Problem
from gongkai.replay.errors import CannotReplay

SECONDS = 30.0
"""Bound on the time for one smallest repair, or one completion; none is guessed where it passes."""


def completion(problem: Problem) -> dict[str, int] | None:
    """Numbers for the free cells, together as small as the relations allow; ``None`` where there are none.

    Raises ``SolverMissing``, and ``CannotReplay`` ``no_repair`` where the time did not suffice.
    """
    try:
        # Here, not above: the solver is an extra, and whole reports do without it.
        from gongkai.annual.localise.program import OutOfTime, values_for
    except ImportError as error:
        raise SolverMissing from error
    free = [i for i, variable in enumerate(problem.variables) if variable.start is None]
    from_zero = tuple(replace(v, start=0) if v.start is None else v for v in problem.variables)
    try:
        values = values_for(replace(problem, variables=from_zero), free, time.monotonic() + SECONDS)
    except OutOfTime as error:
        raise CannotReplay("no_repair") from error
    return None if values is None else {problem.variables[i].path: values[i] for i in free}


def is_forced(problem: Problem) -> bool:
    """Whether the relations leave one number only for every cell of which nothing is known.

    Goes by single relations: one cell that is left in it, or cells on one side that add up to nothing.
    """
    known = {i: v.start for i, v in enumerate(problem.variables) if v.start is not None}
    before = -1
    while before < len(known):
        before = len(known)
        for relation in problem.relations:
            left = [i for i in relation if i not in known]
            rest = sum(factor * known[i] for i, factor in relation.items() if i in known)
            if len(left) == 1 and rest % relation[left[0]] == 0:
                known[left[0]] = -rest // relation[left[0]]
            elif left and rest == 0 and _one_sided(problem, relation, left):
                known.update(dict.fromkeys(left, 0))
    return len(known) == len(problem.variables)


def _one_sided(problem: Problem, relation: Mapping[int, int], left: Sequence[int]) -> bool:
    signs = {relation[i] > 0 for i in left}
    return len(signs) == 1 and not any(problem.variables[i].signed for i in left)
