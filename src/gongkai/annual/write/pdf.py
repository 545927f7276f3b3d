"""A report as a tagged PDF (PDF/UA-1), set by typst with fonts that come with the package."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any

import typst

from gongkai.annual.model import Report
from gongkai.annual.write.content import Page, Paragraph, figure_text, page_of
from gongkai.annual.write.layout import CellKind, LayoutCell, TableLayout
from gongkai.paper.fonts import GETA, font_folder, mend_all
from gongkai.paper.text import clean

_LONGEST_WHOLE = 40
"""Tables up to this many rows are kept on one page; a longer one must break."""

_TITLE = re.compile(r"(.{2,}?)((?:19|20)\d\d ?年.*)")
_UNBROKEN = re.compile(r"[!-~]{16,}")
_TITLE_FITS = 21
"""Characters of a title that stand in one line."""


def to_pdf(report: Report) -> bytes:
    """The report as a PDF; the same report gives the same bytes.

    A character that none of the fonts can draw is printed as ``〓`` and listed in a note at the end, so
    that nothing vanishes silently.
    """
    page = page_of(report)
    data, lacking = mend_all(_data(page, report))
    if lacking:
        data["signature"].append(_note(lacking))
    # typst reads its values as strings; the template decodes the JSON and sets the text as text.
    compiler = typst.Compiler(
        _template(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one PDF")
    return made


@cache
def _template() -> bytes:
    return (resources.files("gongkai.annual.write") / "report.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    folder = str(font_folder())
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _data(page: Page, report: Report) -> dict[str, Any]:
    return {
        "title": page.title,
        "titles": _title_lines(page.title),
        "author": clean(report.body or ""),
        "preface": [_line(p) for p in page.preface],
        "parts": [
            {
                "heading": clean(part.heading),
                "lines": [_line(p) for p in part.paragraphs],
                "tables": [_table(table, report) for table in part.tables],
            }
            for part in page.parts
        ],
        "signature": list(page.signature),
    }


def _title_lines(title: str) -> list[str]:
    """The title, broken before the year where it is too long for one line, as official titles are."""
    found = _TITLE.match(title)
    return [found[1], found[2]] if found is not None and len(title) > _TITLE_FITS else [title]


def _line(paragraph: Paragraph) -> dict[str, Any]:
    lead, rest = paragraph.lead
    loose = _UNBROKEN.search(paragraph.text) is not None
    return {"sub": paragraph.subheading, "lead": lead, "text": rest, "loose": loose}


def _table(layout: TableLayout, report: Report) -> dict[str, Any]:
    cells = [_cell(cell, report) for cell in layout.cells]
    return {
        "widths": list(layout.widths),
        "whole": len(layout.rows) <= _LONGEST_WHOLE,
        "head": [c for c in cells if c["y"] < layout.head_rows],
        "body": [c for c in cells if c["y"] >= layout.head_rows],
    }


def _cell(cell: LayoutCell, report: Report) -> dict[str, Any]:
    return {
        "x": cell.column,
        "y": cell.row,
        "colspan": cell.column_span,
        "rowspan": cell.row_span,
        "left": cell.kind in (CellKind.ROW, CellKind.CORNER),
        "strong": cell.kind is CellKind.HEADING or (cell.total and cell.kind is CellKind.ROW),
        "text": clean(cell.text) if cell.path is None else figure_text(report, cell.path),
    }


def _note(lacking: list[str]) -> str:
    points = "、".join(f"U+{ord(c):04X}" for c in lacking)
    return f"注：“{GETA}”处的字，字库里没有（依次为 {points}）。"
