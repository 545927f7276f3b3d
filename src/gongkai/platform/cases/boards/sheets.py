"""A board as a file: a workbook with a sheet a table and one of definitions, or one row a number as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from gongkai.platform.cases.boards.boards import Board
from gongkai.platform.cases.boards.tables import Cell, Row, Table
from gongkai.platform.cases.sheets import demonstration_note

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NOT_APPLICABLE, NOTHING = "—", ""


def notes(board: Board) -> list[str]:
    """What stands above the figures: whose they are, of which time, as of which day, how to read them."""
    scope = board.scope
    when = board.scope.period.label if board.kind.timed else _("现在")
    told = [
        demonstration_note(),
        _("看板：%(title)s") % {"title": board.kind.title},
        f"{scope.title}　{when}　" + _("截至 %(day)s") % {"day": scope.today},
        legend(),
    ]
    return [note for note in told if note]


def legend() -> str:
    """How zeros, blanks and what does not apply are told apart."""
    return _(
        "0：数过，没有。空白：没有可算的。—：不适用。涉及限定知悉范围的案件，计入数字，只向有权阅读的人列出。"
    )


def said(cell: Cell) -> str:
    """Why a cell has no number; empty where it has one."""
    if not cell.applies:
        return _("不适用")
    return _("没有可算的") if cell.value is None else ""


def write_csv(file: IO[bytes], board: Board) -> int:
    """One row for each number, with its definition and its source; gives how many there are.

    In UTF-8 with a mark, as spreadsheets open it. A text that looks like a formula is quoted.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(
        [_("看板"), _("机关"), _("期间"), _("截至"), _("表"), _("行"), _("行的说明"), _("项目"), _("数"),
         _("单位"), _("没有数的原因"), _("定义"), _("来源"), _("说明")]
    )  # fmt: skip
    number = 0
    for table, row, cell in _numbers(board):
        number += 1
        writer.writerow([_plain(value) for value in _line(board, table, row, cell)])
    text.detach()
    return number


def _numbers(board: Board) -> Iterator[tuple[Table, Row, Cell]]:
    for table in board.tables:
        for row in table.all_rows:
            for cell in row.cells:
                yield table, row, cell


def _line(board: Board, table: Table, row: Row, cell: Cell) -> list[str]:
    when = board.scope.period.label if board.kind.timed else _("现在")
    figure = cell.figure
    return [
        str(board.kind.title), board.scope.title, when, board.scope.today.isoformat(), table.title, row.label,
        row.sub, figure.name, cell.text if cell.applies else "", figure.unit, said(cell), figure.definition,
        figure.source, demonstration_note(),
    ]  # fmt: skip


def _plain(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def write_book(file: IO[bytes], board: Board) -> int:
    """A sheet for each table and one with the definitions; gives the number of rows of the tables."""
    book = xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    formats = {
        "bold": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True}),
        "number": book.add_format({"valign": "top", "num_format": "0"}),
        "tenths": book.add_format({"valign": "top", "num_format": "0.0"}),
        "share": book.add_format({"valign": "top", "num_format": "0.0%"}),
        "day": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"}),
    }
    number = 0
    try:
        for table in board.tables:
            sheet = book.add_worksheet(f"{table.title}"[:31])
            number += _write_table(sheet, board, table, formats)
        _write_definitions(book.add_worksheet(_("定义")), board, formats)
    finally:
        book.close()
    return number


def _write_table(sheet: Worksheet, board: Board, table: Table, formats: dict[str, Any]) -> int:
    line = _head(sheet, board, [table.head, _("说明"), *_headings(table)], [20, 24], formats)
    for at, row in enumerate(table.all_rows, line + 1):
        sheet.write_string(at, 0, row.label, formats["text"])
        sheet.write_string(at, 1, row.sub, formats["text"])
        for place, cell in enumerate(row.cells, 2):
            _write_cell(sheet, at, place, cell, formats)
    return len(table.all_rows)


def _headings(table: Table) -> list[str]:
    return [f"{one.name}（{one.unit}）" for one in table.figures]


def _write_cell(sheet: Worksheet, line: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    if not cell.applies:
        sheet.write_string(line, place, NOT_APPLICABLE, formats["text"])
        return
    match cell.value:
        case None:
            return
        case date() as day:
            sheet.write_datetime(line, place, day, formats["day"])  # type: ignore[arg-type]
        case Fraction() as part:
            kind = "share" if cell.figure.unit == "%" else "tenths"
            sheet.write_number(line, place, float(part), formats[kind])
        case count:
            sheet.write_number(line, place, count, formats["number"])


def _write_definitions(sheet: Worksheet, board: Board, formats: dict[str, Any]) -> None:
    line = _head(sheet, board, [_("项目"), _("单位"), _("定义"), _("来源")], [16, 8, 80, 50], formats)
    for at, one in enumerate(board.figures, line + 1):
        for place, text in enumerate((one.name, one.unit, one.definition, one.source)):
            sheet.write_string(at, place, text, formats["text"])


def _head(
    sheet: Worksheet, board: Board, headings: Sequence[str], widths: Sequence[int], formats: dict[str, Any]
) -> int:
    """The notes and the headings; gives the line of the headings."""
    line = 0
    for note in notes(board):
        sheet.write_string(line, 0, note)
        line += 1
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, widths[place] if place < len(widths) else 12)
        sheet.write_string(line, place, heading, formats["bold"])
    sheet.freeze_panes(line + 1, 0)
    sheet.repeat_rows(line)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return line
