"""The boards in a real browser: every board at every width, a number that opens its list, and on paper."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.platform.boards.office import hide, make_office
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.conftest import TODAY

from gongkai.platform.cases.models import CaseSummary

pytestmark = pytest.mark.browser


def test_the_boards_and_what_is_behind_a_number(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    office = make_office(7)
    county = office.county
    case = CaseSummary.objects.filter(body=county.body, open=True).first()
    assert case is not None
    hide(case, county.seats["approver"])
    page = desk.page(browser, "supervisor", place=county)
    page.goto(f"{desk.url}/desk/")
    go(page, "link", "看板")
    assert page.locator("h1").inner_text().startswith("看板：现在")
    looked_at(page, "board-now")
    page.emulate_media(media="print")
    if folder := os.environ.get("GONGKAI_SHOTS"):
        page.pdf(path=str(Path(folder) / "board-now.pdf"))
    assert page.locator(".board__words dd").first.is_visible()
    assert not page.locator("form.filters").is_visible()
    page.emulate_media(media="screen")
    open_cases = page.get_by_role("link", name="合计，在办：")
    number = int(open_cases.first.inner_text())
    open_cases.first.press("Enter")
    page.wait_for_url("**/open/**")
    assert f"共 {number} 件。另有 1 件不在您的阅读范围" in page.locator("main").inner_text()
    looked_at(page, "board-list")
    go(page, "link", "看板：现在")
    page.goto(f"{desk.url}/desk/boards/punctuality/")
    page.get_by_label("机关", exact=True).select_option("all")
    page.get_by_label("年份", exact=True).select_option("2025")
    go(page, "button", "看")
    assert "2025 年，截至 2026-03-03" in page.locator("h1").inner_text()
    looked_at(page, "board-punctuality")
    page.get_by_role("link", name="合计，平均用时：").press("Enter")
    page.wait_for_url("**/mean/**")
    looked_at(page, "board-tasks")
    go(page, "link", "看板：按期")
    for name, shot in (("撤销与纠正", "board-revocations"), ("收与办", "board-workload")):
        with page.expect_navigation():
            page.get_by_label("哪个看板").get_by_role("link", name=name).press("Enter")
        looked_at(page, shot)
    page.get_by_label("或者：从").fill("2026-01-05")
    go(page, "button", "看")
    assert page.get_by_role("alert").is_visible()
    looked_at(page, "board-error")
    with page.expect_download() as download:
        page.goto(f"{desk.url}/desk/boards/workload/")
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "看板-收与办-2026-03-03.csv"
