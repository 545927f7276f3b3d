"""Table 3 as the running figures say it, in the shape of a plain count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.platform.conftest import Place
from tests.platform.past.sheets import Counted

from gongkai.platform.reporting.selectors import running_figures

NOT_COUNTED = ("total", "carried_in")
"""Sums, and what follows from the year before."""


def figures_of(place: Place, years: Iterable[int]) -> Counted:
    """The cells of the years by row and column of the form, without sums."""
    found: Counted = Counter()
    for year in years:
        told = running_figures(body=place.body, year=year, area=False, actor=place.actor("supervisor"))
        for row in told.tables[0].rows:
            for cell in row:
                _table, name, column = cell.path.split(".") if cell.path else ("", "", "total")
                if column != "total" and name not in NOT_COUNTED and cell.value:
                    found[year, name, column] += int(cell.value)
    return found
