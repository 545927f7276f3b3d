"""From draft to approval in a real browser, by keyboard: axe finds nothing serious."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.conftest import TODAY
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED

from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.services.registration import register_letter

pytestmark = pytest.mark.browser


def test_a_reply_from_its_draft_to_its_files(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    body = desk.county.body
    registered = register_letter(
        body=body, actor=desk.county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    address = f"{desk.url}/desk/cases/{registered.summaries[0].stream}/"
    page = desk.page(browser, "handler")
    page.goto(address)
    go(page, "link", "起草答复")
    looked_at(page, "draft-choose")
    page.get_by_label("部分公开告知书").check()
    go(page, "button", "下一步")
    looked_at(page, "draft-form")
    go(page, "button", "保存，看成稿")
    assert page.title().startswith("错误")
    looked_at(page, "draft-errors")
    page.locator("#f-field_content").fill("施工合同正文。")
    page.locator("#f-field_how_provided").fill("以邮寄方式提供纸质复印件")
    page.locator("#f-field_what_is_withheld").fill("附表三“综合单价分析表”。")
    page.locator("#f-field_reason").fill("涉及商业秘密，公开会损害第三方合法权益。")
    page.locator("#f-ground_1").select_option("denied_third_party")
    page.get_by_label("政府信息公开条例》第十五条").check()
    go(page, "button", "保存，看成稿")
    looked_at(page, "draft-review")
    go(page, "button", "送审批")
    assert "已送审批" in page.content()
    page.goto(address)
    looked_at(page, "case-with-draft")
    approver = desk.page(browser, "approver")
    approver.goto(address)
    go(approver, "link", "批准或者退回")
    looked_at(approver, "draft-decide")
    go(approver, "button", "批准签发")
    assert "已签发：云公复〔2026〕1号" in approver.content()
    looked_at(approver, "case-issued")
    letter = OutgoingLetter.objects.get()
    got = approver.request.get(f"{address}letters/{letter.key}.pdf")
    assert got.body().startswith(b"%PDF")


def test_the_pages_of_templates_and_letters_by_hand(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    registered = register_letter(
        body=desk.county.body, actor=desk.county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    page = desk.page(browser, "approver")
    page.goto(f"{desk.url}/desk/templates/")
    looked_at(page, "templates")
    go(page, "link", "征求第三方意见书")
    go(page, "button", "预览")
    looked_at(page, "template-preview")
    page.locator("#f-text").fill("{{ 没有的 }}")
    go(page, "button", "保存为新版")
    looked_at(page, "template-errors")
    clerk = desk.page(browser, "handler")
    clerk.goto(f"{desk.url}/desk/cases/{registered.summaries[0].stream}/letters/new/registration_form/")
    go(clerk, "button", "预览")
    looked_at(clerk, "letter-by-hand")
