"""A whole case in a real browser: from the letter at the register to the archive, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day

from gongkai.platform.cases.models import CaseSummary, OutgoingLetter
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.ledger.verifying import verify_ledger

pytestmark = pytest.mark.browser


def do(page: Any, address: str, act: str, button: str, **answers: str) -> None:
    """One act: its form, the page that says what it does, and back at the case."""
    page.goto(f"{address}acts/{act}/")
    for name, value in answers.items():
        field = page.locator(f'[name="{name}"]')
        match field.first.evaluate("e => e.type"):
            case "radio":
                page.locator(f'[name="{name}"][value="{value}"]').check()
            case "select-one":
                field.select_option(value)
            case _:
                field.fill(value)
    go(page, "button", "下一步")
    looked_at(page, f"whole-{act}-confirm")
    go(page, "button", button)
    assert page.url == address, page.locator(".errsum, .note").all_inner_texts()


def test_a_posted_letter_from_the_register_to_the_archive(desk: Desk, browser: Any) -> None:
    set_day(date(2026, 2, 9))
    clerk, approver = desk.page(browser, "receiving_clerk"), desk.page(browser, "approver")
    clerk.goto(f"{desk.url}/desk/")
    looked_at(clerk, "whole-empty-list")
    go(clerk, "link", "登记申请")
    clerk.locator('[name="channel"][value="registered_post"], [name="channel"]').first.evaluate(
        "e => e.type === 'radio' ? document.querySelector('[name=channel][value=registered_post]').click()"
        " : (e.value = 'registered_post')"
    )
    clerk.get_by_label("姓名或者名称", exact=True).fill("甲子山")
    clerk.locator('[name="address"]').fill("云溪县城关镇")
    clerk.locator('[name="item-0-description"]').fill("2025年农村公路养护合同和验收记录")
    go(clerk, "button", "下一步：核对期限")
    looked_at(clerk, "whole-register-check")
    go(clerk, "button", "登记")
    looked_at(clerk, "whole-registered")
    case = CaseSummary.objects.get()
    assert case.reply_due_on == date(2026, 3, 13)
    address = f"{desk.url}/desk/cases/{case.stream}/"

    set_day(date(2026, 2, 10))
    do(
        clerk, address, "correction.requested", "确认“告知补正”，出具文书",
        points="请写明年份", respond_by="2026-03-06",
    )  # fmt: skip
    looked_at(clerk, "whole-waiting-for-correction")
    set_day(date(2026, 2, 24))
    do(clerk, address, "correction.received", "确认“", content="2025 年")
    set_day(date(2026, 2, 25))
    do(
        clerk, address, "third_party.consulted", "只记录", whom="new", party_kind="organisation",
        name="云岭养护有限公司", about="合同单价", method="post",
    )  # fmt: skip
    set_day(date(2026, 2, 27))
    do(clerk, address, "third_party.delivered", "确认“", method="post")
    set_day(date(2026, 3, 6))
    do(clerk, address, "third_party.answered", "确认“", consent="yes", opinion="同意")
    set_day(date(2026, 3, 10))
    do(
        approver, address, "extension.told", "确认“告知延期答复”，出具文书", working_days="10",
        reason="材料多", method="post",
    )  # fmt: skip
    looked_at(approver, "whole-extended")

    clerk.goto(f"{address}reply/?result=granted/provided")
    clerk.locator('[name="field_content"]').fill("养护合同和验收记录")
    clerk.locator('[name="field_how_provided"]').fill("邮寄复印件")
    go(clerk, "button", "保存，看成稿")
    looked_at(clerk, "whole-draft")
    go(clerk, "button", "送审批")
    approver.goto(f"{address}reply/review/")
    looked_at(approver, "whole-approve")
    go(approver, "button", "批准签发")
    assert "已签发" in approver.content()
    set_day(date(2026, 3, 11))
    do(clerk, address, "reply.dispatched", "确认“", method="post", proof="XA1")
    set_day(date(2026, 3, 13))
    do(clerk, address, "reply.delivered", "确认“", method="post", proof="XA1")
    do(clerk, address, "case.archived", "确认“", file_number="2026-1")
    looked_at(clerk, "whole-archived")

    case.refresh_from_db()
    assert (case.phase, case.open, case.outcome, case.answered_late) == ("archived", False, "granted", False)
    assert OutgoingLetter.objects.filter(stream=case.stream).count() == 3
    assert not verify_ledger(desk.county.body.key).damages
    assert verify_projections(desk.county.body.key, known_on=date(2026, 3, 13)).ok
