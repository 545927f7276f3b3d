"""A loss is listed until somebody has signed why it was lost and what is done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.after.conftest import DECIDED, Case, Desk, answer, decide, later, sue
from tests.platform.conftest import Place

from gongkai.platform.cases.losses import all_losses, causes, losses_of
from gongkai.platform.cases.models import LossReview
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.losses import NobodyResponsible, sign_review
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.present import SHANGHAI

pytestmark = pytest.mark.one_database
DAY = later(DECIDED, 10)
WRONG, MEASURE = "检索只查了一个系统", "以后检索三个系统并留记录"


@pytest.fixture
def lost(case: Case) -> Case:
    """A reply that a court corrected, and its revocation."""
    answer(case)
    sue(case)
    decide(case)
    case.do(Step("reply.revoked", DECIDED, {"by": "court"}, {"reason": "判决"}), role="approver", day=DECIDED)
    return case


def form(county: Place, **given: str) -> dict[str, str]:
    return {
        "cause": "no_search_evidence", "went_wrong": WRONG, "measure": MEASURE, "step": "sign",
        "responsible": county.seats["handler"].key, "due_on": "2026-06-30", "version": "0", **given,
    }  # fmt: skip


def test_a_judgment_and_the_revocation_that_follows_are_one_loss(lost: Case, county: Place) -> None:
    actor = county.actor("handler", DAY)
    (one,) = losses_of(body=county.body, stream=lost.stream, actor=actor)
    assert (one.key, one.on, one.state) == ("remedy-1", DECIDED, "missing")
    assert [each.key for each in all_losses(actor, year=2026)] == ["remedy-1"]
    assert all_losses(actor, year=2025) == []


def test_a_revocation_without_a_judgment_is_a_loss_and_one_by_the_body_itself_is_none(case: Case) -> None:
    answer(case)
    actor = case.place.actor("handler", DAY)
    where: dict[str, Any] = {"body": case.place.body, "stream": case.stream, "actor": actor}
    case.do(
        Step("reply.revoked", DECIDED, {"by": "reconsideration"}, {"reason": "决定"}), role="approver",
        day=DECIDED,
    )  # fmt: skip
    assert [one.key for one in losses_of(**where)] == ["reply-1"]
    case.do(
        Step("entry.corrected", DAY, {"seq": case.seq, "replacement": {
            "occurred_on": DECIDED.isoformat(), "payload": {"by": "self"}}}, {"reason": "录错"}),
        role="approver", day=DAY,
    )  # fmt: skip
    assert losses_of(**where) == ()


def test_an_upheld_appeal_ends_the_loss(case: Case) -> None:
    answer(case)
    sue(case)
    decide(case)
    second = {"remedy": "remedy-1", "kind": "litigation_direct", "instance": "second"}
    case.do(
        Step("remedy.filed", later(DECIDED, 5), second),
        Step("remedy.decided", DAY, {"remedy": "remedy-1", "instance": "second", "result": "upheld"}),
        day=DAY,
    )
    actor = case.place.actor("handler", DAY)
    assert losses_of(body=case.place.body, stream=case.stream, actor=actor) == ()


def test_it_is_listed_as_missing_signed_counted_and_done(lost: Case, desk: Desk, county: Place) -> None:
    handler = desk.of("handler", DAY)
    url = f"/desk/cases/{lost.stream}/losses/remedy-1/"
    assert "1 件没有复盘" in handler.get("/desk/losses/").content.decode()
    assert url in handler.get(f"/desk/cases/{lost.stream}/").content.decode()
    unfinished = handler.post(url, form(county, cause="", went_wrong=" "))
    assert unfinished.status_code == 422 and "请选择原因" in unfinished.content.decode()
    assert MEASURE in unfinished.content.decode() and LossReview.objects.count() == 0
    assert "复盘已签署" in handler.post(url, form(county), follow=True).content.decode()
    signed = losses_of(body=county.body, stream=lost.stream, actor=county.actor("handler", DAY))[0].review
    assert (
        signed is not None
        and signed.signed_on == LossReview.objects.get().signed_at.astimezone(SHANGHAI).date()
    )
    stale = handler.post(url, form(county))
    assert stale.status_code == 409 and WRONG in stale.content.decode() and LossReview.objects.count() == 1
    listed = handler.get("/desk/losses/").content.decode()
    assert "没有证据证明已尽检索义务" in listed and "措施未完成" in listed and "件没有复盘" not in listed
    assert "没有符合条件的" in handler.get("/desk/losses/?cause=procedure").content.decode()
    future = handler.post(url, {"step": "done", "version": "1", "done_on": "2026-12-31"})
    assert future.status_code == 422 and "不能晚于今天" in future.content.decode()
    overdue = desk.of("handler", date(2026, 7, 2))
    assert "措施逾期" in overdue.get("/desk/losses/?state=overdue").content.decode()
    done = overdue.post(url, {"step": "done", "version": "1", "done_on": "2026-07-01"}, follow=True)
    assert "已登记完成" in done.content.decode()
    again = overdue.post(url, {"step": "done", "version": "1", "done_on": "2026-07-01"}, follow=True)
    assert "请看看现在的情况" in again.content.decode()
    sheet = overdue.get("/desk/losses.xlsx?year=2026")
    assert sheet.getvalue().startswith(b"PK")
    told = AuditEntry.objects.filter(act__startswith="loss.").values_list("detail", flat=True)
    assert len(told) == 2 and not any(WRONG in one for one in told)


def test_who_may_not_and_what_is_not_listed_leave_nothing(lost: Case, county: Place, foreign: Place) -> None:
    given: dict[str, Any] = {
        "body": county.body, "stream": lost.stream, "loss": "remedy-1", "went_wrong": WRONG,
        "measure": MEASURE, "due_on": DAY, "expected_version": 0,
    }  # fmt: skip
    seat = county.seats["handler"].key
    for actor in (county.actor("supervisor", DAY), foreign.actor("approver", DAY)):
        with pytest.raises(NotPermitted):
            sign_review(**given, cause="procedure", responsible=seat, actor=actor)
    actor = county.actor("approver", DAY)
    with pytest.raises(ValueError, match="list"):
        sign_review(**given, cause="bad_luck", responsible=seat, actor=actor)
    with pytest.raises(NobodyResponsible):
        sign_review(**given, cause="procedure", responsible=foreign.seats["handler"].key, actor=actor)
    assert LossReview.objects.count() == 0
    assert len(causes()) == 8
