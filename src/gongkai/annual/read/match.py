"""Which row of the form a printed label means, and the order-keeping alignment of many labels.

Labels vary (misspelt, cut, padded with definitions, joined with their group's label), so a label
gives candidates with scores and the alignment chooses, keeping the form's order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from gongkai.annual.fold import label_key
from gongkai.annual.form import Block, Form, Grid, Row
from gongkai.annual.read.entries import Entry

EXACT = 10.0
SUFFIX = 9.0
PREFIX = 7.0
_KEYWORD = 5.0
_FUZZY = 4.0
_MEMO_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Target:
    """A row of the form as something to be found; ``index`` is its place in the form's order."""

    index: int
    grid: Grid
    block_index: int
    block: Block
    row: Row
    leaf: str
    """Innermost label, squeezed; empty for a row without a label."""
    keywords: tuple[str, ...]
    alternate: bool
    heads: tuple[str, ...]
    """Innermost headings of the block's columns, squeezed."""
    paths: tuple[str, ...]
    """The row's cells, in the order of the block's columns."""
    width: int
    """How many numbers the row holds."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A printed row and the row of the form it was taken for."""

    entry: Entry
    target: Target
    by_order: bool = False
    """Told by its place between its neighbours, not by its label."""


Scores = tuple[tuple[int, float], ...]


class Matcher:
    """Labels of one form, ready to be matched; remembers what it has seen."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.targets = _targets(form)
        self._exact: dict[str, list[int]] = {}
        for target in self.targets:
            if target.leaf:
                self._exact.setdefault(target.leaf, []).append(target.index)
        self._heads = tuple(
            (
                t.index,
                tuple(dict.fromkeys(label_key(label) for c in t.block.columns for label in c.labels)),
            )
            for t in self.targets
            if not t.leaf
        )
        self._memo: dict[tuple[str, str, str, int], Scores] = {}

    def is_row_label(self, squeezed: str) -> bool:
        """True if that squeezed text is exactly the label of a row."""
        return squeezed in self._exact

    def candidates(self, joined: str, last: str, context: str, count: int) -> Scores:
        """Rows of the form that a printed row may be, with scores.

        ``joined`` is all label text before the numbers, squeezed; ``last`` its last printed part;
        ``context`` the headings above, by which rows without a label are known; ``count`` how many values
        are printed.
        """
        key = (joined, last, context, count)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) > _MEMO_LIMIT:
                self._memo.clear()
            found = self._memo[key] = tuple(
                (index, total)
                for index, score in self._score(joined, last, context + joined)
                if (total := score + _bonus(count, self.targets[index].width)) > 0
                # An alternate's label also heads the group it stands for; only its numbers tell it apart.
                and (count > 0 or not self.targets[index].alternate)
            )
        return found

    def _score(self, joined: str, last: str, headed: str) -> Scores:
        best: dict[int, float] = {}
        for index in self._exact.get(last, ()) or self._exact.get(joined, ()):
            best[index] = EXACT
        for target in self.targets:
            if target.leaf and target.index not in best and not is_foreign(last, target):
                score = _similar(last, target)
                # An alternate's label also heads the group it stands for: only its own label counts.
                if joined != last and not target.alternate:
                    score = max(score, _similar(joined, target, whole=True) - 0.5)
                if score > 0:
                    best[target.index] = score
        for index, heads in self._heads:
            # A heading cut at a line break leaves its first two characters.
            hits = sum(1.0 if h in headed else 0.5 if h[:2] in headed else 0.0 for h in heads)
            if hits * 2 > len(heads):
                best[index] = EXACT * hits / len(heads)
        return tuple(sorted(best.items()))


def _bonus(count: int, width: int) -> float:
    """Rows with as many values as the form has columns fit better; a label without any fits worse."""
    if count == width:
        return 2.0
    if count == 0:
        return -8.0  # only a label that is the row's own
    return 0.0 if abs(count - width) <= 2 else -2.0


def _similar(label: str, target: Target, *, whole: bool = False) -> float:
    """How well one printed label fits a row; 0 where it does not. ``whole``: it is several labels joined."""
    leaf = target.leaf
    if not label:
        return 0.0
    if label == leaf:
        return EXACT
    if len(leaf) >= 4 and label.endswith(leaf):
        return SUFFIX
    if len(leaf) >= 4 and leaf in label:
        return SUFFIX - 0.5
    if len(label) >= 4 and leaf.startswith(label):
        return PREFIX
    bare = leaf.lstrip("0123456789一二三四五六七八九十")
    if len(bare) >= 2 and label.lstrip("0123456789一二三四五六七八九十") == bare:
        return SUFFIX - 0.25
    if len(bare) >= 2 and label.endswith(bare) and len(bare) * 3 >= len(label):
        return SUFFIX - 1.5
    for rank, keyword in enumerate(target.keywords):
        if keyword in label:
            return max(_KEYWORD + min(len(keyword), 6) / 3 - rank * 0.5 - 2.0 * whole, _alike(label, leaf))
    return _alike(label, leaf)


_FOREIGN = ("上年", "上一年", "去年", "同期", "小计", "合计", "占比", "比例", "其中", "同比", "增长", "增减")
"""Words of rows that stand beside the form's own: last year's, subtotals, parts, shares."""


def is_foreign(label: str, target: Target) -> bool:
    """True if the label has a word that makes it another row than the form's."""
    own = "".join((target.leaf, *target.keywords))
    return any(word in label and word not in own for word in _FOREIGN)


