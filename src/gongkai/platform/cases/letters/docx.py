"""A letter as an editable Word document in the style of official documents (after GB/T 9704-2012)."""

from __future__ import annotations

from typing import Any, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from gongkai.paper.word import (
    BODY_FACE,
    HEADING_FACE,
    TEXT_WIDTH_MM,
    TITLE_FACE,
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
from gongkai.platform.cases.letters.sheet import Block, Sheet

_SEAL = RGBColor(0xC8, 0x10, 0x2E)
_MARK = RGBColor(0x7A, 0x4F, 0x00)
_LABEL_WIDTH_MM = 45
_LONGEST_HEAD_PT = 425
"""Width of the text in points: a long name of a body is set smaller, so that it stays in one line."""

_CENTER, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def to_docx(sheet: Sheet) -> bytes:
    """The letter as a ``.docx`` file; the same letter gives the same bytes."""
    document = Document()
    _styles(document)
    _page(document, sheet.mark)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = sheet.title[:255], sheet.head[:255], ""
    properties.language = "zh-CN"
    _head(document, sheet)
    document.add_paragraph(sheet.title, style="Title")
    if sheet.recipient:
        _plain(document.add_paragraph(sheet.recipient))
    for block in sheet.signed:
        _block(document, block, sheet)
    # A table as the last block is lost where LibreOffice saves the old Word format.
    if sheet.blocks and sheet.blocks[-1].kind == "form":
        document.add_paragraph(style="Form Text")
    return saved(document)


def _styles(document: DocumentObject) -> None:
    styles = cast("Any", document.styles)
    body = body_styles(document)
    heading = cast("ParagraphStyle", styles["Heading 1"])
    undecorate(heading, HEADING_FACE, 16)
    heading.paragraph_format.alignment = _CENTER
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(14)
    set_indent(heading, 0)
    form = cast("ParagraphStyle", styles.add_style("Form Text", WD_STYLE_TYPE.PARAGRAPH))
    form.base_style = body
    set_face(form, BODY_FACE, 12)
    form.paragraph_format.line_spacing = Pt(20)
    form.paragraph_format.alignment = _LEFT
    set_indent(form, 0)


def _plain(paragraph: Paragraph) -> Paragraph:
    set_indent(paragraph, 0)
    return paragraph


def _page(document: DocumentObject, mark: str) -> None:
    """The page of official documents; the mark above, on every page."""
    official_page(document)
    section = document.sections[0]
    if mark:
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            paragraph = _plain(header.paragraphs[0])
            paragraph.alignment = _RIGHT
            run = paragraph.add_run(mark)
            run.font.size, run.font.color.rgb = Pt(10.5), _MARK
            east_asian(xml(run).get_or_add_rPr(), HEADING_FACE)


def _head(document: DocumentObject, sheet: Sheet) -> None:
    """The name of the body in red, the number below it, and the red line."""
    head = _plain(document.add_paragraph())
    head.alignment = _CENTER
    size = min(34.0, _LONGEST_HEAD_PT / max(len(sheet.head), 1))
    head.paragraph_format.line_spacing = Pt(size * 1.5)
    run = head.add_run(sheet.head)
    run.font.size, run.font.color.rgb = Pt(size), _SEAL
    east_asian(xml(run).get_or_add_rPr(), TITLE_FACE)
    number = _plain(document.add_paragraph(sheet.number))
    number.alignment = _CENTER
    _ruled(number, "C8102E", "12", "bottom")


def _ruled(paragraph: Paragraph, colour: str, eighths: str, *sides: str) -> None:
    """Lines above or below a paragraph, their strength in eighths of a point."""
    borders = element("w:pBdr")
    for side in sides:
        line = element(f"w:{side}")
        for name, value in (("val", "single"), ("sz", eighths), ("space", "4"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = xml(paragraph).get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _imprint(document: DocumentObject, imprint: str) -> None:
    """Who printed the letter, and when, between two lines."""
    office, _bar, day = imprint.partition("|")
    paragraph = _plain(document.add_paragraph())
    paragraph.alignment = _LEFT
    paragraph.paragraph_format.space_before = Pt(42)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM - 5), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.paragraph_format.left_indent = Pt(14)
    run = paragraph.add_run(f"{office}\t{day}")
    run.font.size = Pt(14)
    east_asian(xml(run).get_or_add_rPr(), BODY_FACE)
    _ruled(paragraph, "000000", "8", "top", "bottom")


def _block(document: DocumentObject, block: Block, sheet: Sheet) -> None:
    match block.kind:
        case "heading":
            document.add_paragraph(block.text, style="Heading 1")
        case "form":
            _form(document, block)
        case "page":
            document.add_page_break()
        case "signature":
            _signature(document, sheet)
        case _:
            document.add_paragraph(block.text)


def _form(document: DocumentObject, block: Block) -> None:
    table = document.add_table(len(block.rows), 2, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = (Mm(_LABEL_WIDTH_MM), Mm(TEXT_WIDTH_MM - _LABEL_WIDTH_MM))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row, texts in zip(table.rows, block.rows, strict=True):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            first, *rest = text.split("\n")
            paragraph = cell.paragraphs[0]
            paragraph.style = cast("Any", document.styles)["Form Text"]
            paragraph.add_run(first)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(5)
            for line in rest:
                cell.add_paragraph(line, style="Form Text")


def _signature(document: DocumentObject, sheet: Sheet) -> None:
    if document.paragraphs:  # no page bears a signature alone
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    for place, name in enumerate(sheet.attachments):
        paragraph = document.add_paragraph(("附件：" if place == 0 else "　　　") + name)
        paragraph.paragraph_format.keep_with_next = True
        if place == 0:
            paragraph.paragraph_format.space_before = Pt(28)
    for place, (text, right) in enumerate(((sheet.signature, 32), (sheet.date, 64))):
        if not text:
            continue
        paragraph = _plain(document.add_paragraph(text))
        paragraph.alignment = _RIGHT
        paragraph.paragraph_format.right_indent = Pt(right)
        paragraph.paragraph_format.keep_with_next = place == 0
        if place == 0:
            paragraph.paragraph_format.space_before = Pt(28 * (sheet.seal_lines + 1))
    if sheet.imprint:
        _imprint(document, sheet.imprint)
