"""Reading an XLSX within bounds: cells by row and column, merged cells filled downwards, nothing run.

The XML is read directly and row by row. What is packed is looked at before it is unpacked; document types and
entities are refused; formulas give the value that was saved with them.
"""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

Value = str | int | float | date
"""What a cell holds: text, a number, or a number that its style shows as a date."""

MIB = 1024 * 1024
MOST_ROWS = 20_000
"""Rows of one sheet."""
MOST_COLUMNS = 200
MOST_CELLS = 2_000_000
MOST_SHEETS = 60
_UNPACKED = 160 * MIB
_PART = 80 * MIB
_PARTS = 5_000
_LONGEST = 32_767
"""Signs of a cell; a spreadsheet takes no more either."""
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})\Z")
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.")
_OLDEST = datetime(1899, 12, 30)
_LAST_SERIAL = 2_958_466
"""The number of the day after 9999-12-31, counted from ``_OLDEST``."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class BookRefused(ValueError):
    """A file that is not read: ``code`` and ``message`` (Chinese, with the mend)."""

    def __init__(self, code: str, message: Any) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name and the cells that hold something, by row and column from 1."""

    name: str
    hidden: bool
    rows: Mapping[int, Mapping[int, Value]]
    spread: bool
    """Whether a cell spans several columns, as a heading over others does."""


def letters_of(column: int) -> str:
    """``1`` is ``A``, ``28`` is ``AB``."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number_of(letters: str) -> int:
    """``A`` is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def read_book(content: bytes) -> list[Sheet]:
    """The sheets of a workbook in their order, hidden ones too.

    Raises ``BookRefused``: ``not_xlsx``, ``old_xls``, ``encrypted``, ``damaged``, ``too_large``,
    ``too_many_rows``, ``entities``, ``no_sheet``.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BookRefused(
            "old_xls", _("这是旧格式（.xls）或者加了密码的文件：请在表格软件里另存为不加密的 .xlsx")
        )
    if not content.startswith(b"PK\x03\x04"):
        raise BookRefused("not_xlsx", _("这不是 .xlsx 表格：请在表格软件里另存为“Excel 工作簿（.xlsx）”"))
    package = _Package(content)
    strings, dates, base = _strings(package), _date_styles(package), _date_base(package)
    reader = _Reader(strings, dates, base)
    sheets = [
        reader.read(name, hidden, package.read(part))
        for name, hidden, part in _parts(package)
        if package.has(part)
    ]
    if not sheets:
        raise BookRefused("no_sheet", _("文件里没有工作表"))
    return sheets


class _Package:
    """The packed file; sizes are those that its directory declares, more than that is never unpacked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._file = zipfile.ZipFile(BytesIO(content))
            parts = self._file.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise _damaged() from error
        if any(part.flag_bits & 1 for part in parts):
            raise BookRefused("encrypted", _("文件加了密码：请去掉密码以后再传"))
        if sum(part.file_size for part in parts) > _UNPACKED or len(parts) > _PARTS:
            raise _too_large()
        self._parts = {part.filename: part for part in parts}

    def has(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        part = self._parts.get(name)
        if part is None:
            return b""
        if part.file_size > _PART:
            raise _too_large()
        try:
            data = self._file.read(part)
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError,
                RuntimeError) as error:  # fmt: skip
            raise _damaged() from error
        # A part in UTF-16 has a NUL beside every letter of its markup.
        if _DTD.search(data.replace(b"\0", b"") if b"\0" in data else data):
            raise BookRefused(
                "entities", _("文件里有表格不需要的定义（DTD），没有读取：请在表格软件里重新另存")
            )
        return data


def _damaged() -> BookRefused:
    return BookRefused("damaged", _("文件坏了，打不开：请在表格软件里打开、重新另存以后再传"))


def _too_large() -> BookRefused:
    return BookRefused("too_large", _("文件展开以后太大：请只留案件的工作表，去掉图片，或者按年份分开"))


def _too_many(name: str) -> BookRefused:
    text = _("“{name}”超过 {most} 行或者太宽：请删去空行、空列，或者按年份分成几个文件")
    return BookRefused("too_many_rows", text.format(name=name, most=MOST_ROWS))


def _tag(element: ET.Element) -> str:
    """The name without its namespace: files of the strict kind have another one."""
    return element.tag.rpartition("}")[2]


def _elements(data: bytes, wanted: str) -> Iterator[ET.Element]:
    """The elements of a name as they end, each forgotten afterwards."""
    if not data:
        return
    try:
        for _event, element in ET.iterparse(BytesIO(data)):  # noqa: S314 - no DTD got so far
            if _tag(element) == wanted:
                yield element
                element.clear()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise _damaged() from error


def _parts(package: _Package) -> list[tuple[str, bool, str]]:
    targets = {
        one.get("Id", ""): one.get("Target", "")
        for one in _elements(package.read("xl/_rels/workbook.xml.rels"), "Relationship")
    }
    found: list[tuple[str, bool, str]] = []
    for at, one in enumerate(_elements(package.read("xl/workbook.xml"), "sheet"), 1):
        if at > MOST_SHEETS:
            raise _too_large()
        relation = one.get(_RELATION) or one.get(_STRICT_RELATION) or ""
        target = targets.get(relation) or f"worksheets/sheet{at}.xml"
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append((one.get("name", str(at))[:60], one.get("state", "visible") != "visible", part))
    return found


