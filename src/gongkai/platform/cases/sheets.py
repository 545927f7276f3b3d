"""Lists as spreadsheets (XLSX): written row by row, nothing in them is a formula, a demonstration says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from gongkai.platform.cases.selectors.rows import CaseRow

Value = str | int | date | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet reads as a formula when somebody edits the cell, or saves it as CSV."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and how wide it is, in signs."""

    heading: str
    width: int = 12


def demonstration_note() -> str:
    """What every sheet of a demonstration says; empty in an office's own installation."""
    return _("演示数据：人物、案件均为虚构，没有效力") if settings.DEMONSTRATION else ""


def write_sheet(
    file: IO[bytes],
    *,
    name: str,
    notes: Sequence[str],
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
) -> int:
    """Write one sheet into ``file`` and give the number of its rows.

    - ``notes`` stand above the headings, after the note of the demonstration;
    - texts are texts whatever they begin with; one that looks like a formula is marked as quoted, so that it
      stays a text when the cell is edited;
    - memory does not grow with the rows.
    """
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False},
    )
    try:
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        plain = book.add_format({"valign": "top", "text_wrap": True})
        quoted = book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        line = 0
        for note in filter(None, (demonstration_note(), *notes)):
            sheet.write_string(line, 0, note, quoted if note.startswith(_FORMULA) else None)
            line += 1
        for place, column in enumerate(columns):
            sheet.write_string(line, place, column.heading, bold)
        sheet.freeze_panes(line + 1, 0)
        sheet.repeat_rows(line)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        number = 0
        for row in rows:
            number += 1
            for place, value in enumerate(row):
                _write(sheet, line + number, place, value, plain, quoted, day)
    finally:
        book.close()
    return number


def _write(
    sheet: Worksheet, line: int, place: int, value: Value, plain: object, quoted: object, day: object
) -> None:
    match value:
        case None | "":
            return
        case date():
            sheet.write_datetime(line, place, value, day)  # type: ignore[arg-type]
        case int():
            sheet.write_number(line, place, value, plain)  # type: ignore[arg-type]
        case str():
            clean = "".join(sign for sign in value if sign >= " " or sign in "\n\t")
            sheet.write_string(line, place, clean, quoted if clean.startswith(_FORMULA) else plain)  # type: ignore[arg-type]


def case_columns() -> list[Column]:
    """The columns of a sheet of cases (台账)."""
    return [
        Column(_("编号"), 20),
        Column(_("申请内容"), 40),
        Column(_("申请人"), 18),
        Column(_("申请人类别"), 12),
        Column(_("渠道"), 12),
        Column(_("收到日")),
        Column(_("状态"), 14),
        Column(_("期限")),
        Column(_("期限说明"), 20),
        Column(_("还剩工作日"), 10),
        Column(_("现在"), 20),
        Column(_("轮到谁"), 14),
        Column(_("承办人"), 12),
        Column(_("办理结果"), 20),
        Column(_("答复日")),
        Column(_("按期"), 8),
        Column(_("办结日")),
        Column(_("机关"), 24),
        Column(_("工单号"), 24),
    ]


def case_row_values(row: CaseRow) -> list[Value]:
    """A case as a row of ``case_columns``."""
    due = row.due
    rest = due.rest if due is not None else None
    on_time = {None: "", True: _("逾期"), False: _("按期")}[row.answered_late]
    return [
        row.number, row.title, row.applicant, row.applicant_kind, row.channel, row.received_on, row.phase,
        rest.day if rest is not None else None,
        f"{due.word} {due.what}".strip() if due is not None else "",
        rest.working_days if rest is not None else None,
        row.now, row.turn, row.handler, row.outcome, row.replied_on, on_time, row.ended_on, row.body.name,
        "、".join(row.tickets),
    ]  # fmt: skip
