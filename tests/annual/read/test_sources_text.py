"""Plain text and Markdown: a line is a line, with its number."""

from __future__ import annotations

import pytest

from gongkai.annual.read.blocks import Text
from gongkai.annual.read.decode import damaged, decode
from gongkai.annual.read.document import to_document
from gongkai.annual.read.sniff import sniff


def read(text: str) -> list[tuple[str, int | None, bool]]:
    blocks = to_document(text.encode()).blocks
    return [(b.text, b.place.line, b.heading) for b in blocks if isinstance(b, Text)]


def test_empty_lines_count_but_are_no_text() -> None:
    assert read("一\n\n  二  \r\n三") == [("一", 1, False), ("二", 3, False), ("三", 4, False)]


def test_pipes_are_left_as_they_are() -> None:
    assert read("政府 | 1 |  | 2 |") == [("政府 | 1 |  | 2 |", 1, False)]


def test_markdown_headings_lose_their_marks() -> None:
    assert read("# 报告\n\n## 一、总体情况 ##\n| 甲 | 1 |\n|---|---|") == [
        ("报告", 1, True),
        ("一、总体情况", 3, True),
        ("| 甲 | 1 |", 4, False),
        ("|---|---|", 5, False),
    ]


def test_text_that_lost_its_characters_is_still_given() -> None:
    assert read("????\n?? 1 2")[1] == ("?? 1 2", 2, False)


REPORT = """云溪县人民政府2024年政府信息公开工作年度报告
本报告按照《中华人民共和国政府信息公开条例》编制，所列数据的统计期限为2024年1月1日至12月31日。
一、总体情况
全年公开信息12条，规章 | 0 | 0 | 0
"""


def western(data: bytes) -> str:
    """Bytes as Windows shows them in its Western code page; the five it does not know stay as they are."""
    return "".join(bytes((b,)).decode("cp1252", "ignore") or chr(b) for b in data)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read(encoding: str) -> None:
    data = REPORT.encode(encoding)
    assert sniff(data) == "text"
    assert [b.text for b in to_document(data).blocks if isinstance(b, Text)] == REPORT.splitlines()


def test_bytes_without_meaning_are_not_taken_for_wide_text() -> None:
    assert sniff(bytes(range(256)) * 8) == "binary"


@pytest.mark.parametrize("right", ["utf-8", "gb18030"])
@pytest.mark.parametrize("wrong", ["latin-1", "windows"])
def test_chinese_read_as_a_western_code_page_is_taken_back(right: str, wrong: str) -> None:
    data = REPORT.encode(right)
    shown = western(data) if wrong == "windows" else data.decode("latin-1")
    assert decode(shown.encode()).text == REPORT


@pytest.mark.parametrize(
    "text",
    [
        REPORT.encode().decode("gbk", "replace"),
        REPORT.encode().decode("gbk", "ignore"),
        REPORT.encode().decode("cp1252", "replace"),
        REPORT.encode("ascii", "replace").decode(),
    ],
)
def test_what_cannot_be_taken_back_is_called_damaged(text: str) -> None:
    assert damaged(decode(text.encode()).text)


@pytest.mark.parametrize(
    "text", [REPORT, "Ünïcödé pägés äré öften ëuröpean, änd só is this löng sentence. " * 9]
)
def test_ordinary_text_is_not_called_damaged(text: str) -> None:
    assert decode(text.encode()).text == text
    assert not damaged(text)


def test_characters_lost_in_a_conversion_leave_no_figures() -> None:
    lost = "全年收到政府信息公开的申请2件，其中予以公开的1件".encode().decode("gbk", "replace")
    text = decode(lost.encode("gb18030")).text
    assert [c for c in text if c.isdigit()] == ["2", "1"]


def test_json_is_only_named() -> None:
    assert sniff(b' {"schema_version": 1}') == "json"
