"""Plain text and Markdown: a line is a line, with its number."""

from __future__ import annotations

from gongkai.annual.read.blocks import Text
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


def test_json_is_only_named() -> None:
    assert sniff(b' {"schema_version": 1}') == "json"
