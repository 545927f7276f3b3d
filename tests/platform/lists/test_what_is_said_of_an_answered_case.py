"""What list and page say after a reply was signed, something never came, or a notice came too late."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.platform.conftest import TODAY, Place
from tests.platform.lists.conftest import acted, registered

from gongkai.platform.cases.acts.dry_run import dry_run
from gongkai.platform.cases.case_view import CaseView, case_view
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.selectors.filters import WorkFilters
from gongkai.platform.cases.selectors.rows import CaseRow
from gongkai.platform.cases.selectors.work_list import work_list
from gongkai.platform.cases.services.acting import Step, perform_act

REPLY: dict[str, Any] = {"outcome": "granted", "method": "post", "number": "云公复〔2026〕1号"}


def row_of(place: Place, case: CaseSummary, day: date = TODAY, **filters: str) -> CaseRow:
    groups = work_list(place.actor("handler", day), WorkFilters(**filters)).groups
    return next(row for group in groups for row in group.rows if row.stream == case.stream)


def page_of(place: Place, case: CaseSummary, day: date = TODAY) -> CaseView:
    return case_view(body=place.body, stream=case.stream, actor=place.actor("handler", day))


def entered(place: Place, case: CaseSummary, kind: str, on: date, **payload: str) -> None:
    """A step of one reconsideration."""
    case.refresh_from_db()
    perform_act(
        body=place.body, stream=case.stream, kind=kind, occurred_on=on, expected_seq=case.last_seq,
        actor=place.actor("handler", on),
        payload={"remedy": "remedy-1", "kind": "reconsideration", **payload},
    )  # fmt: skip


def test_a_posted_reply_waits_for_its_delivery(county: Place) -> None:
    case = registered(county, date(2026, 2, 2))
    acted(county, case, "reply.issued", date(2026, 2, 26), "approver", **REPLY)
    assert (row_of(county, case).now, row_of(county, case).next_step) == ("答复书已签发，等发出", "发出答复")
    assert page_of(county, case).state.value == "已答复，未送达"
    acted(county, case, "reply.dispatched", date(2026, 2, 27), method="post")
    row, page = row_of(county, case), page_of(county, case)
    assert (row.now, row.next_step) == ("已发出，等送达", "登记送达")
    assert row.due is not None
    assert row.due.word == "已发出，等送达"
    assert page.state.value == "已发出，等送达"
    assert page.turn.small == "等送达回执，登记送达"
    acted(county, case, "entry.corrected", date(2026, 3, 2), "approver", seq=4, reason="ref-1")
    assert row_of(county, case).now == "答复书已签发，等发出"


def test_after_a_correction_never_came_the_next_step_is_the_notice(county: Place) -> None:
    case = registered(county, date(2026, 1, 5))
    acted(county, case, "correction.requested", date(2026, 1, 7), working_days=10)
    acted(county, case, "correction.lapsed", date(2026, 2, 2))
    row, page = row_of(county, case), page_of(county, case)
    assert (row.now, row.next_step) == ("视为放弃申请，等告知", "起草不再处理告知书")
    assert (page.turn.value, page.turn.small) == ("本机关", "起草不再处理告知书")
    told = {**REPLY, "outcome": "other_no_correction"}
    acted(county, case, "reply.issued", date(2026, 2, 27), "approver", **told)
    acted(county, case, "reply.dispatched", date(2026, 2, 27), method="post")
    until = page_of(county, case).until
    assert (until.value, until.small, until.mark) == ("终止，不计", "2026-02-27 告知不再处理", "void")


def test_a_correction_asked_for_after_the_due_date_leaves_the_case_overdue(county: Place) -> None:
    case = registered(county, date(2026, 1, 5))
    asked = Step("correction.requested", TODAY, {"working_days": 10})
    actor = county.actor("handler", TODAY)
    effect = dry_run(
        body=county.body, stream=case.stream, step=asked, expected_seq=case.last_seq, actor=actor
    )
    overdue, late = effect.warnings
    assert "已经逾期" in overdue
    assert "补正告知晚于收到后第 7 个工作日（2026-01-14），记为逾期" in late
    due = page_of(county, case).reply_clock
    assert due is not None
    acted(county, case, "correction.requested", TODAY, working_days=10)
    row, until = row_of(county, case, group="overdue"), page_of(county, case).until
    assert row.due is not None
    assert (row.due.mark, row.turn) == ("overdue", "申请人")
    assert row.due.rest is not None
    assert row.due.rest.day == due.due_on
    assert (until.mark, until.value) == ("over", f"已逾期（{due.due_on} 届满）")


def test_a_correction_asked_for_in_time_warns_of_nothing_and_pauses(county: Place) -> None:
    case = registered(county, date(2026, 2, 27))
    asked = Step("correction.requested", TODAY, {"working_days": 10})
    actor = county.actor("handler", TODAY)
    effect = dry_run(
        body=county.body, stream=case.stream, step=asked, expected_seq=case.last_seq, actor=actor
    )
    assert effect.warnings == ()
    acted(county, case, "correction.requested", TODAY, working_days=10)
    assert row_of(county, case, group="paused").due is not None


def test_after_a_judgment_against_the_office_handling_anew_comes_before_filing(county: Place) -> None:
    case = registered(county, date(2026, 1, 5))
    acted(county, case, "reply.issued", date(2026, 1, 8), "approver", **REPLY)
    acted(county, case, "reply.dispatched", date(2026, 1, 8), method="post")
    acted(county, case, "reply.delivered", date(2026, 1, 9), method="post")
    assert page_of(county, case).turn.small == "归档"
    entered(county, case, "remedy.filed", date(2026, 1, 20))
    assert page_of(county, case).turn.small == "答复、答辩：没有记录收到材料的日期，期限未起算"
    entered(county, case, "remedy.decided", date(2026, 2, 27), result="corrected")
    page = page_of(county, case)
    assert "重新办理" in page.turn.small
    offered = [one.kind for one in page.offers.usual]
    assert offered.index("rehandling.started") < offered.index("case.archived")
