"""The running figures in a real browser: the official table at every width, numbers that open their cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, looked_at, set_day
from tests.platform.conftest import make_body
from tests.platform.lists.conftest import acted, registered

pytestmark = pytest.mark.browser
TODAY = date(2026, 3, 3)


def test_the_tables_and_the_cases_behind_a_number(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    below = make_body("云溪县水利局", "云水公", "department", desk.county.body)
    for n in range(12):
        registered(desk.county, date(2026, 2, 2 + n % 5), f"第{n}号档案", entered_on=TODAY)
    registered(desk.county, date(2026, 2, 9), "律师事务所申请的合同", entered_on=TODAY, kind="legal_service")
    gone = registered(below, date(2026, 2, 9), "水库调度记录", entered_on=TODAY)
    acted(below, gone, "request.withdrawn", date(2026, 2, 26))
    page = desk.page(browser, "report_author")
    page.goto(f"{desk.url}/desk/figures/{desk.county.body.key}/2026/")
    assert page.locator("h1").inner_text().startswith("云溪县人民政府")
    looked_at(page, "figures")
    page.goto(f"{page.url}?scope=area")
    looked_at(page, "figures-area")
    page.locator("a[href*='requests.new.natural_person']").click()
    assert page.locator("tbody tr").count() == 12
    looked_at(page, "figure-cases")
