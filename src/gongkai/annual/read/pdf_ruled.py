"""Ruled tables of a page from pdfium's own paths and characters, where these leave no doubt.

Most pages draw their tables with straight lines and upright text; for them this takes a tenth of what a
general layout library does. Every other page (curves, drawings inside drawings, turned pages or text,
characters without a meaning) is left to that library: ``ruled_tables`` then gives ``None``. The rules for
what is a table, a cell and a word are the library's (pdfplumber's), so both read a page alike.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from gongkai.annual.read.pdf_grid import Boxed

_Pdfium = Any
"""Objects of pypdfium2, whose own types are partly unknown."""

_NEAR = 3.0
"""Rulings this close are one; rulings that miss each other by no more meet."""
_SPECK = 1.0
_SHORT = 3.0
_LINE = 3.0
"""Characters whose tops differ by no more stand on one line."""
_GAP = 2.0
"""A blank stands in a line where two characters are further apart."""
_DOUBLE = 1.0
"""The same character twice within this distance is bold print."""
_FLAT = 0.01
_BLANK = ord(" ")
_MOST_POINTS = 20_000


class _Edge(NamedTuple):
    """A ruling: where it stands (x of an upright one, else y), and from where to where it goes."""

    at: float
    start: float
    end: float


class _Glyph(NamedTuple):
    """A character as printed, from the page's top left."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


_Box = tuple[float, float, float, float]
_Point = tuple[float, float]


def ruled_tables(page: _Pdfium, text_page: _Pdfium, paths: Sequence[_Pdfium]) -> list[list[Boxed]] | None:
    """The cells of each ruled table of a page, from top to bottom; ``None`` where that cannot be told here.

    ``paths`` are all paths drawn on the page.
    """
    media = media_box(page)
    crop = page.get_cropbox(fallback_ok=False)
    if page.get_rotation() != 0 or media[:2] != (0.0, 0.0) or crop not in (None, media):
        return None
    found = _edges(paths, media[3])
    if found is None:
        return None
    boxes = _cells(_merged(found[0]), _merged(found[1]))
    tables = _connected(boxes)
    if not tables:
        return []
    glyphs = _glyphs(text_page, media[3])
    if glyphs is None:
        return None
    return [_filled(table, glyphs) for table in tables]


def media_box(page: _Pdfium) -> _Box:
    """The page's medium (left, bottom, right, top), its own or the one that it has from the document.

    pdfium tells the latter only as the bounds of the page, and a default sheet where it is asked amiss.
    """
    own: _Box | None = page.get_mediabox(fallback_ok=False)
    return own if own is not None else page.get_bbox()


# -- rulings -----------------------------------------------------------------------------------------------


def _edges(paths: Sequence[_Pdfium], height: float) -> tuple[list[_Edge], list[_Edge]] | None:
    """Upright and level edges of all lines and rectangles; ``None`` where a path is something else."""
    upright: list[_Edge] = []
    level: list[_Edge] = []
    for path in paths:
        if path.level > 0:
            return None  # in a drawing with a place and scale of its own
        for points in _subpaths(path.raw, path.get_matrix().get(), height):
            if points is None:
                return None
            xs, ys = {x for x, _ in points}, {y for _, y in points}
            left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
            if len(points) == 2 and len(xs) == 1:
                upright.append(_Edge(left, top, bottom))
            elif len(points) == 2 and len(ys) == 1:
                level.append(_Edge(top, left, right))
            elif len(points) == 4 and len(xs) <= 2 and len(ys) <= 2 and _goes_round(points):
                upright += [_Edge(left, top, bottom), _Edge(right, top, bottom)]
                level += [_Edge(top, left, right), _Edge(bottom, left, right)]
            else:
                return None
            if len(upright) + len(level) > _MOST_POINTS:
                return None
    return upright, level


def _goes_round(points: Sequence[_Point]) -> bool:
    """True where each side of a polygon is upright or level."""
    return all(one[0] == two[0] or one[1] == two[1] for one, two in pairwise([*points, points[0]]))