def _strings(package: _Package) -> list[str]:
    return [_rich(item) for item in _elements(package.read("xl/sharedStrings.xml"), "si")]


def _rich(item: ET.Element) -> str:
    """The text without the phonetic guides that stand beside its runs."""
    parts: list[str] = []
    for child in item:
        if _tag(child) == "t":
            parts.append(child.text or "")
        elif _tag(child) == "r":
            parts += [one.text or "" for one in child if _tag(one) == "t"]
    return "".join(parts)[:_LONGEST]


def _date_styles(package: _Package) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a date."""
    data = package.read("xl/styles.xml")
    own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _elements(data, "numFmt")}
    found: set[int] = set()
    for formats in _elements(data, "cellXfs"):
        for index, style in enumerate(formats):
            key = style.get("numFmtId", "0")
            code = _LITERAL.sub("", own.get(key, "")).lower()
            shipped = key.isdecimal() and key not in own and int(key[:6]) in _DATE_FORMATS
            if shipped or any(sign in code for sign in "yd年月日"):
                found.add(index)
    return frozenset(found)


def _date_base(package: _Package) -> datetime:
    old = any(
        one.get("date1904", "0") in ("1", "true")
        for one in _elements(package.read("xl/workbook.xml"), "workbookPr")
    )
    return datetime(1904, 1, 1) if old else _OLDEST


class _Reader:
    """Reads the sheets of one book."""

    def __init__(self, strings: list[str], dates: frozenset[int], base: datetime) -> None:
        self._strings, self._dates, self._base = strings, dates, base
        self._cells = 0

    def read(self, name: str, hidden: bool, data: bytes) -> Sheet:
        rows: dict[int, dict[int, Value]] = {}
        merged: list[tuple[int, int, int, int]] = []
        row = 0
        if not data:
            return Sheet(name, hidden, rows, False)
        try:
            for _event, element in ET.iterparse(BytesIO(data)):  # noqa: S314 - no DTD got so far
                tag = _tag(element)
                if tag == "row":
                    told = element.get("r", "")
                    row = int(told) if told.isdecimal() and 0 < len(told) < 8 else row + 1
                    if cells := self._row(element, name):
                        rows[row] = cells
                        if len(rows) > MOST_ROWS:
                            raise _too_many(name)
                    element.clear()
                elif tag == "mergeCell" and (area := _area(element.get("ref", ""))) is not None:
                    merged.append(area)
        except (ET.ParseError, ValueError, LookupError) as error:
            if isinstance(error, BookRefused):
                raise
            raise _damaged() from error
        self._merge(rows, merged, name)
        return Sheet(name, hidden, rows, any(right > left for _t, left, _b, right in merged))

    def _row(self, element: ET.Element, name: str) -> dict[int, Value]:
        cells: dict[int, Value] = {}
        column = 0
        for cell in element:
            if _tag(cell) != "c":
                continue
            place = _REFERENCE.match(cell.get("r", ""))
            column = number_of(place[1]) if place else column + 1
            value = self._value(cell)
            if value is None or value == "" or column > MOST_COLUMNS:
                continue
            cells[column] = value
        self._spend(len(cells), name)
        return cells

    def _spend(self, cells: int, name: str) -> None:
        self._cells += cells
        if self._cells > MOST_CELLS:
            raise _too_many(name)

    def _merge(
        self, rows: dict[int, dict[int, Value]], merged: list[tuple[int, int, int, int]], name: str
    ) -> None:
        """What was merged over several rows holds for each of them; over columns it stays in the first."""
        last = max(rows, default=0)
        for top, left, bottom, _right in merged:
            value = rows.get(top, {}).get(left)
            if value is None:
                continue
            end = min(bottom, last)
            self._spend(max(0, end - top), name)
            for row in range(top + 1, end + 1):
                rows.setdefault(row, {}).setdefault(left, value)

    def _value(self, cell: ET.Element) -> Value | None:
        kind, text = cell.get("t", "n"), ""
        for child in cell:
            if _tag(child) == "v":
                text = (child.text or "").strip()
            elif _tag(child) == "is":
                return _clean(_rich(child))
        match kind:
            case "s":
                at = int(text) if text.isdecimal() and len(text) < 10 else -1
                return _clean(self._strings[at]) if 0 <= at < len(self._strings) else None
            case "b":
                return "TRUE" if text == "1" else "FALSE"
            case "n":
                style = cell.get("s", "0")
                return self._number(text, dated=style.isdecimal() and int(style[:6]) in self._dates)
            case "d":
                return _iso(text)
            case _:
                return _clean(text)

    def _number(self, text: str, *, dated: bool) -> Value | None:
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            return text
        if not math.isfinite(number):
            return text
        if dated and 0 < number < _LAST_SERIAL - (self._base - _OLDEST).days:
            return (self._base + timedelta(days=int(number))).date()
        if number.is_integer() and abs(number) < 1e15:
            return int(number)
        return number


def _iso(text: str) -> Value:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text


def _clean(text: str) -> str:
    """Without what nobody sees: control signs, spaces at the ends."""
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").strip().strip("\u3000\ufeff")


def _area(text: str) -> tuple[int, int, int, int] | None:
    first, _colon, last = text.partition(":")
    start, end = _REFERENCE.match(first), _REFERENCE.match(last)
    if start is None or end is None:
        return None
    return int(start[2]), number_of(start[1]), int(end[2]), number_of(end[1])


def text_of(value: Value | None) -> str:
    """A value as a person reads it in the sheet."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(value, ".15g")
    return str(value)
