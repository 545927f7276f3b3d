"""PDF to blocks: text and plain ruled tables by pdfium, other pages with rulings by pdfplumber."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate, islice
from typing import Any, cast

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import Block, Document, Text
from gongkai.annual.read.errors import NeedsExtra, Unsupported
from gongkai.annual.read.limits import DEFAULT, Clock, Limits
from gongkai.annual.read.lines import WIDE, Budget, collapse
from gongkai.annual.read.logs import quiet
from gongkai.annual.read.pdf_grid import Boxed, Ruled, continues, join, parted, to_table
from gongkai.annual.read.pdf_lines import Printed, paragraphs, text_edges, without_furniture
from gongkai.annual.read.pdf_rows import may_have_rows, rebuild
from gongkai.annual.read.pdf_ruled import media_box, ruled_tables

_Pdfium = Any
"""Objects of pypdfium2, whose own types are partly unknown."""

_LINE = re.compile(r"[^\s][^\r\n]*(?<!\s)")
_WORD = re.compile(r"\S+")
_SPACING = re.compile(rf"(?<=[{WIDE}]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[{WIDE}])")
_QUARTER = 0.3
_TWO_LINES = 1.8
_FEW_CHARACTERS = 8
# One path may draw a whole grid.
_MIN_RULINGS = 1
_MAX_RULINGS = 6_000
_MAX_CHARACTERS = 40_000
_PASSWORD = 4
# What pdfminer is known to raise on damaged input besides its own errors; pdfium has read the page's
# text by then, so the page only goes without its table borders.
_DAMAGE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    OSError,
    EOFError,
    zlib.error,
)


@dataclass(slots=True)
class Page:
    """What was found on one page."""

    number: int
    height: float
    lines: list[Printed]
    tables: list[Ruled]
    words: list[Printed] = field(default_factory=list[Printed])
    """The page's words where it may have a table without rulings."""


def read_pdf(data: bytes, *, ocr: bool = False, limits: Limits = DEFAULT) -> Document:
    """A PDF as blocks.

    Text comes as paragraphs, ruled tables as tables, joined where they go on over pages; a table
    without rulings stays text, its words parted by blanks. Pages without a text layer are recognised
    where ``ocr`` is true. Raises ``NeedsExtra`` (AR-X-008), ``Unsupported`` AR-X-009 damaged, -010
    encrypted, -011 no text layer, -014, -015, -017 beyond the limits.
    """
    clock = Clock(limits.seconds)
    pages: list[Page] = []
    title = None
    with _opened(data) as document:
        count = len(document)
        if count > limits.pages:
            raise Unsupported("AR-X-017", pages=count, limit=limits.pages)
        if count == 0:
            raise Unsupported("AR-X-009", kind="PDF")
        rulings: list[int] = []
        for number in range(1, count + 1):
            clock.check()
            page, in_doubt = _read_page(document, number)
            pages.append(page)
            if in_doubt:
                rulings.append(number)
        scanned = [p.number for p in pages if sum(len(line.text) for line in p.lines) < _FEW_CHARACTERS]
        kind = "pdf"
        if len(scanned) == count:
            kind = "ocr"
            if not ocr:
                raise Unsupported("AR-X-011", pages=count)
        title = collapse(str(document.get_metadata_value("Title")))
        if scanned and ocr:
            _recognise(document, pages, scanned, limits)
    if rulings:
        _add_tables(data, pages, rulings, clock)
    for page in pages:
        frames = [(t.left, t.top, t.right, t.bottom) for t in page.tables]
        page.lines[:] = [line for line in page.lines if not any(_inside(line, frame) for frame in frames)]
        if page.words and not page.tables:
            _restore_rows(page)
    return Document(kind, _blocks(pages, Budget(limits)), None, title or None)


@contextmanager
def _opened(data: bytes) -> Generator[_Pdfium]:
    try:
        import pypdfium2
    except ImportError as error:
        raise NeedsExtra("AR-X-008", extra="pdf", kind="PDF") from error
    try:
        document: _Pdfium = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if cast("Any", error).err_code == _PASSWORD:
            raise Unsupported("AR-X-010", kind="PDF") from error
        raise Unsupported("AR-X-009", kind="PDF") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise Unsupported("AR-X-009", kind="PDF") from error
    finally:
        document.close()


