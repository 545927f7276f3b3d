"""The festivals of the national measure, for years without a notice.

《全国年节及纪念日放假办法》 as revised in 2024 (in force 2025-01-01), art. 2: 13 days off for all. Dates of
the movable ones are a table, ``festivals.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from gongkai.rules.yaml_files import load_yaml

DAY = timedelta(days=1)


@cache
def movable_festivals() -> dict[int, dict[str, date]]:
    """Year to dates of ``spring_festival`` (first day of the lunar year), ``qingming``, ``dragon_boat``,
    ``mid_autumn``. Computed with a lunar calendar library when the table was made."""
    text = (resources.files("gongkai.rules.workdays") / "festivals.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = load_yaml(text)
    return {int(year): dict(row) for year, row in data["years"].items()}


def statutory_days(year: int) -> Iterator[tuple[date, date, str]]:
    """The 13 days off of a year as (first, last, Chinese name); they may lie in a weekend.

    ``KeyError`` for a year that the table of movable festivals does not have.
    """
    movable = movable_festivals()[year]
    spring = movable["spring_festival"]
    yield date(year, 1, 1), date(year, 1, 1), "元旦"
    yield spring - DAY, spring + 2 * DAY, "春节"
    yield movable["qingming"], movable["qingming"], "清明节"
    yield date(year, 5, 1), date(year, 5, 2), "劳动节"
    yield movable["dragon_boat"], movable["dragon_boat"], "端午节"
    yield movable["mid_autumn"], movable["mid_autumn"], "中秋节"
    yield date(year, 10, 1), date(year, 10, 3), "国庆节"
