"""Web pages become lines and tables, whatever their encoding and markup."""

from __future__ import annotations

import pytest

from gongkai.annual.read.blocks import Document, Table, Text
from gongkai.annual.read.decode import decode
from gongkai.annual.read.document import to_document

SENTENCE = "云溪县人民政府二〇二五年政府信息公开工作年度报告，本机关收到的申请已经全部办结。"
PAGE = f"<html><body><p>{SENTENCE}</p></body></html>"


def page(text: str) -> Document:
    return to_document(f"<html><body>{text}</body></html>".encode())


def lines(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Text)]


def tables(document: Document) -> list[Table]:
    return [b for b in document.blocks if isinstance(b, Table)]


def cells(table: Table) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "big5", "no-such-encoding"])
def test_the_encoding_is_told_by_what_gives_chinese_not_by_what_is_declared(
    encoding: str, declared: str
) -> None:
    text = PAGE.replace("<html>", f'<html><meta charset="{declared}">') if declared else PAGE
    assert lines(to_document(text.encode(encoding))) == [SENTENCE]


def test_a_traditional_page_in_big5_is_read() -> None:
    text = "雲溪縣人民政府政府信息公開工作年度報告，收到的申請全部辦理。"
    assert lines(to_document(f"<html><p>{text}</p>".encode("big5"))) == [text]


def test_the_chosen_encoding_is_named() -> None:
    assert to_document(PAGE.encode("gbk")).encoding == "gb18030"


def test_utf8_that_was_read_as_gbk_is_taken_back() -> None:
    damaged = SENTENCE[:-1].encode()
    wrong = damaged[: len(damaged) // 6 * 6].decode("gb18030")
    repaired = decode((wrong * 3).encode())
    assert repaired.text == damaged[: len(damaged) // 6 * 6].decode() * 3
    assert "read as gbk" in repaired.encoding


def test_rare_characters_alone_are_not_taken_for_damage() -> None:
    text = "锛銆鐨，这是一句正常的话，年度报告的数据是对的。" * 3
    assert decode(text.encode()).text == text


def test_spans_give_logical_columns() -> None:
    (table,) = tables(
        page("<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>1<td>2<tr><td>丙<td>3<td>4</table>")
    )
    assert cells(table) == [
        ("甲", 0, 0, 2, 1),
        ("乙", 0, 1, 1, 2),
        ("1", 1, 1, 1, 1),
        ("2", 1, 2, 1, 1),
        ("丙", 2, 0, 1, 1),
        ("3", 2, 1, 1, 1),
        ("4", 2, 2, 1, 1),
    ]


def test_a_span_beyond_the_table_is_cut_at_its_end() -> None:
    (table,) = tables(page("<table><tr><td rowspan=99>甲<td>1<tr><td>2</table>"))
    assert cells(table) == [("甲", 0, 0, 2, 1), ("1", 0, 1, 1, 1), ("2", 1, 1, 1, 1)]


def test_an_empty_cell_stays_a_cell() -> None:
    (table,) = tables(page("<table><tr><td>甲<td><td>0<tr><td>乙<td>1<td>&nbsp;</table>"))
    assert [c.text for c in table.cells] == ["甲", "", "0", "乙", "1", ""]


def test_a_line_break_in_a_header_goes_but_parts_figures() -> None:
    (table,) = tables(page("<table><tr><td>尚未<br>审结<td>1<br>2<tr><td>总<p>计</p><td>3</table>"))
    assert [c.text for c in table.cells] == ["尚未审结", "1 2", "总计", "3"]


def test_a_table_that_lays_out_the_page_does_not_swallow_the_report() -> None:
    document = page(
        "<table><tr><td>栏目</td><td><h1>报告</h1><p>一、总体情况</p>"
        "<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
        "<p>二、其他</p></td></tr></table>"
    )
    assert lines(document) == ["栏目", "报告", "一、总体情况", "二、其他"]
    assert [len(t.cells) for t in tables(document)] == [4]


def test_headings_inside_a_whole_report_in_one_table_become_lines() -> None:
    document = page(
        "<table><tr><td colspan=2>一、总体情况</td></tr><tr><td>甲</td><td>1</td></tr>"
        "<tr><td>乙</td><td>2</td></tr><tr><td colspan=2>二、问题</td></tr>"
        "<tr><td>丙</td><td>3</td></tr></table>"
    )
    assert lines(document) == ["一、总体情况", "二、问题"]
    assert [len(t.cells) for t in tables(document)] == [4, 2]


def test_lines_parted_by_breaks_are_lines_of_their_own() -> None:
    assert lines(page("甲<br>乙<pre>丙\n丁</pre>")) == ["甲", "乙", "丙", "丁"]


def test_a_soft_line_break_between_chinese_characters_means_nothing() -> None:
    assert lines(page("<p>政府\n   信息 A\nB</p>")) == ["政府信息 A B"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display: none">赌场</div>',
        "<div hidden>赌场</div>",
        '<span style="font-size:0px">赌场</span>',
        '<div style="position:absolute;left:-9999px">赌场</div>',
        "<script>赌场</script><style>赌场</style><noscript>赌场</noscript><template>赌场</template>",
        "<!-- 赌场 -->",
    ],
)
def test_what_a_browser_does_not_show_is_left_out(hidden: str) -> None:
    assert lines(page(f"<p>正文</p>{hidden}")) == ["正文"]


def test_a_hidden_report_is_read_where_the_page_shows_no_table() -> None:
    rows = "".join(f"<tr><td>行{n}</td><td>{n}</td></tr>" for n in range(5))
    document = page(f'<p>正文</p><div style="display:none"><table>{rows}</table></div>')
    assert [len(t.cells) for t in tables(document)] == [10]


def test_the_reading_above_a_character_is_left_out() -> None:
    assert lines(page("<p><ruby>公<rt>gōng</rt></ruby>开</p>")) == ["公开"]


def test_headings_and_places_are_told() -> None:
    document = page("<h2>一、总体情况</h2><p>正文</p><table><tr><td>甲<td>1<tr><td>乙<td>2</table>")
    first, second, table = document.blocks
    assert isinstance(first, Text) and first.heading and first.place.line == 1
    assert isinstance(second, Text) and not second.heading and second.place.line == 2
    assert table.place.table == 1


def test_a_page_saved_with_its_parts_is_read() -> None:
    data = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{PAGE}\r\n--x--\r\n"
    )
    assert lines(to_document(data.encode())) == [SENTENCE]
