"""The list of evidence (证据目录) as PDF and as an editable Word document; equal lists are equal bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import typst
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from gongkai.paper.fonts import font_folder, mend_all
from gongkai.paper.text import clean
from gongkai.paper.word import BODY_FACE, HEADING_FACE, body_styles, east_asian, saved, set_indent, xml


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    number: int
    name: str
    source: str
    proves: str
    pages: int | None
    """``None``: it cannot be told, and neither can the numbers of the pages behind it."""


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """The list with what stands above and below it."""

    title: str
    body: str
    about: tuple[str, ...]
    rows: tuple[Row, ...]
    signed: tuple[str, ...]
    mark: str = ""

    def cells(self) -> list[list[str]]:
        """The table as text, with the numbers of pages as they run through the bundle."""
        made: list[list[str]] = []
        before: int | None = 0
        for row in self.rows:
            first = None if before is None else before + 1
            before = None if before is None or row.pages is None else before + row.pages
            place = "" if first is None or before is None else _place(first, before)
            count = "—" if row.pages is None else str(row.pages)
            made.append([str(row.number), row.name, row.source, row.proves, count, place or "—"])
        return [[clean(cell) for cell in cells] for cells in made]


def _place(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}—{last}"


def columns() -> list[str]:
    """The headings."""
    return [_("序号"), _("证据名称"), _("来源"), _("证明目的"), _("页数"), _("页码")]


def to_pdf(found: EvidenceList) -> bytes:
    """The list as a PDF."""
    data, lacking = mend_all(
        {
            "title": found.title, "body": found.body, "about": list(found.about), "columns": columns(),
            "rows": found.cells(), "signed": list(found.signed), "mark": found.mark,
        }
    )  # fmt: skip
    if lacking:
        data["signed"].append(_("注：“〓”处的字，字库里没有，请手工补写。"))
    compiler = typst.Compiler(
        _template(), font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one PDF")
    return made


@cache
def _template() -> bytes:
    return (resources.files("gongkai.platform.cases.evidence") / "list.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())]
    )


_WIDTHS_MM = (12, 62, 40, 100, 16, 27)


def to_docx(found: EvidenceList) -> bytes:
    """The list as a Word document, for changing by hand."""
    document = Document()
    body_styles(document)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = found.title[:255], found.body[:255], ""
    properties.language = "zh-CN"
    if found.mark:
        _line(document.add_paragraph(found.mark), 10.5)
    document.add_paragraph(found.title, style="Title")
    for line in found.about:
        _line(document.add_paragraph(clean(line)), 12)
    _table(document, found)
    for line in found.signed:
        _line(document.add_paragraph(clean(line)), 12).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return saved(document)


def _table(document: Any, found: EvidenceList) -> None:
    rows: Sequence[Sequence[str]] = [columns(), *found.cells()]
    table = document.add_table(len(rows), len(_WIDTHS_MM), style="Table Grid")
    table.autofit = False
    for place, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text, width in zip(row.cells, cells, _WIDTHS_MM, strict=True):
            cell.width = Mm(width)
            paragraph = cast("Paragraph", cell.paragraphs[0])
            paragraph.add_run(text)
            _line(paragraph, 12, HEADING_FACE if place == 0 else BODY_FACE)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _line(paragraph: Paragraph, size: float, face: str = BODY_FACE) -> Paragraph:
    set_indent(paragraph, 0)
    paragraph.paragraph_format.line_spacing = Pt(size * 1.6)
    for run in paragraph.runs:
        run.font.size = Pt(size)
        east_asian(xml(run).get_or_add_rPr(), face)
    return paragraph
