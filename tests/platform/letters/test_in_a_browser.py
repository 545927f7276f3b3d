"""From draft to approval in a real browser, by keyboard where it matters: axe finds nothing serious."""

from __future__ import annotations

from typing import Any

from tests.platform.acts.conftest import set_day
from tests.platform.acts.test_in_a_browser import (
    Served,
    browser,
    looked_at,
    served,
    signed_in,
)
from tests.platform.conftest import TODAY
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED

from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.services.registration import register_letter

FIXTURES = (browser, served)
"""Those of the case page's tests."""


def test_a_reply_from_its_draft_to_its_files(served: Served, browser: Any) -> None:
    set_day(TODAY)
    body = served.county.body
    registered = register_letter(
        body=body, actor=served.county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    address = f"{served.url}/desk/cases/{registered.summaries[0].stream}/"
    page = signed_in(browser, served, "handler")
    page.goto(address)
    page.get_by_role("link", name="起草答复").press("Enter")
    looked_at(page, "draft-choose")
    page.get_by_label("部分公开告知书").check()
    page.get_by_role("button", name="下一步").press("Enter")
    looked_at(page, "draft-form")
    page.get_by_role("button", name="保存，看成稿").click()
    assert page.title().startswith("错误")
    looked_at(page, "draft-errors")
    page.locator("#f-field_content").fill("施工合同正文。")
    page.locator("#f-field_how_provided").fill("以邮寄方式提供纸质复印件")
    page.locator("#f-field_what_is_withheld").fill("附表三“综合单价分析表”。")
    page.locator("#f-field_reason").fill("涉及商业秘密，公开会损害第三方合法权益。")
    page.locator("#f-ground_1").select_option("denied_third_party")
    page.get_by_label("政府信息公开条例》第十五条").check()
    page.get_by_role("button", name="保存，看成稿").press("Enter")
    looked_at(page, "draft-review")
    page.get_by_role("button", name="送审批").press("Enter")
    assert "已送审批" in page.content()
    page.goto(address)
    looked_at(page, "case-with-draft")
    approver = signed_in(browser, served, "approver")
    approver.goto(address)
    approver.get_by_role("link", name="批准或者退回").press("Enter")
    looked_at(approver, "draft-decide")
    approver.get_by_role("button", name="批准签发").press("Enter")
    assert "已签发：云公复〔2026〕1号" in approver.content()
    looked_at(approver, "case-issued")
    letter = OutgoingLetter.objects.get()
    got = approver.request.get(f"{address}letters/{letter.key}.pdf")
    assert got.body().startswith(b"%PDF")


def test_the_pages_of_templates_and_letters_by_hand(served: Served, browser: Any) -> None:
    set_day(TODAY)
    registered = register_letter(
        body=served.county.body, actor=served.county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    page = signed_in(browser, served, "approver")
    page.goto(f"{served.url}/desk/templates/")
    looked_at(page, "templates")
    page.get_by_role("link", name="征求第三方意见书").click()
    page.get_by_role("button", name="预览").click()
    looked_at(page, "template-preview")
    page.locator("#f-text").fill("{{ 没有的 }}")
    page.get_by_role("button", name="保存为新版").click()
    looked_at(page, "template-errors")
    clerk = signed_in(browser, served, "handler")
    clerk.goto(f"{served.url}/desk/cases/{registered.summaries[0].stream}/letters/new/registration_form/")
    clerk.get_by_role("button", name="预览").click()
    looked_at(clerk, "letter-by-hand")
