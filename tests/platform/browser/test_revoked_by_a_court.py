"""A reply revoked by a court in a real browser: handled anew in the time ordered, counted once."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.after.conftest import ANSWERED, DECIDED, NUMBER_OF_DECISION, answer, later, sue
from tests.platform.browser.conftest import Desk, looked_at
from tests.platform.browser.office import Office
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case

from gongkai.platform.cases.services.registration import register_letter
from gongkai.rules.vocabulary import Outcome

pytestmark = pytest.mark.browser
GOT = later(DECIDED, 3)
LAWFUL, ORDERED = "2026-06-11", "2026-06-04"
"""20 working days after the judgment came in on 14 May, and the 15 that it orders."""
_NUMBERS = """all => Object.fromEntries(
  all.map(one => [decodeURIComponent(one.pathname.split("/").at(-2)), one.innerText]))"""


def sued(desk: Desk) -> Case:
    """A case answered in February, about which a suit reached the organ in March."""
    registered = register_letter(
        body=desk.county.body, actor=desk.county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    case = Case(desk.county, registered.summaries[0].stream)
    answer(case)
    sue(case)
    return case


def figures(office: Office) -> dict[str, str]:
    """The numbers of Tables 3 and 4 that are not zero, as they stand on the page."""
    page = office.open("report_author", f"/desk/figures/{office.place.body.key}/2026/")
    assert f"截至 {office.day}" in page.locator("main").inner_text()
    return page.locator("main td.num a").evaluate_all(_NUMBERS)


def words(page: Any) -> str:
    """What somebody reads on a page."""
    return page.locator("main").inner_text()


def test_a_reply_revoked_by_a_court_is_handled_anew_in_the_time_ordered(desk: Desk, browser: Any) -> None:
    roles = ("handler", "approver", "report_author")
    pages = {role: browser.new_context(locale="zh-CN").new_page() for role in roles}
    office = Office(desk.url, desk.county, ANSWERED, pages, shots="revoked")
    stream = sued(desk).stream
    case = f"/desk/cases/{stream}/"

    # The judgment comes in: one case of Table 4, and Table 3 as it was.
    office.on(GOT)
    pending = figures(office)
    assert pending["litigation_direct.pending"] == "1"
    office.act(
        stream, "remedy.decided", occurred_on=DECIDED.isoformat(), result="corrected",
        decision_number=NUMBER_OF_DECISION,
    )  # fmt: skip
    before = figures(office)
    assert before["litigation_direct.corrected"] == "1" and "litigation_direct.pending" not in before
    of_table_3 = {cell: number for cell, number in before.items() if cell.startswith("requests.")}
    assert of_table_3 == {c: n for c, n in pending.items() if c.startswith("requests.")}
    for cell in ("requests.new.total", "requests.unavailable_needs_creation.total", "requests.total.total"):
        assert before[cell] == "1", cell

    # Revoked by the approver: the lawful time runs, and who has to do what stands on every page.
    office.act(stream, "reply.revoked", "approver", by="court", reason="检索不充分，判决撤销")
    assert "请承办人登记“重新办理”" in words(pages["approver"])
    handler = office.open("handler", "/desk/")
    row = handler.locator("tr, li", has_text=ITEM.description).first.inner_text()
    assert "登记重新办理" in row and LAWFUL in row

    # Handled anew, in the working days that the judgment orders.
    office.act(stream, "rehandling.started", working_days="15", reason="判决第二项")
    handler = office.open("handler", case)
    clock = handler.locator("section", has=handler.locator("#h-clk")).inner_text()
    assert f"期限：{ORDERED}" in clock and "重新办理，自次日起计算15个工作日" in clock and LAWFUL not in clock
    row = words(office.open("handler", "/desk/"))
    assert f"{ORDERED}（周四）" in row and LAWFUL not in row
    handler.goto(f"{desk.url}{case}")
    looked_at(handler, "case-handled-anew")

    # The new reply says which one it takes the place of, and goes out in time.
    office.later(10)
    office.give(stream, Outcome.GRANTED)
    handed_over = words(handler)
    assert "（云公复〔2026〕1号）已由法院判决撤销" in handed_over
    assert "申请行政复议" in handed_over and "提起行政诉讼" in handed_over
    office.serve(stream)
    shown = words(office.open("handler", case))
    assert "取代：云公复〔2026〕1号" in shown and "2026-05-14 撤销（法院判决）" in shown
    assert f"{ORDERED}\n2026-05-24 结束，按期" in shown

    # Neither new nor a second result: Tables 3 and 4 stand as the judgment left them.
    assert figures(office) == before
    assert "年内撤销后重新办理 1 件，不计新收，不计第二个结果" in words(pages["report_author"])
    looked_at(pages["report_author"], "figures-after-a-revocation")
