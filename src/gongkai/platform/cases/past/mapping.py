"""Which of an office's columns is which of ours: found by the headings, changed by the officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.platform.cases.past.fields import BY_KEY, MEANINGS, NEEDED, compared
from gongkai.platform.cases.past.workbook import Sheet, letters_of, text_of

_LOOKED_AT = 30
"""Rows in which headings are looked for."""
_ENOUGH = 3
"""So many headings that we know make a row of headings."""
EXPLAINED = "填写说明"
"""The sheet of the template that explains; never a sheet of cases."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet: where it is, what it is called, and how that is compared."""

    column: int
    text: str
    key: str

    @property
    def letters(self) -> str:
        return letters_of(self.column)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sheet that is brought in, and its rows of headings, ``first`` to ``last``."""

    place: int
    sheet: Sheet
    first: int
    last: int
    headings: tuple[Heading, ...]

    def columns(self, mapping: Mapping[str, str]) -> dict[str, Heading]:
        """The column of each field."""
        return {mapping[one.key]: one for one in self.headings if mapping.get(one.key)}


def heading_row(sheet: Sheet) -> int | None:
    """The row that holds most headings that we know; ``None`` where none looks like headings."""
    best, most = None, _ENOUGH - 1
    for row in sorted(sheet.rows)[:_LOOKED_AT]:
        known = {MEANINGS.get(compared(text_of(value))) for value in sheet.rows[row].values()} - {None}
        if len(known) > most:
            best, most = row, len(known)
    return best


def chosen(place: int, sheet: Sheet, row: int) -> Chosen:
    """A sheet with its headings in ``row``; a row below that continues merged headings belongs to them.

    Two rows of headings, as ``补正`` over ``告知日`` and ``收到日``, are read together: ``补正告知日``.
    """
    upper = sheet.rows.get(row, {})
    lower = sheet.rows.get(row + 1, {})
    both = _is_second_row(sheet, upper, lower)
    headings: list[Heading] = []
    above = ""
    for column in range(1, max([*upper, *(lower if both else ())], default=0) + 1):
        over = text_of(upper.get(column))
        under = text_of(lower.get(column)) if both else ""
        if over:
            above = over
        text = under if not (over or above) else over
        if both and under and under != over:
            text = (
                under
                if compared(under) in MEANINGS and compared(above + under) not in MEANINGS
                else above + under
            )
        elif both and not over:
            continue
        if text:
            headings.append(Heading(column, text[:120], compared(text)))
    return Chosen(place, sheet, row, row + 1 if both else row, tuple(headings))


def _is_second_row(sheet: Sheet, upper: Mapping[int, object], lower: Mapping[int, object]) -> bool:
    """Whether the lower row fills columns that the upper leaves open, with words that only headings have."""
    if not sheet.spread or not lower:
        return False
    below = [text_of(value) for column, value in lower.items() if column not in upper]  # type: ignore[arg-type]
    repeated = sum(1 for column, value in lower.items() if upper.get(column) == value)
    return bool(below) and repeated > 0 and all(0 < len(text) <= 20 for text in below)


def proposed(headings: Sequence[Heading], kept: Mapping[str, str]) -> dict[str, str]:
    """The field of each heading: as the office set it the last time, else as we understand it.

    A field is given once: to the heading that bears our own name before one that bears an alias.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    own = {compared(BY_KEY[key].heading): key for key in BY_KEY}
    ordered = sorted(headings, key=lambda one: (one.key not in kept, one.key not in own, one.column))
    for one in ordered:
        if one.key in found:
            continue
        field = kept[one.key] if one.key in kept else MEANINGS.get(one.key, "")
        if field not in BY_KEY or field in taken:
            field = ""
        found[one.key] = field
        taken |= {field} - {""}
    return {one.key: found[one.key] for one in headings}


def missing(sheets: Sequence[Chosen], mapping: Mapping[str, str]) -> list[str]:
    """The needed fields that a sheet has no column for."""
    lacking: list[str] = []
    for one in sheets:
        there = set(one.columns(mapping))
        lacking += [key for key in NEEDED if key not in there and key not in lacking]
        if not {"title", "description"} & there and "description" not in lacking:
            lacking.append("description")
        if not {"came_on", "received_on"} & there and "received_on" not in lacking:
            lacking.append("received_on")
    return lacking


def doubled(sheets: Sequence[Chosen], mapping: Mapping[str, str]) -> list[str]:
    """The fields that two columns of a sheet were given."""
    found: list[str] = []
    for one in sheets:
        given = [mapping.get(heading.key, "") for heading in one.headings]
        found += [field for field in BY_KEY if given.count(field) > 1 and field not in found]
    return found
