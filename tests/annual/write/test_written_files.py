"""What stands in the written HTML, DOCX, PDF and XLSX files."""

from __future__ import annotations

import io
from decimal import Decimal
from types import MappingProxyType

import docx
import openpyxl
import pypdfium2
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from tests.annual.write.reports import FORMS, INVENTED_FORM, report

from gongkai.annual.form import Form, form_for_edition
from gongkai.annual.model import Cell, CellState, Report
from gongkai.annual.write import KINDS, UnknownKind, write
from gongkai.annual.write.pdf import GETA

FORM = form_for_edition("2021")
HOSTILE = '=1+1 <script>alert(1)</script> #set text(red) {x} & "y" @a'


def with_text(text: str) -> Report:
    return report(FORM, sections=MappingProxyType({"0": text, "1": text}))


def pdf_text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.edition)
def test_the_same_report_gives_the_same_bytes(form: Form, kind: str) -> None:
    assert write(report(form), kind) == write(report(form), kind)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(UnknownKind, match="odt"):
        write(report(FORM), "odt")


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.edition)
def test_html_headers_point_to_header_cells(form: Form) -> None:
    tree = HTMLParser(write(report(form), "html"))
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    heads = {node.attributes["id"] for node in tree.css("th[id]")}
    values = tree.css("td[headers]")
    assert len(values) == len(form.cells)
    for node in values:
        assert set((node.attributes["headers"] or "").split()) <= heads


def test_html_loads_nothing_and_runs_nothing() -> None:
    page = write(with_text(HOSTILE), "html").decode()
    tree = HTMLParser(page)
    assert not tree.css("script, link, img, iframe, [src], [href]")
    assert "url(" not in page and "@import" not in page
    assert tree.css_first("html[lang=zh-CN]") is not None
    assert len(tree.css("main")) == len(tree.css("h1")) == 1


@pytest.mark.parametrize("kind", ["html", "docx", "pdf", "xlsx"])
def test_text_stays_text(kind: str) -> None:
    data = write(with_text(HOSTILE), kind)
    match kind:
        case "html":
            texts = [node.text() for node in HTMLParser(data).css("p")]
        case "docx":
            texts = [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]
        case "pdf":
            texts = [pdf_text(data).replace("\r\n", "").replace(" ", "")]
            assert HOSTILE.replace(" ", "") in texts[0]
            return
        case _:
            sheet = openpyxl.load_workbook(io.BytesIO(data))["正文"]
            assert all(cell.data_type == "s" for (cell,) in sheet.iter_rows())
            texts = [str(cell.value) for (cell,) in sheet.iter_rows()]
    assert texts.count(HOSTILE) == 2


def test_a_blank_is_empty_and_a_zero_is_zero_everywhere() -> None:
    printed = report(FORM).with_values({"requests.new.total": None, "requests.new.other": 0})
    page = HTMLParser(write(printed, "html"))
    row = [node.text() for node in page.css("tr:has(> #requests-4-1) > td")]
    assert row[-2:] == ["0", ""]
    sheet = openpyxl.load_workbook(io.BytesIO(write(printed, "xlsx")))["表三"]
    assert [sheet.cell(6, 9).value, sheet.cell(6, 10).value] == [0, None]
    table = docx.Document(io.BytesIO(write(printed, "docx"))).tables[1]
    assert [cell.text for cell in table.rows[3].cells][-2:] == ["0", ""]


def test_changes_keep_their_sign_and_yuan_their_unit() -> None:
    form = form_for_edition("2019")
    cells = dict(report(form).cells)
    cells["proactive.licensing_change"] = Cell(CellState.VALUE, 20, "+20")
    cells["proactive.punishment_change"] = Cell(CellState.VALUE, 20, "20")
    cells["proactive.procurement_amount_yuan"] = Cell(CellState.VALUE, Decimal("4935000"), "493.5万")
    page = HTMLParser(write(report(form, cells=cells), "html"))
    texts = [node.text() for node in page.css("td[headers]")]
    assert texts.count("+20") == 1
    assert texts.count("4935000元") == 1
    assert texts.count("20") >= 1


def test_docx_has_headings_repeated_rows_and_no_table_last() -> None:
    document = docx.Document(io.BytesIO(write(report(FORM), "docx")))
    names = [p.style.name if p.style is not None else None for p in document.paragraphs]
    assert names.count("Title") == 1
    assert names.count("Heading 1") == 4
    assert names.count("Heading 2") == 1
    assert document.element.body[-2].tag.endswith("}p")
    heads = [len(table._tbl.xpath(".//w:tblHeader")) for table in document.tables]
    assert heads == [0, 3, 3]
    height = document.sections[0].page_height
    assert height is not None and round(height.mm) == 297


def test_pdf_is_tagged_titled_and_names_what_its_fonts_lack() -> None:
    data = write(with_text("𠮷山乡审查據\u200b"), "pdf")
    text = pdf_text(data)
    assert f"{GETA}山乡审查據" in text
    assert "U+20BB7" in text
    assert b"/MarkInfo" in data or b"/StructTreeRoot" in data
    with pypdfium2.PdfDocument(data) as document:
        assert document.get_metadata_value("Title") == report(FORM).title


def test_every_relation_is_a_live_formula_with_its_outcome() -> None:
    zeros = {path: Cell(CellState.VALUE, 0, "0") for path in FORM.cells}
    clean = report(FORM, cells=MappingProxyType(zeros))
    wrong = clean.with_values({"requests.total.total": 3, "reconsideration.upheld": None})
    outcomes: dict[str, str] = {}
    values = openpyxl.load_workbook(io.BytesIO(write(wrong, "xlsx")), data_only=True)["核对"]
    formulas = openpyxl.load_workbook(io.BytesIO(write(wrong, "xlsx")))["核对"]
    for number, relation in enumerate(FORM.relations, start=5):
        assert str(formulas.cell(number, 7).value).startswith("=IF(")
        assert formulas.cell(number, 1).value == relation.id
        outcomes[relation.instance] = str(values.cell(number, 7).value)
    off = {name: text for name, text in outcomes.items() if text != "成立"}
    assert off == {
        "AR-T3-001:total": "差 3",
        "AR-T3-002:total": "差 3",
        "AR-T3-003:total": "差 3",
        "AR-T4-001:reconsideration": "成立（空格按 0 计）",
    }


def test_an_invented_edition_is_written_in_every_kind() -> None:
    printed = report(INVENTED_FORM)
    sheet = openpyxl.load_workbook(io.BytesIO(write(printed, "xlsx")))["表五"]
    numbers = [c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, int | float)]
    assert numbers == [
        float(value) for path in INVENTED_FORM.cells if (value := printed.value(path)) is not None
    ]
    table = docx.Document(io.BytesIO(write(printed, "docx"))).tables[0]
    assert len(table.columns) == 9
    assert HTMLParser(write(printed, "html")).css_first("table[aria-label*=试验]") is not None
    assert "第一项" in pdf_text(write(printed, "pdf"))
