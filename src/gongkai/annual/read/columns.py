"""Which printed column is which column of the form, by the headings above it.

Order alone is not enough: published tables swap columns, add a subtotal, or leave an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongkai.annual.fold import label_key
from gongkai.annual.form import Column
from gongkai.annual.read.match import Target, align


def map_columns(headings: Mapping[int, str], target: Target) -> dict[int, int] | None:
    """Logical column → column of the block, for a table whose columns can be trusted.

    ``headings`` is the lowest heading above each logical column, squeezed. Returns ``None`` unless every
    column of the block is found.
    """
    columns = target.block.columns
    ordered = sorted(headings)
    mapping = _by_name(headings, ordered, target.heads)
    if mapping is None:
        scores = [_candidates(headings[c], columns, target.heads) for c in ordered]
        chosen, _ = align(scores, len(columns))
        mapping = {c: index for c, index in zip(ordered, chosen, strict=True) if index is not None}
    if len(set(mapping.values())) != len(columns):
        return None
    # A heading over several logical columns gives its column of the block to all of them.
    for column in ordered:
        before = mapping.get(column - 1)
        if column not in mapping and before is not None and headings[column] == headings[column - 1]:
            mapping[column] = before
    return mapping


def _by_name(
    headings: Mapping[int, str], ordered: Sequence[int], heads: Sequence[str]
) -> dict[int, int] | None:
    """Columns by their exact names in whatever order, where every name stands there once."""
    if len(set(heads)) != len(heads):
        return None
    found: dict[int, int] = {}
    runs = [c for c in ordered if headings.get(c - 1) != headings[c]]
    names = [headings[c] for c in runs]
    for index, head in enumerate(heads):
        if names.count(head) != 1:
            return None
        found[runs[names.index(head)]] = index
    return found


def _candidates(heading: str, columns: Sequence[Column], heads: Sequence[str]) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    for index, (column, leaf) in enumerate(zip(columns, heads, strict=True)):
        keywords = [label_key(k) for k in column.keywords]
        if heading == leaf:
            found.append((index, 10.0))
        elif leaf in heading and len(leaf) > 2:
            found.append((index, 8.0))
        elif any(k in heading and len(k) * 3 >= len(heading) for k in keywords):
            found.append((index, 6.0))
    return found


def printed_order(header: Sequence[str], columns: Sequence[Column]) -> tuple[int, ...] | None:
    """Order in which a text-made table prints the block's columns, told from its heading cells.

    ``header`` are the heading cells above the rows, squeezed, in reading order. Columns under one heading
    are put in the order of their own cells where each is printed exactly once; otherwise the form's order
    stands. Returns indexes of ``columns`` as printed; ``None`` where some stand in another order but not
    all can be told.
    """
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, column in enumerate(columns):
        groups.setdefault(column.labels[:-1], []).append(index)
    order = list(range(len(columns)))
    for members in groups.values():
        places = [_only_place(header, columns[i]) for i in members]
        known = [p for p in places if p is not None]
        if known == sorted(known):
            continue
        if len(known) < len(members):
            return None
        ranked = sorted(zip(known, members, strict=True))
        for slot, (_, index) in zip(members, ranked, strict=True):
            order[slot] = index
    return tuple(order)


def _only_place(header: Sequence[str], column: Column) -> int | None:
    leaf = label_key(column.labels[-1])
    places = [i for i, cell in enumerate(header) if cell == leaf]
    return places[0] if len(places) == 1 else None