def _read_page(document: _Pdfium, number: int) -> tuple[Page, bool]:
    """Lines and tables of a page, and whether it has rulings of which pdfium alone cannot tell the tables."""
    from pypdfium2 import raw

    page = document.get_page(number - 1)
    try:
        found = Page(number, page.get_height(), [], [])
        text_page = page.get_textpage()
        characters = text_page.count_chars()
        if characters:
            found.lines.extend(_lines(page, text_page, number))
        if characters > _MAX_CHARACTERS:
            return found, False
        in_doubt = False
        drawn = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4)
        paths: list[_Pdfium] = list(islice(drawn, _MAX_RULINGS + 1))
        if _MIN_RULINGS <= len(paths) <= _MAX_RULINGS:
            tables = ruled_tables(page, text_page, paths)
            found.tables.extend(_with_columns(number, tables or []))
            in_doubt = tables is None
        if not found.tables and may_have_rows(found.lines):
            found.words.extend(_lines(page, text_page, number, words=True))
        return found, in_doubt
    finally:
        page.close()


def _lines(page: _Pdfium, text_page: _Pdfium, number: int, *, words: bool = False) -> Generator[Printed]:
    """Printed lines of a page, or its words, with their places as the page is shown (rotation undone)."""
    from pypdfium2 import raw

    index_of = cast("Callable[[_Pdfium, int], int]", cast("Any", raw).FPDFText_GetCharIndexFromTextIndex)
    generated = cast("Callable[[_Pdfium, int], int]", cast("Any", raw).FPDFText_IsGenerated)
    media, turned = media_box(page), page.get_rotation()
    # Places in the text count its UTF-16 units, so a character beyond them counts twice.
    text = text_page.get_text_range(errors="replace")
    before = [0]
    if any(c > "\uffff" for c in text):
        before = [0, *accumulate(c > "\uffff" for c in text)]

    def without_spacing(start: int, end: int) -> str:
        """The text without the blanks that only stand for the quarter of a character set around figures."""
        kept, last = "", start
        for found in _SPACING.finditer(text, start, end):
            at = index_of(text_page, found.start() + before[min(found.start(), len(before) - 1)])
            if generated(text_page, at) == 1:
                one, two = (text_page.get_charbox(i, loose=True) for i in (at - 1, at + 1))
                if -0.1 <= two[0] - one[2] < _QUARTER * (one[3] - one[1]):
                    kept, last = kept + text[last : found.start()], found.end()
        return kept + text[last:end]

    def printed(start: int, end: int) -> tuple[Printed, float]:
        """A stretch of the text with its place, and the height of its first character."""
        corners = [
            _turn(text_page.get_charbox(index_of(text_page, at), loose=True), media, turned)
            for at in (
                start + before[min(start, len(before) - 1)],
                end - 1 + before[min(end - 1, len(before) - 1)],
            )
        ]
        (x0, top, _, bottom), (_, other_top, x1, other_bottom) = corners
        # A word broken at the line's end carries a mark in place of its hyphen.
        clean = without_spacing(start, end).replace("\ufffe", "").replace("\x02", "")
        first = max(bottom - top, 1.0)
        return Printed(number, clean, x0, min(top, other_top), x1, max(bottom, other_bottom)), first

    for found in (_WORD if words else _LINE).finditer(text):
        line, first = printed(*found.span())
        if words or line.size < _TWO_LINES * first:
            yield line
        else:
            # The text layer ran a line of the table and a page number together.
            yield from (printed(*word.span())[0] for word in _WORD.finditer(text, *found.span()))


_Box = tuple[float, float, float, float]


def _turn(box: _Box, media: _Box, turned: int) -> _Box:
    """A box of page space (left, bottom, right, top) as shown: x0, top, x1, bottom from the top left."""
    left, bottom, right, top = box[0] - media[0], box[1] - media[1], box[2] - media[0], box[3] - media[1]
    wide, high = media[2] - media[0], media[3] - media[1]
    match turned:
        case 90:
            return bottom, left, top, right
        case 180:
            return wide - right, bottom, wide - left, top
        case 270:
            return high - top, wide - right, high - bottom, wide - left
        case _:
            return left, high - top, right, high - bottom


