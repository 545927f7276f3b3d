"""DOCX and PDF: the same letter gives the same bytes, official faces and margins, rare names marked."""

from __future__ import annotations

import io
from typing import Any, cast

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from gongkai.platform.cases.letters.docx import to_docx
from gongkai.platform.cases.letters.facts import sample_values
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of
from gongkai.platform.cases.letters.texts import fill


def sheet_of(key: str, **given: Any) -> Sheet:
    kind = LETTERS[key]
    usual: dict[str, Any] = {
        "head": "云溪县人民政府",
        "title": kind.title,
        "blocks": blocks_of(fill(kind, kind.text, sample_values())),
        "number": "云公复〔2026〕3号",
        "recipient": "陈某某：",
        "signature": "云溪县人民政府",
        "date": "2026年3月3日",
    }
    return Sheet(**{**usual, **given})


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)


@pytest.mark.parametrize("key", LETTERS)
def test_every_letter_is_set_and_says_all_its_paragraphs(key: str) -> None:
    sheet = sheet_of(key)
    pdf = text_of(to_pdf(sheet))
    document = docx.Document(io.BytesIO(to_docx(sheet)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = "".join("".join([*(one.text for one in document.paragraphs), *cells]).split())
    for line in sheet.plain.split("\n"):
        for piece in line.split("："):
            assert "".join(piece.split()) in word
            assert "".join(piece.split()) in pdf


def test_the_same_letter_gives_the_same_bytes() -> None:
    sheet = sheet_of("third_party_consultation", mark="演示")
    assert to_pdf(sheet) == to_pdf(sheet)
    assert to_docx(sheet) == to_docx(sheet)
    assert Sheet.from_json(sheet.to_json()) == sheet


def test_attachments_are_listed_before_the_signature() -> None:
    text = text_of(to_pdf(sheet_of("reply_partial", attachments=("1.施工合同（遮盖件）", "2.监理合同"))))
    first, second, signed = (text.index(one) for one in ("附件：1.施工合同", "2.监理合同", "2026年3月3日"))
    assert first < second < signed


def test_the_word_document_asks_for_official_faces_and_margins() -> None:
    document = docx.Document(io.BytesIO(to_docx(sheet_of("reply_granted"))))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round((one or Mm(0)).mm) for one in margins] == [37, 35, 28, 26]
    assert (round((section.page_width or Mm(0)).mm), round((section.page_height or Mm(0)).mm)) == (210, 297)
    body = cast("Any", document.styles["Normal"]).element.rPr.rFonts
    assert body.get(qn("w:eastAsia")) == "仿宋_GB2312"
    title = cast("Any", document.styles["Title"]).element.rPr.rFonts
    assert title.get(qn("w:eastAsia")) == "方正小标宋简体"
    head = cast("Any", document.paragraphs[0].runs[0])
    assert str(head.font.color.rgb) == "C8102E"
    assert head.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    indents = cast("Any", document.styles["Normal"]).element.pPr.ind
    assert indents.get(qn("w:firstLineChars")) == "200"


def test_the_pdf_is_tagged_and_has_its_title() -> None:
    made = to_pdf(sheet_of("reply_granted"))
    assert b"/MarkInfo" in made or b"/StructTreeRoot" in made
    assert pypdfium2.PdfDocument(made).get_metadata_dict()["Title"] == "政府信息公开申请答复书"


def test_a_character_without_a_glyph_is_marked_and_named() -> None:
    text = text_of(to_pdf(sheet_of("reply_granted", recipient="陈\U000323af：")))
    assert "陈〓：" in text
    assert "U+323AF" in text


def test_a_rare_name_that_the_fonts_have_is_printed() -> None:
    text = text_of(to_pdf(sheet_of("reply_granted", recipient="䶮喆堃：")))
    assert "䶮喆堃：" in text
    assert "〓" not in text


def test_text_is_never_markup() -> None:
    said = '#set page(fill: red) $x$ *粗* <b>甲</b> "引号" \\u{41} [a]'
    text = text_of(to_pdf(sheet_of("reply_granted", blocks=blocks_of(f"文{said}"))))
    assert "".join(said.split()) in text
