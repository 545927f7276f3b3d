"""Departments in a real browser: one late, one returning its task; no "not held" without a search."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.platform.browser.conftest import Desk, go, launched, looked_at, served, set_day
from tests.platform.browser.office import fill, said
from tests.platform.committed import committed_clone
from tests.platform.conftest import TODAY, make_body
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED

from gongkai.platform.cases.models import OutcomeNeed
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.cases.services.units import register_unit

pytestmark = pytest.mark.browser
DUE, LATE = date(2026, 3, 6), date(2026, 3, 9)


@pytest.fixture(scope="module")
def at_work(
    migrated_database: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Desk, Any]]:
    """A county's desk on a server, and a browser: the same for all stories here."""
    home = Path(tmp_path_factory.mktemp("departments")) / "home"
    with (
        launched() as browser,
        django_db_blocker.unblock(),
        committed_clone(home),
        served() as url,
    ):
        yield Desk(url, make_body("云溪县人民政府", "云公", "county")), browser


@pytest.fixture
def browser(at_work: tuple[Desk, Any]) -> Any:
    """The browser."""
    return at_work[1]


@pytest.fixture
def desk(at_work: tuple[Desk, Any], django_db_blocker: Any) -> Generator[Desk]:
    """The desk, on ``TODAY``."""
    with django_db_blocker.unblock():
        set_day(TODAY)
        yield at_work[0]