def _add_tables(data: bytes, pages: list[Page], rulings: list[int], clock: Clock) -> None:
    """Find the ruled tables of those pages with the layout library."""
    try:
        import pdfplumber
        from pdfminer.pdfexceptions import PDFException
        from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
    except ImportError as error:
        raise NeedsExtra("AR-X-008", extra="pdf", kind="PDF") from error
    damage = (PDFException, MalformedPDFException, PdfminerException, *_DAMAGE)
    try:
        with quiet("pdfminer", "pdfplumber"), pdfplumber.open(BytesIO(data), pages=rulings) as document:
            for page in document.pages:
                clock.check()
                found = pages[page.page_number - 1]
                with contextlib.suppress(*damage):
                    found.tables.extend(_tables(cast("Any", page), found.number))
                page.close()
    except damage:
        return


def _restore_rows(page: Page) -> None:
    """Put the rows of a table without rulings in place of its lines as the text layer has them."""
    rebuilt = rebuild(page.words)
    if rebuilt is None:
        return
    rows, top, bottom = rebuilt
    outside = [line for line in page.lines if not top <= (line.top + line.bottom) / 2 <= bottom]
    at = next((i for i, line in enumerate(outside) if line.top > top), len(outside))
    page.lines[:] = [*outside[:at], *rows, *outside[at:]]


def _tables(page: Any, number: int) -> list[Ruled]:
    """Ruled tables of a pdfplumber page."""
    # Bold print is often two prints one upon the other; without this 12 would be read as 1122.
    page = page.dedupe_chars(tolerance=1)
    found = [
        [
            Boxed(*cast("_Box", cell), cast("str | None", text) or "")
            for row, texts in zip(table.rows, table.extract(x_tolerance=2), strict=True)
            for cell, text in zip(row.cells, texts, strict=True)
            if cell is not None
        ]
        for table in page.find_tables()
    ]
    return _with_columns(number, found)


def _with_columns(number: int, tables: list[list[Boxed]]) -> list[Ruled]:
    """The tables of a page that have at least two columns, from top to bottom."""
    kept = [
        part
        for cells in tables
        for part in parted(Ruled(number, number, cells))
        if len({round(c.x0) for c in part.cells}) > 1
    ]
    return sorted(kept, key=lambda t: (t.top, t.left))


def _inside(line: Printed, frame: _Box) -> bool:
    """True for a line whose middle lies in the frame (left, top, right, bottom)."""
    left, top, right, bottom = frame
    return left <= (line.x0 + line.x1) / 2 <= right and top <= (line.top + line.bottom) / 2 <= bottom


def _blocks(pages: list[Page], budget: Budget) -> tuple[Block, ...]:
    """Lines and tables of all pages in reading order."""
    heights = [page.height for page in pages]
    kept = without_furniture([line for page in pages for line in page.lines], heights)
    order: list[Printed | Ruled] = []
    for page in pages:
        tables = list(page.tables)
        for line in (line for line in kept if line.page == page.number):
            while tables and tables[0].top < line.top:
                _add(order, tables.pop(0))
            order.append(line)
        for table in tables:
            _add(order, table)
    blocks: list[Block] = []
    run: list[Printed] = []
    lines = tables_seen = 0
    everything = text_edges(kept)
    for item in [*order, None]:
        if isinstance(item, Printed):
            run.append(item)
            continue
        for paragraph in paragraphs(run, everything):
            budget.spend_blocks()
            lines += 1
            blocks.append(Text(paragraph.text, Place(page=paragraph.page, line=lines)))
        run = []
        if item is not None:
            tables_seen += 1
            blocks.append(to_table(item, tables_seen, budget))
    return tuple(blocks)


def _add(order: list[Printed | Ruled], table: Ruled) -> None:
    """Add a table, or join it to the one before where nothing but a page's end parts them."""
    before = order[-1] if order else None
    if isinstance(before, Ruled) and continues(before, table):
        join(before, table)
    else:
        order.append(table)


def _recognise(document: _Pdfium, pages: list[Page], scanned: list[int], limits: Limits) -> None:
    """Put what OCR sees on the scanned pages into them."""
    from gongkai.annual.read.ocr import recognise_page

    if len(scanned) > limits.ocr_pages:
        raise Unsupported("AR-X-017", pages=len(scanned), limit=limits.ocr_pages)
    for number in scanned:
        found = pages[number - 1]
        page = document.get_page(number - 1)
        try:
            found.lines[:], tables, found.height = recognise_page(page, number)
            found.tables.extend(tables)
        finally:
            page.close()
