"""A letter as an editable Word document in the style of official documents (after GB/T 9704-2012)."""

from __future__ import annotations

import io
import zipfile
from typing import Any, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement as _oxml_element  # pyright: ignore[reportUnknownVariableType]
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from gongkai.platform.cases.letters.sheet import Block, Sheet

HEAD_FACE = "方正小标宋简体"
BODY_FACE = "仿宋_GB2312"
HEADING_FACE = "黑体"
LATIN_FACE = "Times New Roman"

_SEAL = RGBColor(0xC8, 0x10, 0x2E)
_MARK = RGBColor(0x7A, 0x4F, 0x00)
_TEXT_WIDTH_MM = 156
_LABEL_WIDTH_MM = 45
_LONGEST_HEAD_PT = 425
"""Width of the text in points: a long name of a body is set smaller, so that it stays in one line."""
_EPOCH = (1980, 1, 1, 0, 0, 0)

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
    buffer = io.BytesIO()
    document.save(buffer)
    return _steady(buffer.getvalue())


def _element(name: str) -> Any:
    """A new XML element; the library's objects for XML carry no useful types."""
    return cast("Any", _oxml_element(name))


def _xml(thing: object) -> Any:
    return cast("Any", thing)._element


def _styles(document: DocumentObject) -> None:
    styles = cast("Any", document.styles)
    body = cast("ParagraphStyle", styles["Normal"])
    _face(body, BODY_FACE, 16)
    spacing = body.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _indent(body, 200)
    title = cast("ParagraphStyle", styles["Title"])
    _undecorated(title, HEAD_FACE, 22)
    title.paragraph_format.alignment = _CENTER
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(28)
    _indent(title, 0)
    heading = cast("ParagraphStyle", styles["Heading 1"])
    _undecorated(heading, HEADING_FACE, 16)
    heading.paragraph_format.alignment = _CENTER
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(14)
    _indent(heading, 0)
    form = cast("ParagraphStyle", styles.add_style("Form Text", WD_STYLE_TYPE.PARAGRAPH))
    form.base_style = body
    _face(form, BODY_FACE, 12)
    form.paragraph_format.line_spacing = Pt(20)
    form.paragraph_format.alignment = _LEFT
    _indent(form, 0)


def _undecorated(style: ParagraphStyle, face: str, size: int) -> None:
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
    """Ask for a Chinese face beside the Latin one; theme fonts of the template would win otherwise."""
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


def _indent(thing: ParagraphStyle | Paragraph, hundredths: int, size: float = 16) -> None:
    """First-line indent in hundredths of a character, as Word counts it for Chinese text."""
    indent = _xml(thing).get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(hundredths))
    indent.set(qn("w:firstLine"), str(int(size * 20 * hundredths / 100)))


def _plain(paragraph: Paragraph) -> Paragraph:
    _indent(paragraph, 0)
    return paragraph


def _page(document: DocumentObject, mark: str) -> None:
    """A4 with the margins of official documents; page numbers outside: odd right, even left."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, _RIGHT), (section.even_page_footer, _LEFT)):
        footer.is_linked_to_previous = False
        paragraph = _plain(footer.paragraphs[0])
        paragraph.alignment = side
        for run in (paragraph.add_run("— "), _page_field(paragraph), paragraph.add_run(" —")):
            run.font.size = Pt(14)
            _east_asian(_xml(run).get_or_add_rPr(), "宋体")
    if mark:
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            paragraph = _plain(header.paragraphs[0])
            paragraph.alignment = _RIGHT
            run = paragraph.add_run(mark)
            run.font.size, run.font.color.rgb = Pt(10.5), _MARK
            _east_asian(_xml(run).get_or_add_rPr(), HEADING_FACE)


def _page_field(paragraph: Paragraph) -> Run:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            element = _element("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = _element("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        _xml(run).append(element)
    return run


def _head(document: DocumentObject, sheet: Sheet) -> None:
    """The name of the body in red, the number below it, and the red line."""
    head = _plain(document.add_paragraph())
    head.alignment = _CENTER
    size = min(34.0, _LONGEST_HEAD_PT / max(len(sheet.head), 1))
    head.paragraph_format.line_spacing = Pt(size * 1.5)
    run = head.add_run(sheet.head)
    run.font.size, run.font.color.rgb = Pt(size), _SEAL
    _east_asian(_xml(run).get_or_add_rPr(), HEAD_FACE)
    number = _plain(document.add_paragraph(sheet.number))
    number.alignment = _CENTER
    borders = _element("w:pBdr")
    line = _element("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "C8102E")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = _xml(number).get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


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
    widths = (Mm(_LABEL_WIDTH_MM), Mm(_TEXT_WIDTH_MM - _LABEL_WIDTH_MM))
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
            paragraph.paragraph_format.space_before = Pt(56)


def _steady(made: bytes) -> bytes:
    """The archive with fixed times, so that equal letters are equal bytes."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return result.getvalue()
