"""Word files and workbooks become lines and tables as they are printed."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from gongkai.annual.read.blocks import Document, Table, Text
from gongkai.annual.read.doc import converter
from gongkai.annual.read.document import to_document
from gongkai.annual.read.errors import NeedsExtra, Unsupported

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, **parts: str) -> Document:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return to_document(data.getvalue())


def para(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{para(text)}</w:tc>"


def lines(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Text)]


def only_table(document: Document) -> list[tuple[str, int, int, int, int]]:
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells]


def test_merged_cells_of_a_word_table_are_spans() -> None:
    down, across = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    document = word(
        f"<w:tbl><w:tr>{cell('甲', down)}{cell('乙', across)}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('1')}{cell('2')}</w:tr></w:tbl>"
    )
    assert only_table(document) == [
        ("甲", 0, 0, 2, 1),
        ("乙", 0, 1, 1, 2),
        ("1", 1, 1, 1, 1),
        ("2", 1, 2, 1, 1),
    ]


def test_deleted_text_is_left_out_and_inserted_text_kept() -> None:
    body = (
        "<w:p><w:r><w:t>收到</w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>13</w:t></w:r></w:ins><w:r><w:t>件</w:t></w:r></w:p>"
    )
    assert lines(word(body)) == ["收到13件"]


def test_text_boxes_and_content_controls_are_read_once() -> None:
    box = "<w:txbxContent>" + para("框内") + "</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        f"<w:sdt><w:sdtContent>{para('控件')}</w:sdtContent></w:sdt>"
        f"<w:p><w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(word(body)) == ["控件", "框内"]


def test_numbers_that_word_adds_itself_come_back() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="{t}"/></w:lvl>'
        for n, t in enumerate(("%1、", "（%2）"))
    )
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )

    def numbered(text: str, level: int) -> str:
        return para(text, f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr></w:pPr>')

    body = "".join(
        numbered(t, n) for t, n in (("总体", 0), ("主动", 1), ("申请", 1), ("问题", 0), ("改进", 1))
    )
    assert lines(word(body, numbering=numbering)) == [
        "一、总体",
        "（一）主动",
        "（二）申请",
        "二、问题",
        "（一）改进",
    ]


def workbook(fill: object) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    assert callable(fill)
    fill(sheet)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_numbers_dates_and_blanks_of_a_workbook_are_as_a_person_sees_them() -> None:
    def fill(sheet: object) -> None:
        for row in (["项目", "数"], ["甲", 14.0], ["乙", 0.1 + 0.2], ["丙", None], ["丁", date(2025, 1, 25)]):
            sheet.append(row)  # pyright: ignore[reportAttributeAccessIssue] - the sheet of an untyped library

    assert [t[0] for t in only_table(to_document(workbook(fill)))] == [
        *("项目", "数"),
        *("甲", "14"),
        *("乙", "0.3"),
        *("丙", ""),
        *("丁", "2025-01-25"),
    ]


def test_a_corrupt_legacy_word_file_is_refused() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600)
    wanted = Unsupported if converter() is not None else NeedsExtra
    with pytest.raises(wanted) as caught:
        to_document(data)
    assert caught.value.code in ("AR-X-006", "AR-X-007")


def test_without_a_converter_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("gongkai.annual.read.doc._USUAL", ())
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    with pytest.raises(NeedsExtra) as caught:
        to_document(data)
    assert caught.value.code == "AR-X-006"
