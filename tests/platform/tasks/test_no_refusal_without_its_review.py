"""A refusal is neither submitted nor approved without the legal review that the office asks for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case, content_for
from tests.platform.letters.pages import log_in, send
from tests.platform.tasks.conftest import Units, give, on

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.models import CaseTask, OutcomeNeed, ReplyDraft
from gongkai.platform.cases.requirements import unmet
from gongkai.platform.cases.services.drafts import DraftIncomplete, approve_draft, submit_draft
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.cases.services.tasks import (
    Answer,
    NothingToNote,
    answer_task,
    note_disagreement,
    return_task,
)
from gongkai.platform.cases.services.together import Seen, approve_together, join_drafts, submit_together
from gongkai.platform.cases.services.units import DateInPast, change_unit, set_need
from gongkai.platform.cases.task_rules import Need, need_for
from gongkai.platform.core.permissions import NotPermitted
from gongkai.rules.vocabulary import Outcome

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("usual")]


def submitted(case: Case, version: int) -> ReplyDraft:
    return submit_draft(
        body=case.place.body, stream=case.stream, expected_version=version,
        actor=case.place.actor("handler"),
    )  # fmt: skip


def approve(case: Case, version: int) -> None:
    approve_draft(
        body=case.place.body, stream=case.stream, expected_version=version, expected_seq=case.seq,
        actor=case.place.actor("approver"), although_changed=True,
    )  # fmt: skip


def missing(case: Case, outcome: str = "denied_internal") -> list[str]:
    found = unmet(body=case.place.body, stream=case.stream, outcome=outcome, sub_kind="", on=TODAY)
    return [one.words for one in found]


def reviewed(case: Case, units: Units, stance: str) -> CaseTask:
    (task,) = give(case, units.legal, kind="legal_review")
    answer = Answer(result="依据充分" if stance == "agree" else "理由不足", stance=stance, signer="周法制")
    return answer_task(task=task, answer=answer, actor=case.place.actor("handler"))


def test_a_refusal_reaches_approval_only_with_its_review(
    case: Case, units: Units, clients: dict[str, Client], department: Place
) -> None:
    handler, approver = clients["handler"], clients["approver"]
    case.save(content_for("denied_internal"))
    review = f"/desk/cases/{case.stream}/reply/review/"
    page = handler.get(review).content.decode()
    give_link = f"/desk/cases/{case.stream}/tasks/?kind=legal_review"
    assert "还没有送审核" in page and give_link in page
    refused = handler.post(review, {"step": "submit", "version": 1})
    assert refused.status_code == 409 and "还没有送审核" in refused.content.decode()
    with pytest.raises(DraftIncomplete):
        submitted(case, 1)

    form = handler.get(give_link).content.decode()
    assert 'value="legal_review" selected' in form
    send(handler, give_link, {"units": [units.water.pk], "wanted": "请审核理由"})
    task = CaseTask.objects.get()
    assert (task.outcome, task.draft_version) == ("denied_internal", 1)
    waiting = handler.get(review).content.decode()
    assert "还没有办结，在水利局" in waiting and f"/desk/tasks/{task.key}/" in waiting

    reviewer = log_in(department, "approver")
    shown = reviewer.get(f"/desk/tasks/{task.key}/").content.decode()
    assert "送来的答复稿" in shown and "不予公开" in shown
    assert APPLICANT.name not in shown and APPLICANT.address not in shown
    without = reviewer.post(f"/desk/tasks/{task.key}/", {"step": "answer", "result": "可以"})
    assert without.status_code == 422 and "请选同意或者不同意" in without.content.decode()
    reviewer.post(f"/desk/tasks/{task.key}/", {"step": "answer", "stance": "agree", "result": "依据充分"})
    assert missing(case) == []
    assert "已送审批" in handler.post(review, {"step": "submit", "version": 1}, follow=True).content.decode()
    signed = {
        "step": "approve", "version": 1, "expected_seq": case.seq, "occurred_on": TODAY.isoformat(),
        "although_changed": "on",
    }  # fmt: skip
    assert "已签发" in approver.post(review, signed, follow=True).content.decode()


def test_a_review_that_came_in_after_submitting_is_asked_for_again_at_approval(
    case: Case, units: Units
) -> None:
    reviewed_before(case, units)
    submitted(case, 1)
    give(case, units.water, kind="legal_review")
    with pytest.raises(DraftIncomplete, match="还没有办结，在水利局"):
        approve(case, 1)


def reviewed_before(case: Case, units: Units) -> None:
    case.save(content_for("denied_internal"))
    reviewed(case, units, "agree")


def test_a_disagreement_stands_in_the_way_until_the_approver_takes_note_in_words(
    case: Case, units: Units, clients: dict[str, Client]
) -> None:
    case.save(content_for("denied_internal"))
    task = reviewed(case, units, "disagree")
    assert "不同意" in missing(case)[0]
    with pytest.raises(DraftIncomplete):
        submitted(case, 1)
    url = f"/desk/tasks/{task.key}/"
    assert "周法制" in clients["handler"].get(url).content.decode()
    assert clients["handler"].post(url, {"step": "note", "words": "照办"}).status_code == 403
    assert clients["approver"].post(url, {"step": "note", "words": " "}).status_code == 422
    noted = clients["approver"].post(url, {"step": "note", "words": "已与法制科当面核对"}, follow=True)
    assert "已与法制科当面核对" in noted.content.decode() and missing(case) == []
    late = clients["approver"].post(url, {"step": "note", "words": "再说一次"})
    assert late.status_code == 409 and "再说一次" in late.content.decode()
    with pytest.raises(NothingToNote):
        note_disagreement(task=task, words="又", actor=case.place.actor("approver"))
    submitted(case, 1)
    approve(case, 1)


def test_another_outcome_needs_a_review_of_its_own(case: Case, units: Units) -> None:
    reviewed_before(case, units)
    assert missing(case) == []
    assert "另一种处理结果" in missing(case, "denied_process")[0]
    case.save(content_for("denied_process"), version=1)
    with pytest.raises(DraftIncomplete):
        submitted(case, 2)


def test_a_review_without_any_draft_before_it_is_none(case: Case, units: Units) -> None:
    reviewed(case, units, "agree")
    assert "还没有答复稿" in missing(case)[0]


def test_what_was_reviewed_before_the_last_reply_does_not_count_for_the_next(
    case: Case, units: Units
) -> None:
    reviewed_before(case, units)
    submitted(case, 1)
    approve(case, 1)
    assert missing(case) == ["这种结果要先经法制审核，还没有送审核。"]


def test_everybody_who_was_asked_to_countersign_has_signed(
    case: Case, units: Units, county: Place, department: Place, housing: Place
) -> None:
    set_need(
        body=county.body, outcome="granted", sub_kind="provided", need=Need(countersign=True, source="规程"),
        from_date=TODAY, actor=county.actor("approver"),
    )  # fmt: skip

    def lacks() -> list[str]:
        found = unmet(
            body=county.body, stream=case.stream, outcome="granted", sub_kind="provided", on=TODAY
        )  # fmt: skip
        return [one.words for one in found]

    case.save(content_for("granted", "provided"))
    assert lacks() == ["这种结果要先会签，还没有送会签。"]
    first, second = give(case, units.water, units.housing, kind="countersign")
    yes = Answer(result="同意", stance="agree")
    answer_task(task=first, answer=yes, actor=department.actor("handler"))
    assert lacks() == ["会签还没有办结，在住建局。"]
    answer_task(task=second, answer=yes, actor=housing.actor("approver"))
    assert lacks() == []


def test_what_is_needed_is_a_dated_setting_with_shipped_defaults(county: Place) -> None:
    body, later = county.body, date(2026, 4, 1)
    refusals = [one.value for one in Outcome if one.value.startswith("denied_")]
    assert all(need_for(body, one, "", TODAY).legal_review for one in refusals)
    assert need_for(body, "granted", "provided", TODAY) == Need()
    assert need_for(body, "unavailable_not_held", "not_held", TODAY).search_record
    assert not need_for(body, "unavailable_not_held", "not_ours", TODAY).keys
    parts = [{"disclosed": True}, {"disclosed": False, "ground": "denied_internal"}]
    assert need_for(body, "partial", "", TODAY, parts).legal_review
    head = county.actor("approver")
    set_need(
        body=body, outcome="denied_internal", need=Need(source="规程"), from_date=later, actor=head
    )  # fmt: skip
    assert need_for(body, "denied_internal", "", TODAY).legal_review
    assert not need_for(body, "denied_internal", "", later).legal_review
    assert need_for(body, "denied_process", "", later).legal_review
    with pytest.raises(DateInPast):
        set_need(
            body=body, outcome="", need=Need(source="规程"), from_date=date(2026, 3, 2), actor=head
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        set_need(
            body=body, outcome="", need=Need(source="规程"), from_date=TODAY, actor=county.actor("handler")
        )  # fmt: skip


def test_the_head_of_the_office_sets_it_on_a_page(
    county: Place, clients: dict[str, Client], units: Units
) -> None:
    approver, url = clients["approver"], "/desk/tasks/needs/"
    page = approver.get(url).content.decode()
    assert "默认，待本机关确认" in page and "5 个工作日" in page
    wrong = {"step": "need", "outcome": "granted/provided", "needs": ["countersign"], "source": "",
             "from_date": TODAY.isoformat()}  # fmt: skip
    assert approver.post(url, wrong).status_code == 422
    past = approver.post(url, {**wrong, "source": "规程第九条", "from_date": "2026-03-01"})
    assert "只能从今天或者以后" in past.content.decode()
    approver.post(url, {**wrong, "source": "规程第九条"})
    assert "规程第九条" in approver.get(url).content.decode()
    assert OutcomeNeed.objects.get(body=county.body).countersign
    period = {"step": "period", "working_days": 3, "warn_days": 4, "from_date": TODAY.isoformat()}
    assert "不能多于内部期限" in approver.post(url, period).content.decode()
    approver.post(url, {**period, "warn_days": 1})
    assert "3 个工作日" in approver.get(url).content.decode()
    assert approver.post(url, {"step": "x"}).status_code == 404
    assert clients["handler"].get(url).status_code == 403


def test_units_are_kept_by_the_head_of_the_office(
    county: Place, units: Units, clients: dict[str, Client], foreign: Place
) -> None:
    approver = clients["approver"]
    assert "水利局" in approver.get("/desk/units/").content.decode()
    assert "已有这个名称" in approver.post("/desk/units/", {"name": "水利局"}).content.decode()
    taken = {"name": "水利二科", "of": units.water.of_id}
    assert "已经有对应的单位" in approver.post("/desk/units/", taken).content.decode()
    elsewhere = {"name": "外县", "of": foreign.body.key}
    assert "请从列出的机关里选" in approver.post("/desk/units/", elsewhere).content.decode()
    approver.post("/desk/units/", {"name": "档案馆", "phone": "0000-1"})
    assert "档案馆" in approver.get("/desk/units/").content.decode()
    approver.post(f"/desk/units/{units.legal.pk}/", {"name": "法制科", "phone": "", "of": ""})
    units.legal.refresh_from_db()
    assert not units.legal.active
    assert clients["handler"].post("/desk/units/", {"name": "科室"}).status_code == 403
    assert log_in(foreign, "approver").get(f"/desk/units/{units.legal.pk}/").status_code == 404
    with pytest.raises(NotPermitted):
        change_unit(
            unit=units.legal, name="x", of=None, phone="", active=True, actor=county.actor("handler")
        )  # fmt: skip


def test_a_later_day_of_issue_takes_the_setting_of_that_day(case: Case, units: Units, county: Place) -> None:
    set_need(
        body=county.body, outcome="granted", sub_kind="provided", actor=county.actor("approver"),
        need=Need(legal_review=True, source="规程"), from_date=date(2026, 3, 4),
    )  # fmt: skip
    case.save(content_for("granted", "provided"))
    submitted(case, 1)
    on(date(2026, 3, 4))
    with pytest.raises(DraftIncomplete, match="法制审核"):
        approve_draft(
            body=county.body, stream=case.stream, expected_version=1, expected_seq=case.seq,
            actor=county.actor("approver", date(2026, 3, 4)),
        )  # fmt: skip


def test_a_document_for_several_cases_waits_for_the_review_of_each_refusal(
    county: Place, units: Units
) -> None:
    items = [ITEM, RequestedItem(description="县中医院迁建项目监理合同")]
    registered = register_letter(
        body=county.body, actor=county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=items,
    )  # fmt: skip
    first, second = (Case(county, one.stream) for one in registered.summaries)
    first.save(content_for("denied_internal"))
    clerk = county.actor("handler")
    where: dict[str, Any] = {"body": county.body, "stream": first.stream, "actor": clerk}
    join_drafts(**where, streams=[second.stream], expected_version=1)
    version = ReplyDraft.objects.get(stream=first.stream).version
    reviewed(first, units, "agree")
    with pytest.raises(DraftIncomplete, match="还没有送审核"):
        submit_together(**where, expected_version=version)
    reviewed(second, units, "agree")
    submit_together(**where, expected_version=version)
    give(second, units.water, kind="legal_review")
    drafts = {one.stream: one for one in ReplyDraft.objects.all()}
    seen = {one.stream: Seen(drafts[one.stream].version, one.seq) for one in (first, second)}
    with pytest.raises(DraftIncomplete, match="还没有办结，在水利局"):
        approve_together(
            body=county.body, stream=first.stream, actor=county.actor("approver"), seen=seen,
            although_changed=True,
        )  # fmt: skip


def test_the_yes_of_one_unit_does_not_outvote_the_no_of_another(
    case: Case, units: Units, department: Place
) -> None:
    case.save(content_for("denied_internal"))
    reviewed(case, units, "disagree")
    (task,) = give(case, units.water, kind="legal_review")
    yes = Answer(result="依据充分", stance="agree")
    answer_task(task=task, answer=yes, actor=department.actor("handler"))
    assert missing(case) == ["法制科法制审核的意见是不同意。请改稿后再送，或者由审批人写明怎样考虑的。"]
    reviewed(case, units, "agree")
    assert missing(case) == []


def test_a_review_that_one_unit_returned_is_done_by_another(case: Case, units: Units) -> None:
    case.save(content_for("denied_internal"))
    (task,) = give(case, units.water, kind="legal_review")
    return_task(task=task, reason="不归本局", actor=case.place.actor("handler"))
    assert "退回了法制审核" in missing(case)[0]
    reviewed(case, units, "agree")
    assert missing(case) == []
