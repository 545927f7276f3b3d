"""A letter split into four cases and answered in one document, its petition handed over; in a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, looked_at, set_day
from tests.platform.conftest import TODAY
from tests.platform.intake.conftest import APPLICANT
from tests.platform.letters.conftest import RECEIVED, Case, content_for

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.models import CaseSummary, OutgoingLetter
from gongkai.platform.cases.services.matters import OtherMatter
from gongkai.platform.cases.services.papers import NewPaper
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.files import open_file
from gongkai.platform.reporting.selectors import streams_behind

pytestmark = pytest.mark.browser
OUTCOMES = ("granted", "unavailable_needs_creation", "rejected_petition", "other_other")
CELLS = tuple(f"requests.{outcome}.natural_person" for outcome in OUTCOMES)


def test_a_letter_is_split_into_four_and_answered_in_one_document(desk: Desk, browser: Any) -> None:
    set_day(TODAY)
    body = desk.county.body
    whole = "施工合同；历次检查的汇总表；举报有人围标；咨询工期"
    letter = register_letter(
        body=body, actor=desk.county.actor("receiving_clerk", RECEIVED), channel="counter", came_on=RECEIVED,
        applicant=replace(APPLICANT, agent_name="林望"), items=[RequestedItem(description=whole)],
        papers=[NewPaper(kind="application", name="申请书.pdf", content=b"%PDF-1.7 application")],
        others=[OtherMatter(kind="petition", text="反映工地夜间施工扰民，请求查处")],
    ).letter  # fmt: skip
    first = CaseSummary.objects.get().stream
    clerk = desk.page(browser, "receiving_clerk")
    clerk.goto(f"{desk.url}/desk/cases/{first}/")
    go(clerk, "link", "看来件")
    looked_at(clerk, "letter-before")
    go(clerk, "link", "拆分立案")
    clerk.locator("#f-item-0-description").fill("历次检查的汇总表")
    go(clerk, "button", "再拆一项")
    clerk.locator("#f-item-1-description").fill("举报有人围标")
    go(clerk, "button", "再拆一项")
    clerk.locator("#f-item-2-description").fill("咨询工期")
    clerk.get_by_role("button", name="拆分并给号").last.press("Enter")
    clerk.wait_for_selector("#errors")
    looked_at(clerk, "split-errors")
    clerk.locator("#f-reason").fill("四项由不同文件记载，可以分别检索、分别答复")
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="拆分并给号").last.press("Enter")
    assert "已拆分立案：云公申〔2026〕2号、云公申〔2026〕3号、云公申〔2026〕4号" in clerk.content()
    streams = list(CaseSummary.objects.order_by("number").values_list("stream", flat=True))
    go(clerk, "link", "拆分错了，并回")
    looked_at(clerk, "merge")
    for stream, outcome in zip(streams, OUTCOMES, strict=True):
        Case(desk.county, stream).save(content_for(outcome))
    _answered(desk, browser, clerk, letter.ref, streams)
    _people(desk, clerk, first)
    _petition(desk, clerk, letter.ref)


def _answered(desk: Desk, browser: Any, clerk: Any, ref: str, streams: list[str]) -> None:
    clerk.goto(f"{desk.url}/desk/incoming/{ref}/")
    looked_at(clerk, "letter-of-four")
    go(clerk, "button", "选中的一并答复")
    assert "4 件案件用一份答复书一并答复" in clerk.content()
    go(clerk, "button", "送审批")
    approver = desk.page(browser, "approver")
    approver.goto(f"{desk.url}/desk/cases/{streams[0]}/reply/review/")
    preview = approver.locator("section", has=approver.locator("#h-yes")).inner_text()
    assert "4 件案件各自记录" in preview
    assert all(f"云公申〔2026〕{n}号" in preview for n in (1, 2, 3, 4))
    looked_at(approver, "letter-of-four-decide")
    go(approver, "button", "批准签发")
    assert "已签发：云公复〔2026〕1号" in approver.content()
    letters = list(OutgoingLetter.objects.filter(stream__in=streams))
    assert {one.number for one in letters} == {"云公复〔2026〕1号"} and len(letters) == 4
    files = {one.pdf for one in letters}
    (pdf,) = files
    assert pdf is not None and open_file(pdf).startswith(b"%PDF")
    assert sorted(CaseSummary.objects.values_list("outcome", flat=True)) == sorted(OUTCOMES)
    actor = desk.county.actor("approver")
    for cell in CELLS:
        behind = streams_behind(body=desk.county.body, year=TODAY.year, area=False, cell=cell, actor=actor)
        assert len(behind.streams) == 1, cell


def _people(desk: Desk, clerk: Any, stream: str) -> None:
    clerk.goto(f"{desk.url}/desk/cases/{stream}/people/")
    clerk.locator("summary", has_text="登记一人").press("Enter")
    looked_at(clerk, "people-form")
    clerk.locator("#p-role").select_option("agent")
    clerk.locator("#p-name").fill("林望")
    clerk.get_by_label("提出申请").check()
    with clerk.expect_navigation():
        clerk.locator("button[value=person]").press("Enter")
    clerk.locator("summary", has_text="记一次核对").press("Enter")
    clerk.locator("#c-result").select_option("missing")
    with clerk.expect_navigation():
        clerk.locator("button[value=check]").press("Enter")
    assert "请补充申请人的身份证明" in clerk.content()
    looked_at(clerk, "people")


def _petition(desk: Desk, clerk: Any, ref: str) -> None:
    clerk.goto(f"{desk.url}/desk/incoming/{ref}/")
    go(clerk, "link", "处理")
    looked_at(clerk, "matter")
    go(clerk, "link", "转给别的单位")
    looked_at(clerk, "refer")
    clerk.locator("#f-counterpart").select_option("petition_office")
    clerk.locator("#f-name").fill("云溪县信访局")
    go(clerk, "button", "登记转办")
    looked_at(clerk, "referral")
    for name, path in (("letters", "incoming/"), ("referrals", "referrals/"), ("cases", "cases/")):
        clerk.goto(f"{desk.url}/desk/{path}")
        looked_at(clerk, f"list-{name}")
    clerk.goto(f"{desk.url}/desk/incoming/{ref}/")
    assert "已转办" in clerk.content()
    looked_at(clerk, "letter-after")
