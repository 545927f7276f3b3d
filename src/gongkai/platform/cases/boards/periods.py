"""The time that a board tells of: a year, a quarter, a month, or from one day to another."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OLDEST, NEWEST = 2000, 2200
PARTS: Mapping[str, Any] = {
    "": gettext_lazy("全年"),
    "q1": gettext_lazy("第一季度"),
    "q2": gettext_lazy("第二季度"),
    "q3": gettext_lazy("第三季度"),
    "q4": gettext_lazy("第四季度"),
    **{f"m{n:02}": format_lazy(gettext_lazy("{n} 月"), n=n) for n in range(1, 13)},
}


@dataclass(frozen=True, slots=True)
class BoardPeriod:
    """From ``first`` to ``last``, both in it."""

    first: date
    last: date
    label: str

    def months(self) -> Iterator[BoardPeriod]:
        """Its calendar months; the first and the last one only as far as they belong to it."""
        year, month = self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            whole = _span(year, month, month, f"{year}-{month:02}")
            yield BoardPeriod(max(whole.first, self.first), min(whole.last, self.last), whole.label)
            year, month = year + month // 12, month % 12 + 1

    @property
    def years(self) -> range:
        """The years that it touches."""
        return range(self.first.year, self.last.year + 1)


class NoPeriod(ValueError):
    """What was asked for is no period. ``field``: which of the fields, ``words``: what to do."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def _span(year: int, first: int, last: int, label: str) -> BoardPeriod:
    return BoardPeriod(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), label)


def read_period(given: Mapping[str, Any], today: date) -> BoardPeriod:
    """The period of an address: ``from`` and ``to`` where they are given, else ``year`` and ``part``.

    Without anything it is the year of ``today``. Raises ``NoPeriod``.
    """
    texts = {name: str(given.get(name, "")).strip() for name in ("year", "part", "from", "to")}
    if texts["from"] or texts["to"]:
        first, last = _day("from", texts["from"]), _day("to", texts["to"])
        if last < first:
            raise NoPeriod("to", _("“到”早于“从”，请改成同一天或者更晚的一天"))
        return BoardPeriod(first, last, _("%(first)s 至 %(last)s") % {"first": first, "last": last})
    year, part = _year(texts["year"], today), texts["part"]
    if part not in PARTS:
        raise NoPeriod("part", _("没有这个季度、月份，请从列表里选"))
    said = _("%(year)d 年") % {"year": year}
    if not part:
        return _span(year, 1, 12, said)
    number, label = int(part[1:]), f"{said}{PARTS[part]}"
    return (
        _span(year, number, number, label)
        if part[0] == "m"
        else _span(year, 3 * number - 2, 3 * number, label)
    )


def _year(text: str, today: date) -> int:
    if not text:
        return today.year
    if not (len(text) == 4 and text.isascii() and text.isdigit() and OLDEST <= int(text) <= NEWEST):
        raise NoPeriod("year", _("年份要写四位数字，例如 %(year)d") % {"year": today.year})
    return int(text)


def _day(field: str, text: str) -> date:
    if not text:
        raise NoPeriod(field, _("“从”和“到”要一起填；只看一年、一季、一月的，两个都不填"))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or len(text) != 10 or not OLDEST <= day.year <= NEWEST:
        raise NoPeriod(field, _("日期要写成 2026-01-31 的样子"))
    return day