def _subpaths(path: _Pdfium, matrix: Sequence[float], height: float) -> Iterator[list[_Point] | None]:
    """Corners of each line or polygon of a path as shown; ``None`` for one with curves or a slanting page."""
    from pypdfium2 import raw

    library: Any = raw
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[_Point] = []
    if (abs(b) > 0 or abs(c) > 0) and (abs(a) > 0 or abs(d) > 0):
        yield None
        return
    for index in range(library.FPDFPath_CountSegments(path)):
        segment = library.FPDFPath_GetPathSegment(path, index)
        kind = library.FPDFPathSegment_GetType(segment)
        if kind not in (raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_LINETO):
            yield None
            return
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield _closed(points)
            points = []
        library.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((a * x.value + c * y.value + e, height - (b * x.value + d * y.value + f)))
    if len(points) > 1:
        yield _closed(points)


def _closed(points: list[_Point]) -> list[_Point]:
    """The corners without the way back to the first."""
    return points[:-1] if len(points) > 2 and points[0] == points[-1] else points


def _merged(edges: Sequence[_Edge]) -> list[_Edge]:
    """Edges that lie beside each other put on one line, those that follow each other there made one."""
    lines: list[list[_Edge]] = []
    last = 0.0
    for edge in sorted(edge for edge in edges if edge.end - edge.start >= _SPECK):
        if lines and edge.at - last <= _NEAR:
            lines[-1].append(edge)
        else:
            lines.append([edge])
        last = edge.at
    merged: list[_Edge] = []
    for line in lines:
        at = sum(edge.at for edge in line) / len(line)
        parts = sorted((edge.start, edge.end) for edge in line)
        start, end = parts[0]
        for nearer, further in parts[1:]:
            if nearer > end + _NEAR:
                merged.append(_Edge(at, start, end))
                start, end = nearer, further
            else:
                end = max(end, further)
        merged.append(_Edge(at, start, end))
    return [edge for edge in merged if edge.end - edge.start >= _SHORT]


# -- cells -------------------------------------------------------------------------------------------------


def _cells(upright: Sequence[_Edge], level: Sequence[_Edge]) -> list[_Box]:
    """The smallest rectangle below and right of each crossing that has rulings on all its sides."""
    down: dict[_Point, set[int]] = {}
    across: dict[_Point, set[int]] = {}
    for i, v in enumerate(upright):
        for j, h in enumerate(level):
            if v.start <= h.at + _NEAR and v.end >= h.at - _NEAR and h.start - _NEAR <= v.at <= h.end + _NEAR:
                down.setdefault((v.at, h.at), set()).add(i)
                across.setdefault((v.at, h.at), set()).add(j)
    below: dict[float, list[float]] = {}
    beside: dict[float, list[float]] = {}
    for x, y in sorted(down):
        below.setdefault(x, []).append(y)
        beside.setdefault(y, []).append(x)
    boxes: list[_Box] = []
    for x, y in sorted(down):
        rights = beside[y][bisect_right(beside[y], x) :]
        rights = [right for right in rights if not across[x, y].isdisjoint(across[right, y])]
        box = next(
            (
                (x, y, right, low)
                for low in below[x][bisect_right(below[x], y) :]
                if rights and not down[x, y].isdisjoint(down[x, low])
                for right in rights
                if (right, low) in down
                and not down[right, low].isdisjoint(down[right, y])
                and not across[right, low].isdisjoint(across[x, low])
            ),
            None,
        )
        if box is not None:
            boxes.append(box)
    return boxes


def _connected(boxes: Sequence[_Box]) -> list[list[_Box]]:
    """Cells that touch at a corner make a table; one cell alone makes none."""
    by_corner: dict[_Point, list[int]] = {}
    for index, (x0, top, x1, bottom) in enumerate(boxes):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            by_corner.setdefault(corner, []).append(index)
    seen = [False] * len(boxes)
    tables: list[list[_Box]] = []
    for first in range(len(boxes)):
        if seen[first]:
            continue
        seen[first] = True
        queue, table = [first], list[_Box]()
        while queue:
            box = boxes[queue.pop()]
            table.append(box)
            x0, top, x1, bottom = box
            for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
                for other in by_corner[corner]:
                    if not seen[other]:
                        seen[other] = True
                        queue.append(other)
        if len(table) > 1:
            tables.append(sorted(table, key=_reading_order))
    return sorted(tables, key=lambda table: _reading_order(table[0]))


