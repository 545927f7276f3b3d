"""A report as an editable Word document in the style of official documents (after GB/T 9704)."""

from __future__ import annotations

import io
import zipfile
from typing import Any, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement as _oxml_element  # pyright: ignore[reportUnknownVariableType]
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell  # pyright: ignore[reportPrivateUsage]  # the library's only name for a cell
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from gongkai.annual.model import Report
from gongkai.annual.write.content import Page, Paragraph, clean, figure_text, page_of
from gongkai.annual.write.layout import CellKind, LayoutCell, TableLayout

TITLE_FACE = "方正小标宋简体"
HEAD_FACE = "黑体"
SECOND_FACE = "楷体_GB2312"
BODY_FACE = "仿宋_GB2312"
LATIN_FACE = "Times New Roman"

_TEXT_WIDTH_MM = 156.0
_BODY = Pt(16)
_LINE = Pt(28)
_CELL_STYLE = "Table Text"
_LEAD_STYLE = "Lead Sentence"
_SIGNATURE_STYLE = "Report Signature"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def to_docx(report: Report) -> bytes:
    """The report as a ``.docx`` file; the same report gives the same bytes."""
    page = page_of(report)
    document = Document()
    _styles(document)
    _sheet(document)
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
    buffer = io.BytesIO()
    document.save(buffer)
    return _steady(buffer.getvalue())


def _element(name: str) -> Any:
    """A new XML element; the library's objects for XML carry no useful types."""
    return cast("Any", _oxml_element(name))


def _xml(thing: object) -> Any:
    """The XML element behind one of the library's objects, for what its own methods do not reach."""
    return cast("Any", thing)._element


def _styles(document: DocumentObject) -> None:
    styles = cast("Any", document.styles)
    body = cast("ParagraphStyle", styles["Normal"])
    _face(body, BODY_FACE, 16)
    spacing = body.paragraph_format
    spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    spacing.line_spacing = _LINE
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _indent(body, 200)
    title = cast("ParagraphStyle", styles["Title"])
    _plain_style(title, TITLE_FACE, 22)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(28)
    _indent(title, 0)
    for name, face in (("Heading 1", HEAD_FACE), ("Heading 2", SECOND_FACE)):
        heading = cast("ParagraphStyle", styles[name])
        _plain_style(heading, face, 16)
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(0)
        heading.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        _indent(heading, 200)
    cell = cast("ParagraphStyle", styles.add_style(_CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH))
    cell.base_style = body
    _face(cell, BODY_FACE, 9)
    cell.paragraph_format.line_spacing = Pt(12)
    _indent(cell, 0)
    signature = cast("ParagraphStyle", styles.add_style(_SIGNATURE_STYLE, WD_STYLE_TYPE.PARAGRAPH))
    signature.base_style = body
    signature.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signature.paragraph_format.right_indent = Pt(64)
    _indent(signature, 0)
    lead = styles.add_style(_LEAD_STYLE, WD_STYLE_TYPE.CHARACTER)
    _east_asian(_xml(lead).get_or_add_rPr(), SECOND_FACE)


def _plain_style(style: ParagraphStyle, face: str, size: int) -> None:
    """Undo the coloured, ruled look that the library's template gives titles and headings."""
    properties = _xml(style).pPr
    border = None if properties is None else properties.find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    _face(style, face, size)
    style.font.bold = False
    style.font.color.rgb = RGBColor(0, 0, 0)


def _face(style: ParagraphStyle, face: str, size: int) -> None:
    style.font.size = Pt(size)
    _east_asian(_xml(style).get_or_add_rPr(), face)


def _east_asian(properties: Any, face: str) -> None:
    """Set a Chinese face beside the Latin one; theme fonts of the template would win otherwise."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:ascii"), LATIN_FACE)
    fonts.set(qn("w:hAnsi"), LATIN_FACE)
    fonts.set(qn("w:eastAsia"), face)
    spacing = properties.find(qn("w:spacing"))
    if spacing is not None:
        properties.remove(spacing)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = _element("w:lang")
        properties.append(language)
    language.set(qn("w:eastAsia"), "zh-CN")


def _indent(style: ParagraphStyle, hundredths: int) -> None:
    """First-line indent in hundredths of a character, as Word counts it for Chinese text."""
    properties = _xml(style).get_or_add_pPr()
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(hundredths))
    size = style.font.size or _BODY
    indent.set(qn("w:firstLine"), str(int(size.pt * 20 * hundredths / 100)))


def _sheet(document: DocumentObject) -> None:
    """A4 with the margins of official documents; page numbers outside: odd right, even left."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.first_line_indent = Pt(0)
        indent = _xml(paragraph).get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), "0")
        for run in (paragraph.add_run("— "), _page_field(paragraph), paragraph.add_run(" —")):
            run.font.size = Pt(14)
            _east_asian(_xml(run).get_or_add_rPr(), "宋体")


def _page_field(paragraph: DocxParagraph) -> Run:
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind is not None:
            element = _element("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = _element("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        _xml(run).append(element)
    return run


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
        properties.append(_element("w:cantSplit"))
        if number < layout.head_rows:
            properties.append(_element("w:tblHeader"))
    document.add_paragraph(style=_CELL_STYLE)


def _widths(table: Table, layout: TableLayout) -> None:
    whole = sum(layout.widths)
    sizes = [Mm(_TEXT_WIDTH_MM * share / whole) for share in layout.widths]
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = size
    for row in table.rows:
        for cell, size in zip(row.cells, sizes, strict=True):
            cell.width = size
    margins = _element("w:tblCellMar")
    for side, twips in (("top", "28"), ("left", "57"), ("bottom", "28"), ("right", "57")):
        edge = _element(f"w:{side}")
        edge.set(qn("w:w"), twips)
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    cast("Any", table)._tbl.tblPr.append(margins)


def _fill(target: _Cell, cell: LayoutCell, report: Report) -> None:
    text = cell.text if cell.path is None else figure_text(report, cell.path)
    target.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for extra in target.paragraphs[1:]:  # merging leaves one empty paragraph for each swallowed cell
        element = _xml(extra)
        element.getparent().remove(element)
    paragraph = target.paragraphs[0]
    paragraph.style = _CELL_STYLE
    paragraph.alignment = (
        WD_ALIGN_PARAGRAPH.LEFT if cell.kind in (CellKind.ROW, CellKind.CORNER) else WD_ALIGN_PARAGRAPH.CENTER
    )
    run = paragraph.add_run(clean(text))
    if cell.kind is CellKind.HEADING or (cell.total and cell.kind is CellKind.ROW):
        _east_asian(_xml(run).get_or_add_rPr(), HEAD_FACE)


def _steady(data: bytes) -> bytes:
    """The same package with fixed member dates: the same report gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            info = zipfile.ZipInfo(member.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(member))
    return out.getvalue()
