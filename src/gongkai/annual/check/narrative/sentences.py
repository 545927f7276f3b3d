"""A section's text as paragraphs, sentences and pieces, each knowing where it stood in the original.

Matching is done on a compact copy (simplified, half-width, no white space, doubled punctuation of
machine-converted pages made single); every place is given back in offsets of the text as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gongkai.annual.check.narrative.numbers import Numeral, mask, read_numerals
from gongkai.annual.findings import Span
from gongkai.annual.fold import fold

_HALF = str.maketrans("，；：（）％！？．　０１２３４５６７８９", ",;:()%!?. 0123456789")
_STOPS = "。;!?"
_HEADING = re.compile(r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.]|[(（]?\d{1,2}[)）.、])")
# Nobody writes a longer sentence; text without stops is not read, so that the time stays bounded.
_LONGEST = 2000
# A line at least this long that ends without a stop was wrapped, not ended.
_WRAPPED = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence between commas, brackets or the members of a list of figures."""

    start: int
    end: int
    text: str
    masked: str
    numerals: tuple[Numeral, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a section; ``origin[i]`` is where character ``i`` stood in the original text."""

    section: str
    paragraph: int
    text: str
    origin: tuple[int, ...]

    @cached_property
    def numerals(self) -> tuple[Numeral, ...]:
        """Its figures, in order."""
        return read_numerals(self.text)

    @cached_property
    def masked(self) -> str:
        """Its text with figures as ``#~`` and the digits of dates and the like as ``·``."""
        return mask(self.text, self.numerals)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its pieces, in order; together they hold every figure."""
        return tuple(self._pieces())

    def span(self, start: int, end: int) -> Span:
        """Characters ``start`` to ``end`` as a span of the original text."""
        return Span(self.section, self.origin[start], self.origin[end - 1] + 1)

    def span_of(self, numeral: Numeral) -> Span:
        """The figure as a span of the original text."""
        return self.span(numeral.start, numeral.end)

    def _pieces(self) -> Iterator[Piece]:
        start = 0
        for i, c in enumerate(self.masked):
            # A list comma parts only after a figure: 书面7件、网上14件, not 行政复议、行政诉讼.
            if c in ",:()" or (c in "、和及" and i > 0 and self.masked[i - 1] in "#~"):
                yield self._piece(start, i)
                start = i + 1
        yield self._piece(start, len(self.text))

    def _piece(self, start: int, end: int) -> Piece:
        inside = tuple(n for n in self.numerals if start <= n.start < end)
        return Piece(start, end, self.text[start:end], self.masked[start:end], inside)


def read_sentences(section: str, text: str) -> tuple[Sentence, ...]:
    """The sentences of a section's text; lines of a table (with ``|``) are left out. Never fails."""
    folded = fold(text)
    shown = folded.text.translate(_HALF)
    sentences: list[Sentence] = []
    for number, (start, end) in enumerate(_paragraphs(shown)):
        for first, last in _sentence_bounds(shown, start, end):
            compact, places = _compact(shown, first, last)
            if 0 < len(compact) <= _LONGEST:
                origin = tuple(folded.origin(i) for i in places)
                sentences.append(Sentence(section, number, compact, origin))
    return tuple(sentences)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Bounds of paragraphs: lines, with the lines of a wrapped paragraph taken together."""
    start: int | None = None
    position = 0
    for line in text.splitlines(keepends=True):
        begin, position = position, position + len(line)
        if "|" in line or not line.strip():
            if start is not None:
                yield start, begin
            start = None
            continue
        if start is not None and _HEADING.match(line):
            yield start, begin
            start = None
        start = begin if start is None else start
        body = line.strip()
        if body[-1] in _STOPS or len(body) < _WRAPPED:
            yield start, position
            start = None
    if start is not None:
        yield start, position


def _sentence_bounds(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for i in range(start, end):
        if text[i] in _STOPS:
            yield first, i
            first = i + 1
    yield first, end


def _compact(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """The stretch without white space and with single punctuation, and where each character stood."""
    kept: list[str] = []
    places: list[int] = []
    gap = False
    for i in range(start, end):
        c = text[i]
        if c.isspace():
            gap = True
            continue
        if gap and kept and kept[-1].isdigit() and c.isdigit():
            # Two figures torn or set apart: never join them to a number that nobody printed.
            kept.append(" ")
            places.append(i - 1)
        gap = False
        if c in ",、" and kept and kept[-1] in ",、":
            if c == "、":
                kept[-1] = c
            continue
        kept.append(c)
        places.append(i)
    return "".join(kept), places