def registered(desk: Desk) -> str:
    """A case received on 9 February; its stream."""
    letter = register_letter(
        body=desk.county.body, actor=desk.county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    return letter.summaries[0].stream


def words(page: Any) -> str:
    """What somebody reads on a page."""
    return page.locator("main").inner_text()


def test_of_two_departments_one_is_late_and_one_returns_it_with_a_reason(desk: Desk, browser: Any) -> None:
    county, stream = desk.county, registered(desk)
    water = make_body("云溪县水利局", "云水公", "department", county.body)
    housing = make_body("云溪县住房和城乡建设局", "云建公", "department", county.body)
    for name, place in (("水利局", water), ("住建局", housing)):
        register_unit(
            body=county.body, name=name, of=place.body, phone="", actor=county.actor("approver")
        )  # fmt: skip
    case = f"{desk.url}/desk/cases/{stream}/"
    handler = desk.page(browser, "handler")
    builder = desk.page(browser, "handler", place=housing)
    keeper = desk.page(browser, "approver", place=water)

    # Given to both at once, with an inner date that is not the reply's.
    handler.goto(case)
    owed = handler.locator("#h-clk").inner_text()
    go(handler, "link", "交给单位")
    handler.get_by_label("水利局").check()
    handler.get_by_label("住建局").check()
    fill(handler, wanted="请找施工合同及附件", due_on=DUE.isoformat())
    go(handler, "button", "交办")
    assert handler.url == case and "已交办 2 项" in words(handler)
    assert handler.locator("#h-clk").inner_text() == owed

    # One returns it: not without a reason.
    builder.goto(f"{desk.url}/desk/tasks/")
    assert "云溪县人民政府" in words(builder) and DUE.isoformat() in words(builder)
    go(builder, "link", ITEM.description)
    assert "请找施工合同及附件" in words(builder) and APPLICANT.name not in builder.content()
    builder.locator("summary", has_text="不归本单位办，退回").press("Enter")
    go(builder, "button", "退回")
    assert builder.title().startswith("错误") and builder.get_by_label("退回的原因").is_visible()
    builder.get_by_label("退回的原因").fill("项目由水利局组织实施")
    go(builder, "button", "退回")
    assert builder.locator("dl.facts dd").first.inner_text().startswith("已退回")
    assert "项目由水利局组织实施" in builder.locator("section", has_text="退回的原因").inner_text()
    assert builder.goto(case).status == 404

    # One lets its day go by: the county sees both, in words, and asks.
    set_day(LATE)
    handler.goto(case)
    given = handler.locator("#tasks li")
    late, back = given.filter(has_text="水利局"), given.filter(has_text="住建局")
    assert "超过内部期限" in late.inner_text() and "过了 1 个工作日" in late.inner_text()
    assert "已退回" in back.inner_text() and "过了" not in back.inner_text()
    entry = handler.locator("tbody tr", has_text="退回的原因").first.inner_text()
    assert "退回的原因：项目由水利局组织实施" in entry and "办什么：转办" in entry
    looked_at(handler, "case-late-and-returned")
    go(handler, "link", "住建局：")
    assert "项目由水利局组织实施" in words(handler) and "云建公handler" in words(handler)
    looked_at(handler, "task-returned")
    handler.goto(f"{desk.url}/desk/tasks/?state=late")
    assert handler.locator("tbody tr").count() == 1
    go(handler, "link", ITEM.description)
    handler.locator("summary", has_text="催办").press("Enter")
    handler.get_by_label("催办的话").fill("请今天办结")
    go(handler, "button", "催办")
    assert "催办 1 次" in words(handler)

    # It answers, and stays late.
    keeper.goto(f"{desk.url}/desk/tasks/")
    go(keeper, "link", ITEM.description)
    assert "请今天办结" in words(keeper)
    keeper.get_by_label("办理结果").fill("合同已找到，见附件")
    go(keeper, "button", "办结")
    assert "已办结，晚于内部期限" in words(keeper)
    handler.goto(case)
    assert "晚于内部期限" in late.inner_text() and "合同已找到，见附件" in words(handler)

    # So do the department's figures.
    board = desk.page(browser, "supervisor")
    board.goto(f"{desk.url}/desk/boards/punctuality/")
    for said_of in ("水利局，超期办结：1", "住建局，退回：1", "合计，应办：2"):
        assert board.get_by_role("link", name=said_of, exact=True).count() == 1, said_of
    assert board.get_by_role("link", name="住建局，超期").count() == 0


def test_not_held_cannot_reach_approval_without_the_record_of_its_search(desk: Desk, browser: Any) -> None:
    OutcomeNeed.objects.filter(body=desk.county.body).delete()
    stream = registered(desk)
    case = f"{desk.url}/desk/cases/{stream}/"
    handler, head = desk.page(browser, "handler"), desk.page(browser, "approver")

    # Written and handed over: kept, and refused with the way to what is missing.
    handler.goto(f"{case}reply/?result=unavailable_not_held/not_held")
    for name in handler.locator('main [name^="field_"]').evaluate_all(
        "all => all.filter(one => !one.value).map(one => one.name)"
    ):
        fill(handler, **{name: "县档案馆、住建局档案室"})
    go(handler, "button", "保存并送审批")
    assert handler.url == f"{case}reply/review/", said(handler)
    assert "还不能送审" in words(handler) and "要先有检索记录" in words(handler)
    why = handler.locator(
        "#" + handler.get_by_role("button", name="送审批").get_attribute("aria-describedby")
    )
    assert "要先有检索记录" in why.inner_text()
    assert (
        why.get_by_role("link", name="登记检索记录").get_attribute("href") == f"/desk/cases/{stream}/search/"
    )
    go(handler, "button", "送审批")
    assert "要先有检索记录" in handler.locator(".messages .note--stop").inner_text()
    head.goto(f"{case}reply/review/")
    assert head.get_by_role("button", name="批准签发").count() == 0
    looked_at(handler, "review-search-missing")

    # The record: how it was looked for, and what shows it.
    go(handler, "link", "登记检索记录")
    fill(
        handler, on=TODAY.isoformat(), where="县档案馆、住建局档案室", how="全文检索和翻阅目录",
        terms="中医院 迁建 合同", by_whom="住建局 何建", found="nothing", result="均无此合同",
    )  # fmt: skip
    handler.locator("#f-files").set_input_files(
        {"name": "检索截图.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 proof"}
    )
    go(handler, "button", "登记检索记录")
    record = handler.locator("section", has=handler.locator("#h-searches"))
    record.locator("summary").press("Enter")
    assert "县档案馆、住建局档案室" in record.inner_text() and "检索截图.pdf" in record.inner_text()
    looked_at(handler, "case-with-search")

    # Now it reaches approval, and is given.
    handler.goto(f"{case}reply/review/")
    assert "要先有检索记录" not in words(handler)
    go(handler, "button", "送审批")
    assert "已送审批" in words(handler)
    head.goto(f"{case}reply/review/")
    go(head, "button", "批准签发")
    assert head.url == case and "已签发：云公复〔2026〕1号" in words(head)
