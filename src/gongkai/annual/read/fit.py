"""Fitting the printed rows of one report to a form: the edition is told from the tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.annual.form import Form
from gongkai.annual.read.blocks import Block
from gongkai.annual.read.entries import Entry, entries_of
from gongkai.annual.read.match import Matcher, Target, align, gaps


@dataclass(frozen=True, slots=True)
class Pair:
    """A printed row and the row of the form it was taken for."""

    entry: Entry
    target: Target
    by_order: bool = False
    """Told by its place between its neighbours, not by its label."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Printed rows given to rows of one form."""

    form: Form
    pairs: tuple[Pair, ...]
    score: float

    @property
    def filled(self) -> int:
        """Rows that were found with at least one value."""
        return sum(1 for pair in self.pairs if pair.entry.values)


_MATCHERS: dict[int, Matcher] = {}


def matcher_for(form: Form) -> Matcher:
    """The form's matcher, made once for each loaded form."""
    found = _MATCHERS.get(id(form))
    if found is None or found.form is not form:
        found = _MATCHERS[id(form)] = Matcher(form)
    return found


def best_fit(
    forms: Sequence[Form], blocks: Sequence[Block], folded: Sequence[Sequence[str]], zone: range
) -> Fit:
    """The form whose rows fit the printed rows best, and the fit; among equals the later form.

    ``zone`` are the blocks in which text lines may be table cells. Labels before their numbers is tried
    first; numbers above their labels only where that leaves rows unfound.
    """
    matchers = [matcher_for(form) for form in forms]
    known = frozenset(t.leaf for m in matchers for t in m.targets if t.leaf)
    best = _best(matchers, entries_of(blocks, folded, known, zone))
    if best.filled < 0.8 * len(form_rows(best.form)) and len(zone):
        other = _best(matchers, entries_of(blocks, folded, known, zone, before=False))
        if other.score > best.score:
            best = other
    return best


def _best(matchers: Sequence[Matcher], entries: Sequence[Entry]) -> Fit:
    return max((_fit(m, entries) for m in matchers), key=lambda f: (f.score, f.form.first_year))


def form_rows(form: Form) -> tuple[tuple[str, int, str], ...]:
    """Every row of the form as (grid, block, row key), alternates left out."""
    return tuple(
        (grid.id, index, row.key)
        for grid in form.grids
        for index, block in enumerate(grid.blocks)
        for row in block.rows
    )


def _fit(matcher: Matcher, entries: Sequence[Entry]) -> Fit:
    targets = matcher.targets
    scored: list[tuple[tuple[int, float], ...]] = []
    for entry in entries:
        count = _count(entry)
        scored.append(
            tuple(
                (index, total)
                for index, score in matcher.scores(entry.joined, entry.last, entry.context)
                if (total := score + _bonus(count, targets[index].width)) > 0
                # An alternate's label also heads the group it stands for; only its numbers tell it apart.
                and (count > 0 or not targets[index].alternate)
            )
        )
    chosen, score = align(scored, len(targets))
    ordered: set[int] = set()
    for printed, wanted in gaps(chosen, len(targets)):
        for i, t in _fill_gap(entries, targets, printed, wanted):
            chosen[i] = t
            ordered.add(i)
    pairs = tuple(
        Pair(entries[i], targets[t], by_order=i in ordered and targets[t].leaf != "")
        for i, t in enumerate(chosen)
        if t is not None
    )
    return Fit(matcher.form, pairs, score + _heading_evidence(pairs))


def _count(entry: Entry) -> int:
    return sum(1 for t in entry.values if t.text.strip())


def _bonus(count: int, width: int) -> float:
    """Rows with as many values as the form has columns fit better; a label without any fits worse."""
    if count == width:
        return 2.0
    if count == 0:
        return -4.0
    return 0.0 if abs(count - width) <= 2 else -2.0


def _fill_gap(
    entries: Sequence[Entry],
    targets: Sequence[Target],
    printed: Sequence[int],
    wanted: Sequence[int],
) -> Sequence[tuple[int, int]]:
    """Order as a fallback: rows with unreadable labels between two known neighbours.

    Only where their number and the number of their values leave no choice.
    """
    rows = [i for i in printed if entries[i].values and _count(entries[i]) > 0]
    goals = [t for t in wanted if not targets[t].alternate]
    if not rows or len(rows) != len(goals) or len(rows) > 40:
        return ()
    if len({(targets[t].grid.id, targets[t].block_index) for t in goals}) > 1:
        return ()
    if any(_count(entries[i]) != targets[t].width for i, t in zip(rows, goals, strict=True)):
        return ()
    return tuple(zip(rows, goals, strict=True))


def _heading_evidence(pairs: Sequence[Pair]) -> float:
    """How well the column headings above the rows are those of the form, up to 6 a block."""
    seen: set[tuple[str, int]] = set()
    total = 0.0
    for pair in pairs:
        entry, target = pair.entry, pair.target
        key = (target.grid.id, target.block_index)
        if key in seen:
            continue
        seen.add(key)
        text = entry.context if entry.exact else entry.context + entry.joined
        leaves = target.heads
        total += 6.0 * sum(1 for leaf in leaves if leaf in text) / len(leaves)
    return total
