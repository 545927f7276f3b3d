"""Workbooks to blocks: cached values of formulas, merged ranges as spans, lone rows of text as text.

The XML is read directly: a library's full reading makes an object for every cell of a merged range,
which one hostile range turns into billions.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import Block, Document, RawCell, Table, Text
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.limits import DEFAULT, Limits
from gongkai.annual.read.lines import Budget, collapse
from gongkai.annual.read.package import Package

CHECK_SHEET = "核对"
"""A sheet that repeats labels and sums to check them (our own workbooks have one): not the report."""

CHECK_MARK = re.compile(rf"{CHECK_SHEET} \S+ [↓→←]")
"""Begins the label of such sums where they stand beside a table."""

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})\Z")
_SECTION = re.compile(r"\s*[一二三四五六七八九十]{1,3}\s*[、.．]")
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.")
_PROSE = 60
_MAX_COLUMN = 512


@dataclass(frozen=True, slots=True)
class _Printed:
    text: str
    row_span: int = 1
    column_span: int = 1


_Sheet = dict[int, dict[int, _Printed]]


def read_xlsx(data: bytes, *, limits: Limits = DEFAULT) -> Document:
    """A workbook as blocks, sheet after sheet; sheets that are hidden are left out.

    A number is printed as the cell holds it, whole ones without a fraction; dates as ISO dates.
    Raises ``Unsupported`` for a damaged, encrypted or hostile file (AR-X-009, -010, -012, -014, -016).
    """
    package = Package(data, "XLSX", limits)
    strings = _shared_strings(package)
    dates, base = _date_styles(package), _date_base(package)
    budget = Budget(limits)
    blocks: list[Block] = []
    for number, name in enumerate(_sheets(package), 1):
        root = package.xml(name)
        if root is None:
            continue
        reader = _Reader(strings, dates, base, budget)
        blocks.extend(_sheet_blocks(reader.read(root), number, budget, blocks))
    core = package.xml("docProps/core.xml")
    title = core.findtext("{http://purl.org/dc/elements/1.1/}title") if core is not None else None
    return Document("xlsx", tuple(blocks), None, collapse(title or "") or None)


def _sheets(package: Package) -> Iterator[str]:
    """Parts of the visible sheets in the workbook's order."""
    book = package.xml("xl/workbook.xml")
    links = package.xml("xl/_rels/workbook.xml.rels")
    if book is None:
        raise Unsupported("AR-X-009", kind="XLSX")
    targets = {e.get("Id", ""): e.get("Target", "") for e in links} if links is not None else {}
    for at, sheet in enumerate(book.iter(f"{_S}sheet"), 1):
        if sheet.get("state", "visible") == "visible" and sheet.get("name") != CHECK_SHEET:
            target = targets.get(sheet.get(f"{_R}id", ""), f"worksheets/sheet{at}.xml")
            yield target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared_strings(package: Package) -> list[str]:
    root = package.xml("xl/sharedStrings.xml")
    return [_rich_text(item) for item in root.iter(f"{_S}si")] if root is not None else []


def _rich_text(item: ET.Element) -> str:
    """Text of a string without the phonetic guides that stand beside its runs."""
    parts: list[str] = []
    for child in item:
        if child.tag == f"{_S}t":
            parts.append(child.text or "")
        elif child.tag == f"{_S}r":
            parts.append(child.findtext(f"{_S}t") or "")
    return "".join(parts)


def _date_styles(package: Package) -> frozenset[int]:
    """Indexes of the cell styles that show a number as a date."""
    root = package.xml("xl/styles.xml")
    if root is None:
        return frozenset()
    own = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iter(f"{_S}numFmt")}
    formats = root.find(f"{_S}cellXfs")
    found: set[int] = set()
    for index, style in enumerate(formats if formats is not None else ()):
        key = style.get("numFmtId", "0")
        code = _LITERAL.sub("", own.get(key, "")).lower()
        if (key.isdecimal() and key not in own and int(key) in _DATE_FORMATS) or any(
            c in code for c in "yd年月日"
        ):
            found.add(index)
    return frozenset(found)