def _reading_order(box: _Box) -> _Point:
    return box[1], box[0]


# -- text --------------------------------------------------------------------------------------------------


def _glyphs(text_page: _Pdfium, height: float) -> list[_Glyph] | None:
    """The page's characters, blanks included; ``None`` where one has no meaning or does not stand upright."""
    from pypdfium2 import raw

    library: Any = raw
    # Five questions for each character: without the look-ups they cost half.
    text, code_of, generated = text_page.raw, library.FPDFText_GetUnicode, library.FPDFText_IsGenerated
    unmapped, angle_of = library.FPDFText_HasUnicodeMapError, library.FPDFText_GetCharAngle
    loose_box, ink_box = library.FPDFText_GetLooseCharBox, library.FPDFText_GetCharBox
    box = library.FS_RECTF()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    glyphs: list[_Glyph] = []
    for index in range(text_page.count_chars()):
        code = code_of(text, index)
        if code <= _BLANK and generated(text, index) == 1:
            continue
        # A control character or the like stands for a hyphen at a line's end, or for nothing known.
        if code < _BLANK or 0xFFFD <= code <= 0xFFFF or unmapped(text, index) != 0:
            return None
        if abs(angle_of(text, index)) > _FLAT or not loose_box(text, index, box):
            return None
        ink_box(text, index, left, right, bottom, top)
        if not box.bottom <= (bottom.value + top.value) / 2 <= box.top:
            return None  # the font's measures are wrong, and with them the place of its characters
        glyphs.append(_Glyph(box.left, height - box.top, box.right, height - box.bottom, chr(code)))
    return glyphs


def _filled(table: Sequence[_Box], glyphs: Sequence[_Glyph]) -> list[Boxed]:
    """The table's cells with the text whose characters have their middle in them."""
    xs = sorted({x for box in table for x in (box[0], box[2])})
    ys = sorted({y for box in table for y in (box[1], box[3])})
    column = {x: i for i, x in enumerate(xs)}
    row = {y: i for i, y in enumerate(ys)}
    held: list[list[_Glyph]] = [[] for _ in table]
    fields: dict[tuple[int, int], list[list[_Glyph]]] = {}
    for own, (x0, top, x1, bottom) in zip(held, table, strict=True):
        for i in range(column[x0], column[x1]):
            for j in range(row[top], row[bottom]):
                fields.setdefault((i, j), []).append(own)
    for glyph in glyphs:
        spot = (
            bisect_right(xs, (glyph.x0 + glyph.x1) / 2) - 1,
            bisect_right(ys, (glyph.top + glyph.bottom) / 2) - 1,
        )
        for own in fields.get(spot, ()):
            own.append(glyph)
    return [Boxed(*box, _text(own)) for box, own in zip(table, held, strict=True)]


def _text(glyphs: list[_Glyph]) -> str:
    """Characters of a cell as lines, parted by ``\\n``."""
    if not glyphs:
        return ""
    lines: list[list[_Glyph]] = []
    last = 0.0
    for glyph in sorted(glyphs, key=lambda g: g.top):
        if lines and glyph.top - last <= _LINE:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
        last = glyph.top
    return "\n".join(text for line in lines if (text := _line(line)))


def _line(glyphs: list[_Glyph]) -> str:
    glyphs.sort(key=lambda g: g.x0)
    text = ""
    before: list[_Glyph] = []
    for glyph in glyphs:
        if any(
            g.text == glyph.text and glyph.x0 - g.x0 <= _DOUBLE and abs(glyph.top - g.top) <= _DOUBLE
            for g in before[-2:]
        ):
            continue
        if before and glyph.x0 > before[-1].x1 + _GAP:
            text += " "
        text += glyph.text
        before.append(glyph)
    return " ".join(text.split())
