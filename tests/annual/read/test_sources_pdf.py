"""PDF: paragraphs put together, ruled tables joined over pages, rows without rulings restored."""

from __future__ import annotations

import logging

import pytest
import typst
from pylopdf_fonts_zh_cn import sans_path

from gongkai.annual.read.blocks import Document, Table, Text
from gongkai.annual.read.document import to_document
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.logs import quiet

HEAD = """
#set page(width: 12cm, height: 9cm, margin: 1.5cm, numbering: "1")
#set text(font: "Noto Sans SC", size: 9pt, lang: "zh")
"""


def pdf(source: str) -> Document:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[sans_path().parent])
    data = typst.compile((HEAD + source).encode(), font_paths=fonts)
    assert isinstance(data, bytes)
    return to_document(data)


def lines(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Text)]


def rows(document: Document) -> list[list[str]]:
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    found: dict[int, list[str]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, []).append(cell.text)
    return [found[row] for row in sorted(found)]


def test_the_lines_of_a_paragraph_are_put_together_and_page_numbers_dropped() -> None:
    sentence = "本机关按时发布信息，逐项回应关切，接受社会监督，" * 6 + "年内没有投诉。"
    assert lines(pdf(f"{sentence}\n\n第二段。")) == [sentence, "第二段。"]


def test_a_table_that_goes_on_over_pages_is_one_table() -> None:
    body = "".join(f"[行], [{n}]," for n in range(40))
    found = rows(pdf(f"#table(columns: (1fr, 1fr), table.header([项目], [数]), {body})"))
    assert found == [["项目", "数"], *(["行", str(n)] for n in range(40))]


def test_rows_without_rulings_keep_figures_and_blanks_with_their_label() -> None:
    label = "一个很长很长很长很长很长的项目名称"
    body = f"[甲], [1], [2], [3], [{label}], [4], [], [6], [乙], [7], [8], [9], [丙], [0], [0], [0]"
    found = lines(pdf(f"#table(columns: (2.5cm, 1fr, 1fr, 1fr), stroke: none, {body})"))
    assert found == ["甲 1 2 3", f"{label} | 4 | | 6", "乙 7 8 9", "丙 0 0 0"]


def test_a_scan_says_that_it_has_no_text_layer() -> None:
    with pytest.raises(Unsupported) as caught:
        pdf("#rect(width: 3cm, height: 3cm)#pagebreak()#rect()")
    assert caught.value.code == "AR-X-011"
    assert caught.value.values["pages"] == 2


def test_text_between_tables_in_a_frame_around_the_page_stays_text() -> None:
    table = "#table(columns: (1fr, 1fr), [项目], [数], [甲], [{}], [乙], [{}])"
    first, second = table.format(1, 2), table.format(3, 4)
    found = pdf(
        f"#rect(width: 100%, inset: 0pt)[前言一句。\n\n二、主动公开\n{first}\n三、收到申请\n{second}]"
    )
    told = [b.text if isinstance(b, Text) else "|".join(c.text for c in b.cells) for b in found.blocks]
    assert told == ["前言一句。", "二、主动公开", "项目|数|甲|1|乙|2", "三、收到申请", "项目|数|甲|3|乙|4"]


def test_the_quarter_of_a_character_around_figures_is_no_blank() -> None:
    quarter = "#h(2.25pt)"
    found = lines(pdf(f"全年收到申请{quarter}12{quarter}件，办结 11 件。"))
    assert found == ["全年收到申请12件，办结 11 件。"]


def test_the_font_warnings_of_a_library_stay_off_the_screen(caplog: pytest.LogCaptureFixture) -> None:
    logger, before = logging.getLogger("pdfminer"), logging.getLogger("pdfminer").level
    with quiet("pdfminer"), quiet("pdfminer"):
        logging.getLogger("pdfminer.pdffont").warning("no box")
    assert not caplog.records
    assert logger.level == before
    logging.getLogger("pdfminer.pdffont").warning("again")
    assert [r.message for r in caplog.records] == ["again"]
