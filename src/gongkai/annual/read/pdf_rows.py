"""Tables without rulings in a PDF: printed rows put together from the places of their words.

The text layer gives such a table in the order in which it was drawn: a label of two lines, its
figures, the group's label somewhere between. Read line by line, figures would come to stand under
the wrong label. Here every row becomes one line again: its label, then its figures from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.annual.read.lines import join_lines
from gongkai.annual.read.pdf_lines import Printed

_FIGURE = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?\Z|[-/—－无]\Z")
_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[）)、.．](?!\d)|第[一二三四五六七八九十]+条"
)
_MIN_ROWS = 3
_MIN_FIGURES = 3
_BLANK = "|"
# Lines of one cell stand up to this many sizes apart, rows of a table further.
_LEADING = 1.5
# Figures this near to a line without figures may belong to a label above and below them.
_BESIDE = 1.15


@dataclass(slots=True)
class _Label:
    words: list[Printed]

    @property
    def last(self) -> Printed:
        return self.words[-1]

    @property
    def x0(self) -> float:
        return min(w.x0 for w in self.words)

    @property
    def x1(self) -> float:
        return max(w.x1 for w in self.words)

    @property
    def text(self) -> str:
        return join_lines(w.text for w in self.words)


@dataclass(slots=True)
class _Row:
    top: float
    labels: list[_Label] = field(default_factory=list[_Label])
    figures: list[Printed] = field(default_factory=list[Printed])


def rebuild(words: Sequence[Printed]) -> tuple[list[Printed], float, float] | None:
    """Rows of a page's tables without rulings.

    Takes the page's words (parted where the text layer has a gap); gives one line per row and the upper
    and lower edge of what they replace, or ``None`` where the page has no such table or it is not
    certain which label belongs to which figures.
    """
    rows = _visual_rows(words)
    wide = [i for i, row in enumerate(rows) if len(_figures(row)) >= _MIN_FIGURES]
    if len(wide) < _MIN_ROWS:
        return None
    first, last = wide[0], _last_row(rows, wide[-1])
    inside = rows[first : last + 1]
    built = _build(inside)
    if any(_between_labels(built, at) for at in range(len(built))):
        return None
    top = min(w.top for w in rows[first])
    bottom = max(w.bottom for row in inside for w in row)
    return [_line(row, _reference(built, at), words[0].page) for at, row in enumerate(built)], top, bottom


def may_have_rows(lines: Sequence[Printed]) -> bool:
    """True for a page on which several lines end in figures, or are one: ``rebuild`` may find a table."""
    found = alone = 0
    for line in lines:
        parts = line.text.split()
        found += len(parts) >= _MIN_FIGURES and all(_FIGURE.match(part) for part in parts[-_MIN_FIGURES:])
        alone += len(parts) == 1 and _FIGURE.match(parts[0]) is not None
    return found >= _MIN_ROWS or alone >= _MIN_ROWS * _MIN_FIGURES


def _figures(row: list[Printed]) -> list[Printed]:
    """The figures at a row's end; figures before other words are part of running text."""
    at = len(row)
    while at and _FIGURE.match(row[at - 1].text):
        at -= 1
    return row[at:]


def _visual_rows(words: Sequence[Printed]) -> list[list[Printed]]:
    """Words that stand on one line of print, from the top down, each from left to right."""
    rows: list[list[Printed]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if rows and abs((rows[-1][0].top + rows[-1][0].bottom) / 2 - middle) < 0.4 * word.size:
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda w: w.x0)
    return rows


def _last_row(rows: list[list[Printed]], last: int) -> int:
    """The last row with what its labels go on with below it."""
    at = last
    while at + 1 < len(rows):
        below = rows[at + 1]
        if _figures(below) or _NUMBERED.match(below[0].text) or not _follows(rows[at][0], below[0]):
            break
        # A row of several labels at the page's end may go on overleaf: its lines stay as they are.
        if not all(_overlap(w, rows[last][0]) for w in below):
            break
        at += 1
    return at


def _follows(above: Printed, below: Printed) -> bool:
    """True where two lines are as near as lines of one cell; rows of a table stand wider apart."""
    return 0 < below.top - above.top <= _LEADING * below.size


def _overlap(one: Printed | _Label, two: Printed | _Label) -> bool:
    return one.x0 < two.x1 and two.x0 < one.x1


def _build(rows: list[list[Printed]]) -> list[_Row]:
    built: list[_Row] = []
    for row in rows:
        figures = _figures(row)
        own = row[: len(row) - len(figures)]
        fresh = _Row(row[0].top, figures=figures)
        for word in own:
            above = None if _NUMBERED.match(word.text) else _label_above(built, word)
            # Figures never stand alone where their line has a label.
            needed = bool(figures) and not fresh.labels and word is own[-1]
            if above is not None and not needed:
                above.words.append(word)
            else:
                fresh.labels.append(_Label([word]))
        if fresh.labels or fresh.figures:
            built.append(fresh)
    return built


def _label_above(built: list[_Row], word: Printed) -> _Label | None:
    """The label whose next line this word is: the nearest one above it in its column."""
    for row in reversed(built[-12:]):
        for label in row.labels:
            if _overlap(label, word):
                return label if _follows(label.last, word) else None
    return None


def _between_labels(built: list[_Row], at: int) -> bool:
    """True for figures without a label that stand nearer to another line than rows do."""
    row = built[at]
    if row.labels or not row.figures:
        return False
    near = [built[i] for i in (at - 1, at + 1) if 0 <= i < len(built)]
    return any(abs(other.top - row.top) <= _BESIDE * row.figures[0].size for other in near)


def _reference(built: list[_Row], at: int) -> list[Printed]:
    """Figures of the nearest fuller row that has the same columns and more: they show which are blank."""
    row = built[at]
    best = row.figures
    if len(row.figures) < 2:
        return best
    for distance in range(1, len(built)):
        for other in (at - distance, at + distance):
            figures = built[other].figures if 0 <= other < len(built) else []
            if len(figures) > len(best) and all(any(_overlap(f, g) for g in figures) for f in row.figures):
                best = figures
    return best


def _line(row: _Row, reference: list[Printed], page: int) -> Printed:
    """A row as a line; where a column has no figure its place is kept by bars."""
    texts = [label.text for label in sorted(row.labels, key=lambda label: label.x0)]
    words = [w for label in row.labels for w in label.words] + row.figures
    text = " ".join([*texts, *(w.text for w in row.figures)])
    if len(reference) > len(row.figures):
        placed = [" ".join(f.text for f in row.figures if _overlap(f, column)) for column in reference]
        text = f" {_BLANK} ".join([" ".join(texts), *placed])
    return Printed(
        page, text, min(w.x0 for w in words), row.top, max(w.x1 for w in words), max(w.bottom for w in words)
    )
