"""Days off that a locality has by law besides the national ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class LocalHolidays:
    """Days off of one locality with the instrument that sets them (《全国年节及纪念日放假办法》 art. 4)."""

    days_off: frozenset[date]
    source: str
    name_zh: str = "地方假日"

    @classmethod
    def of(
        cls, days_off: Iterable[date | tuple[date, date]], source: str, name_zh: str = "地方假日"
    ) -> LocalHolidays:
        """From single days and (first, last) pairs.

        Raises ``ValueError`` without a source, and for a pair that ends before it begins.
        """
        if not source.strip():
            raise ValueError("local days off need a source")
        days: set[date] = set()
        for item in days_off:
            first, last = item if isinstance(item, tuple) else (item, item)
            if last < first:
                raise ValueError(f"local days off end before they begin: {first} to {last}")
            days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
        return cls(frozenset(days), source, name_zh)
