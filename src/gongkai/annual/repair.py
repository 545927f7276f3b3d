"""Proposed repairs: which cells to change so that every relation holds. They never change a report."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.annual.model import Number


@dataclass(frozen=True, slots=True)
class Change:
    """One cell and the number it would have to hold; ``found`` is what was printed (``None``: no number)."""

    path: str
    found: Number | None
    proposed: Number


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that together make every relation of the form hold."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Localisation:
    """All smallest repairs of a report, totals suspected first.

    - ``repairs`` is empty where every relation holds (``cells`` = 0) or no repair was found in bounds.
    - ``ambiguous`` is true where more than one smallest repair exists.
    - ``complete`` is false where the listing stopped at the limit or at the time bound.
    """

    repairs: tuple[Repair, ...]
    cells: int
    ambiguous: bool
    complete: bool
