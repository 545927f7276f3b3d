"""In which report's year an act counts: its own, or the first that was not yet sealed when it was entered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from gongkai.annual.model import Report

Late = Literal["first_open_year", "corrected_version"]
"""What becomes of acts entered after the sealing: counted in the first open year, or the sealed report
gets a corrected version."""

NEVER = 10**6
"""A year after all years."""


class SealsOutOfOrder(ValueError):
    """Sealed years must be given once each, later years with later (or the same) heads."""


@dataclass(frozen=True, slots=True)
class SealedYear:
    """A year whose report is closed.

    ``head_position`` and ``head_hash`` are the body's ledger head that it was compiled from (0 and ``""``
    for a report from before the ledger began); ``report`` is what was published, where it is at hand, and
    ``anchor`` the root kept elsewhere.
    """

    year: int
    head_position: int
    head_hash: str = ""
    report: Report | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What was known when a year was sealed: entries up to ``head``; the last stage is open.

    Acts of this stage count in years from ``floor`` on; up to ``last`` they are closed afterwards.
    """

    head: int
    floor: int
    last: int
    opening_floor: int
    """As ``floor`` for cases that were open before the ledger: a report from before it includes them."""


class Seals:
    """Sealed years in order, and what follows for a year of an act."""

    def __init__(self, sealed: Sequence[SealedYear] = ()) -> None:
        """Raises ``SealsOutOfOrder``."""
        self.years = tuple(sorted(sealed, key=lambda s: s.year))
        for one, next_one in pairwise(self.years):
            if one.year == next_one.year or one.head_position > next_one.head_position:
                raise SealsOutOfOrder(
                    f"{one.year} at {one.head_position}, {next_one.year} at {next_one.head_position}"
                )
        self._heads = [s.head_position for s in self.years]
        self._floors = [0, *(s.year + 1 for s in self.years)]
        self._none = not self.years

    def of(self, year: int) -> SealedYear | None:
        """The seal of that year, ``None`` where it is open."""
        return next((s for s in self.years if s.year == year), None)

    def floor(self, position: int, *, opening: bool = False) -> int:
        """The first year that was open when the entry at that position was made; 0 where all were.

        For cases of before the ledger (``opening``) a report sealed at head 0 closes nothing.
        """
        if self._none:
            return 0
        sealed = bisect_left(self._heads, position)
        if opening and sealed and self._heads[sealed - 1] == 0:
            return 0
        return self._floors[sealed]

    def year_of(self, day: date, position: int, *, opening: bool = False) -> int:
        """The year in whose report an act of that legal date, entered at that position, counts."""
        year = day.year
        if self._none:
            return year
        floor = self.floor(position, opening=opening)
        return year if year >= floor else floor

    def stages(self) -> tuple[Stage, ...]:
        """The ledger as it was at each sealing, oldest first, and as it is."""
        found: list[Stage] = []
        floor = opening_floor = 0
        for seal in self.years:
            found.append(Stage(seal.head_position, floor, seal.year, opening_floor))
            floor = seal.year + 1
            opening_floor = 0 if seal.head_position == 0 else floor
        return (*found, Stage(NEVER**3, floor, NEVER, opening_floor))


def seals_for(sealed: Sequence[SealedYear], year: int, late: Late) -> tuple[Seals, int | None]:
    """The seals that matter for a count of ``year``, and the head up to which entries are read.

    - a sealed year is counted from what was known at its sealing: its own head is the end;
    - with ``corrected_version`` it is counted from all that is known, and only seals of earlier years hold;
    - an open year is counted from all entries (``None``).
    """
    seals = Seals(sealed)
    own = seals.of(year)
    earlier = Seals([s for s in seals.years if s.year < year])
    if own is None or late == "corrected_version":
        later = any(s.year > year for s in seals.years)
        if own is None and later:
            # A year before a sealed one was closed with it.
            return earlier, next(s.head_position for s in seals.years if s.year > year)
        return earlier, None
    return earlier, own.head_position