def _date_base(package: Package) -> datetime:
    """Day 0 of the workbook's dates."""
    book = package.xml("xl/workbook.xml")
    properties = book.find(f"{_S}workbookPr") if book is not None else None
    old = properties is not None and properties.get("date1904", "0") in ("1", "true")
    return datetime(1904, 1, 1) if old else datetime(1899, 12, 30)


def _drop_checks(sheet: _Sheet) -> None:
    """Take out the results of checks that our own workbooks put beside a table.

    ``核对 … ↓`` with a relation's id stands over a column of them, ``核对 … →`` or ``←`` beside a row.
    """
    columns: dict[int, int] = {}
    for row in sorted(sheet):
        cells = sheet[row]
        marks = {c: p.text for c, p in cells.items() if CHECK_MARK.fullmatch(p.text)}
        for column, text in marks.items():
            if text.endswith(("→", "←")):
                cells.clear()
            else:
                columns.setdefault(column, row)
        for column in columns:
            cells.pop(column, None)


class _Reader:
    """Reads one sheet's cells and merged ranges."""

    def __init__(self, strings: list[str], dates: frozenset[int], base: datetime, budget: Budget) -> None:
        self._strings = strings
        self._dates = dates
        self._base = base
        self._budget = budget

    def read(self, root: ET.Element) -> _Sheet:
        """Printed cells by row and column, 0-based."""
        sheet: _Sheet = {}
        row = -1
        for element in root.iterfind(f"{_S}sheetData/{_S}row"):
            told = element.get("r", "")
            row = int(told) - 1 if told.isdecimal() and 0 < len(told) < 8 else row + 1
            column = -1
            for cell in element.iterfind(f"{_S}c"):
                place = _REFERENCE.match(cell.get("r", ""))
                column = _column(place[1]) if place else column + 1
                if column >= _MAX_COLUMN:
                    continue
                self._budget.spend_cells(1)
                sheet.setdefault(row, {})[column] = _Printed(collapse(self._text(cell)))
        self._merge(root, sheet)
        _drop_checks(sheet)
        return sheet

    def _merge(self, root: ET.Element, sheet: _Sheet) -> None:
        for merged in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
            first, _, last = merged.get("ref", "").partition(":")
            start, end = _REFERENCE.match(first), _REFERENCE.match(last)
            if start is None or end is None:
                continue
            top, left = int(start[2]) - 1, _column(start[1])
            bottom, right = min(int(end[2]) - 1, max(sheet, default=0)), min(_column(end[1]), _MAX_COLUMN - 1)
            if bottom < top or right < left or left >= _MAX_COLUMN:
                continue
            self._budget.spend_cells((bottom - top + 1) * (right - left + 1))
            text = sheet.get(top, {}).get(left, _Printed("")).text
            for row in range(top, bottom + 1):
                cells = sheet.get(row, {})
                for column in range(left, right + 1):
                    cells.pop(column, None)
            sheet.setdefault(top, {})[left] = _Printed(text, bottom - top + 1, right - left + 1)

    def _text(self, cell: ET.Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{_S}is")
            return _rich_text(inline) if inline is not None else ""
        value = (cell.findtext(f"{_S}v") or "").strip()
        match kind:
            case "s":
                at = int(value) if value.isdecimal() and len(value) < 10 else -1
                return self._strings[at] if 0 <= at < len(self._strings) else ""
            case "b":
                return "TRUE" if value == "1" else "FALSE"
            case "n":
                style = cell.get("s", "0")
                return self._number(value, dated=style.isdecimal() and int(style[:6]) in self._dates)
            case _:
                return value

    def _number(self, value: str, *, dated: bool) -> str:
        """A number as a person sees it: 14.0 is 14, 0.1 stored as 0.1000000000000001 is 0.1."""
        try:
            number = float(value)
        except ValueError:
            return value
        if dated and 0 < number < 2_958_466:
            moment = self._base + timedelta(seconds=round(number * 86_400))
            return moment.date().isoformat() if number.is_integer() else moment.isoformat(" ")
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return format(number, ".15g")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


_Rows = list[tuple[int, dict[int, _Printed]]]


def _sheet_blocks(sheet: _Sheet, number: int, budget: Budget, before: list[Block]) -> list[Block]:
    """A sheet as text rows and tables; a table ends where a row is a title, a heading or running text."""
    rows: _Rows = []
    for row in sorted(sheet):
        # Cells that only carry a border or a colour are as good as none; blanks are filled in later.
        cells = sorted(sheet[row].items())
        rows.append((row, {c: p for c, p in cells if p.text or p.row_span > 1 or p.column_span > 1}))
    wide = [row for row, cells in rows if len(cells) > 1]
    first, last = (wide[0], wide[-1]) if wide else (-1, -1)
    line = sum(isinstance(b, Text) for b in before)
    table = sum(isinstance(b, Table) for b in before)
    blocks: list[Block] = []
    run: _Rows = []

    def close() -> None:
        nonlocal table
        while run and not run[-1][1]:
            run.pop()
        if run:
            table += 1
            blocks.append(_table(run, number, table, budget))
            run.clear()

    above = -2
    for row, cells in rows:
        filled = [p for p in cells.values() if p.text]
        if not filled:
            if run and row <= last:
                run.append((row, cells))
            continue
        only = filled[0] if len(cells) == 1 else None
        apart = row > above + 1
        # The row right above the table's first may be its heading, as those further down are.
        heads = only is not None and row == first - 1 and only.column_span > 1 and len(only.text) <= _PROSE
        outside = not first <= row <= last and not heads
        if only is not None and _lone(only, outside=outside, apart=apart):
            close()
            budget.spend_blocks()
            line += 1
            blocks.append(Text(only.text, Place(page=number, row=row + 1, line=line)))
        else:
            run.append((row, cells))
        above = row + max(p.row_span for p in filled) - 1 if only is not None else row
    close()
    return blocks


def _lone(only: _Printed, *, outside: bool, apart: bool) -> bool:
    """True for a row that is text of its own and no row of a table.

    Inside the tables' rows that is running text, or a section's heading that is merged over the
    columns or has an empty row above it; a label whose figures are blank looks the same otherwise.
    """
    if only.row_span > 1 or re.fullmatch(r"[\d.,%+\-/\s]+", only.text):
        return False
    if outside or len(only.text) > _PROSE:
        return True
    return (only.column_span > 1 or apart) and _SECTION.match(only.text) is not None


def _table(run: _Rows, sheet: int, number: int, budget: Budget) -> Table:
    """The rows as a table; a position that the sheet leaves out is an empty cell.

    Rows that stand between two rows of one cell (headings inside the table) are filled to their own
    width, so that a narrow part is not given columns of a wide one.
    """
    top = run[0][0]
    left = min((min(cells) for _, cells in run if cells), default=0)
    # Rows that the sheet leaves out are empty; their number is not kept, only their order.
    order = [row for row, _ in run]
    widths = _widths(run)
    taken: dict[int, set[int]] = {}
    cells: list[RawCell] = []
    for at, (row, printed) in enumerate(run):
        busy = taken.pop(at, set[int]())
        line: list[RawCell] = []
        for column, p in printed.items():
            tall = bisect_left(order, row + p.row_span) - at
            line.append(RawCell(p.text, at, column - left, max(tall, 1), p.column_span))
            covered = range(column, column + p.column_span)
            busy.update(covered)
            for below in range(at + 1, at + tall):
                taken.setdefault(below, set()).update(covered)
        line += [RawCell("", at, c - left) for c in range(left, widths[at]) if c not in busy]
        budget.spend_cells(len(line))
        cells += sorted(line, key=lambda c: c.column)
    return Table(tuple(cells), Place(page=sheet, table=number, row=top + 1, column=left + 1))


def _widths(run: _Rows) -> list[int]:
    """Per row the column after the last one of its part of the table.

    A row of one merged cell parts them; a row of one plain cell is a label whose figures are blank.
    """
    widths = [max((c + p.column_span for c, p in cells.items()), default=0) for _, cells in run]
    start = 0
    for at in range(len(run) + 1):
        if at == len(run) or not run[at][1] or _is_merged(run[at][1]):
            widest = max(widths[start:at], default=0)
            widths[start:at] = [widest] * (at - start)
            start = at + 1
    return widths


def _is_merged(cells: dict[int, _Printed]) -> bool:
    return len(cells) == 1 and all(p.column_span > 1 for p in cells.values())
