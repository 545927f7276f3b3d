"""Scanned pages: OCR for the words, and the printed rulings of the page image for the cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.annual.read.errors import NeedsExtra
from gongkai.annual.read.pdf_grid import Boxed, Ruled
from gongkai.annual.read.pdf_lines import Printed

_DPI = 200
_MAX_SIDE = 5_000
_SURE = 0.5
_LOST = "\ufffd"
_MIN_INK = 14
_MAX_TILT = 5.0
_MIN_CELLS = 4


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float


def recognise_page(page: Any, number: int) -> tuple[list[Printed], list[Ruled], float]:
    """Recognise a rendered PDF page.

    Takes a pypdfium2 page and its number; gives its lines outside tables, its ruled tables, and the
    page's height (all in points, on the straightened page). Raises ``NeedsExtra``
    (AR-X-024) where the extra is not installed.
    """
    engine, cv2, numpy = _engine(), _module("cv2"), _module("numpy")
    width, height = page.get_size()
    scale = min(_DPI / 72, _MAX_SIDE / max(width, height, 1.0))
    image = page.render(scale=scale).to_numpy()
    grey = image if image.ndim == 2 else cv2.cvtColor(image[:, :, :3], cv2.COLOR_BGR2GRAY)
    grey = _straight(cv2, numpy, grey)
    rulings, cells = _grid(cv2, numpy, grey)
    # Recognition sees the words without the rulings, which it would take for strokes.
    clean = grey.copy()
    clean[rulings > 0] = 255
    words = _words(engine, cv2.cvtColor(clean, cv2.COLOR_GRAY2BGR))
    # Back to points: a ruling's two edges are then nearer than any two borders of cells.
    words = [_Word(w.text, w.x0 / scale, w.top / scale, w.x1 / scale, w.bottom / scale) for w in words]
    boxes = [
        Boxed(c.x0 / scale, c.top / scale, c.x1 / scale, c.bottom / scale, _LOST if _inked(clean, c) else "")
        for c in cells
    ]
    tables = [_fill(group, words, number) for group in _groups(boxes)]
    tables = [t for t in tables if len(t.cells) >= _MIN_CELLS]
    outside = [w for w in words if not any(_within(w, t.left, t.top, t.right, t.bottom) for t in tables)]
    return _printed(outside, number), sorted(tables, key=lambda t: t.top), float(height)


def _module(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NeedsExtra("AR-X-024", extra="ocr") from error


@cache
def _engine() -> Any:
    """The recogniser, loaded once: it takes about a second."""
    import logging

    rapidocr = _module("rapidocr")
    engine = rapidocr.RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engine


def _straight(cv2: Any, numpy: Any, grey: Any) -> Any:
    """The page turned so that its long horizontal rulings lie level."""
    edges = cv2.Canny(grey, 60, 180)
    least = max(80, grey.shape[1] // 5)
    lines = cv2.HoughLinesP(edges, 1, numpy.pi / 1800, 160, minLineLength=least, maxLineGap=12)
    if lines is None:
        return grey
    slopes: list[float] = []
    for x0, y0, x1, y1 in lines.reshape(-1, 4):
        slope = float(numpy.degrees(numpy.arctan2(float(y1 - y0), float(x1 - x0))))
        if abs(slope) <= _MAX_TILT:
            slopes.append(slope)
    tilt = float(numpy.median(slopes)) if slopes else 0.0
    if abs(tilt) < 0.05:
        return grey
    high, wide = grey.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), tilt, 1.0)
    return cv2.warpAffine(grey, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255)


def _grid(cv2: Any, numpy: Any, grey: Any) -> tuple[Any, list[Boxed]]:
    """Mask of the rulings, and the cells: the white areas that rulings enclose."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    high, wide = grey.shape[:2]
    across = cv2.getStructuringElement(cv2.MORPH_RECT, (max(40, wide // 30), 1))
    down = cv2.getStructuringElement(cv2.MORPH_RECT, (1, max(40, high // 50)))
    level, upright = (
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, across),
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, down),
    )
    rulings = cv2.dilate(cv2.bitwise_or(level, upright), numpy.ones((3, 3), numpy.uint8), iterations=1)
    # Small gaps of a poor print are closed so that neighbouring cells do not run together.
    closed = cv2.morphologyEx(rulings, cv2.MORPH_CLOSE, numpy.ones((7, 7), numpy.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(closed), connectivity=4)
    cells: list[Boxed] = []
    for at in range(1, int(count)):
        x, y, w, h, area = (int(v) for v in stats[at])
        on_edge = x <= 1 or y <= 1 or x + w >= wide - 1 or y + h >= high - 1
        # A cell is a full rectangle; anything else is the page around the table or the inside of a stamp.
        if not on_edge and w >= 14 and h >= 14 and area > 0.85 * w * h:
            cells.append(Boxed(x, y, x + w, y + h, ""))
    return rulings, cells


def _inked(clean: Any, cell: Boxed) -> bool:
    """True where a cell of the image (without rulings) has more dark points than dust would leave."""
    inside = clean[int(cell.top) + 4 : int(cell.bottom) - 4, int(cell.x0) + 4 : int(cell.x1) - 4]
    return int((inside < 110).sum()) >= _MIN_INK


def _groups(cells: list[Boxed]) -> list[list[Boxed]]:
    """Cells that touch each other, down the page: one group a table."""
    near = 5.0
    groups: list[list[Boxed]] = []
    for cell in sorted(cells, key=lambda c: c.top):
        touching = [
            g
            for g in groups
            if any(
                c.x0 - near <= cell.x1
                and cell.x0 <= c.x1 + near
                and c.top - near <= cell.bottom
                and cell.top <= c.bottom + near
                for c in g
            )
        ]
        merged = [cell]
        for group in touching:
            merged = [*group, *merged]
            groups.remove(group)
        groups.append(merged)
    return groups


def _words(engine: Any, image: Any) -> list[_Word]:
    """Recognised lines of text with their boxes; what the recogniser itself doubts is U+FFFD."""
    result = engine(image)
    boxes, texts, scores = result.boxes, result.txts, result.scores
    if boxes is None or texts is None:
        return []
    words: list[_Word] = []
    for box, text, score in zip(boxes, texts, scores, strict=True):
        if not str(text).strip():
            continue
        xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
        shown = str(text).strip() if float(score) >= _SURE else _LOST
        words.append(_Word(shown, min(xs), min(ys), max(xs), max(ys)))
    return words


def _within(word: _Word, x0: float, top: float, x1: float, bottom: float) -> bool:
    across, down = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return x0 <= across < x1 and top <= down < bottom


def _fill(cells: list[Boxed], words: list[_Word], number: int) -> Ruled:
    """A table whose cells hold the words that lie in them, line by line."""
    filled: list[Boxed] = []
    for cell in cells:
        inside = [w for w in words if _within(w, cell.x0, cell.top, cell.x1, cell.bottom)]
        # A cell with ink in it in which nothing was recognised is not blank: it is unreadable.
        text = "\n".join(line.text for line in _printed(inside, number)) or cell.text
        filled.append(Boxed(cell.x0, cell.top, cell.x1, cell.bottom, text))
    return Ruled(number, number, filled)


def _printed(words: list[_Word], number: int) -> list[Printed]:
    """Words on one height as one line, lines from the top down."""
    lines: list[list[_Word]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if lines and lines[-1][0].top <= middle <= lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    result: list[Printed] = []
    for line in lines:
        line.sort(key=lambda w: w.x0)
        text = " ".join(w.text for w in line)
        result.append(
            Printed(
                number,
                text,
                line[0].x0,
                min(w.top for w in line),
                max(w.x1 for w in line),
                max(w.bottom for w in line),
            )
        )
    return result
