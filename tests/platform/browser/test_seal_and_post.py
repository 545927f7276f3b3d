"""Seal and post in a real browser: signed, warned of, sealed, sent too late, back, served again."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.letters.conftest import RECEIVED
from tests.platform.post.conftest import Office

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.bases import basis_for

pytestmark = pytest.mark.browser


def test_signed_on_day_20_posted_on_day_25_and_served_again(desk: Desk, browser: Any) -> None:
    office = Office(desk.county)
    first, second = office.register(), office.register()
    calendar = basis_for(desk.county.body).calendar
    day19, day20, day25 = (calendar.add(RECEIVED, n) for n in (19, 20, 25))
    set_day(day19)
    page, head = desk.page(browser, "handler"), desk.page(browser, "approver")
    page.goto(f"{desk.url}/desk/")
    assert page.get_by_text(f"还没有签发，最迟 {day20.isoformat()} 签发并寄出").count() == 2
    letter = office.issue(first, day20)
    office.issue(second, day20)
    set_day(day20)
    head.goto(f"{desk.url}/desk/post/")
    go(head, "link", "印章")
    head.locator("#f-name").fill("云溪县人民政府")
    go(head, "button", "登记")
    looked_at(head, "post-seals")
    go(head, "link", "版头和设置")
    head.get_by_label("用印以后才能登记寄出").check()
    go(head, "button", "保存")
    looked_at(head, "post-settings")
    page.goto(f"{desk.url}/desk/")
    looked_at(page, "work-list-unsent")
    go(page, "link", "去寄出")
    looked_at(page, "post-list")
    address = f"{desk.url}/desk/post/letters/{letter.key}/"
    page.goto(address)
    looked_at(page, "post-letter-to-seal")
    page.locator("#s-seal").select_option(label="云溪县人民政府")
    go(page, "button", "登记用印")
    go(page, "link", "登记寄出")
    looked_at(page, "post-send")
    page.goto(f"{desk.url}/desk/post/")
    for box in page.locator('input[name="letter"]').all():
        box.check()
    set_day(day25)
    go(page, "button", "登记寄出")
    page.locator("#proof-0").fill("XA00000000001")
    page.locator("#proof-1").fill("XA00000000002")
    go(page, "button", "登记寄出")
    assert "还没有用印" in page.content(), "one row is wrong, and none was entered"
    looked_at(page, "post-send-errors")
    page.locator(".sendrow.has-err").get_by_label("登记这一行").uncheck()
    go(page, "button", "登记寄出")
    assert "已登记寄出 1 份" in page.content()
    assert CaseSummary.objects.get(stream=first).answered_late is True
    page.goto(address)
    page.locator("#b-reason").fill("迁移新址不明")
    go(page, "button", "登记退回")
    looked_at(page, "post-letter-returned")
    go(page, "button", "显示、更正地址")
    page.locator("#a-address").fill("云溪县新城路9号")
    go(page, "button", "更正送达地址")
    with page.expect_download() as download:
        page.get_by_role("button", name="打印（PDF）").press("Enter")
    assert download.value.suggested_filename.endswith(".pdf")
    go(page, "link", "登记寄出")
    page.locator("#proof-0").fill("XA00000000003")
    go(page, "button", "登记寄出")
    page.goto(address)
    assert "XA00000000003" in page.content() and "已寄出，等送达" in page.content()
    looked_at(page, "post-letter-sent")
    for link, name in (("用印登记", "post-sealing"), ("文号登记", "post-numbers")):
        page.goto(f"{desk.url}/desk/post/")
        go(page, "link", link)
        looked_at(page, name)
