"""Word processor files, spreadsheets and our own exchange format."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from html import escape

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.utils import get_column_letter

from ..sheet import Draft, Heading, Kind, Para, Sheet, Sheets


def word_file(draft: Draft) -> bytes:
    """DOCX with merged cells."""
    document = docx.Document()
    for item in draft.items:
        match item:
            case Heading():
                document.add_heading(item.text, level=1)
            case Para():
                document.add_paragraph(item.text)
            case Sheets():
                for sheet in item.sheets:
                    # Written as markup: the library's own cell lookup takes seconds for a table of this size.
                    document.element.body.insert(-1, parse_xml(_table(sheet)))
                    document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _cell(text: str, columns: int, merge: str) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    words = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr><w:p>{words}</w:p></w:tc>"


def _table(sheet: Sheet) -> str:
    origins = {(c.row + down, c.column): (c, down) for c in sheet.cells for down in range(c.rows)}
    rows: list[str] = []
    for row in range(sheet.height):
        parts: list[str] = []
        column = 0
        while column < sheet.width:
            found = origins.get((row, column))
            if found is None:
                parts.append(_cell("", 1, ""))
                column += 1
                continue
            cell, down = found
            merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if down == 0 else "<w:vMerge/>"
            parts.append(_cell(cell.text if down == 0 else "", cell.columns, merge))
            column += cell.columns
        rows.append(f"<w:tr>{''.join(parts)}</w:tr>")
    grid = "<w:gridCol/>" * sheet.width
    return f"<w:tbl {nsdecls('w')}><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def spreadsheet(draft: Draft) -> bytes:
    """XLSX: everything on one sheet, numbers as numbers, merged cells."""
    book = openpyxl.Workbook()
    page = book.active
    if page is None:
        raise ValueError("a new workbook has a sheet")
    top = 1
    for item in draft.items:
        if not isinstance(item, Sheets):
            page.cell(top, 1, item.text)
            top += 1
            continue
        for sheet in item.sheets:
            for c in sheet.cells:
                number = c.kind is Kind.VALUE and c.text.replace(".", "", 1).isascii() and c.text.isdigit()
                value = int(c.text) if number else (c.text or None)
                page.cell(top + c.row, 1 + c.column, value)
                if c.rows > 1 or c.columns > 1:
                    end = f"{get_column_letter(c.column + c.columns)}{top + c.row + c.rows - 1}"
                    page.merge_cells(f"{get_column_letter(1 + c.column)}{top + c.row}:{end}")
            top += sheet.height + 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def exchange(draft: Draft) -> bytes:
    """Our own JSON, one object a report."""
    tables: dict[str, dict[str, object]] = {}
    for path in draft.form.cells:
        value = draft.values[path]
        shown = float(value) if isinstance(value, Decimal) else value
        table, row, *column = path.split(".")
        rows = tables.setdefault(table, {})
        if column:
            inner = rows.setdefault(row, {})
            if not isinstance(inner, dict):
                raise TypeError(path)
            inner[column[0]] = shown
        else:
            rows[row] = shown
    data = {
        "schema_version": 1,
        "source": "generated",
        "body": draft.body,
        "scope": "unknown",
        "title": f"{draft.body}{draft.year}年政府信息公开工作年度报告",
        "year": draft.year,
        "form": draft.form.edition,
        "tables": tables,
        "sections": {s: draft.section_text(s) for s in ("0", *(s.id for s in draft.form.sections))},
        "findings": [],
    }
    return json.dumps(data, ensure_ascii=False).encode()
