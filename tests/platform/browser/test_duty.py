"""The duty in a real browser: a leave, the list before a holiday and its print, moved dates, an order."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pdfplumber
import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.conftest import Place, make_body
from tests.platform.duty.conftest import came_in, colleague
from tests.platform.duty.test_before_long_holidays import squeezed
from tests.platform.letters.conftest import Case

from gongkai.platform.cases.moving_basis import work_out_anew
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.core.models import Person
from gongkai.platform.core.services.bodies import add_local_holiday

pytestmark = pytest.mark.browser
EVE = date(2024, 9, 27)
"""A Friday; the National Day holiday begins on Tuesday, Sunday the 29th is worked."""


def cases(county: Place) -> list[Case]:
    """Due on 8, 9 and 10 October 2024, by hand."""
    handler = county.seats["handler"]
    days = (date(2024, 9, 3), date(2024, 9, 4), date(2024, 9, 5))
    found = [came_in(county, day, handler=handler) for day in days]
    told = {"working_days": 5, "approved_by": "head"}
    found[2].do(Step("extension.told", date(2024, 9, 6), told), role="approver", day=date(2024, 9, 6))
    return found


def named(county: Place) -> None:
    """People as offices have them."""
    names = {"handler": "陆远舟", "approver": "沈若川", "receiving_clerk": "周以宁", "supervisor": "顾承安"}
    for role, name in names.items():
        Person.objects.filter(pk=county.seats[role].person_id).update(name=name)


def test_the_office_goes_into_a_long_holiday(desk: Desk, browser: Any) -> None:
    set_day(EVE)
    county = desk.county
    named(county)
    department = make_body("云溪县水利局", "云水公", "department", county.body)
    found = cases(county)
    colleague(county, "林知夏", "handler")
    handler, approver = (desk.page(browser, role) for role in ("handler", "approver"))
    handler.goto(f"{desk.url}/desk/duty/")
    handler.get_by_label("谁代理").select_option(label="林知夏（承办）")
    handler.get_by_label("第一天").fill("2024-10-08")
    handler.get_by_label("最后一天").fill("2024-10-07")
    go(handler, "button", "登记")
    assert "最后一天早于第一天" in handler.locator("#errors").inner_text()
    looked_at(handler, "duty-absence-refused")
    handler.get_by_label("最后一天").fill("2024-10-09")
    go(handler, "button", "登记")
    looked_at(handler, "duty-absences")
    approver.goto(f"{desk.url}/desk/")
    go(approver, "link", "值班")
    go(approver, "link", "节前清单")
    assert "国庆节假期节前清单" in approver.locator("h1").inner_text()
    approver.get_by_label("2024-10-01 值班", exact=True).select_option(label="周以宁")
    approver.get_by_label("2024-10-01 值班 值班电话").fill("0000-1234567")
    go(approver, "button", "保存值班表")
    go(approver, "button", "我看过清单和值班表，签收")
    looked_at(approver, "duty-holiday")
    shown = rows_of(approver)
    assert [row[0] for row in shown] == ["2024-10-08", "2024-10-09"]
    assert [row[7] for row in shown] == ["林知夏", "林知夏"]
    approver.emulate_media(media="print")
    assert rows_of(approver) == shown
    roster = squeezed(approver.locator("table.roster").inner_text())
    assert "周以宁" in roster and "0000-1234567" in roster
    approver.emulate_media(media="screen")
    with pdfplumber.open(io.BytesIO(approver.pdf(format="A4", landscape=True))) as paper:
        text = squeezed("".join(page.extract_text() for page in paper.pages))
    assert text.count("答复期限") == len(shown) and all(row[0] in text and row[7] in text for row in shown)
    moves(desk, browser, approver, found)
    orders(desk, browser, department)


def rows_of(page: Any) -> list[list[str]]:
    """What is due, as it can be seen."""
    rows = page.locator("table.due-list tbody tr")
    return [[squeezed(cell) for cell in row.locator("td, th").all_inner_texts()] for row in rows.all()]


def moves(desk: Desk, browser: Any, approver: Any, found: list[Case]) -> None:
    """A local holiday on 9 October."""
    day, county = date(2024, 10, 9), desk.county
    system = county.actor("system_administrator", EVE)
    add_local_holiday(body=county.body, name="重阳", first=day, last=day, source="县政府通告", actor=system)
    work_out_anew.call(county.body.key, cause=["local_holiday", "重阳", "本地假日：重阳（县政府通告）"])
    approver.goto(f"{desk.url}/desk/duty/moved/")
    looked_at(approver, "duty-moved")
    go(approver, "link", "本地假日：重阳（县政府通告）")
    looked_at(approver, "duty-moved-dates")
    go(approver, "button", "我看过，签收 2 个日期")
    assert "全部已签收" in approver.locator("main").inner_text()
    clerk = desk.page(browser, "handler")
    clerk.goto(approver.url)
    assert clerk.get_by_role("row").count() == 3
    go(clerk, "link", "记告知")
    clerk.get_by_label("怎么说的").fill("电话告知，答复期限顺延一天")
    looked_at(clerk, "duty-tell")
    go(clerk, "button", "记下")
    assert "已告知" in clerk.locator("table").inner_text()
    clerk.goto(f"{desk.url}/desk/cases/{found[1].stream}/")
    looked_at(clerk, "duty-case")


def orders(desk: Desk, browser: Any, department: Place) -> None:
    """The county's supervisor gives an order to the department, which answers; both hand over cases."""
    above = desk.page(browser, "supervisor")
    above.goto(f"{desk.url}/desk/duty/orders/")
    looked_at(above, "duty-orders-empty")
    above.get_by_text("向下级发督办件").click()
    go(above, "link", "云溪县水利局")
    above.get_by_label("督办内容").fill("请核查逾期答复的情况，并报整改")
    above.get_by_label("办结期限").fill("2024-09-30")
    looked_at(above, "duty-order-issue")
    go(above, "button", "发出")
    below = desk.page(browser, "handler", place=department)
    below.goto(f"{desk.url}/desk/duty/orders/")
    looked_at(below, "duty-orders")
    go(below, "link", "请核查逾期答复的情况，并报整改")
    below.get_by_label("办理情况").fill("已答复并整改")
    looked_at(below, "duty-order")
    go(below, "button", "记下办结")
    above.reload()
    assert "按期办结" in above.locator("main").inner_text()
    head = desk.page(browser, "approver")
    head.goto(f"{desk.url}/desk/duty/hand-over/")
    head.get_by_label("移交人").select_option(label="陆远舟，3 件")
    head.get_by_label("接收人").select_option(label="林知夏")
    go(head, "button", "看清单")
    looked_at(head, "duty-hand-over")
    go(head, "button", "全部移交（3 件）")
    looked_at(head, "duty-handed-over")
