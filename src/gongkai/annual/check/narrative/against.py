"""Setting a figure of the narrative against cells of the tables: sums, admissible readings, verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gongkai.annual.check.narrative.numbers import Bound, Numeral
from gongkai.annual.findings import Verdict
from gongkai.annual.model import CellState, Number, Report
from gongkai.annual.relations import BLANK_STATES


class Stance(StrEnum):
    """How a figure should stand to the table."""

    EQUAL = "equal"
    PART = "part"
    """A part or a narrower scope: may be smaller, not greater."""
    WHOLE = "whole"
    """A wider scope: may be greater, not smaller."""
    HOLDS_ONLY = "holds_only"
    """What it counts is not certain: agreement is told, disagreement is not."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One admissible reading of a figure: the cells whose sum it may be."""

    cells: tuple[str, ...]
    value: Number | None
    """Sum of the numbers there; ``None`` if no cell holds one."""
    blanks: bool
    """True if a cell is blank (counted as 0 in ``value``)."""
    open: bool
    """True if a cell is missing or unreadable, so that the sum is not known."""


def choice(report: Report, paths: Iterable[str]) -> Choice | None:
    """The sum over those cells, an alternate row taken where it is printed in their place.

    ``None`` if the report's form has none of the cells.
    """
    cells: list[str] = []
    total: Number = 0
    numbers = 0
    blanks = missing = False
    for path in paths:
        if path not in report.form.cells:
            continue
        shown = _printed(report, path)
        if shown in cells:
            continue
        cells.append(shown)
        cell = report.cell(shown)
        if cell.value is not None:
            total += cell.value
            numbers += 1
        elif cell.state in BLANK_STATES:
            blanks = True
        else:
            missing = True
    if not cells:
        return None
    # A row of blanks is taken as 0 by those who left it blank; a row that is not there says nothing.
    value = None if numbers == 0 and not blanks else total
    return Choice(tuple(cells), value, blanks, missing)


def choices(report: Report, *alternatives: Iterable[str]) -> tuple[Choice, ...]:
    """Every admissible reading that the form knows, the likeliest first."""
    found = (choice(report, paths) for paths in alternatives)
    return tuple(c for c in found if c is not None)


def judge(numeral: Numeral, stance: Stance, readings: tuple[Choice, ...]) -> tuple[Verdict, Choice | None]:
    """Verdict on a figure and the reading it was set against (the first where none agrees)."""
    return judge_value(numeral.value, numeral.bound, numeral.step, stance, readings)


def judge_value(
    value: Number, bound: Bound, step: Decimal, stance: Stance, readings: tuple[Choice, ...]
) -> tuple[Verdict, Choice | None]:
    """As ``judge``, for a value that stands for itself (a zero in words)."""
    for reading in readings:
        if reading.value is not None and not reading.open and _agrees(value, bound, step, reading.value):
            return (Verdict.HOLDS_IF_BLANK_IS_ZERO if reading.blanks else Verdict.HOLDS), reading
    first = readings[0] if readings else None
    if stance is Stance.HOLDS_ONLY or any(_unsure(r) for r in readings) or not readings:
        return Verdict.CANNOT_TELL, first
    known = [r.value for r in readings if r.value is not None]
    match stance:
        case Stance.PART if value <= max(known):
            return Verdict.CANNOT_TELL, first
        case Stance.WHOLE if value >= min(known):
            return Verdict.CANNOT_TELL, first
        case _:
            return Verdict.FAILS, first


def _printed(report: Report, path: str) -> str:
    if report.cell(path).state is CellState.MISSING:
        for stand_in in report.form.stand_ins(path):
            if report.cell(stand_in).state is not CellState.MISSING:
                return stand_in
    return path


def _unsure(reading: Choice) -> bool:
    return reading.value is None or reading.blanks or reading.open


def _agrees(value: Number, bound: Bound, step: Decimal, actual: Number) -> bool:
    printed, true = Decimal(value), Decimal(actual)
    match bound:
        case Bound.EXACT:
            # A figure in 万 is rounded to its last printed place.
            return printed == true or (step > 1 and abs(printed - true) < step)
        case Bound.ABOUT:
            return abs(printed - true) <= max(printed / 10, step)
        case Bound.AT_LEAST:
            return printed <= true <= printed * 2
        case Bound.AT_MOST:
            return printed / 2 <= true <= printed
