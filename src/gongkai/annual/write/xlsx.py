"""A report as a workbook: the official tables with numbers as numbers, every relation a live formula."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from gongkai.annual.form import Relation, ValueType
from gongkai.annual.model import Number, Report
from gongkai.annual.numerals import chinese_number
from gongkai.annual.read.xlsx import CHECK_SHEET
from gongkai.annual.write.content import Page, page_of, plain, signed_plus
from gongkai.annual.write.formulas import CheckLine, check_lines
from gongkai.annual.write.layout import CellKind, LayoutCell, TableLayout, layouts
from gongkai.paper.text import clean

TEXT_SHEET = "正文"

_TOP = 2
"""The tables begin in the third row: title, blank line, table."""

_LONGEST = 32_000
"""A little below what a spreadsheet cell can hold."""

_EXACT_DIGITS = 15
"""A spreadsheet's numbers are binary; with more digits than this they would change."""

_EPOCH = datetime(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class _Book:
    """What is shared while one workbook is made."""

    report: Report
    formats: Mapping[str, Format]
    lines: tuple[CheckLine, ...]
    places: Mapping[str, tuple[int, int]]
    """Path of a cell → its row and column on its sheet."""


def to_xlsx(report: Report) -> bytes:
    """The report as an ``.xlsx`` file; the same report gives the same bytes.

    Sheets: one for each table, 正文 (the text, a paragraph a row), 核对 (the form's relations as live
    formulas). Text is always written as text, never as a formula or a link.
    """
    page = page_of(report)
    tables = layouts(report)
    buffer = io.BytesIO()
    # The library's types say less than its methods take (a text as a formula's value, for one).
    workbook = cast("Any", xlsxwriter.Workbook(buffer, {"in_memory": True}))
    # A fixed day instead of the clock's: the same report gives the same bytes.
    workbook.set_properties({"title": page.title[:255], "created": _EPOCH})
    places = {
        cell.path: (_TOP + cell.row, cell.column)
        for table in tables
        for cell in table.cells
        if cell.path is not None
    }
    addresses = {
        cell.path: f"'{sheet_name(table)}'!{_address(*places[cell.path])}"
        for table in tables
        for cell in table.cells
        if cell.path is not None
    }
    book = _Book(report, _formats(workbook), check_lines(report, addresses), places)
    for table in tables:
        _table_sheet(book, workbook.add_worksheet(sheet_name(table)), table)
    _text_sheet(book, workbook.add_worksheet(TEXT_SHEET), page)
    _check_sheet(book, workbook.add_worksheet(CHECK_SHEET))
    workbook.close()
    return buffer.getvalue()


def sheet_name(table: TableLayout) -> str:
    """The name of the sheet that holds the table, e.g. ``表三``."""
    return f"表{chinese_number(table.grid.number)}"


def _address(row: int, column: int) -> str:
    return xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)


def _formats(workbook: Any) -> dict[str, Format]:
    face: dict[str, object] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    boxed = {**face, "border": 1, "border_color": "#8D8F8A", "text_wrap": True}
    number = {**boxed, "align": "right"}
    wanted: dict[str, dict[str, object]] = {
        "title": {**face, "font_size": 14, "bold": True},
        "text": {**face, "font_size": 12, "text_wrap": True, "valign": "top", "num_format": "@"},
        "heading": {**face, "font_size": 12, "bold": True, "text_wrap": True},
        "block": {**boxed, "bold": True, "align": "center", "bg_color": "#E7EFF0"},
        "column": {**boxed, "align": "center"},
        "label": {**boxed, "align": "left"},
        "count": {**number, "num_format": "0"},
        "plus": {**number, "num_format": "+0;-0;0"},
        "amount": number,
        "yuan": {**number, "num_format": '0"元";-0"元";0'},
        "yuan_parts": {**number, "num_format": '0.00####"元"'},
        "small": {**face, "font_size": 9, "font_color": "#4D555B"},
        "wrong": {"bg_color": "#FBEFEC", "font_color": "#A3281F", "bold": True},
        "holds": {"font_color": "#1D4F5C"},
        "unsure": {"bg_color": "#FBF3DF", "font_color": "#7A4F00"},
    }
    return {name: workbook.add_format(properties) for name, properties in wanted.items()}


