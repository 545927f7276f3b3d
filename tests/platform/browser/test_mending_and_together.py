"""What a desk does beside the acts, in a real browser: mend details, verify, propose, answer together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.conftest import TODAY
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case, content_for

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.services.registration import register_letter

pytestmark = pytest.mark.browser

FULL = replace(
    APPLICANT, agent_name="林望", agent_identity_number="110101198001010033", agent_phone="13700000000",
    co_applicants="清河社区业主委员会等三名申请人", email="chenzhiwei@example.com",
)  # fmt: skip


def test_the_pages_beside_the_acts(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    body, clerk = desk.county.body, desk.county.actor("receiving_clerk", RECEIVED)
    items = [
        ITEM,
        RequestedItem(description="县中医院迁建项目监理合同、施工图审查意见、历次工程变更签证单"),
    ]
    waiting = register_letter(
        body=body, actor=clerk, channel="fax", came_on=RECEIVED, applicant=APPLICANT, items=[ITEM]
    )
    cases = register_letter(
        body=body, actor=clerk, channel="counter", came_on=RECEIVED, applicant=FULL, items=items
    ).summaries
    address = f"{desk.url}/desk/cases/{cases[0].stream}/"
    page = desk.page(browser, "receiving_clerk")
    page.goto(f"{desk.url}/desk/cases/{waiting.summaries[0].stream}/")
    go(page, "link", "确认收到")
    assert waiting.letter.ref in page.url
    page.goto(address)
    go(page, "button", "显示全部信息")
    looked_at(page, "case-identity")
    go(page, "link", "更正")
    page.locator("#f-phone").fill("13911112222")
    go(page, "button", "更正")
    looked_at(page, "mend-errors")
    page.locator("#f-reason").fill("登记时抄错，已与来件核对")
    go(page, "button", "更正")
    assert "已更正：电话。" in page.content()
    go(page, "link", "验证台账链")
    looked_at(page, "verified")
    page.goto(address)
    go(page, "link", "建议延期")
    page.locator("#f-reason").fill("需要查阅历年档案")
    go(page, "button", "送负责人决定")
    approver = desk.page(browser, "approver")
    approver.goto(f"{address}extension/")
    looked_at(approver, "extension-decide")
    Case(desk.county, cases[0].stream).save(content_for("denied_internal"))
    page.goto(f"{address}reply/review/")
    go(page, "link", "与其他案件一并答复")
    looked_at(page, "together-choose")
    page.get_by_label("云公申〔2026〕2号").check()
    go(page, "button", "就这样一并答复")
    go(page, "button", "送审批")
    approver.goto(f"{address}reply/review/")
    looked_at(approver, "together-decide")
    go(approver, "button", "批准签发")
    assert "已签发：云公复〔2026〕1号" in approver.content()
    assert OutgoingLetter.objects.count() == 2
