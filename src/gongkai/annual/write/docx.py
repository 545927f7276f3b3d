"""A report as an editable Word document in the style of official documents (after GB/T 9704)."""

from __future__ import annotations

from typing import Any, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell  # pyright: ignore[reportPrivateUsage]  # the library's only name for a cell

from gongkai.annual.model import Report
from gongkai.annual.write.content import Page, Paragraph, figure_text, page_of
from gongkai.annual.write.layout import CellKind, LayoutCell, TableLayout
from gongkai.paper.text import clean
from gongkai.paper.word import (
    BODY_FACE,
    HEADING_FACE,
    SECOND_FACE,
    TEXT_WIDTH_MM,
    body_styles,
    east_asian,
    element,
    official_page,
    saved,
    set_face,
    set_indent,
    undecorate,
    xml,
)

_CELL_STYLE = "Table Text"
_LEAD_STYLE = "Lead Sentence"
_SIGNATURE_STYLE = "Report Signature"


def to_docx(report: Report) -> bytes:
    """The report as a ``.docx`` file; the same report gives the same bytes."""
    page = page_of(report)
    document = Document()
    _styles(document)
    official_page(document)
    _properties(document, page)
    document.add_paragraph(page.title, style="Title")
    for paragraph in page.preface:
        _running(document, paragraph)
    for part in page.parts:
        document.add_paragraph(clean(part.heading), style="Heading 1")
        for paragraph in part.paragraphs:
            _running(document, paragraph)
        for table in part.tables:
            _table(document, table, report)
    for line in page.signature:
        document.add_paragraph(line, style=_SIGNATURE_STYLE)
    return saved(document)


def _styles(document: DocumentObject) -> None:
    styles = cast("Any", document.styles)
    body = body_styles(document)
    for name, face in (("Heading 1", HEADING_FACE), ("Heading 2", SECOND_FACE)):
        heading = cast("ParagraphStyle", styles[name])
        undecorate(heading, face, 16)
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(0)
        heading.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        set_indent(heading, 200)
    cell = cast("ParagraphStyle", styles.add_style(_CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH))
    cell.base_style = body
    set_face(cell, BODY_FACE, 9)
    cell.paragraph_format.line_spacing = Pt(12)
    set_indent(cell, 0)
    signature = cast("ParagraphStyle", styles.add_style(_SIGNATURE_STYLE, WD_STYLE_TYPE.PARAGRAPH))
    signature.base_style = body
    signature.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signature.paragraph_format.right_indent = Pt(64)
    set_indent(signature, 0)
    lead = styles.add_style(_LEAD_STYLE, WD_STYLE_TYPE.CHARACTER)
    east_asian(xml(lead).get_or_add_rPr(), SECOND_FACE)


def _properties(document: DocumentObject, page: Page) -> None:
    properties = document.core_properties
    properties.title = page.title[:255]
    properties.language = "zh-CN"
    properties.author = ""
    properties.comments = ""


def _running(document: DocumentObject, paragraph: Paragraph) -> None:
    if paragraph.subheading:
        document.add_paragraph(paragraph.text, style="Heading 2")
        return
    lead, rest = paragraph.lead
    target = document.add_paragraph()
    if lead:
        target.add_run(lead, style=_LEAD_STYLE)
    target.add_run(rest)


def _table(document: DocumentObject, layout: TableLayout, report: Report) -> None:
    """The table with exactly the layout's spans, and a paragraph after it, so that none ends the file."""
    table = document.add_table(len(layout.rows), layout.width, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _widths(table, layout)
    grid = [list(row.cells) for row in table.rows]
    for cell in layout.cells:
        target = grid[cell.row][cell.column]
        if cell.row_span > 1 or cell.column_span > 1:
            last = grid[cell.row + cell.row_span - 1][cell.column + cell.column_span - 1]
            target = target.merge(last)
        _fill(target, cell, report)
    for number, row in enumerate(table.rows):
        properties = cast("Any", row)._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        if number < layout.head_rows:
            properties.append(element("w:tblHeader"))
    document.add_paragraph(style=_CELL_STYLE)


def _widths(table: Table, layout: TableLayout) -> None:
    whole = sum(layout.widths)
    sizes = [Mm(TEXT_WIDTH_MM * share / whole) for share in layout.widths]
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = size
    for row in table.rows:
        for cell, size in zip(row.cells, sizes, strict=True):
            cell.width = size
    margins = element("w:tblCellMar")
    for side, twips in (("top", "28"), ("left", "57"), ("bottom", "28"), ("right", "57")):
        edge = element(f"w:{side}")
        edge.set(qn("w:w"), twips)
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    cast("Any", table)._tbl.tblPr.append(margins)


def _fill(target: _Cell, cell: LayoutCell, report: Report) -> None:
    text = cell.text if cell.path is None else figure_text(report, cell.path)
    target.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for extra in target.paragraphs[1:]:  # merging leaves one empty paragraph for each swallowed cell
        element = xml(extra)
        element.getparent().remove(element)
    paragraph = target.paragraphs[0]
    paragraph.style = _CELL_STYLE
    paragraph.alignment = (
        WD_ALIGN_PARAGRAPH.LEFT if cell.kind in (CellKind.ROW, CellKind.CORNER) else WD_ALIGN_PARAGRAPH.CENTER
    )
    run = paragraph.add_run(clean(text))
    if cell.kind is CellKind.HEADING or (cell.total and cell.kind is CellKind.ROW):
        east_asian(xml(run).get_or_add_rPr(), HEADING_FACE)
