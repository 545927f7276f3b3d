"""Running text of a PDF: printed lines put together to paragraphs, page numbers and running heads dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.annual.read.lines import WIDE, collapse

_PAGE_NUMBER = re.compile(
    r"[-—－–―─~·\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[,，/／]?\s*共?\s*\d{1,3}\s*页?)?[-—－–―─~·\s]*\Z"
)
_DIGITS = re.compile(r"\d+")
# Two figures side by side: a row of a table, never running text.
_FIGURES = re.compile(r"(?<!\S)[+-]?\d[\d,.]*\s+[+-]?\d[\d,.]*(?!\S)")
_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[）)、．]|\d{1,2}\.\D|第[一二三四五六七八九十]+[条部章]"
)
_ENDS = re.compile(r"[。！？：；!?:;]\Z")
_ENDS_WIDE = re.compile(rf"[{WIDE}]\Z")
_STARTS_WIDE = re.compile(rf"[{WIDE}]")
_MARGIN = 0.11
_MARGIN_POINTS = 50.0


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed line with its place on the page (points, from the top left)."""

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def size(self) -> float:
        """Height of the line, about the size of its characters."""
        return max(self.bottom - self.top, 1.0)


def without_furniture(lines: Sequence[Printed], heights: Sequence[float]) -> list[Printed]:
    """The lines without page numbers and without heads and feet that most pages repeat.

    Only lines in the outer tenth of a page are looked at. A repeated one must stand on at least three
    pages and on half of all; a bare number must be the page's outermost line and count with the pages. In
    doubt a line stays.
    """
    pages = len(heights)
    outer = [line for line in lines if _in_margin(line, heights)]
    places = Counter(_DIGITS.sub("#", line.text) for line in outer)
    repeated = {text for text, count in places.items() if count >= max(3, (pages + 1) // 2)}
    gone = {id(line) for line in outer if _DIGITS.sub("#", line.text) in repeated and not line.text.isdigit()}
    gone |= _page_numbers(outer, lines)
    return [line for line in lines if id(line) not in gone]


def _page_numbers(outer: Sequence[Printed], lines: Sequence[Printed]) -> set[int]:
    """Ids of the lines that are page numbers."""
    tops: dict[int, float] = {}
    bottoms: dict[int, float] = {}
    for line in lines:
        tops[line.page] = min(tops.get(line.page, line.top), line.top)
        bottoms[line.page] = max(bottoms.get(line.page, line.bottom), line.bottom)
    found = [
        line
        for line in outer
        if _PAGE_NUMBER.match(line.text)
        and (line.top <= tops[line.page] or line.bottom >= bottoms[line.page])
    ]
    bare = [line for line in found if line.text.isdecimal()]
    shifts = Counter(int(line.text) - line.page for line in bare)
    return {
        id(line)
        for line in found
        if not line.text.isdecimal() or int(line.text) == line.page or shifts[int(line.text) - line.page] > 1
    }


def _in_margin(line: Printed, heights: Sequence[float]) -> bool:
    height = heights[line.page - 1]
    margin = max(_MARGIN * height, _MARGIN_POINTS)
    return line.bottom < margin or line.top > height - margin


def paragraphs(lines: Sequence[Printed], edges: tuple[float, float]) -> list[Printed]:
    """Put the lines of a paragraph together.

    A line goes on in the next one where it reaches the right edge of the text and the next one is
    neither indented nor numbered; a line of figures always stands alone. ``edges`` are the left and right
    edge of the whole text (``text_edges``).
    """
    left, right = edges
    result: list[Printed] = []
    open_line: Printed | None = None
    for line in lines:
        if open_line is not None and _goes_on(open_line, line, left, right):
            last = result[-1]
            result[-1] = Printed(
                last.page, _joined(last.text, line.text), last.x0, last.top, line.x1, line.bottom
            )
        else:
            result.append(line)
        open_line = line
    return [Printed(p.page, collapse(p.text), p.x0, p.top, p.x1, p.bottom) for p in result if p.text.strip()]


def text_edges(lines: Sequence[Printed]) -> tuple[float, float]:
    """Left and right edge of the running text, from the lines that are long."""
    if not lines:
        return 0.0, 0.0
    long = [line for line in lines if len(line.text) >= 20] or list(lines)
    return min(line.x0 for line in long), max(line.x1 for line in long)


def _goes_on(line: Printed, following: Printed, left: float, right: float) -> bool:
    size = line.size
    if line.x1 < right - 2.2 * size or following.x0 > left + 1.2 * size:
        return False
    if abs(following.size - size) > 0.35 * size:
        return False
    if _FIGURES.search(line.text) or _FIGURES.search(following.text):
        return False
    if following.page == line.page and not 0 < following.top - line.top < 3.5 * size:
        return False
    return not (_NUMBERED.match(following.text) and _ENDS.search(line.text))


def _joined(first: str, second: str) -> str:
    if _ENDS_WIDE.search(first) or _STARTS_WIDE.match(second) or first[-1:].isdigit():
        # In Chinese text a line may break anywhere, also inside a number.
        return first + second
    return f"{first} {second}"
