"""Spreadsheets: exactly the listed cases, nothing that a spreadsheet would carry out, marked, audited."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.platform.conftest import Place
from tests.platform.lists.conftest import LogsIn, acted, registered

from gongkai.platform.cases.selectors import case_list
from gongkai.platform.cases.selectors.case_list import TooManyRows, exported_cases
from gongkai.platform.cases.selectors.filters import CaseFilters
from gongkai.platform.cases.sheets import Column, write_sheet
from gongkai.platform.core.models import AuditEntry, DemonstrationDay


@pytest.fixture(autouse=True)
def present(db: None) -> None:
    DemonstrationDay.objects.create(day=date(2026, 3, 3))


def sheet(client: Client, path: str) -> list[tuple[Any, ...]]:
    answer = client.get(path)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_the_sheet_has_the_listed_cases_and_says_that_it_is_a_demonstration(
    county: Place, logs_in: LogsIn
) -> None:
    registered(county, date(2026, 1, 27), "征收补偿明细")
    registered(county, date(2026, 2, 25), "幼儿园年检结果")
    gone = registered(county, date(2026, 2, 2), "录用结果")
    acted(county, gone, "request.withdrawn", date(2026, 2, 26))
    rows = sheet(logs_in(county, "handler"), "/desk/work-list.xlsx")
    assert "虚构" in rows[0][0]
    assert rows[1][0] == "云溪县人民政府 待办 2026-03-03"
    assert rows[2][:3] == ("编号", "申请内容", "申请人")
    assert [row[1] for row in rows[3:]] == ["征收补偿明细", "幼儿园年检结果"]
    overdue = dict(zip(rows[2], rows[3], strict=True))
    assert (overdue["期限"].date(), overdue["还剩工作日"], overdue["申请人"]) == (date(2026, 3, 2), -1, "陈*")
    found = sheet(logs_in(county, "handler"), "/desk/cases.xlsx?state=closed")
    assert found[2][0] == "筛选：办理情况：办结"
    assert [row[1] for row in found[4:]] == ["录用结果"]


def test_an_export_is_audited_without_names(county: Place, logs_in: LogsIn) -> None:
    registered(county, date(2026, 2, 25), "幼儿园年检结果", name="罗云溪")
    client = logs_in(county, "handler")
    address = client.post("/desk/find/", {"page": "cases", "q": "罗云溪"}).headers["Location"]
    sheet(client, "/desk/cases.xlsx?" + address.partition("?")[2])
    entry = AuditEntry.objects.get(act="case.exported")
    assert json.loads(entry.detail) == {"filters": "", "rows": 1, "searched": True}
    assert (entry.object, entry.person) == ("cases", county.seats["handler"].person_id)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "http://x.y"]
)
def test_nothing_in_a_sheet_is_a_formula_or_a_link(text: str) -> None:
    file = io.BytesIO()
    assert (
        write_sheet(
            file, name="案件", notes=[text], columns=[Column(text)], rows=[[text, 1, None, date(2026, 1, 1)]]
        )
        == 1
    )
    book = load_workbook(file)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert len(cells) >= 3
    for cell in cells:
        assert cell.data_type == "s" and cell.hyperlink is None
    quoted = [cell for cell in cells if cell.value == text and cell.row not in (2, 3)]
    assert quoted
    assert all(cell.quotePrefix for cell in quoted if text[0] in "=+-@\t")


def test_signs_that_a_sheet_cannot_hold_are_left_out() -> None:
    file = io.BytesIO()
    write_sheet(file, name="案件", notes=[], columns=[Column("内容")], rows=[["供水\x00\x0b管网"]])
    assert load_workbook(file).worksheets[0].cell(3, 1).value == "供水管网"


def test_too_many_cases_are_refused_before_anything_is_written(
    county: Place, logs_in: LogsIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(county, date(2026, 2, 25), "幼儿园年检结果")
    registered(county, date(2026, 2, 26), "录用结果")
    monkeypatch.setattr(case_list, "MOST_EXPORTED", 1)
    with pytest.raises(TooManyRows):
        exported_cases(county.actor("handler"), CaseFilters())
    answer = logs_in(county, "handler").get("/desk/cases.xlsx", follow=True)
    assert "请先缩小范围" in answer.content.decode()
    assert not AuditEntry.objects.filter(act="case.exported").exists()


def test_a_supervisor_exports_the_bodies_below_and_nobody_else_s(
    county: Place, department: Place, foreign: Place, logs_in: LogsIn
) -> None:
    for place in (county, department, foreign):
        registered(place, date(2026, 2, 25), f"{place.body.name}的案件")
    rows = sheet(logs_in(county, "supervisor"), "/desk/cases.xlsx")
    assert {row[1] for row in rows[3:]} == {"云溪县人民政府的案件", "云溪县水利局的案件"}
    rows = sheet(logs_in(department, "supervisor"), "/desk/cases.xlsx")
    assert {row[1] for row in rows[3:]} == {"云溪县水利局的案件"}