def _table_sheet(book: _Book, sheet: Any, table: TableLayout) -> None:
    sheet.write_string(
        0, 0, f"表{chinese_number(table.grid.number)}　{table.grid.title}", book.formats["title"]
    )
    for column, width in enumerate(table.widths):
        sheet.set_column(column, column, max(6.0, width * 2 + 1))  # a Chinese character is two units wide
    for number, row in enumerate(table.rows):
        lines = max((_text_lines(table, cell) for cell in row if cell.row_span == 1), default=1)
        sheet.set_row(_TOP + number, 14.0 * lines + 5)
    for cell in table.cells:
        _write_cell(book, sheet, cell)
    sheet.freeze_panes(_TOP + table.head_rows, table.label_width)
    if len(table.rows) < table.width:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if table.head_rows:
        sheet.repeat_rows(_TOP, _TOP + table.head_rows - 1)
    sheet.print_area(0, 0, _TOP + len(table.rows) - 1, table.width - 1)
    _results_beside(book, sheet, table)
    _mark_errors(book, sheet, table)


def _text_lines(table: TableLayout, cell: LayoutCell) -> int:
    width = sum(table.widths[cell.column : cell.column + cell.column_span])
    return max(1, -(-len(cell.text) // max(1, int(width))))


def _write_cell(book: _Book, sheet: Any, cell: LayoutCell) -> None:
    row, column = _TOP + cell.row, cell.column
    style = book.formats[_style(book.report, cell)]
    if cell.row_span > 1 or cell.column_span > 1:
        sheet.merge_range(row, column, row + cell.row_span - 1, column + cell.column_span - 1, "", style)
    value = None if cell.path is None else book.report.value(cell.path)
    if cell.path is None:
        sheet.write_string(row, column, clean(cell.text), style)
    elif value is None:
        sheet.write_blank(row, column, None, style)
    elif len(plain(value).strip("-").replace(".", "")) <= _EXACT_DIGITS:
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_string(row, column, plain(value), style)


def _style(report: Report, cell: LayoutCell) -> str:
    match cell.kind:
        case CellKind.HEADING:
            return "block"
        case CellKind.COLUMN | CellKind.GROUP:
            return "column"
        case CellKind.ROW | CellKind.CORNER:
            return "label"
        case CellKind.VALUE:
            return _number_style(report, cell.path or "")


def _number_style(report: Report, path: str) -> str:
    spec = report.form.spec(path)
    value = report.value(path)
    match spec.type:
        case ValueType.YUAN:
            return "yuan_parts" if _has_parts(value) else "yuan"
        case ValueType.WAN_YUAN:
            return "amount"
        case _:
            return "plus" if signed_plus(report.cell(path), spec) else "count"


def _has_parts(value: Number | None) -> bool:
    return isinstance(value, Decimal) and value != value.to_integral_value()


def _results_beside(book: _Book, sheet: Any, table: TableLayout) -> None:
    """The outcome of each relation beside the row or below the column it runs over."""
    right, below = table.width + 1, _TOP + len(table.rows) + 1
    rules = list(dict.fromkeys(line.relation.id for line in book.lines))
    used: set[str] = set()
    for line in book.lines:
        cells = line.relation.cells
        if not all(
            path in book.places and book.report.form.spec(path).grid == table.grid.id for path in cells
        ):
            continue
        rows = {book.places[path][0] for path in cells}
        columns = {book.places[path][1] for path in cells}
        if len(rows) == 1 and _alone(book, line, rows):
            place = (rows.pop(), right)
        elif len(columns) == 1 or len(rows) == 1:
            place = (below + rules.index(line.relation.id), book.places[line.relation.left[0]][1])
        else:
            continue
        sheet.write_formula(*place, f"='{CHECK_SHEET}'!{line.result}", book.formats["small"], line.outcome)
        _colour(sheet, place, place, book.formats)
        if place[1] == right and line.relation.id not in used:
            _label(book, sheet, (_TOP, right), f"核对 {line.relation.id} ↓")
        elif line.relation.id not in used:
            left = (place[0], 0) if table.label_width else (place[0], right)
            _label(book, sheet, left, f"核对 {line.relation.id} {'→' if table.label_width else '←'}")
        used.add(line.relation.id)


def _label(book: _Book, sheet: Any, place: tuple[int, int], text: str) -> None:
    sheet.write_string(*place, text, book.formats["small"])
    if place[1] > 0:
        sheet.set_column(place[1], place[1], 20)


def _alone(book: _Book, line: CheckLine, rows: set[int]) -> bool:
    """True where no other relation of the same rule runs over that row."""
    grid = book.report.form.spec(line.relation.cells[0]).grid
    return not any(
        other is not line
        and other.relation.id == line.relation.id
        and book.report.form.spec(other.relation.cells[0]).grid == grid
        and {book.places.get(path, (-1, -1))[0] for path in other.relation.cells} == rows
        for other in book.lines
    )


def _mark_errors(book: _Book, sheet: Any, table: TableLayout) -> None:
    """Colour what a relation says is a sum, while the relation fails."""
    suspects: dict[str, list[str]] = {}
    for line in book.lines:
        for path in _sums(book.report, line.relation):
            suspects.setdefault(path, []).append(line.result)
    for cell in table.cells:
        results = suspects.get(cell.path or "", [])
        if results:
            tests = ",".join(_fails(f"'{CHECK_SHEET}'!{result}") for result in results)
            row, column = book.places[cell.path or ""]
            options = {"type": "formula", "criteria": f"=OR({tests})", "format": book.formats["wrong"]}
            sheet.conditional_format(row, column, row, column, options)


def _sums(report: Report, relation: Relation) -> tuple[str, ...]:
    """The cell that stands alone on its side; else the cells of a total row; else all."""
    for side in (relation.left, relation.right):
        if len(side) == 1:
            return side
    return tuple(p for p in relation.cells if report.form.spec(p).row.total) or relation.cells


def _fails(address: str) -> str:
    return f'AND(LEFT({address},1)="差",ISERROR(FIND("空格",{address})))'


def _colour(sheet: Any, first: tuple[int, int], last: tuple[int, int], formats: Mapping[str, Format]) -> None:
    for criteria, text, name in (
        ("containing", "空格", "unsure"),
        ("begins with", "无法判断", "unsure"),
        ("begins with", "差", "wrong"),
        ("begins with", "成立", "holds"),
    ):
        rule = {"type": "text", "criteria": criteria, "value": text, "format": formats[name]}
        sheet.conditional_format(*first, *last, {**rule, "stop_if_true": True})


def _check_sheet(book: _Book, sheet: Any) -> None:
    lines = book.lines
    sheet.write_string(0, 0, "表内勾稽关系核对", book.formats["title"])
    if not lines:
        return
    first, last = lines[0].row, lines[-1].row
    column = lines[0].column
    area = f"{_address(first, column)}:{_address(last, column)}"
    failing = sum(1 for line in lines if line.outcome.startswith("差"))
    sheet.write_string(1, 0, f"共 {len(lines)} 条，不成立的条数：", book.formats["small"])
    sheet.write_formula(1, column, f'=COUNTIF({area},"差*")', book.formats["heading"], failing)
    for index, name in enumerate(("编号", "对象", "关系", "左边", "右边", "差", "结果")):
        sheet.write_string(first - 1, index, name, book.formats["block"])
    for index, width in enumerate((12, 40, 44, 10, 10, 10, 24)):
        sheet.set_column(index, index, width)
    for line in lines:
        for index, text in enumerate((line.relation.id, line.subject, line.relation.title["zh"])):
            sheet.write_string(line.row, index, clean(text), book.formats["label"])
        for index, (formula, value) in enumerate(line.formulas, start=3):
            sheet.write_formula(line.row, index, formula, book.formats["amount"], value)
    _colour(sheet, (first, column), (last, column), book.formats)
    sheet.freeze_panes(first, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _text_sheet(book: _Book, sheet: Any, page: Page) -> None:
    sheet.set_column(0, 0, 96)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    row = 0
    for text, style in _text_rows(page):
        for piece in _pieces(text):
            sheet.write_string(row, 0, piece, book.formats[style])
            row += 1


def _text_rows(page: Page) -> Iterator[tuple[str, str]]:
    yield page.title, "title"
    for paragraph in page.preface:
        yield paragraph.text, "text"
    for part in page.parts:
        yield clean(part.heading), "heading"
        for paragraph in part.paragraphs:
            yield paragraph.text, "text"
    for line in page.signature:
        yield line, "text"


def _pieces(text: str) -> Sequence[str]:
    return [text[i : i + _LONGEST] for i in range(0, len(text), _LONGEST)]
