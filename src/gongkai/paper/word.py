"""Word documents in the style of official documents (after GB/T 9704): faces, indents, the page.

The library's objects for XML carry no useful types; what its own methods do not reach is set on the elements.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, cast

from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement as _oxml_element  # pyright: ignore[reportUnknownVariableType]
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TITLE_FACE = "方正小标宋简体"
BODY_FACE = "仿宋_GB2312"
HEADING_FACE = "黑体"
SECOND_FACE = "楷体_GB2312"
NUMBER_FACE = "宋体"
LATIN_FACE = "Times New Roman"
TEXT_WIDTH_MM = 156
BODY_PT = 16

_EPOCH = (1980, 1, 1, 0, 0, 0)


def element(name: str) -> Any:
    """A new XML element."""
    return cast("Any", _oxml_element(name))


def xml(thing: object) -> Any:
    """The XML element behind one of the library's objects."""
    return cast("Any", thing)._element


def body_styles(document: DocumentObject) -> ParagraphStyle:
    """Set the text and the title of a document; gives the style of the text."""
    styles = cast("Any", document.styles)
    body = cast("ParagraphStyle", styles["Normal"])
    set_face(body, BODY_FACE, BODY_PT)
    spacing = body.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    set_indent(body, 200)
    title = cast("ParagraphStyle", styles["Title"])
    undecorate(title, TITLE_FACE, 22)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(28)
    set_indent(title, 0)
    return body


def undecorate(style: ParagraphStyle, face: str, size: int) -> None:
    """Undo the coloured, ruled look that the library's template gives titles and headings."""
    properties = xml(style).pPr
    border = None if properties is None else properties.find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    set_face(style, face, size)
    style.font.bold = False
    style.font.color.rgb = RGBColor(0, 0, 0)


def set_face(style: ParagraphStyle, face: str, size: int) -> None:
    """A style's Chinese face and its size in points."""
    style.font.size = Pt(size)
    east_asian(xml(style).get_or_add_rPr(), face)


def east_asian(properties: Any, face: str) -> None:
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
        language = element("w:lang")
        properties.append(language)
    language.set(qn("w:eastAsia"), "zh-CN")


def set_indent(thing: ParagraphStyle | Paragraph, hundredths: int, size: float = BODY_PT) -> None:
    """First-line indent in hundredths of a character, as Word counts it for Chinese text."""
    indent = xml(thing).get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(hundredths))
    indent.set(qn("w:firstLine"), str(int(size * 20 * hundredths / 100)))


def official_page(document: DocumentObject) -> None:
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
        set_indent(paragraph, 0)
        paragraph.alignment = side
        for run in (paragraph.add_run("— "), _page_field(paragraph), paragraph.add_run(" —")):
            run.font.size = Pt(14)
            east_asian(xml(run).get_or_add_rPr(), NUMBER_FACE)


def _page_field(paragraph: Paragraph) -> Run:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            field = element("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        else:
            field = element("w:instrText")
            field.set(qn("xml:space"), "preserve")
            field.text = text
        xml(run).append(field)
    return run


def saved(document: DocumentObject) -> bytes:
    """The document as a file, its parts with fixed times: equal documents are equal bytes."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            entry = zipfile.ZipInfo(member.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(member))
    return out.getvalue()
