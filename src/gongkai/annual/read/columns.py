"""Which printed column is which column of the form, by the headings above it.

Order alone is not enough: published tables swap columns and groups of columns, add a subtotal, or leave an
empty one. Where headings are there and do not fit, nothing is read by position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongkai.annual.fold import label_key, squeeze
from gongkai.annual.form import Column
from gongkai.annual.read.match import Target, align

HeadingPath = tuple[str, ...]
"""Headings above one logical column from the outermost to the lowest, squeezed."""

_SURE = 6.0
_CUT = 4.0


def map_columns(headings: Mapping[int, HeadingPath], target: Target) -> dict[int, int] | None:
    """Logical column → column of the block, for a table whose columns can be trusted.

    Columns are known by their names under their groups, in whatever order; where names stand several times
    without a group the order is kept. Returns ``None`` unless every column of the block is found.
    """
    columns = target.block.columns
    runs = [c for c in sorted(headings) if headings.get(c - 1) != headings[c]]
    scores = {c: _scores(headings[c], columns) for c in runs}
    sure: dict[int, int] = {}
    for index in range(len(columns)):
        ranked = sorted(((scores[c].get(index, 0.0), -c) for c in runs), reverse=True)
        if ranked and ranked[0][0] >= _SURE and (len(ranked) == 1 or ranked[1][0] < ranked[0][0]):
            sure[index] = -ranked[0][1]
    if len(set(sure.values())) < len(sure):
        return None
    if len(sure) < len(columns):
        chosen, _ = align([sorted(scores[c].items()) for c in runs], len(columns))
        found = {index: c for c, index in zip(runs, chosen, strict=True) if index is not None}
        if len(found) < len(columns) or any(found[i] != c for i, c in sure.items()):
            return None
        sure = found
    mapping = {column: index for index, column in sure.items()}
    # A heading over several logical columns gives its column of the block to all of them.
    for column in sorted(headings):
        if column not in mapping and column - 1 in mapping and headings[column] == headings.get(column - 1):
            mapping[column] = mapping[column - 1]
    return mapping


def contradicts(headings: Mapping[int, HeadingPath], printed: Sequence[int], target: Target) -> bool:
    """True if a heading says that the value printed there in order is another column's.

    ``printed`` are the logical columns of the row's values, as many as the block has columns.
    """
    columns = target.block.columns
    for position, column in enumerate(printed):
        fitting = _scores(headings.get(column, ()), columns)
        if fitting and position not in fitting:
            return True
    return False


def _scores(path: HeadingPath, columns: Sequence[Column]) -> dict[int, float]:
    """Columns of the block that a heading may mean, with scores."""
    if not path:
        return {}
    lowest, above = path[-1], path[:-1]
    groups = {label_key(label) for c in columns for label in c.labels[:-1]}
    found: dict[int, float] = {}
    for index, column in enumerate(columns):
        own = [label_key(label) for label in column.labels]
        if any(label in groups and label not in own for label in above):
            continue
        score = _alike(lowest, own[-1], column)
        if score > 0:
            found[index] = score + 3.0 * sum(1 for label in above if label in own[:-1])
    return found


def _alike(heading: str, leaf: str, column: Column) -> float:
    if heading == leaf:
        return 10.0
    if leaf in heading and len(leaf) > 2:
        return 8.0
    if any((k := label_key(word)) in heading and len(k) * 3 >= len(heading) for word in column.keywords):
        return _SURE
    return _CUT if len(heading) >= 2 and heading in leaf else 0.0


# -- tables made of text -------------------------------------------------------------------------------

HeadingCell = tuple[str, int]
"""A heading cell of a text-made table: folded text, and the block (line) it stands in."""


def printed_order(
    header: Sequence[HeadingCell], columns: Sequence[Column], *, faithful: bool
) -> tuple[int, ...] | None:
    """Order in which a text-made table prints the block's columns, told from its heading cells.

    ``faithful`` says that lines follow the page's reading order (not so in a PDF, where cells of one row
    may stand on lines of their own). Returns indexes of ``columns`` as printed, the form's own order where
    nothing says otherwise; ``None`` where some stand in another order but not all can be told.
    """
    labels = {label_key(label) for c in columns for label in c.labels}
    cells: list[HeadingCell] = []
    for text, line in header:
        parts = [squeeze(p) for p in text.split()]
        known = [p for p in parts if p in labels]
        if len(known) > 1 and all(len(p) <= 6 for p in parts if p not in labels):
            cells.extend((p, line) for p in known)
        else:
            cells.append((squeeze(text), line))
    return _order(cells, tuple(range(len(columns))), columns, 0, faithful=faithful)


def _order(
    cells: Sequence[HeadingCell],
    members: tuple[int, ...],
    columns: Sequence[Column],
    level: int,
    *,
    faithful: bool,
) -> tuple[int, ...] | None:
    groups: dict[str, list[int]] = {}
    for index in members:
        labels = columns[index].labels
        groups.setdefault(label_key(labels[min(level, len(labels) - 1)]), []).append(index)
    inner: dict[str, tuple[int, ...]] = {}
    for name, group in groups.items():
        deeper = len(group) > 1 and any(len(columns[i].labels) > level + 1 for i in group)
        below = _order(cells, tuple(group), columns, level + 1, faithful=faithful) if deeper else tuple(group)
        if below is None:
            return None
        inner[name] = below
    names = list(groups)
    if len(names) > 1:
        leaves = {n: [label_key(columns[i].labels[-1]) for i in group] for n, group in groups.items()}
        ordered = _siblings(cells, names, leaves, faithful=faithful)
        if ordered is None:
            return None
        names = ordered
    return tuple(index for name in names for index in inner[name])


def _siblings(
    cells: Sequence[HeadingCell], names: list[str], leaves: Mapping[str, list[str]], *, faithful: bool
) -> list[str] | None:
    """Headings of one level in printed order; ``None`` where they are disordered and not all found.

    A group whose own heading is not printed stands where the first of its columns (``leaves``) stands.
    """
    repeated = _repeated(cells, names)
    if repeated is not None:
        return repeated or None
    places = {n: [i for i, (text, _) in enumerate(cells) if text == n] for n in names}
    for name in names:
        if not places[name] and len(leaves[name]) > 1:
            below = [[i for i, (text, _) in enumerate(cells) if text == leaf] for leaf in leaves[name]]
            if all(len(p) == 1 for p in below):
                places[name] = [min(p[0] for p in below)]
    known = [(places[n][0], n) for n in names if len(places[n]) == 1]
    lines = [cells[at][1] for at, _ in known]
    comparable = len(set(lines)) == 1 or (faithful and len(set(lines)) == len(lines))
    if not comparable or known == sorted(known):
        return names
    return [n for _, n in sorted(known)] if len(known) == len(names) else None


def _repeated(cells: Sequence[HeadingCell], names: list[str]) -> list[str] | None:
    """Order of headings that stand once under each of several groups; empty if the groups differ.

    ``None`` where they are not printed as such whole repetitions.
    """
    sequence = [text for text, _ in cells if text in names]
    times, rest = divmod(len(sequence), len(names))
    if times < 2 or rest:
        return None
    chunks = [sequence[i * len(names) : (i + 1) * len(names)] for i in range(times)]
    if any(set(chunk) != set(names) for chunk in chunks):
        return None
    return chunks[0] if all(chunk == chunks[0] for chunk in chunks) else []
