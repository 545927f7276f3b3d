"""A reply goes to court and comes back, and the case into the archive: one story in a real browser."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.after.conftest import ANSWERED, DECIDED, answer, decide, later, members, sue
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case

from gongkai.platform.cases.services.registration import register_letter

pytestmark = pytest.mark.browser
DAY = date(2026, 3, 12)
GOT = later(DECIDED, 3)


def sued(desk: Desk) -> Case:
    """A case with papers, answered, and a suit that reached the organ."""
    set_day(ANSWERED)
    registered = register_letter(
        body=desk.county.body, actor=desk.county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    case = Case(desk.county, registered.summaries[0].stream)
    case.paper("application", "申请表.pdf")
    case.paper("proof", "邮寄凭证.pdf")
    answer(case)
    sue(case)
    return case


def test_from_the_writ_to_the_archive(desk: Desk, browser: Any) -> None:
    case = sued(desk)
    set_day(DAY)
    page = desk.page(browser, "handler")
    base = f"{desk.url}/desk/cases/{case.stream}/"

    # The calendar of defences, and a hearing.
    page.goto(f"{desk.url}/desk/")
    assert "1 件还没有答复、答辩，最早 2026-03-24 到期" in page.content()
    go(page, "link", "看答辩日程")
    looked_at(page, "defences")
    go(page, "link", "日程")
    page.get_by_label("日期").fill("2026-03-18")
    page.get_by_label("时间").fill("09:30")
    page.get_by_label("地点").fill("第三审判庭")
    go(page, "button", "登记")
    looked_at(page, "appointments")
    page.goto(f"{desk.url}/desk/defences/?standing=appointed")
    assert "开庭" in page.content()

    # The evidence in one press.
    page.goto(base)
    go(page, "link", "证据材料")
    looked_at(page, "evidence")
    page.get_by_label("序号").first.fill("2")
    go(page, "button", "做证据材料")
    assert page.title().startswith("错误") and "重复" in page.content()
    looked_at(page, "evidence-errors")
    page.get_by_label("序号").first.fill("1")
    go(page, "button", "做证据材料")
    assert "共 3 份证据" in page.content()
    with page.expect_download() as got:
        page.get_by_role("link", name="第 1 版").click()
    assert "00-evidence-list.pdf" in members(got.value.path().read_bytes())

    # The judgment: the approver revokes, the handler enters the time that was ordered.
    decide(case)
    set_day(GOT)
    approver = desk.page(browser, "approver")
    approver.goto(base)
    go(approver, "link", "撤销答复")
    approver.get_by_label("法院判决").check()
    approver.get_by_label("原因").fill("检索不充分，判决撤销")
    go(approver, "button", "下一步")
    go(approver, "button", "确认“")
    assert "请承办人登记“重新办理”" in approver.content()
    page.goto(f"{desk.url}/desk/")
    assert "登记重新办理" in page.content()
    page.goto(base)
    looked_at(page, "case-revoked")
    go(page, "link", "重新办理")
    page.get_by_label("多少个工作日内答复").fill("15")
    go(page, "button", "下一步")
    go(page, "button", "确认“")
    assert "2026-06-04" in page.content()

    # The review of the loss.
    page.goto(f"{desk.url}/desk/losses/")
    assert "1 件没有复盘" in page.content()
    looked_at(page, "losses")
    go(page, "link", ITEM.description)
    go(page, "button", "签署")
    assert page.title().startswith("错误")
    looked_at(page, "loss-errors")
    page.get_by_label("原因").select_option("no_search_evidence")
    page.get_by_label("哪里出了问题").fill("检索只查了一个系统")
    page.get_by_label("整改措施").fill("以后检索三个系统并留记录")
    page.get_by_label("责任人").select_option(index=1)
    page.get_by_label("完成期限").fill("2026-06-30")
    go(page, "button", "签署")
    looked_at(page, "loss")

    # Answered anew and archived: the package is made with the act.
    answer(case, "other_other", on=later(GOT, 10))
    set_day(later(GOT, 11))
    page.goto(base)
    go(page, "link", "归档")
    page.get_by_label("档号").fill("2026-YK-015")
    go(page, "button", "下一步")
    go(page, "button", "确认“")
    assert "归档包第 1 版已做好" in page.content()
    looked_at(page, "case-archived")
    with page.expect_download() as got:
        page.get_by_role("link", name="第 1 版").last.click()
    held = members(got.value.path().read_bytes())
    opened = browser.new_context(offline=True).new_page()
    opened.set_content(held["index.html"].decode())
    assert "已归档" in opened.content() and "2026-YK-015" in opened.content()
    looked_at(opened, "package")
