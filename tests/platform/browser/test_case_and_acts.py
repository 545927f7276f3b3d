"""The case page and the two steps of an act in a real browser: nothing serious for axe, nothing too wide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.acts.conftest import RECEIVED, STREAM, perform
from tests.platform.acts.histories import CONSULTED, DELIVERED, OBJECTED
from tests.platform.browser.conftest import Desk, go, looked_at, set_day

from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.services.acting import Step

pytestmark = pytest.mark.browser


def test_an_act_from_the_case_page_to_its_timeline(desk: Desk, browser: Any) -> None:
    day = date(2026, 3, 3)
    set_day(day)
    seq = perform(desk.county, [*RECEIVED, CONSULTED, DELIVERED, OBJECTED], day=day)
    CaseText.objects.create(
        stream=STREAM, body=desk.county.body, applicant_label="陈*",
        title="县中医院迁建项目施工合同及监理合同",
        description="申请公开县中医院迁建项目施工合同及监理合同。",
    )  # fmt: skip
    page = desk.page(browser, "handler")
    page.goto(f"{desk.url}/desk/cases/{STREAM}/")
    looked_at(page, "case")
    go(page, "link", "征求其他机关意见")
    looked_at(page, "act-form")
    go(page, "button", "下一步")
    assert page.title().startswith("错误")
    assert page.evaluate("document.activeElement.id") == "errors"
    looked_at(page, "act-errors")
    page.get_by_label("名称或者姓名").fill("县财政局")
    page.get_by_label("征求意见的信息").fill("预算批复")
    go(page, "button", "下一步")
    looked_at(page, "act-confirm")
    perform(desk.county, [Step("note.added", day, {"kind": "call"}, {"text": "来电"})], seq=seq, day=day)
    go(page, "button", "确认“")
    assert "别人刚刚办理了这件申请" in page.content()
    looked_at(page, "act-conflict")
    go(page, "button", "照我填写的继续")
    go(page, "button", "确认“")
    assert page.url.endswith(f"/desk/cases/{STREAM}/")
    assert "县财政局" in page.content()
    looked_at(page, "case-paused")


def test_an_approver_sees_the_decision_before_the_clock(desk: Desk, browser: Any) -> None:
    set_day(date(2026, 3, 3))
    perform(desk.county, RECEIVED)
    page = desk.page(browser, "approver")
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(f"{desk.url}/desk/cases/{STREAM}/")
    acts, clock = page.locator("#h-act").bounding_box(), page.locator("#h-clk").bounding_box()
    assert acts["y"] < clock["y"]
    looked_at(page, "case-approver")
    page.goto(f"{desk.url}/desk/cases/{STREAM}/acts/entry.corrected/")
    looked_at(page, "choose-entry")
    go(page, "link", "收到申请")
    looked_at(page, "correct-entry")
    page.goto(f"{desk.url}/desk/cases/{STREAM}/acts/reply.revoked/")
    assert "现在不能办理：没有有效的答复。" in page.content()
    looked_at(page, "act-refused")
