"""An office brings in its past in a real browser: its own headings, its mistakes, its cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.past.sheets import FAULTS, Row, book, lives

from gongkai.platform.cases import past_jobs
from gongkai.platform.cases.models import CaseSummary, PastImport, PastState
from gongkai.platform.cases.past.keeping import book_of
from gongkai.platform.cases.services.past_entering import Entering

pytestmark = pytest.mark.browser
TODAY = date(2026, 3, 3)
OWN = {
    "number": "流水",
    "received_on": "受理 日期",
    "applicant_kind": "申请人性质",
    "outcome": "答复类型",
}
"""Headings of their own; the first of them nobody could know."""


def uploaded(page: Any, url: str, path: Path, rows: list[Row]) -> None:
    path.write_bytes(book(rows, headings=OWN, title="云溪县依申请公开台账", total=True))
    page.goto(f"{url}/desk/past/")
    page.set_input_files("#f-file", str(path))
    go(page, "button", "上传")


def checked(page: Any) -> None:
    """The worker does what was ordered; the officer looks again."""
    past_jobs.check.call(PastImport.objects.order_by("-created_at")[0].key)
    go(page, "link", "刷新，看进度")


def test_a_spreadsheet_becomes_cases(desk: Desk, browser: Any, tmp_path: Path) -> None:
    set_day(TODAY)
    rows = lives(60)
    clerk = desk.page(browser, "receiving_clerk")
    wrong = [*rows]
    for place, fault in ((4, FAULTS[0]), (17, FAULTS[7]), (31, FAULTS[15])):
        wrong[place] = {**rows[place], **fault.change}
    uploaded(clerk, desk.url, tmp_path / "台账.xlsx", wrong)
    go(clerk, "button", "记住并检查每一行")
    assert "没有对应的列：编号" in clerk.locator("#errors").inner_text()
    clerk.get_by_label("“流水”对应的栏目").select_option(label="编号")
    looked_at(clerk, "past-mapping")
    go(clerk, "button", "记住并检查每一行")
    checked(clerk)
    assert "J8" in clerk.locator(".past__found").inner_text()
    looked_at(clerk, "past-faulty")
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="下载标出错误的副本（XLSX）").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    go(clerk, "link", "全部错误和提醒")
    looked_at(clerk, "past-findings")
    uploaded(clerk, desk.url, tmp_path / "台账（改好）.xlsx", rows)
    assert clerk.get_by_label("“流水”对应的栏目").input_value() == "number"
    go(clerk, "button", "记住并检查每一行")
    checked(clerk)
    assert "由公开工作机构负责人在这一页决定导入" in clerk.locator("main").inner_text()
    head = desk.page(browser, "approver")
    head.goto(clerk.url)
    looked_at(head, "past-preview")
    go(head, "button", "导入 60 件")
    past = PastImport.objects.get(state=PastState.IMPORTING)
    actor = desk.county.actor("approver")
    Entering.begin(past, book_of(past, actor=actor), actor).chunk()
    go(head, "link", "刷新，看进度")
    looked_at(head, "past-importing")
    past_jobs.enter.call(past.key)
    go(head, "link", "刷新，看进度")
    assert CaseSummary.objects.count() == 60
    looked_at(head, "past-done")
    go(head, "link", "历史案件")
    looked_at(head, "past-list")
