"""Lists in a real browser: axe, widths from 320 px, modes, keyboard, the longest titles, empty lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, findings, kept, looked_at, set_day
from tests.platform.conftest import make_body
from tests.platform.lists.conftest import acted, registered

from gongkai.platform.cases.models import CaseDesk

pytestmark = pytest.mark.browser
TODAY = date(2026, 3, 3)
LONGEST = (
    "关于公开云溪县岭下村等三个行政村二〇一〇年至二〇二五年集体土地征收补偿安置方案"
    "及分户补偿明细和资金拨付凭证的申请及附件目录全文一份"
)
TITLES = (
    "岭下村土地征收补偿分户明细",
    "2025 年农村危房改造补助名单（青石镇）",
    "县人民医院迁建项目环境影响评价批复",
    "2023—2025 年垃圾清运服务采购合同",
    "县中医院迁建项目施工合同及监理合同",
)


def a_busy_office(desk: Desk) -> None:
    """Cases in every group, with the longest titles and the emptiest fields."""
    set_day(TODAY)
    county = desk.county
    for n, came_on in enumerate((27, 28, 28, 29, 30)):
        case = registered(county, date(2026, 1, came_on), TITLES[n % len(TITLES)], entered_on=TODAY)
        CaseDesk.objects.create(stream=case.stream, body=county.body, handler=county.seats["handler"])
    registered(
        county,
        date(2026, 2, 25),
        LONGEST,
        entered_on=TODAY,
        name="云岭正衡环境保护咨询律师事务所",
        kind="legal_service",
    )
    paused = registered(county, date(2026, 2, 24), TITLES[4], entered_on=TODAY)
    acted(county, paused, "correction.requested", date(2026, 2, 26))
    acted(county, paused, "correction.delivered", date(2026, 2, 26))
    registered(county, date(2026, 3, 2), TITLES[3], entered_on=TODAY, channel="fax")
    registered(county, date(2026, 2, 20), TITLES[2], entered_on=TODAY, channel="registered_post")
    gone = registered(county, date(2026, 2, 2), TITLES[1], entered_on=TODAY)
    acted(county, gone, "request.withdrawn", date(2026, 2, 26))


def test_the_work_list(desk: Desk, browser: Any) -> None:
    a_busy_office(desk)
    page = desk.page(browser, "receiving_clerk")
    page.goto(f"{desk.url}/desk/")
    assert page.locator("h1").inner_text().startswith("待办")
    looked_at(page, "work-list")
    page.goto(f"{desk.url}/desk/?group=today")
    looked_at(page, "work-list-today")


def test_large_type_and_high_contrast(desk: Desk, browser: Any) -> None:
    a_busy_office(desk)
    page = desk.page(browser, "receiving_clerk")
    page.goto(f"{desk.url}/desk/?group=today")
    page.get_by_role("button", name="大字").click()
    page.get_by_role("button", name="高对比").click()
    assert page.url.endswith("/desk/?group=today")
    assert page.locator("html").get_attribute("class") == "lg hc"
    for width in (1440, 375, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1440, "height": 900})
    kept(page, "work-list-high-contrast")
    assert not findings(page)
    page.get_by_role("button", name="高对比").click()
    assert page.locator("html").get_attribute("class") == "lg"


def test_all_cases_search_and_what_is_not_there(desk: Desk, browser: Any) -> None:
    a_busy_office(desk)
    page = desk.page(browser, "receiving_clerk")
    page.goto(f"{desk.url}/desk/cases/")
    looked_at(page, "cases")
    page.get_by_label("查找").fill("迁建项目")
    with page.expect_navigation(url="**/desk/cases/?s=*"):
        page.keyboard.press("Enter")
    assert "迁建" not in page.url
    assert page.locator("tbody tr").count() == 4
    looked_at(page, "cases-found")
    page.get_by_label("查找").fill("不存在的内容")
    with page.expect_navigation(url="**/desk/cases/?s=*"):
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", name="没有找到").is_visible()
    looked_at(page, "cases-not-found")
    page.goto(f"{desk.url}/desk/?channel=email&phase=nonsense")
    assert page.get_by_role("heading", name="没有符合条件的在办案件").is_visible()
    looked_at(page, "work-list-nothing-fits")


def test_an_office_without_a_case(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    page = desk.page(browser, "handler")
    for path, name in (
        ("/desk/", "work-list-empty"),
        ("/desk/cases/", "cases-empty"),
        ("/desk/filters/", "filters-empty"),
    ):
        page.goto(f"{desk.url}{path}")
        looked_at(page, name)


def test_a_filter_is_saved_renamed_and_deleted_by_keyboard(desk: Desk, browser: Any) -> None:
    a_busy_office(desk)
    page = desk.page(browser, "handler")
    page.goto(f"{desk.url}/desk/?channel=fax")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("待确认的传真")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("link", name="待确认的传真").get_attribute("href") == "?channel=fax"
    looked_at(page, "work-list-saved")
    page.get_by_role("link", name="改名、删除").click()
    looked_at(page, "filters")
    page.get_by_label("新名称").fill("传真")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("link", name="传真", exact=True).is_visible()
    page.get_by_role("button", name="删除").click()
    assert page.get_by_role("heading", name="还没有保存筛选").is_visible()


def test_the_first_stop_of_the_keyboard_leads_to_the_work(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    page = desk.page(browser, "handler")
    page.goto(f"{desk.url}/desk/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_supervisor_s_list_names_the_bodies(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    below = make_body("云溪县水利局", "云水公", "department", desk.county.body)
    registered(desk.county, date(2026, 2, 25), TITLES[0], entered_on=TODAY)
    registered(below, date(2026, 2, 26), TITLES[1], entered_on=TODAY)
    page = desk.page(browser, "supervisor")
    page.goto(f"{desk.url}/desk/")
    assert page.locator("tbody th[scope=row]").count() == 2
    assert page.get_by_role("cell", name="云溪县水利局").count() >= 0
    looked_at(page, "work-list-supervisor")
