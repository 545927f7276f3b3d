"""Tasks in a real browser: a refusal that needs its review, given to a department, answered there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.conftest import TODAY, make_body
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case, content_for

from gongkai.platform.cases.models import CaseTask, OutcomeNeed
from gongkai.platform.cases.services.registration import register_letter

pytestmark = pytest.mark.browser


def test_a_refusal_waits_for_the_department_that_reviews_it(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    county = desk.county
    OutcomeNeed.objects.filter(body=county.body).delete()
    water = make_body("云溪县水利局", "云水公", "department", county.body)
    registered = register_letter(
        body=county.body, actor=county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    stream = registered.summaries[0].stream
    Case(county, stream).save(content_for("denied_internal"))
    head, handler = desk.page(browser, "approver"), desk.page(browser, "handler")

    head.goto(f"{desk.url}/desk/tasks/")
    go(head, "link", "承办单位")
    for name, of in (("水利局", water.body.key), ("法制科", "")):
        head.locator("#f-name").fill(name)
        head.locator("#f-of").select_option(of)
        go(head, "button", "登记")
    looked_at(head, "units")
    head.goto(f"{desk.url}/desk/tasks/needs/")
    go(head, "button", "设置")
    looked_at(head, "needs-errors")

    handler.goto(f"{desk.url}/desk/cases/{stream}/reply/review/")
    looked_at(handler, "review-missing")
    go(handler, "link", "送法制审核")
    looked_at(handler, "give")
    handler.get_by_label("水利局").check()
    handler.get_by_label("法制科").check()
    handler.locator("#f-wanted").fill("请审核不予公开的理由")
    go(handler, "button", "交办")
    assert "已交办 2 项" in handler.content()
    looked_at(handler, "case-with-tasks")

    reviewer = desk.page(browser, "approver", place=water)
    reviewer.goto(f"{desk.url}/desk/tasks/")
    looked_at(reviewer, "tasks-ours")
    go(reviewer, "link", "县中医院迁建项目施工合同")
    assert APPLICANT.name not in reviewer.content()
    go(reviewer, "button", "签署")
    looked_at(reviewer, "task-errors")
    reviewer.get_by_label("不同意").check()
    reviewer.locator("#f-result").fill("属于内部事务的理由不足，合同应当公开")
    reviewer.locator("#f-files").set_input_files(
        {"name": "审核意见.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 opinion"}
    )
    go(reviewer, "button", "签署")
    assert "审核意见.pdf" in reviewer.content()

    set_day(date(2026, 3, 12))
    legal = CaseTask.objects.get(unit__name="法制科")
    handler.goto(f"{desk.url}/desk/tasks/")
    looked_at(handler, "tasks-given-late")
    go(handler, "link", "县中医院迁建项目施工合同")
    handler.locator("summary", has_text="催办").click()
    handler.locator("#m-words").fill("请今天办结")
    go(handler, "button", "催办")
    handler.get_by_label("同意", exact=True).check()
    handler.locator("#f-result").fill("依据充分")
    handler.locator("#f-signer").fill("周法制")
    go(handler, "button", "签署")
    assert "晚于内部期限" in handler.content() and legal.key in handler.url
    looked_at(handler, "task-done-late")
    handler.goto(f"{desk.url}/desk/cases/{stream}/search/")
    go(handler, "button", "登记检索记录")
    looked_at(handler, "search-errors")
    head.goto(f"{desk.url}/desk/tasks/?state=done")
    task = CaseTask.objects.get(unit__name="水利局")
    head.goto(f"{desk.url}/desk/tasks/{task.key}/")
    looked_at(head, "task-to-note")
    head.locator("#n-words").fill("已与水利局核对，合同附件涉及内部流程")
    go(head, "button", "已知悉，仍按原结果")

    handler.goto(f"{desk.url}/desk/cases/{stream}/reply/review/")
    go(handler, "button", "送审批")
    assert "已送审批" in handler.content()
    head.goto(f"{desk.url}/desk/cases/{stream}/reply/review/")
    head.get_by_label("起草以后的新记录，已核对").check()
    go(head, "button", "批准签发")
    assert "已签发：云公复〔2026〕1号" in head.content()
