"""Intake in a real browser: every page by axe and by width, by keyboard alone, without a script too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, findings, kept, looked_at, set_day
from tests.platform.conftest import TODAY
from tests.platform.intake.conftest import APPLICANT, ITEM

from gongkai.platform.cases.models import CaseSummary, CaseText
from gongkai.platform.cases.services.papers import NewPaper
from gongkai.platform.cases.services.registration import Registered, register_letter

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


def letter(desk: Desk, **given: Any) -> Registered:
    usual: dict[str, Any] = {
        "body": desk.county.body, "actor": desk.county.actor("receiving_clerk"), "channel": "counter",
        "came_on": TODAY, "applicant": APPLICANT, "items": [ITEM],
        "papers": [NewPaper(kind="identity", name="陈知微身份证.pdf", content=PDF)],
    }  # fmt: skip
    return register_letter(**{**usual, **given})


def fine(page: Any, name: str) -> None:
    looked_at(page, name)
    for width in (1440, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert findings(page) == [], name
        kept(page, f"{name}-{width}")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_pages_of_intake_are_accessible_at_every_width(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    case = letter(desk).summaries[0].stream
    waiting = letter(desk, channel="ordinary_post", items=[ITEM, ITEM]).letter.ref
    page = desk.page(browser, "receiving_clerk")
    for name, path in (
        ("register", "/desk/register/"),
        ("unconfirmed", "/desk/register/unconfirmed/"),
        ("registered-waiting", f"/desk/register/{waiting}/"),
        ("confirm-receipt", f"/desk/register/{waiting}/confirm/"),
        ("add-papers", f"/desk/cases/{case}/papers/"),
        ("split", f"/desk/cases/{case}/split/"),
        ("case-with-papers", f"/desk/cases/{case}/"),
    ):
        page.goto(desk.url + path)
        fine(page, f"intake-{name}")
    page = desk.page(browser, "approver")
    page.goto(f"{desk.url}/desk/cases/{case}/erase/")
    fine(page, "intake-erase")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_letter_of_two_requests_with_a_mistake_and_a_scan(
    desk: Desk, browser: Any, tmp_path: Path, script: bool
) -> None:
    set_day(TODAY)
    letter(desk)
    scan = tmp_path / "申请表.pdf"
    scan.write_bytes(PDF)
    page = desk.page(browser, "receiving_clerk", java_script_enabled=script)
    page.goto(f"{desk.url}/desk/register/")
    page.get_by_label("渠道").select_option("registered_post")
    page.get_by_label("要什么信息").fill(ITEM.description)
    page.locator("input[type=file]").set_input_files(str(scan))
    page.get_by_role("button", name="下一步").last.click()
    assert page.title().startswith("错误：")
    if script:
        assert page.evaluate("document.activeElement.id") == "errors"
        fine(page, "intake-register-errors")
    page.get_by_role("link", name="姓名或者名称").click()
    page.get_by_label("姓名或者名称", exact=False).first.fill("陈知微")
    if script:
        page.get_by_text("姓名（名称）相同").wait_for()
        kept(page, "intake-repeats-while-typing")
    page.get_by_role("button", name="再加一项").click()
    page.get_by_label("要什么信息").last.fill("2025 年清河社区电梯更新项目的资金来源")
    assert page.get_by_text("申请表.pdf").count() >= 1
    page.get_by_role("button", name="下一步").last.click()
    page.get_by_role("heading", name="核对后登记").wait_for()
    if script:
        fine(page, "intake-check")
    assert "2026-03-31" in page.content() and "云公申〔2026〕1号" in page.content()
    page.get_by_role("button", name="登记并给号").click()
    page.get_by_role("heading", name="已登记").wait_for()
    if script:
        fine(page, "intake-registered")
    assert sorted(CaseSummary.objects.values_list("number", flat=True)) == [
        f"云公申〔2026〕{n}号" for n in (1, 2, 3)
    ]


def test_a_letter_is_registered_by_keyboard_alone(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    page = desk.page(browser, "receiving_clerk")
    page.goto(f"{desk.url}/desk/register/")
    page.get_by_label("姓名或者名称", exact=False).first.focus()
    page.keyboard.type("周至")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "item-0-description":
            break
    page.keyboard.type("县道养护合同")
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "check":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="核对后登记").wait_for()
    # What is to be checked comes first: pressing Enter again does not register unseen.
    assert page.evaluate("document.activeElement.tagName") == "H1"
    for _step in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "register":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="已登记").wait_for()
    assert CaseText.objects.get().applicant_label == "周*"
