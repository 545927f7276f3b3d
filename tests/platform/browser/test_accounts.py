"""Log-in, account, administration, audit in a real browser: axe, widths, keyboard, a form sent too late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from tests.platform.browser.conftest import Desk, looked_at, set_day
from tests.platform.conftest import TODAY

from gongkai.platform.core.services import bodies, people

pytestmark = pytest.mark.browser
PASSWORD = "Yunxi-2026-shu"  # noqa: S105 - of a test


def fine(page: Any, name: str) -> None:
    """Nothing inline: the browser says so where its policy refuses something."""
    looked_at(page, f"accounts-{name}")


def account(desk: Desk, username: str = "lu") -> str:
    system = desk.county.actor("system_administrator")
    person, _once = people.create_person(
        username=username, name="陆远舟", body=desk.county.body, actor=system, password=PASSWORD
    )
    people.assign_seat(
        person=person, body=desk.county.body, roles=["receiving_clerk", "handler"], title="科员",
        actor=desk.county.actor("security_administrator"),
    )  # fmt: skip
    return person.key


def listened(page: Any) -> list[str]:
    """What the browser complains of: content policy, missing files."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    return said


def test_logging_in_by_keyboard_with_a_mistake(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    account(desk)
    page = browser.new_page(locale="zh-CN")
    said = listened(page)
    page.goto(f"{desk.url}/desk/account/")
    fine(page, "login")
    page.get_by_label("用户名").focus()
    page.keyboard.type("lu")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.get_by_text("用户名或口令不对").wait_for()
    assert page.title().startswith("错误：")
    fine(page, "login-wrong")
    page.get_by_label("口令").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="我的账号").wait_for()
    fine(page, "account")
    page.get_by_role("button", name="退出").click()
    page.get_by_text("您已退出").wait_for()
    fine(page, "logged-out")
    # The failed log-in is an answer of 422, which the console tells; nothing else may stand there.
    assert [text for text in said if "422" not in text] == []


def test_a_form_sent_after_the_session_ended_is_finished_after_the_log_in(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    account(desk)
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{desk.url}/login/?next=/desk/register/")
    page.get_by_label("用户名").fill("lu")
    page.get_by_label("口令").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("要什么信息").fill("县医院迁建项目的环评批复")
    page.get_by_label("姓名或者名称", exact=False).first.fill("陈知微")
    Session.objects.all().delete()
    page.get_by_role("button", name="下一步").last.click()
    page.get_by_text("刚才的表单没有保存").wait_for()
    fine(page, "late-form")
    page.get_by_label("用户名").fill("lu")
    page.get_by_label("口令").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="继续提交刚才的表单").wait_for()
    assert "县医院迁建项目的环评批复" in page.content()
    fine(page, "late-form-resumed")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="核对后登记").wait_for()
    assert "县医院迁建项目的环评批复" in page.content()


def test_the_pages_of_the_system_administrator(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    key, system, body = account(desk), desk.county.actor("system_administrator"), desk.county.body
    bodies.set_local_rule(
        body=body, key="reply_period", value=15, from_date=date(2026, 1, 1), source="云公办〔2026〕1号",
        actor=system,
    )  # fmt: skip
    bodies.add_local_holiday(
        body=body, name="火把节", first=TODAY, last=TODAY, source="自治条例第四十条", actor=system
    )
    bodies.create_body(
        level="township",
        parent=body,
        fields={"name": "云溪县青禾镇人民政府", "short_name": "青公"},
        actor=system,
    )
    page = desk.page(browser, "system_administrator")
    said = listened(page)
    for name, path in (
        ("bodies", "bodies/"), ("body", f"bodies/{body.key}/"), ("body-new", f"bodies/{body.key}/new/"),
        ("body-end", f"bodies/{body.key}/end/"), ("rules", f"bodies/{body.key}/rules/"),
        ("holidays", f"bodies/{body.key}/holidays/"), ("people", "people/"), ("person", f"people/{key}/"),
        ("person-new", "people/new/"), ("nobody-found", "people/?q=nobody"),
    ):  # fmt: skip
        page.goto(f"{desk.url}/desk/{path}")
        fine(page, name)
    page.goto(f"{desk.url}/desk/people/{key}/")
    page.get_by_text("重置口令").click()
    page.get_by_role("button", name="确定重置").click()
    page.get_by_role("heading", name="一次性口令").wait_for()
    fine(page, "one-time-password")
    page.goto(f"{desk.url}/desk/bodies/{body.key}/new/")
    page.get_by_role("button", name="新建").click()
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "errors"
    fine(page, "body-new-errors")
    assert [text for text in said if "422" not in text] == []


def test_the_pages_of_the_other_two_administrators(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    key = account(desk)
    page = desk.page(browser, "security_administrator")
    page.goto(f"{desk.url}/desk/people/{key}/")
    fine(page, "person-seats")
    page.get_by_role("link", name="修改角色").click()
    page.get_by_label("审计管理员").check()
    page.get_by_role("button", name="保存").click()
    page.get_by_text("这些角色不能由一个人担任").first.wait_for()
    fine(page, "seat-errors")
    page.goto(f"{desk.url}/desk/audit/")
    page.get_by_role("heading", name="您的岗位不能这样做").wait_for()
    fine(page, "forbidden")
    page.goto(f"{desk.url}/desk/nowhere/")
    fine(page, "not-found")
    page = desk.page(browser, "audit_administrator")
    page.goto(f"{desk.url}/desk/audit/")
    fine(page, "audit")
    page.get_by_label("做了什么").select_option("seat.assigned")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("rowheader", name="分配岗位").first.wait_for()
    page.get_by_role("button", name="校验完整性").click()
    page.get_by_text("首尾相接").wait_for()
    fine(page, "audit-verified")


def test_setting_up_the_second_factor(desk: Desk, browser: Any, settings: Any) -> None:
    set_day(TODAY)
    settings.SECOND_FACTOR_REQUIRED = True
    page = desk.page(browser, "handler")
    page.goto(f"{desk.url}/desk/")
    page.get_by_role("heading", name="设置第二步验证").wait_for()
    fine(page, "second-factor-setup")
    page.get_by_label("6 位数字").fill("000000")
    page.keyboard.press("Enter")
    page.get_by_text("数字不对").first.wait_for()
    fine(page, "second-factor-wrong")
