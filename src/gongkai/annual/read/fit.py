"""Fitting the printed rows of one report to a form: the edition is told from the tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from gongkai.annual.form import Form
from gongkai.annual.read.assign import Assigner
from gongkai.annual.read.blocks import Block
from gongkai.annual.read.entries import Entry, entries_of
from gongkai.annual.read.match import SUFFIX, Matcher, Pair, Target, align, gaps, is_foreign


@dataclass(frozen=True, slots=True)
class Fit:
    """Printed rows given to rows of one form."""

    form: Form
    pairs: tuple[Pair, ...]
    score: float
    again: tuple[Pair, ...] = ()
    """Rows of the form printed once more elsewhere (last year's table, a row twice)."""

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

    ``zone`` are the blocks in which text lines may be table cells. Text may print numbers behind their
    labels or above them; where both fit, the relations of the form decide.
    """
    matchers = [matcher_for(form) for form in forms]
    known = frozenset(t.leaf for m in matchers for t in m.targets if t.leaf)
    entries = entries_of(blocks, folded, known, zone)
    best = _best(matchers, entries)
    runs = sum(1 for e in entries if not e.exact and _count(e) > 1)
    if runs >= _TEXT_ROWS:
        other = _best(matchers, entries_of(blocks, folded, known, zone, before=False))
        if other.filled >= 0.6 * best.filled and _stands_better(other, best):
            best = other
    return best


_TEXT_ROWS = 3
"""So many rows of several numbers in running text make it worth trying numbers above their labels."""


_CLEARLY = 4
"""So many more relations must hold before numbers are taken to stand above their labels."""


def _stands_better(other: Fit, best: Fit) -> bool:
    (holding, score), (own, own_score) = _standing(other), _standing(best)
    return holding >= own + _CLEARLY or (holding == own and score > own_score)


def _standing(fit: Fit) -> tuple[int, float]:
    """How well a fit stands: relations that hold, then the score."""
    values = {p: c.value for p, c in Assigner(fit.form).assign(fit.pairs, ()).cells.items()}
    holding = 0
    for relation in fit.form.relations:
        left = [values.get(p) for p in relation.left]
        right = [values.get(p) for p in relation.right]
        if None not in left and None not in right:
            known = [v for v in left if v is not None], [v for v in right if v is not None]
            holding += sum(known[0]) == sum(known[1])
    return holding, fit.score


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
    scored = [matcher.candidates(e.joined, e.last, e.context, _count(e)) for e in entries]
    chosen, score = align(scored, len(targets))
    _take_strays(scored, entries, targets, chosen)
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
    return Fit(
        matcher.form, pairs, score + _heading_evidence(pairs), _again(scored, entries, targets, chosen)
    )


def _again(
    scored: Sequence[Sequence[tuple[int, float]]],
    entries: Sequence[Entry],
    targets: Sequence[Target],
    chosen: Sequence[int | None],
) -> tuple[Pair, ...]:
    """Rows left over that name a row already found as clearly as the one that was taken."""
    taken = {t for t in chosen if t is not None}
    found: list[Pair] = []
    for i, candidates in enumerate(scored):
        if chosen[i] is not None or not candidates or _count(entries[i]) == 0:
            continue
        best, score = max(candidates, key=lambda c: c[1])
        if best in taken and score >= SUFFIX and abs(_count(entries[i]) - targets[best].width) <= 1:
            found.append(Pair(entries[i], targets[best]))
    return tuple(found)


def _take_strays(
    scored: Sequence[Sequence[tuple[int, float]]],
    entries: Sequence[Entry],
    targets: Sequence[Target],
    chosen: list[int | None],
) -> None:
    """Rows printed out of the form's order: taken where the label is exactly that of a row not yet found."""
    taken = {t for t in chosen if t is not None}
    for i, candidates in enumerate(scored):
        if chosen[i] is not None or not entries[i].values:
            continue
        exact = [
            t
            for t, _ in candidates
            if targets[t].leaf
            and entries[i].last == targets[t].leaf
            and _count(entries[i]) == targets[t].width
        ]
        if len(exact) == 1 and exact[0] not in taken:
            chosen[i] = exact[0]
            taken.add(exact[0])


def _count(entry: Entry) -> int:
    """How many of the row's values are printed."""
    return len([t for t in entry.values if t.text and not t.text.isspace()])


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
    if any(not _may_be(entries[i], targets[t]) for i, t in zip(rows, goals, strict=True)):
        return ()
    return tuple(zip(rows, goals, strict=True))


def _may_be(entry: Entry, target: Target) -> bool:
    """True if a label does not speak against being that row: it is empty, damaged, or somewhat like it."""
    label = entry.last
    if not target.leaf or len(label) < 2:
        return True
    damaged = sum(1 for c in entry.labels[-1].text if c in "?\ufffd□■○●*") * 2 >= len(label)
    if is_foreign(label, target):
        return False
    return damaged or fuzz.ratio(label, target.leaf) >= 45 or fuzz.partial_ratio(label, target.leaf) >= 65


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
