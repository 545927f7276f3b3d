"""From a published report to the one that is lived: consistent, whole, and with every change named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.annual.findings import Verdict
from gongkai.annual.form import ValueType
from gongkai.annual.localise import localise
from gongkai.annual.localise.problem import problems
from gongkai.annual.model import CellState, Number, Report
from gongkai.annual.relations import evaluate_all, resolve
from gongkai.replay.completion import SECONDS, completion, is_forced
from gongkai.replay.errors import CannotReplay
from gongkai.replay.torn import placed
from gongkai.rules.vocabulary import DecisionKind


class Difference(NamedTuple):
    """A printed number that cannot be lived: ``published`` (``None``: a blank) and what was lived instead."""

    cell: str
    published: Number | None
    replayed: Number


class Filled(NamedTuple):
    """A cell without certain number in print that the relations determine, or that was completed."""

    cell: str
    state: CellState
    value: Number


@dataclass(frozen=True, slots=True)
class Target:
    """What is lived, and in what it is not the published report."""

    report: Report
    differences: tuple[Difference, ...]
    filled: tuple[Filled, ...]
    free_cells: tuple[str, ...]
    ambiguous: bool
    """Other reports are as near to the printed one as the one chosen: other repairs of as many cells, or
    other numbers for cells of which nothing is known."""


def target_of(report: Report) -> Target:
    """The nearest consistent report.

    - printed numbers that contradict each other: the first smallest repair of ``gongkai.annual.localise``;
    - torn rows: ``gongkai.replay.torn``, then the completion with the smallest numbers;
    - a blank of Tables 3 and 4 is 0 unless a repair says otherwise; one of Table 2 stays free.

    Raises ``CannotReplay`` and, for a report that needs the solver, ``SolverMissing``.
    """
    printed = placed(report)
    found = localise(printed, seconds=SECONDS)
    if not found.repairs and not found.complete:
        raise CannotReplay("no_repair")
    changes = found.repairs[0].changes if found.repairs else ()
    lived = printed.with_values({change.path: change.proposed for change in changes})
    open_problems = list(problems(lived))
    for problem in open_problems:
        values = completion(problem)
        if values is None:
            raise CannotReplay("no_repair")
        lived = lived.with_values(values)
    lived = lived.with_values(dict.fromkeys(_blanks(lived), 0))
    against = [Difference(path, lived.value(path), value) for path, value in _changes_told(lived)]
    lived = lived.with_values({difference.cell: difference.replayed for difference in against})
    _hold(lived)
    differences = (*(Difference(c.path, c.found, c.proposed) for c in changes), *against)
    return Target(
        report=lived,
        differences=differences,
        filled=tuple(_filled(report, lived, {difference.cell for difference in differences})),
        free_cells=tuple(p for p in lived.form.cells if _is_free(lived, p)),
        ambiguous=found.ambiguous or not all(is_forced(problem) for problem in open_problems),
    )


def change_paths(report: Report, kind: str) -> tuple[str, str, str] | None:
    """In the form of 2019: last year's number, the change and this year's, where all three are printed."""
    paths = (f"proactive.{kind}_previous", f"proactive.{kind}_change", f"proactive.{kind}_decisions")
    if any(path not in report.form.cells or report.value(path) is None for path in paths):
        return None
    return paths


def _changes_told(report: Report) -> Iterator[tuple[str, Number]]:
    """A change against last year follows from two numbers of decisions; no act says anything else."""
    for kind in DecisionKind:
        paths = change_paths(report, kind.value)
        if paths is None:
            continue
        previous, change, decisions = (report.value(path) or 0 for path in paths)
        if decisions - previous != change:
            yield paths[1], decisions - previous


def _blanks(report: Report) -> Iterator[str]:
    """Cells of relations that hold no number, as far as they were printed or nothing stands for them."""
    for relation in report.form.relations:
        for path in resolve(report, relation).cells:
            if report.value(path) is None:
                yield path


def _filled(report: Report, lived: Report, changed: set[str]) -> Iterator[Filled]:
    for path in lived.cells:
        value = lived.value(path)
        if value is not None and report.value(path) is None and path not in changed:
            yield Filled(path, report.cell(path).state, value)


def _is_free(report: Report, path: str) -> bool:
    """No number, and no alternate row that holds one for it."""
    if report.value(path) is not None:
        return False
    return not any(report.value(stand_in) is not None for stand_in in report.form.stand_ins(path))


def _hold(report: Report) -> None:
    """Every relation holds, and what counts acts is a whole number that is not negative."""
    for path, cell in report.cells.items():
        if cell.value is None:
            continue
        kind = report.form.spec(path).type
        whole = isinstance(cell.value, int) or kind in (ValueType.WAN_YUAN, ValueType.YUAN)
        if not whole or (cell.value < 0 and kind is not ValueType.SIGNED):
            raise CannotReplay("not_whole", cell=path, found=cell.value)
    for evaluation in evaluate_all(report):
        if evaluation.verdict is not Verdict.HOLDS:
            raise CannotReplay("still_contradictory", relation=evaluation.relation.instance)
