"""Which printed column is which column of the form, by the headings above it.

Order alone is not enough: published tables swap columns, add a subtotal, or leave an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.annual.form import Column
from gongkai.annual.read.fold import fold, squeeze
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
        keywords = [squeeze(fold(k).text) for k in column.keywords]
        if heading == leaf:
            found.append((index, 10.0))
        elif leaf in heading and len(leaf) > 2:
            found.append((index, 8.0))
        elif any(k in heading and len(k) * 3 >= len(heading) for k in keywords):
            found.append((index, 6.0))
    return found


def printed_order(header: str, columns: Sequence[Column]) -> tuple[int, ...] | None:
    """Order in which a text-made table prints the block's columns, told from its heading text.

    ``header`` is all heading text above the rows, squeezed. Returns indexes of ``columns`` as printed;
    the form's own order where the headings do not say otherwise with certainty; ``None`` where some of
    them stand in another order but not all can be told.
    """
    labels = {squeeze(fold(label).text) for c in columns for label in c.labels}
    return _order(
        _Header(header, tuple(sorted(labels, key=len, reverse=True))), tuple(range(len(columns))), columns, 0
    )


@dataclass(frozen=True, slots=True)
class _Header:
    """Heading text and every label that may stand in it, longest first."""

    text: str
    labels: tuple[str, ...]

    def place(self, name: str) -> int:
        """Where that label stands; -1 where it stands nowhere or in more than one place."""
        text = self.text
        for label in self.labels:
            if label != name and name in label:
                text = text.replace(label, "\n" * len(label))
        return text.find(name) if name and text.count(name) == 1 else -1


def _order(
    header: _Header, members: tuple[int, ...], columns: Sequence[Column], level: int
) -> tuple[int, ...] | None:
    groups: dict[str, list[int]] = {}
    for index in members:
        labels = columns[index].labels
        groups.setdefault(labels[min(level, len(labels) - 1)], []).append(index)
    if len(groups) == 1:
        deeper = any(len(columns[i].labels) > level + 1 for i in members)
        return _order(header, members, columns, level + 1) if deeper else members
    inner: dict[str, tuple[int, ...]] = {}
    for name, group in groups.items():
        ordered = _order(header, tuple(group), columns, level + 1) if len(group) > 1 else tuple(group)
        if ordered is None:
            return None
        inner[name] = ordered
    names = list(groups)
    places = [header.place(squeeze(fold(n).text)) for n in names]
    known = [p for p in places if p >= 0]
    if known == sorted(known):
        order = names
    elif len(known) == len(names):
        order = [name for _, name in sorted(zip(places, names, strict=True))]
    else:
        return None
    return tuple(index for name in order for index in inner[name])
