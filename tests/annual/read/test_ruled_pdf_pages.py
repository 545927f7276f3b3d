"""Tables that pdfium's paths give are those of the layout library; what is not plain is left to it."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
import typst
from pylopdf_fonts_zh_cn import sans_path
from pypdfium2 import raw

from gongkai.annual.read.pdf_grid import Boxed
from gongkai.annual.read.pdf_ruled import media_box, ruled_tables

HEAD = """
#set page(width: 12cm, height: 14cm, margin: 1cm)
#set text(font: "Noto Sans SC", size: 9pt, lang: "zh")
"""
PLAIN = {
    "one after another": """#table(columns: 2, [甲], [1], [乙], [2])

        正文。

        #table(columns: 3, [丙], [], [3], [丁], [4], [5])""",
    "spans": """#table(columns: 3, table.cell(colspan: 2)[合], [数],
        table.cell(rowspan: 2)[组], [甲], [1], [乙], [2])""",
    "several lines in a cell": """#table(columns: (2cm, 1fr),
        [很长很长很长很长的项目名称], [1 2], [乙], [12,345.6])""",
    "a frame around": "#rect(width: 100%)[一、标题 #table(columns: 2, [甲], [1], [乙], [2])]",
    "filled cells": "#table(columns: 2, fill: silver, [甲], [1], [乙], [2])",
    "thin rectangles": """#table(columns: 2, stroke: none, [甲], [1], [乙], [2])
        #rect(width: 4cm, height: 0.4pt, fill: black)""",
    "thick rulings": "#table(columns: 2, stroke: 3pt, [甲], [1], [乙], [2])",
    "rulings in pieces": """#let cell = rect.with(width: 3cm)
        #grid(columns: 2, gutter: 1pt, cell[甲], cell[1], cell[乙], cell[2])""",
    "only lines": "#line(length: 5cm) 正文 #line(length: 5cm)",
}
ODD = {
    "round corners": "#rect(radius: 3pt)[甲] #table(columns: 2, [甲], [1], [乙], [2])",
    "slanting lines": "#line(angle: 45deg) #table(columns: 2, [甲], [1], [乙], [2])",
    "turned text": "#table(columns: 2, rotate(-90deg)[甲], [1], [乙], [2])",
}


def made(source: str) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[sans_path().parent])
    data = typst.compile((HEAD + source).encode(), font_paths=fonts)
    assert isinstance(data, bytes)
    return data


def by_pdfium(data: bytes) -> list[list[list[Boxed]] | None]:
    """Tables of each page."""
    document = pypdfium2.PdfDocument(data)
    found: list[list[list[Boxed]] | None] = []
    for page in document:
        paths = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4))
        found.append(ruled_tables(page, page.get_textpage(), paths))
    return found


def by_library(data: bytes) -> list[list[list[Boxed]]]:
    with pdfplumber.open(BytesIO(data)) as document:
        return [
            [
                [
                    Boxed(*cell, text or "")
                    for row, texts in zip(table.rows, table.extract(x_tolerance=2), strict=True)
                    for cell, text in zip(row.cells, texts, strict=True)
                    if cell is not None
                ]
                for table in page.dedupe_chars(tolerance=1).find_tables()
            ]
            for page in document.pages
        ]


def shown(table: list[Boxed]) -> list[tuple[int, int, int, int, str]]:
    return [(round(c.x0), round(c.top), round(c.x1), round(c.bottom), c.text) for c in table]


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_plain_pages_have_the_tables_that_the_layout_library_finds(source: str) -> None:
    data = made(source)
    for fast, slow in zip(by_pdfium(data), by_library(data), strict=True):
        assert fast is not None
        assert [shown(t) for t in fast] == [shown(t) for t in slow]


def test_the_sample_reports_have_the_tables_that_the_layout_library_finds(root: Path) -> None:
    files = sorted((root / "src/gongkai/annual/samples").glob("*.pdf"))
    assert files
    for file in files:
        data = file.read_bytes()
        for fast, slow in zip(by_pdfium(data), by_library(data), strict=True):
            assert fast is not None
            assert [shown(t) for t in fast] == [shown(t) for t in slow]


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_pages_that_are_not_plain_are_left_to_the_layout_library(source: str) -> None:
    assert None in by_pdfium(made(source))


@pytest.mark.parametrize("mark", ["-", "—", "/", "－"])
def test_a_mark_for_nothing_in_a_cell_is_kept_or_left_to_the_layout_library(mark: str) -> None:
    data = made(f"#table(columns: 2, [甲], [\\{mark}], [乙], [2], [\\{mark}], [\\{mark}], [丙], [3])")
    (fast,), (slow,) = by_pdfium(data), by_library(data)
    assert fast is None or [shown(t) for t in fast] == [shown(t) for t in slow]


def test_figures_printed_twice_upon_each_other_for_bold_are_read_once() -> None:
    bold = "#table(columns: 2, [甲], [12#place(dx: 0.2pt, dy: -0.8em)[12]], [乙], [11])"
    (fast,) = by_pdfium(made(bold))
    assert fast is not None
    assert "11" in [c.text for c in fast[0]]
    assert "1122" not in [c.text for c in fast[0]]


def test_a_page_is_measured_by_its_own_box_or_by_the_documents() -> None:
    data = made("#table(columns: 2, [甲], [1], [乙], [2])")
    page = pypdfium2.PdfDocument(data)[0]
    assert media_box(page) == pytest.approx((0, 0, *page.get_size()))
    box = re.search(rb"/MediaBox ?\[[^]]*\]", data)
    assert box is not None
    # Blanked out in place, so that the file's index still fits; pdfium then takes a sheet of Letter size.
    page = pypdfium2.PdfDocument(data.replace(box[0], b" " * len(box[0])))[0]
    assert media_box(page) == pytest.approx((0, 0, *page.get_size()))
