"""Boards as files: the numbers of the page with their definitions, texts that stay texts, in the audit."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.platform.boards.conftest import shown
from tests.platform.boards.office import Office, hide
from tests.platform.conftest import Place
from tests.platform.lists.conftest import LogsIn, logs_in

from gongkai.platform.cases.boards.boards import BOARDS
from gongkai.platform.cases.boards.catalogue import catalogue
from gongkai.platform.cases.models import CaseSummary, Unit
from gongkai.platform.core.models import AuditEntry

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("today")]
__all__ = ["logs_in"]


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def lines(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("key", list(BOARDS))
def test_a_csv_has_every_number_with_its_definition(one_office: Office, logs_in: LogsIn, key: str) -> None:
    county = one_office.county
    found = lines(content(logs_in(county, "supervisor").get(f"/desk/boards/{key}.csv?body=all&part=q1")))
    board = shown(key, county, body="all", part="q1")
    cells = [(t.title, r.label, c) for t in board.tables for r in t.all_rows for c in r.cells]
    assert len(found) == len(cells)
    for line, (table, row, cell) in zip(found, cells, strict=True):
        assert (line["表"], line["行"], line["项目"]) == (table, row, cell.figure.name)
        assert line["数"] == (cell.text if cell.applies else "")
        why = "不适用" if not cell.applies else "没有可算的" if cell.value is None else ""
        assert line["没有数的原因"] == why
        assert (line["定义"], line["来源"]) == (cell.figure.definition, cell.figure.source)
        assert line["机关"] == board.scope.title and line["说明"].startswith("演示数据")


@pytest.mark.parametrize("key", list(BOARDS))
def test_a_workbook_has_a_sheet_a_table_and_the_definitions(
    one_office: Office, logs_in: LogsIn, key: str
) -> None:
    county = one_office.county
    data = content(logs_in(county, "supervisor").get(f"/desk/boards/{key}.xlsx?year=2025"))
    book = load_workbook(io.BytesIO(data))
    board = shown(key, county, year="2025")
    assert book.sheetnames == [*(table.title for table in board.tables), "定义"]
    for table in board.tables:
        rows = list(book[table.title].iter_rows(values_only=True))
        head = next(n for n, row in enumerate(rows) if row[0] == table.head)
        assert len(rows) - head - 1 == len(table.all_rows)
        for line, row in zip(rows[head + 1 :], table.all_rows, strict=True):
            assert (line[0], line[1] or "") == (row.label, row.sub)
            for value, cell in zip(line[2:], row.cells, strict=True):
                if not cell.applies:
                    assert value == "—"
                elif isinstance(value, datetime):
                    assert value.date() == cell.value
                else:
                    assert value == (None if cell.value is None else pytest.approx(float(cell.value)))  # type: ignore[arg-type]
    told = {row[0]: row[2] for row in book["定义"].iter_rows(values_only=True)}
    assert all(told[figure.name] for figure in board.figures)
    assert any("不适用" in str(row[0]) for row in book["定义"].iter_rows(values_only=True))


def test_a_name_that_looks_like_a_formula_stays_a_text(county: Place, logs_in: LogsIn) -> None:
    Unit.objects.create(body=county.body, key="unit-1", name="=1+1")
    client = logs_in(county, "approver")
    assert {line["行"] for line in lines(content(client.get("/desk/boards/now.csv")))} >= {"'=1+1"}
    book = load_workbook(io.BytesIO(content(client.get("/desk/boards/now.xlsx"))))
    cell = next(row[0] for row in book["交办，按承办单位"].iter_rows() if row[0].value == "=1+1")
    assert cell.data_type == "s" and cell.quotePrefix


def test_the_list_behind_a_number_is_a_sheet_that_says_what_it_leaves_out(
    one_office: Office, logs_in: LogsIn
) -> None:
    county = one_office.county
    case = CaseSummary.objects.filter(body=county.body, open=True).first()
    assert case is not None
    hide(case, county.seats["approver"])
    number = CaseSummary.objects.filter(body=county.body, open=True).count()
    data = content(logs_in(county, "supervisor").get("/desk/boards/now/people/open/list.xlsx"))
    texts = [str(row[0]) for row in load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    assert any("另有 1 件不在您的阅读范围" in text for text in texts)
    assert any(text == f"在办：{catalogue()['cases_now.open'].definition}" for text in texts)
    head = texts.index("编号")
    assert len(texts) - head - 1 == number - 1 and case.number not in texts
    for address in ("now/units/open", "revocations/causes/all"):
        content(logs_in(county, "supervisor").get(f"/desk/boards/{address}/list.xlsx"))


def test_exports_are_in_the_audit_without_anybody_s_name(one_office: Office, logs_in: LogsIn) -> None:
    client = logs_in(one_office.county, "approver")
    content(client.get("/desk/boards/workload.csv?part=q1"))
    content(client.get("/desk/boards/now.xlsx"))
    content(client.get("/desk/boards/now/people/open/list.xlsx?find=chen-zhiwei"))
    told = list(AuditEntry.objects.filter(act="case.exported").order_by("pk"))
    assert [row.object for row in told] == [
        "boards/workload.csv",
        "boards/now.xlsx",
        "boards/now/people/open",
    ]
    assert "part=q1" in told[0].detail and all('"rows"' in row.detail for row in told)
    assert not any("zhiwei" in row.detail for row in told)
