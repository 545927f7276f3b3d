"""Several cases of one applicant answered in one document: one number, a letter with each, own outcomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case, content_for
from tests.platform.letters.pages import fields_of, log_in, send

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.models import CaseSummary, CaseText, OutgoingLetter, ReplyDraft
from gongkai.platform.cases.services.acting import SomebodyWasFaster, Step
from gongkai.platform.cases.services.drafts import (
    DraftChanged,
    DraftIncomplete,
    OwnDraft,
    approve_draft,
    drop_draft,
    submit_draft,
)
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.cases.services.together import (
    CannotJoin,
    RefusedFor,
    Seen,
    approve_together,
    candidates,
    combined,
    join_drafts,
    recall_together,
    return_together,
    submit_together,
)
from gongkai.platform.core import private
from gongkai.platform.core.models import Seat, SeatRole
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history

SECOND = RequestedItem(description="县中医院迁建项目监理合同")


def come(place: Place, *items: RequestedItem, applicant: ApplicantDetails = APPLICANT) -> list[Case]:
    registered = register_letter(
        body=place.body, actor=place.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=applicant, items=items,
    )  # fmt: skip
    return [Case(place, case.stream) for case in registered.summaries]


@pytest.fixture
def pair(county: Place) -> tuple[Case, Case]:
    """Two cases of one letter; the first is drafted as refused."""
    first, second = come(county, ITEM, SECOND)
    first.save(content_for("denied_internal"))
    return first, second


def join(case: Case, *others: Case) -> tuple[ReplyDraft, ...]:
    draft = ReplyDraft.objects.get(stream=case.stream, state__in=["drafting", "returned", "submitted"])
    return join_drafts(
        body=case.place.body, stream=case.stream, streams=[one.stream for one in others],
        expected_version=draft.version, actor=case.place.actor("handler"),
    )  # fmt: skip


def submit(case: Case) -> None:
    submit_together(
        body=case.place.body, stream=case.stream, actor=case.place.actor("handler"),
        expected_version=ReplyDraft.objects.get(stream=case.stream).version,
    )  # fmt: skip


def seen(*cases: Case) -> dict[str, Seen]:
    return {case.stream: Seen(ReplyDraft.objects.get(stream=case.stream).version, case.seq) for case in cases}


def approve(*cases: Case, shown: dict[str, Seen] | None = None, role: str = "approver") -> OutgoingLetter:
    place = cases[0].place
    _done, letter = approve_together(
        body=place.body, stream=cases[0].stream, seen=shown or seen(*cases), actor=place.actor(role)
    )
    return letter


def test_one_document_answers_both_and_each_keeps_its_outcome(pair: tuple[Case, Case]) -> None:
    first, second = pair
    second.save(content_for("granted"))
    join(first, second)
    submit(second)
    letter = approve(first, second)
    letters = OutgoingLetter.objects.order_by("stream")
    assert {one.number for one in letters} == {"云公复〔2026〕1号"} == {letter.number}
    assert {one.stream for one in letters} == {first.stream, second.stream}
    assert len({(one.text, one.docx, one.pdf) for one in letters}) == 1
    for case, outcome in ((first, "denied_internal"), (second, "granted")):
        reply = history(body=case.place.body.key, stream=case.stream).events[-1]
        assert (reply.kind, reply.payload["outcome"], reply.payload["number"]) == (
            "reply.issued", outcome, letter.number,
        )  # fmt: skip
        assert CaseSummary.objects.get(stream=case.stream).outcome == outcome
    assert set(ReplyDraft.objects.values_list("state", flat=True)) == {"approved"}
    another = approve_alone(come(first.place, ITEM)[0])
    assert another == "云公复〔2026〕2号"


def approve_alone(case: Case) -> str:
    draft = case.submit()
    _done, letter = approve_draft(
        body=case.place.body, stream=case.stream, expected_version=draft.version, expected_seq=case.seq,
        actor=case.place.actor("approver"),
    )  # fmt: skip
    return letter.number


def test_the_text_has_every_item_and_each_remedy_once() -> None:
    same = combined(
        [("云公申〔2026〕1号", "甲。\n救济。", "救济。"), ("云公申〔2026〕2号", "乙。\n救济。", "救济。")]
    )
    assert same.split("\n") == ["一、云公申〔2026〕1号", "甲。", "二、云公申〔2026〕2号", "乙。", "救济。"]
    apart = combined(
        [
            ("1", "甲。\n复议。", "复议。"),
            ("2", "乙。\n复议或诉讼。", "复议或诉讼。"),
            ("3", "丙。\n复议。", "复议。"),
        ]
    )
    assert apart.split("\n")[-2:] == ["关于上述第一、三项：复议。", "关于上述第二项：复议或诉讼。"]


def test_a_case_without_a_draft_gets_one_of_its_own_words(pair: tuple[Case, Case]) -> None:
    first, second = pair
    mine, copied = join(first, second)
    assert (copied.outcome, copied.together) == (mine.outcome, mine.together) and mine.together
    submit(first)
    letter = approve(first, second)
    assert letter.pdf is not None
    assert LedgerEvent.objects.filter(kind="reply.issued").count() == 2


def test_only_cases_of_the_same_applicant_that_owe_a_reply_are_joined(
    county: Place, pair: tuple[Case, Case]
) -> None:
    first, second = pair
    other = replace(APPLICANT, name="林望", identity_number="110101198001010033", phone="13700000000")
    (stranger,) = come(county, ITEM, applicant=other)
    (done,) = come(county, ITEM)
    approve_alone(done)
    found = candidates(body=county.body, stream=first.stream, actor=county.actor("handler"))
    assert [one.summary.stream for one in found] == [second.stream]
    for wrong in (stranger, done):
        with pytest.raises(CannotJoin):
            join(first, wrong)
    second.submit()
    with pytest.raises(CannotJoin) as submitted:
        join(first, second)
    assert "已经送审" in submitted.value.message
    assert not ReplyDraft.objects.exclude(together="").exists()


def test_the_drafts_go_back_and_forth_together(pair: tuple[Case, Case], county: Place) -> None:
    first, second = pair
    join(first, second)

    def states() -> set[str]:
        return set(ReplyDraft.objects.values_list("state", flat=True))

    submit(first)
    assert states() == {"submitted"}
    whole: dict[str, Any] = {"body": county.body, "stream": second.stream, "expected_version": 1}
    recall_together(**whole, actor=county.actor("handler"))
    assert states() == {"drafting"}
    submit(second)
    return_together(**whole, actor=county.actor("approver"), remarks="依据不对")
    assert states() == {"returned"}
    with pytest.raises(DraftChanged):
        whole["expected_version"] = 9
        submit_together(**whole, actor=county.actor("handler"))


def test_one_draft_that_is_not_complete_keeps_all_back(pair: tuple[Case, Case]) -> None:
    first, second = pair
    second.save(content_for("granted", text="没有救济告知的正文。"))
    join(first, second)
    with pytest.raises(DraftIncomplete) as incomplete:
        submit(first)
    assert incomplete.value.problems[0].startswith("云公申〔2026〕2号：")
    assert set(ReplyDraft.objects.values_list("state", flat=True)) == {"drafting"}


def test_what_was_joined_and_turned_out_to_be_somebody_else_s_is_not_answered_together(
    pair: tuple[Case, Case], county: Place
) -> None:
    first, second = pair
    join(first, second)
    submit(first)
    other = private.new_subject(body=county.body, actor=county.actor("handler"))
    CaseText.objects.filter(stream=second.stream).update(subject=other)
    with pytest.raises(DraftIncomplete):
        approve(first, second)
    recall_together(body=county.body, stream=first.stream, expected_version=1, actor=county.actor("handler"))
    with pytest.raises(DraftIncomplete):
        submit(first)
    join(first)
    submit(first)


def test_where_one_reply_is_refused_none_is_given(pair: tuple[Case, Case]) -> None:
    first, second = pair
    second.do(Step("third_party.consulted", date(2026, 2, 10), {"party": "party-1"}))
    second.save(content_for("granted"))
    join(first, second)
    submit(first)
    before = LedgerEvent.objects.count()
    with pytest.raises(RefusedFor) as refused:
        approve(first, second)
    assert (refused.value.number, refused.value.refusal.code) == ("云公申〔2026〕2号", "consultation_open")
    assert LedgerEvent.objects.count() == before and not OutgoingLetter.objects.exists()
    assert set(ReplyDraft.objects.values_list("state", flat=True)) == {"submitted"}


def test_nobody_approves_a_part_or_what_they_did_not_see(pair: tuple[Case, Case], county: Place) -> None:
    first, second = pair
    join(first, second)
    submit(first)
    with pytest.raises(DraftIncomplete):
        approve_draft(
            body=county.body, stream=first.stream, expected_version=1, expected_seq=first.seq,
            actor=county.actor("approver"),
        )  # fmt: skip
    with pytest.raises(DraftChanged):
        approve(first, second, shown=seen(first))
    shown = seen(first, second)
    second.do(Step("note.added", TODAY, {"kind": "call"}))
    with pytest.raises(SomebodyWasFaster):
        approve(first, second, shown=shown)
    SeatRole.objects.create(seat=county.seats["handler"], role="approver")
    county.seats["both"] = Seat.objects.get(key=county.seats["handler"].key)
    with pytest.raises(OwnDraft):
        approve(first, second, role="both")
    assert not OutgoingLetter.objects.exists()


def test_a_draft_that_is_given_up_leaves_the_document(pair: tuple[Case, Case], county: Place) -> None:
    first, second = pair
    join(first, second)
    drop_draft(body=county.body, stream=second.stream, expected_version=1, actor=county.actor("handler"))
    submit_draft(body=county.body, stream=first.stream, expected_version=1, actor=county.actor("handler"))
    approve_draft(
        body=county.body, stream=first.stream, expected_version=1, expected_seq=first.seq,
        actor=county.actor("approver"),
    )  # fmt: skip
    assert CaseSummary.objects.get(stream=second.stream).phase == "handling"


def test_cases_are_taken_out_of_the_document_again(pair: tuple[Case, Case]) -> None:
    first, second = pair
    join(first, second)
    join(first)
    assert not ReplyDraft.objects.exclude(together="").exists()
    assert ReplyDraft.objects.get(stream=second.stream).state == "drafting"


def test_the_pages_choose_show_and_issue_the_document(pair: tuple[Case, Case], county: Place) -> None:
    first, second = pair
    handler: Client = log_in(county, "handler")
    review = f"/desk/cases/{first.stream}/reply/review/"
    choose = f"/desk/cases/{first.stream}/reply/together/"
    assert choose in handler.get(review).content.decode()
    assert "监理合同" in handler.get(choose).content.decode()
    wrong = send(handler, choose, {"with": ["case-nowhere"]})
    assert wrong.status_code == 422 and "只有同一申请人" in wrong.content.decode()
    joined = send(handler, choose, {"with": [second.stream]}).content.decode()
    assert "2 件案件用一份答复书一并答复" in joined and "二、云公申〔2026〕2号" in joined
    submitted = handler.post(review, {"step": "submit", "version": "1"}, follow=True)
    assert "已送审批" in submitted.content.decode()
    approver = log_in(county, "approver")
    assert "2 件案件一并答复" in approver.get(f"/desk/cases/{second.stream}/").content.decode()
    page = approver.get(f"/desk/cases/{second.stream}/reply/review/")
    shown = fields_of(page)
    both = [f"{case.stream}:1:{case.seq}" for case in (first, second)]
    assert all(one in page.content.decode() for one in both)
    missing = {**shown, "step": "approve", "seen": both[:1]}
    part = approver.post(f"/desk/cases/{second.stream}/reply/review/", missing)
    assert part.status_code == 409 and not OutgoingLetter.objects.exists()
    done = approver.post(review, {**shown, "step": "approve", "seen": both}, follow=True)
    assert "已签发：云公复〔2026〕1号" in done.content.decode()
    for case in (first, second):
        page = approver.get(f"/desk/cases/{case.stream}/").content.decode()
        assert "云公复〔2026〕1号" in page and "理由：" in page
        assert "letter：" not in page and "reason：" not in page


def test_without_a_draft_there_is_nothing_to_join(county: Place) -> None:
    (case,) = come(county, ITEM)
    client = log_in(county, "handler")
    told = client.get(f"/desk/cases/{case.stream}/reply/together/", follow=True)
    assert "先起草这一件的答复" in told.content.decode()