def _alike(label: str, leaf: str) -> float:
    """A misspelt label: a character wrong, missing or too many."""
    if 4 <= len(label) <= 3 * len(leaf):
        ratio = fuzz.ratio(label, leaf)
        if ratio >= 90:
            return SUFFIX - 0.5
        if ratio >= 70:
            return _FUZZY * ratio / 100
    return 0.0


def _targets(form: Form) -> tuple[Target, ...]:
    targets: list[Target] = []
    for grid in form.grids:
        for block_index, block in enumerate(grid.blocks):
            members: list[tuple[Row, bool]] = [(row, False) for row in block.rows]
            for alternate in block.alternates:
                # An alternate stands directly before the rows it stands for.
                at = min(i for i, (row, _) in enumerate(members) if row.key in alternate.stands_for)
                members.insert(at, (alternate, True))
            for row, is_alternate in members:
                targets.append(
                    Target(
                        index=len(targets),
                        grid=grid,
                        block_index=block_index,
                        block=block,
                        row=row,
                        leaf=label_key(row.labels[-1]) if row.labels else "",
                        keywords=tuple(label_key(k) for k in row.keywords),
                        alternate=is_alternate,
                        heads=tuple(label_key(c.labels[-1]) for c in block.columns),
                        paths=tuple(block.path(row.key, c.key) for c in block.columns),
                        width=len(block.columns),
                    )
                )
    return tuple(targets)


def align(scores: Sequence[Sequence[tuple[int, float]]], size: int) -> tuple[list[int | None], float]:
    """Give printed rows to rows of the form so that order is kept and the scores' sum is greatest.

    ``scores[i]`` are the candidates of printed row ``i``; ``size`` is the number of the form's rows.
    Returns for each printed row its row of the form (or ``None``), and the sum.
    """
    # Heaviest increasing chain over all (printed row, candidate) pairs, one candidate a printed row.
    best: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)  # best[j]: chains that end at a row < j
    nodes: list[tuple[int, int, int]] = []  # printed row, target, previous node
    ends: list[tuple[float, int]] = [(0.0, -1)] * size
    for i, candidates in enumerate(scores):
        fresh: list[tuple[int, float, int]] = []
        for target, score in candidates:
            total, previous = best[target]
            nodes.append((i, target, previous))
            fresh.append((target, total + score, len(nodes) - 1))
        changed = size
        for target, total, node in fresh:
            if total > ends[target][0]:
                ends[target] = (total, node)
                changed = min(changed, target)
        for j in range(changed, size):
            best[j + 1] = ends[j] if ends[j][0] > best[j][0] else best[j]
    chosen: list[int | None] = [None] * len(scores)
    total, node = best[size]
    while node >= 0:
        i, target, node = nodes[node]
        chosen[i] = target
    return chosen, total


def gaps(chosen: Sequence[int | None], size: int) -> list[tuple[list[int], list[int]]]:
    """Stretches between aligned rows: printed rows without a target, and targets without a printed row."""
    known = [(-1, -1), *((i, t) for i, t in enumerate(chosen) if t is not None), (len(chosen), size)]
    taken = {t for t in chosen if t is not None}
    found: list[tuple[list[int], list[int]]] = []
    for (i1, t1), (i2, t2) in pairwise(known):
        printed, wanted = list(range(i1 + 1, i2)), list(range(t1 + 1, t2))
        if printed and wanted and taken.isdisjoint(wanted):
            found.append((printed, wanted))
    return found
