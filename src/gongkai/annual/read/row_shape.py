"""How the rows of one table are printed: whole, with steady columns, in which order, in which unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gongkai.annual.fold import squeeze
from gongkai.annual.read.columns import printed_order
from gongkai.annual.read.entries import Entry, Token
from gongkai.annual.read.match import Pair, Target
from gongkai.annual.read.values import is_value

UNTOLD: tuple[int, ...] = ()
"""No heading text was found for the block: the form's own order is taken."""


def values_of(entry: Entry, target: Target) -> list[Token]:
    """The row's values; a word where a number belongs is one of them if the label stands before it."""
    values = list(entry.values)
    if not entry.exact and len(values) < target.width:
        for position, token in enumerate(entry.labels[:-1]):
            if squeeze(token.text) == target.leaf:
                return [*entry.labels[position + 1 :], *values]
    return values


def cell_count(entry: Entry) -> int:
    """Cells of a text-made row, labels and fillers included."""
    return len(entry.labels) + len(entry.values)


def full_counts(pairs: Sequence[Pair]) -> dict[str, int]:
    """By table, how many cells a whole row of a text-made table has (the usual count of full rows)."""
    counts: dict[str, Counter[int]] = {}
    for pair in pairs:
        entry = pair.entry
        blanks = sum(1 for t in entry.values if is_blank_cell(t))
        if not entry.exact and len(entry.values) - blanks == pair.target.width and entry.labels:
            counts.setdefault(pair.target.grid.id, Counter())[cell_count(entry)] += 1
    return {grid: max(c.items(), key=lambda x: (x[1], -x[0]))[0] for grid, c in counts.items()}


def steady_columns(pairs: Sequence[Pair]) -> dict[str, tuple[int, ...]]:
    """By text-made table, the cells of a line that hold its values, where every line keeps its empty cells.

    Shown by whole rows whose values stand in the same places although empty cells stand between label and
    values (tabs keep them; pipes copied from a page lose them, and then a place means nothing).
    """
    places: dict[str, set[tuple[int, ...]]] = {}
    kept: dict[str, int] = {}
    for pair in pairs:
        entry, grid = pair.entry, pair.target.grid.id
        filled = [t for t in entry.values if not is_blank_cell(t)]
        if entry.exact or not entry.labels or len(filled) != pair.target.width:
            continue
        columns = tuple(t.printed_column or 0 for t in filled)
        places.setdefault(grid, set()).add(columns)
        kept[grid] = kept.get(grid, 0) + (columns[0] > len(entry.labels) + 1)
    return {g: next(iter(p)) for g, p in places.items() if len(p) == 1 and kept[g] >= 3}


def at_columns(entry: Entry, columns: Sequence[int]) -> list[Token] | None:
    """The row's tokens at those cells of its line, if they and no others are there."""
    line = entry.labels[-1].block if entry.labels else entry.values[0].block
    found = {t.printed_column: t for t in entry.values if t.block == line}
    tokens = [found.get(c) for c in columns]
    outside = [t for c, t in found.items() if c not in columns and not is_blank_cell(t)]
    if outside or len(found) < len([t for t in entry.values if not is_blank_cell(t)]):
        return None
    return [t for t in tokens if t is not None] if None not in tokens else None


def printed_orders(pairs: Sequence[Pair], *, faithful: bool) -> dict[tuple[str, int], tuple[int, ...] | None]:
    """By block of a text-made table, the order in which its columns are printed."""
    orders: dict[tuple[str, int], tuple[int, ...] | None] = {}
    for pair in pairs:
        key = (pair.target.grid.id, pair.target.block_index)
        if not pair.entry.exact and key not in orders:
            # The last label is the row's own, unless the form gives the row none: then all are headings.
            heads = pair.entry.labels[:-1] if pair.target.leaf else pair.entry.labels
            header = [*pair.entry.header, *((t.text, t.block) for t in heads)]
            orders[key] = printed_order(header, pair.target.block.columns, faithful=faithful)
    return orders


def is_blank_cell(token: Token) -> bool:
    """An empty cell; a printed mark for nothing (``/``) is a cell of its own right."""
    return not token.text.strip()


_EVERY_UNIT = "元"
"""The character that every unit of money ends with."""
_UNIT = r"((?:百|千)?万元|亿元|千元|百元|元)"
_UNIT_OF_COLUMN = re.compile(rf"(?:单位|金额)(?:人民币)?{_UNIT}")
_UNIT_OF_ROW = re.compile(rf"\((?:单位:?)?(?:人民币)?{_UNIT}\)|^{_UNIT}$")


def units_of(entry: Entry, target: Target) -> dict[str, str]:
    """Money units stated in the headings above the row, in its label or beside it, by column key."""
    lowest = [path[-1] for path in entry.headings.values() if path]
    beside = [t for t in entry.cells if _EVERY_UNIT in t.text and not is_value(t.text)]
    headed = "".join((*lowest, entry.context, entry.joined))
    if not beside and _EVERY_UNIT not in headed and not any(_EVERY_UNIT in t.text for t in entry.labels):
        return {}
    found: re.Match[str] | None = None
    for token in (*entry.labels, *beside):
        found = found or _UNIT_OF_ROW.search(token.text.strip())
    found = found or _UNIT_OF_COLUMN.search(headed)
    found = found or next((m for name in lowest if (m := re.search(rf"{_UNIT}$", name))), None)
    if found is None:
        return {}
    unit = next(g for g in found.groups() if g)
    return {c.key: unit for c in target.block.columns}
