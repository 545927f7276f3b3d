"""A sensitive case in a real browser: flagged at the counter, two approve, and nobody else finds it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, content_for
from tests.platform.sensitive.conftest import approver
from tests.platform.sensitive.files import pdf_of

from gongkai.platform.cases.models import FalseAlarm, OutgoingLetter, SensitiveFlag
from gongkai.platform.cases.services.drafts import save_draft, submit_draft
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.selectors import history

pytestmark = pytest.mark.browser


def test_a_letter_is_flagged_its_reply_approved_by_two_and_nobody_else_finds_it(
    desk: Desk, browser: Any
) -> None:
    set_day(TODAY)
    county = desk.county
    second = approver(county, "周正清")
    registered = register_letter(
        body=county.body, actor=county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    stream, number = registered.summaries[0].stream, registered.summaries[0].number
    case = f"{desk.url}/desk/cases/{stream}/"

    clerk = desk.page(browser, "receiving_clerk")
    clerk.goto(f"{desk.url}/desk/register/{registered.letter.ref}/")
    go(clerk, "link", "整件标为敏感")
    looked_at(clerk, "sensitive-letter")
    clerk.get_by_label("再加一级：共两位").check()
    clerk.locator("#f-reason").fill("涉及举报人")
    go(clerk, "button", "标为敏感")
    looked_at(clerk, "sensitive-letter-errors")
    assert "要有 2 位审批人" in clerk.content()
    for name in ("云公approver", "周正清", "云公handler"):
        clerk.get_by_label(name).check()
    go(clerk, "button", "标为敏感")
    assert "已把 1 件案件标为敏感" in clerk.content()

    head = desk.page(browser, "approver")
    head.goto(case)
    looked_at(head, "sensitive-case")
    go(head, "link", "请确认或者解除")
    looked_at(head, "sensitive-flag")
    go(head, "button", "确认敏感标记")
    assert SensitiveFlag.objects.get().confirmed_by == county.seats["approver"]

    _papers(desk, browser, case)
    _draft(county, stream)
    head.goto(f"{case}reply/review/")
    looked_at(head, "sensitive-review-first")
    go(head, "button", "审核同意，送下一级")
    assert "您已经审核同意" in head.content()
    looked_at(head, "sensitive-review-signed")
    other = desk.page(browser, "approver", place=Place(county.body, {"approver": second}))
    other.goto(f"{case}reply/review/")
    looked_at(other, "sensitive-review-last")
    go(other, "button", "批准签发")
    assert OutgoingLetter.objects.filter(stream=stream).exclude(number="").exists()

    watcher = desk.page(browser, "supervisor")
    for page in ("", "cases/?year=all", f"figures/{county.body.key}/2026/requests.new.total/"):
        watcher.goto(f"{desk.url}/desk/{page}")
        assert number not in watcher.content()
    assert "另有 1 件不在您的阅读范围" in watcher.content()
    looked_at(watcher, "sensitive-figures")
    assert watcher.goto(case).status == 404
    auditor = desk.page(browser, "audit_administrator")
    auditor.goto(f"{desk.url}/desk/audit/")
    assert "（敏感案件，不显示）" in auditor.content()
    assert stream not in auditor.content()
    looked_at(auditor, "sensitive-audit")

    head.goto(f"{case}sensitive/")
    looked_at(head, "sensitive-change")
    head.locator("#f-lift-reason").fill("举报已经办结")
    go(head, "button", "解除敏感标记")
    assert watcher.goto(case).status == 200
    head.goto(f"{case}sensitive/")
    head.locator("summary", has_text="以前的标记").click()
    assert "举报已经办结" in head.content()

    administrator = desk.page(browser, "system_administrator")
    administrator.goto(f"{desk.url}/desk/bodies/{county.body.key}/levels/")
    looked_at(administrator, "approval-levels")


def _papers(desk: Desk, browser: Any, case: str) -> None:
    """A file with a secret mark is refused, a pointer kept in its place; a false alarm is answered for."""
    handler = desk.page(browser, "handler")
    handler.goto(f"{case}papers/")
    marked = {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": pdf_of("机密★5年", "清河大桥")}
    handler.locator("#f-files").set_input_files(marked)
    go(handler, "button", "加入")
    assert "有密级标志（机密）" in handler.content()
    looked_at(handler, "secret-refused")
    assert AuditEntry.objects.filter(act="secret.refused", success=False).count() == 1
    go(handler, "link", "是国家秘密：登记涉密登记指引")
    go(handler, "button", "登记")
    looked_at(handler, "secret-pointers-errors")
    for name, value in (("number", "云密登2026-7"), ("keeper", "郑守拙"), ("place", "保密室 2 号柜")):
        handler.locator(f"#f-{name}").fill(value)
    go(handler, "button", "登记")
    assert "云密登2026-7" in handler.content()
    handler.goto(f"{case}secret/")
    looked_at(handler, "secret-pointers")

    handler.goto(f"{case}papers/")
    handler.locator("#f-files").set_input_files(marked)
    go(handler, "button", "加入")
    handler.locator("#f-files").set_input_files(marked)
    handler.locator("#f-no_secret").fill("2025 年 6 月已经解密，见解密通知")
    go(handler, "button", "加入")
    assert "说明不是国家秘密" in handler.content()
    assert FalseAlarm.objects.count() == 1


def _draft(county: Place, stream: str) -> None:
    handler = county.actor("handler")
    draft = save_draft(
        body=county.body, stream=stream, content=content_for("granted"), expected_version=0,
        expected_seq=history(body=county.body.key, stream=stream).seq, actor=handler,
    )  # fmt: skip
    submit_draft(body=county.body, stream=stream, expected_version=draft.version, actor=handler)
