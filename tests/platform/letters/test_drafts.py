"""A draft is saved, submitted, returned, approved; only approval, never one's own, changes the case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import OUTCOMES, Case, content_for, groundwork

from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.models import (
    CaseFile,
    CaseSummary,
    DraftMove,
    DraftState,
    OutgoingLetter,
    ReplyDraft,
)
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster, Step
from gongkai.platform.cases.services.drafts import (
    DraftChanged,
    DraftIncomplete,
    DraftIsStale,
    NoDraft,
    OwnDraft,
    approve_draft,
    content_of,
    drop_draft,
    recall_draft,
    return_draft,
    save_draft,
    submit_draft,
)
from gongkai.platform.cases.services.letters import LetterIncomplete
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import AuditEntry, Seat, SeatRole
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history


def approve(case: Case, draft: ReplyDraft, *, actor: Actor | None = None, **given: Any) -> OutgoingLetter:
    usual: dict[str, Any] = {
        "expected_version": draft.version, "expected_seq": case.seq,
        "actor": actor or case.place.actor("approver"),
    }  # fmt: skip
    _done, letter = approve_draft(body=case.place.body, stream=case.stream, **{**usual, **given})
    return letter


def moves(draft: ReplyDraft) -> list[str]:
    return list(draft.steps.order_by("id").values_list("move", flat=True))


@pytest.mark.parametrize(("outcome", "sub_kind"), OUTCOMES)
def test_a_reply_of_every_outcome_is_drafted_approved_and_issued(
    case: Case, outcome: str, sub_kind: str
) -> None:
    groundwork(case, outcome)
    day = date(2026, 3, 20) if outcome == "other_unpaid" else TODAY
    draft = case.submit(content_for(outcome, sub_kind))
    letter = approve(case, draft, actor=case.place.actor("approver", day))
    last = history(body=case.place.body.key, stream=case.stream).events[-1]
    assert (last.kind, last.payload["outcome"], last.payload.get("sub_kind", "")) == (
        "reply.issued", outcome, sub_kind,
    )  # fmt: skip
    assert last.payload["number"] == letter.number == "云公复〔2026〕1号"
    assert letter.kind == reply_letter(outcome, sub_kind).key
    sheet = Sheet.from_json(private.read_many([letter.text])[letter.text]["sheet"])
    assert "行政复议" in sheet.plain
    assert sheet.recipient == "陈知微："
    row = CaseSummary.objects.get(stream=case.stream)
    assert (row.outcome, row.replied_on) == (outcome, day)
    draft.refresh_from_db()
    assert draft.state == DraftState.APPROVED
    assert moves(draft) == ["saved", "submitted", "approved"]


def test_nothing_of_a_draft_touches_the_case(case: Case) -> None:
    before = LedgerEvent.objects.count()
    case.submit()
    assert LedgerEvent.objects.count() == before


def test_nobody_approves_their_own_draft_in_whichever_seat(case: Case) -> None:
    draft = case.submit()
    handler = case.place.seats["handler"]
    SeatRole.objects.create(seat=handler, role="approver")
    handler.refresh_from_db()
    with pytest.raises(OwnDraft):
        approve(case, draft, actor=case.place.actor("handler"))
    # A person has one open seat a body: the first is ended, and another one opened.
    Seat.objects.filter(key=handler.key).update(valid_until=TODAY)
    other = Seat.objects.create(person=handler.person, body=case.place.body)
    SeatRole.objects.create(seat=other, role="approver")
    with pytest.raises(OwnDraft):
        approve(case, draft, actor=Actor(case.place.actor("approver").present, other))
    assert not OutgoingLetter.objects.exists()


def test_who_wrote_an_earlier_version_may_not_approve_a_later_one(case: Case) -> None:
    approver = case.place.seats["approver"]
    SeatRole.objects.create(seat=approver, role="handler")
    first = case.save(content_for("denied_internal"), role="approver")
    case.save(content_for("denied_internal"), version=first.version)
    submit_draft(
        body=case.place.body, stream=case.stream, expected_version=2, actor=case.place.actor("handler")
    )
    draft = ReplyDraft.objects.get()
    with pytest.raises(OwnDraft):
        approve(case, draft)


def test_only_the_body_s_approver_approves(case: Case, department: Place, foreign: Place) -> None:
    draft = case.submit()
    for actor in (
        case.place.actor("receiving_clerk"), case.place.actor("supervisor"), department.actor("approver"),
        foreign.actor("approver"),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            approve(case, draft, actor=actor)


def test_only_the_office_drafts(case: Case, foreign: Place) -> None:
    for role in ("supervisor", "system_administrator", "approver"):
        with pytest.raises(NotPermitted):
            case.save(content_for("denied_internal"), role=role)
    assert not ReplyDraft.objects.exists()


def test_a_draft_that_was_not_submitted_is_not_approved(case: Case) -> None:
    draft = case.save(content_for("denied_internal"))
    with pytest.raises(DraftChanged):
        approve(case, draft)
    with pytest.raises(DraftChanged):
        return_draft(
            body=case.place.body, stream=case.stream, expected_version=1, remarks="改",
            actor=case.place.actor("approver"),
        )  # fmt: skip


def test_without_a_draft_nothing_is_moved(case: Case) -> None:
    with pytest.raises(NoDraft):
        submit_draft(
            body=case.place.body, stream=case.stream, expected_version=1, actor=case.place.actor("handler")
        )
    with pytest.raises(NoDraft):
        approve_draft(
            body=case.place.body, stream=case.stream, expected_version=1, expected_seq=case.seq,
            actor=case.place.actor("approver"),
        )  # fmt: skip


def test_a_submitted_draft_is_not_changed_until_it_comes_back(case: Case) -> None:
    draft = case.submit()
    with pytest.raises(DraftChanged):
        case.save(content_for("denied_process"), version=draft.version)
    with pytest.raises(DraftChanged):
        drop_draft(
            body=case.place.body, stream=case.stream, expected_version=1, actor=case.place.actor("handler")
        )
    recall_draft(
        body=case.place.body, stream=case.stream, expected_version=1, actor=case.place.actor("handler")
    )
    assert case.save(content_for("denied_process"), version=1).version == 2


def test_a_draft_is_returned_with_remarks_and_comes_again(case: Case) -> None:
    draft = case.submit()
    approver = case.place.actor("approver")
    with pytest.raises(ValueError, match="remarks"):
        return_draft(
            body=case.place.body, stream=case.stream, expected_version=1, remarks=" ", actor=approver
        )
    returned = return_draft(
        body=case.place.body, stream=case.stream, expected_version=1, remarks="理由写具体。", actor=approver
    )
    assert private.read_many([returned.remarks])[returned.remarks] == {"remarks": "理由写具体。"}
    fields = {"reason": "该信息是本机关2026年车辆派用记录，属于后勤管理。"}
    case.save(content_for("denied_internal", fields=fields), version=1)
    again = submit_draft(
        body=case.place.body, stream=case.stream, expected_version=2, actor=case.place.actor("handler")
    )
    letter = approve(case, again)
    assert "车辆派用记录" in private.read_many([letter.text])[letter.text]["text"]
    assert moves(draft) == ["saved", "submitted", "returned", "saved", "submitted", "approved"]
    versions = [step.text for step in draft.steps.filter(move=DraftMove.SAVED)]
    kept = private.read_many(versions)
    assert len({kept[ref]["text"] for ref in versions}) == 2


def test_two_people_on_one_draft_do_not_overwrite_each_other(case: Case) -> None:
    case.save(content_for("denied_internal"))
    case.save(content_for("denied_process"), version=1)
    with pytest.raises(DraftChanged) as changed:
        case.save(content_for("granted"), version=1)
    assert changed.value.version == 2
    with pytest.raises(DraftChanged):
        case.save(content_for("granted"), version=0)


def test_a_draft_on_a_case_that_went_on_is_approved_only_knowingly(case: Case) -> None:
    draft = case.submit()
    case.do(Step("note.added", TODAY, {"kind": "call"}))
    with pytest.raises(DraftIsStale) as stale:
        approve(case, draft)
    assert stale.value.found == stale.value.base_seq + 1
    with pytest.raises(SomebodyWasFaster):
        approve(case, draft, expected_seq=case.seq - 1)
    assert approve(case, draft, although_changed=True).number == "云公复〔2026〕1号"


def test_saving_on_a_stale_page_is_refused(case: Case) -> None:
    before = case.seq
    case.do(Step("note.added", TODAY, {"kind": "call"}))
    with pytest.raises(SomebodyWasFaster):
        save_draft(
            body=case.place.body, stream=case.stream, content=content_for("granted"), expected_version=0,
            expected_seq=before, actor=case.place.actor("handler"),
        )  # fmt: skip


def test_a_reply_that_the_law_refuses_is_not_issued_and_the_draft_stays(case: Case) -> None:
    case.do(Step("third_party.consulted", TODAY, {"party": "party-1"}))
    draft = case.submit(content_for("granted"))
    with pytest.raises(ActRefused) as refused:
        approve(case, draft)
    assert refused.value.refusal.code == "consultation_open"
    draft.refresh_from_db()
    assert draft.state == DraftState.SUBMITTED
    assert not OutgoingLetter.objects.exists()
    assert AuditEntry.objects.filter(act="case.act_refused", object=case.stream).count() == 1


def test_a_new_reply_names_the_one_that_it_replaces(case: Case) -> None:
    approve(case, case.submit())
    case.do(
        Step("reply.revoked", TODAY, {"by": "self"}, {"reason": "事实不清"}),
        role="approver",
    )
    letter = approve(case, case.submit(content_for("granted")))
    last = history(body=case.place.body.key, stream=case.stream).events[-1]
    assert (letter.number, last.payload["supersedes"]) == ("云公复〔2026〕2号", "云公复〔2026〕1号")


def test_a_dropped_draft_makes_room_for_another(case: Case) -> None:
    case.save(content_for("granted"))
    drop_draft(
        body=case.place.body, stream=case.stream, expected_version=1, actor=case.place.actor("handler")
    )
    assert case.save(content_for("denied_internal")).version == 1
    assert ReplyDraft.objects.count() == 2


@pytest.mark.parametrize(("outcome", "field"), [
    ("denied_internal", "reason"), ("unavailable_not_held", "search_made"),
    ("rejected_repeat", "earlier_number"), ("partial", "what_is_withheld"), ("granted", "content"),
])  # fmt: skip
def test_a_draft_without_its_evidence_is_not_made(case: Case, outcome: str, field: str) -> None:
    content = content_for(outcome)
    fields = {key: value for key, value in content.fields.items() if key != field}
    with pytest.raises(LetterIncomplete):
        case.save(content_for(outcome, fields=fields))
    draft = case.save(content_for(outcome, fields=fields, text="手写的正文"))
    with pytest.raises(DraftIncomplete) as incomplete:
        submit_draft(
            body=case.place.body, stream=case.stream, expected_version=draft.version,
            actor=case.place.actor("handler"),
        )  # fmt: skip
    assert any("还没有填写" in problem for problem in incomplete.value.problems)


def test_a_text_without_the_remedy_paragraph_is_not_submitted(case: Case) -> None:
    content = content_for("denied_internal", text="不予公开。如不服，可以直接起诉。")
    with pytest.raises(DraftIncomplete) as incomplete:
        case.submit(content)
    assert any("应当自收到本答复书之日起六十日内先向云州市人民政府" in p for p in incomplete.value.problems)


def test_a_text_edited_by_hand_is_issued_as_it_was_approved(case: Case) -> None:
    made = content_of(case.save(content_for("denied_internal"))).text
    edited = made.replace("本机关不予公开", "本机关决定不予公开")
    assert edited != made
    case.save(content_for("denied_internal", text=edited), version=1)
    draft = submit_draft(
        body=case.place.body, stream=case.stream, expected_version=2, actor=case.place.actor("handler")
    )
    letter = approve(case, draft)
    assert "本机关决定不予公开" in private.read_many([letter.text])[letter.text]["text"]


@pytest.mark.parametrize("parts", [
    (), ({"part": "a", "disclosed": True},),
    ({"part": "b", "disclosed": False, "ground": "denied_internal"},),
    ({"part": "a", "disclosed": True}, {"part": "b", "disclosed": False}),
])  # fmt: skip
def test_a_partial_reply_says_what_is_given_and_what_is_not_and_why(
    case: Case, parts: tuple[dict[str, object], ...]
) -> None:
    with pytest.raises(DraftIncomplete):
        case.submit(content_for("partial", parts=parts))


def test_a_part_is_withheld_by_the_article_of_its_ground(case: Case) -> None:
    with pytest.raises(DraftIncomplete) as incomplete:
        case.submit(content_for("partial", basis=reply_letter("partial").basis))
    assert any("第十五条" in problem for problem in incomplete.value.problems)


def test_the_redacted_copy_goes_out_never_its_original(case: Case) -> None:
    original = case.paper("original", "施工合同.pdf")
    redacted = case.paper("redacted", "施工合同（遮盖件）.pdf")
    CaseFile.objects.filter(pk=redacted.pk).update(redacts=original)
    identity = case.paper("identity", "身份证.pdf")
    for wrong in (original, identity):
        with pytest.raises(DraftIncomplete):
            case.submit(content_for("partial", files=[wrong.file_id]))
        drop_draft(
            body=case.place.body, stream=case.stream, expected_version=1, actor=case.place.actor("handler")
        )
    letter = approve(case, case.submit(content_for("partial", files=[redacted.file_id])))
    sheet = Sheet.from_json(private.read_many([letter.text])[letter.text]["sheet"])
    assert sheet.attachments == ("1.施工合同（遮盖件）",)


def test_a_refusal_encloses_nothing(case: Case) -> None:
    paper = case.paper("original", "施工合同.pdf")
    with pytest.raises(DraftIncomplete):
        case.submit(content_for("denied_internal", files=[paper.file_id]))


def test_a_paper_of_another_case_is_not_enclosed(case: Case) -> None:
    with pytest.raises(ValueError, match="file-unknown"):
        case.save(content_for("granted", files=["file-unknown"]))
