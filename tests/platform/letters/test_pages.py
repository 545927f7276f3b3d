"""The pages of drafts, letters and templates, without JavaScript: who may do what, and what stays typed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import OUTCOMES, Case, content_for, filled, groundwork
from tests.platform.letters.pages import fields_of, log_in, send

from gongkai.platform.cases.letter_list import BY_HAND
from gongkai.platform.cases.letters.kinds import LETTERS, reply_letter
from gongkai.platform.cases.models import DraftState, LetterTemplate, OutgoingLetter, ReplyDraft
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.drafts import content_of
from gongkai.platform.core.models import AuditEntry

pytestmark = pytest.mark.one_database  # pages; what they call is tested on both

REASON = "该信息是车辆派用记录，属于后勤管理。"


def address(case: Case, more: str = "") -> str:
    return f"/desk/cases/{case.stream}/{more}"


def page_of(response: Any) -> str:
    return response.content.decode()


def submitted(case: Case) -> ReplyDraft:
    return case.submit()


@pytest.mark.parametrize(
    ("outcome", "sub_kind"), [pair for pair in OUTCOMES if pair[0] not in ("other_unpaid", "partial")]
)
def test_a_handler_drafts_and_an_approver_issues(case: Case, outcome: str, sub_kind: str) -> None:
    groundwork(case, outcome)
    handler = log_in(case.place, "handler")
    choose = handler.get(address(case, "reply/"))
    assert f'value="{outcome}/{sub_kind}"' in page_of(choose) or sub_kind == ""
    kind = reply_letter(outcome, sub_kind)
    answers = {f"field_{key}": value for key, value in filled(kind).items()}
    done = send(handler, address(case, f"reply/?result={outcome}/{sub_kind}"), {**answers, "step": "submit"})
    assert done.redirect_chain[-1][0] == address(case, "reply/review/"), page_of(done)
    draft = ReplyDraft.objects.get()
    assert draft.state == DraftState.SUBMITTED
    assert "陈知微" not in page_of(done)
    approver = log_in(case.place, "approver")
    shown = send(approver, address(case, "reply/review/"), {"step": "approve"})
    assert shown.redirect_chain[-1][0] == address(case), page_of(shown)
    letter = OutgoingLetter.objects.get()
    assert letter.kind == kind.key
    assert letter.number in page_of(shown)


def test_a_partial_reply_is_drafted_with_its_parts(case: Case) -> None:
    handler = log_in(case.place, "handler")
    answers = {f"field_{key}": value for key, value in filled(reply_letter("partial")).items()}
    path = address(case, "reply/?result=partial/")
    without = send(handler, path, {**answers, "step": "submit"})
    assert "部分公开至少有一个不公开的部分，每个都要选理由" in page_of(without)
    assert not ReplyDraft.objects.exists()
    done = send(handler, path, {**answers, "ground_1": "denied_third_party", "step": "submit"})
    assert "第十五条，已一并勾选" in page_of(done)
    draft = ReplyDraft.objects.get()
    assert draft.state == DraftState.SUBMITTED
    assert draft.basis == ["ogi_regulation_2019:15", *reply_letter("partial").basis]
    assert "第十五条、第三十六条第二项" in content_of(draft).text
    assert draft.parts == [
        {"part": "part-1", "disclosed": True},
        {"part": "part-2", "disclosed": False, "ground": "denied_third_party"},
    ]


def test_the_outcomes_say_which_are_not_lawful_yet(case: Case) -> None:
    page = page_of(log_in(case.place, "handler").get(address(case, "reply/")))
    assert page.count("今天还不能作出") >= 4  # no lapse, no correction, no fee, no reasons asked


def test_an_outcome_that_does_not_exist_is_not_found(case: Case) -> None:
    handler = log_in(case.place, "handler")
    for wanted in ("nonsense/", "granted/not_held"):
        assert handler.get(address(case, f"reply/?result={wanted}")).status_code == 404


def test_errors_are_summed_up_and_nothing_typed_is_lost(case: Case) -> None:
    handler = log_in(case.place, "handler")
    answers = {"field_how_provided": "邮寄", "step": "save"}
    response = send(handler, address(case, "reply/?result=granted/provided"), answers)
    assert response.status_code == 422
    assert "<title>错误" in page_of(response)
    assert fields_of(response)["field_how_provided"] == ["邮寄"]
    assert not ReplyDraft.objects.exists()


def test_a_text_is_made_anew_from_template_and_fields(case: Case) -> None:
    handler = log_in(case.place, "handler")
    path = address(case, "reply/?result=denied_internal/")
    send(handler, path, {"field_reason": REASON, "text": "乱写", "step": "save"})
    made = send(handler, address(case, "reply/"), {"step": "make"})
    assert REASON in fields_of(made)["text"][0]
    assert ReplyDraft.objects.get().version == 2


def test_somebody_faster_on_the_draft_does_not_cost_what_was_typed(case: Case) -> None:
    handler = log_in(case.place, "handler")
    path = address(case, "reply/?result=denied_internal/")
    opened = fields_of(handler.get(path))
    case.save(content_for("denied_internal"))
    response = handler.post(path, {**opened, "field_reason": REASON, "step": "save"})
    assert response.status_code == 409
    assert fields_of(response)["field_reason"] == [REASON]


def test_somebody_faster_on_the_case_is_told(case: Case) -> None:
    handler = log_in(case.place, "handler")
    path = address(case, "reply/?result=denied_internal/")
    opened = fields_of(handler.get(path))
    case.do(Step("note.added", TODAY, {"kind": "call"}))
    response = handler.post(path, {**opened, "field_reason": REASON, "step": "save"})
    assert response.status_code == 409
    assert REASON in page_of(response)


def test_the_approver_sends_back_with_remarks_that_the_handler_sees(case: Case) -> None:
    submitted(case)
    approver = log_in(case.place, "approver")
    empty = send(approver, address(case, "reply/review/"), {"step": "return", "remarks": " "})
    assert empty.status_code == 422
    send(approver, address(case, "reply/review/"), {"step": "return", "remarks": "理由写具体。"})
    assert ReplyDraft.objects.get().state == DraftState.RETURNED
    handler = log_in(case.place, "handler")
    assert "理由写具体。" in page_of(handler.get(address(case)))
    send(handler, address(case, "reply/"), {"field_reason": REASON, "text": "", "step": "submit"})
    review = page_of(handler.get(address(case, "reply/review/")))
    assert "对照上一稿" in review
    assert "<ins>" in review
    assert "理由写具体。" in review


def test_a_stale_draft_asks_the_approver_to_look(case: Case) -> None:
    submitted(case)
    case.do(Step("note.added", TODAY, {"kind": "call"}))
    approver = log_in(case.place, "approver")
    refused = send(approver, address(case, "reply/review/"), {"step": "approve"})
    assert refused.status_code == 409
    assert "记事" in page_of(refused)
    send(approver, address(case, "reply/review/"), {"step": "approve", "although_changed": "on"})
    assert OutgoingLetter.objects.count() == 1


def test_a_reply_that_the_law_refuses_says_why(case: Case) -> None:
    case.do(Step("third_party.consulted", TODAY, {"party": "party-1"}))
    case.submit(content_for("granted"))
    response = send(log_in(case.place, "approver"), address(case, "reply/review/"), {"step": "approve"})
    assert response.status_code == 409
    assert "第三十二条" in page_of(response)
    assert not OutgoingLetter.objects.exists()


def test_a_reply_is_not_dated_after_today(case: Case) -> None:
    submitted(case)
    answers = {"step": "approve", "occurred_on": "2026-03-04"}
    response = send(log_in(case.place, "approver"), address(case, "reply/review/"), answers)
    assert response.status_code == 422
    assert "不能晚于今天" in page_of(response)


def test_a_draft_is_recalled_and_dropped(case: Case) -> None:
    submitted(case)
    handler = log_in(case.place, "handler")
    send(handler, address(case, "reply/review/"), {"step": "recall"})
    assert ReplyDraft.objects.get().state == DraftState.DRAFTING
    send(handler, address(case, "reply/review/"), {"step": "drop"})
    assert ReplyDraft.objects.get().state == DraftState.DROPPED
    gone = handler.get(address(case, "reply/review/"), follow=True)
    assert "现在没有答复稿" in page_of(gone)


@pytest.mark.parametrize(
    "role", ["supervisor", "system_administrator", "audit_administrator", "report_author"]
)
def test_who_does_not_handle_cases_neither_drafts_nor_decides(case: Case, role: str) -> None:
    submitted(case)
    client = log_in(case.place, role)
    for path in ("reply/", "reply/review/", "letters/new/registration_receipt/"):
        assert client.get(address(case, path)).status_code in (403, 404)
        assert client.post(address(case, path), {"step": "approve", "version": 1}).status_code in (403, 404)
    assert ReplyDraft.objects.get().state == DraftState.SUBMITTED


def test_a_handler_does_not_approve_by_sending_the_approver_s_form(case: Case) -> None:
    submitted(case)
    handler = log_in(case.place, "handler")
    answers = {"step": "approve", "version": "1", "expected_seq": str(case.seq), "occurred_on": "2026-03-03"}
    assert handler.post(address(case, "reply/review/"), answers).status_code == 403
    assert not OutgoingLetter.objects.exists()


def test_strangers_learn_nothing(case: Case, foreign: Place) -> None:
    submitted(case)
    client = log_in(foreign, "approver")
    for path in ("reply/", "reply/review/", "letters/new/registration_receipt/", "letters/letter-x.pdf"):
        assert client.get(address(case, path)).status_code == 404


@pytest.mark.parametrize("key", [key for key in BY_HAND if key != "revocation_notice"])
def test_a_letter_is_previewed_and_written_by_hand(case: Case, key: str) -> None:
    handler = log_in(case.place, "handler")
    path = address(case, f"letters/new/{key}/")
    answers = filled(LETTERS[key])
    preview = send(handler, path, {**answers, "step": "preview"})
    assert LETTERS[key].title in page_of(preview)
    assert not OutgoingLetter.objects.exists()
    send(handler, path, {**answers, "step": "write"})
    assert OutgoingLetter.objects.get().kind == key


def test_replies_and_letters_of_acts_are_not_written_by_hand(case: Case) -> None:
    handler = log_in(case.place, "handler")
    for key in ("reply_granted", "extension_notice", "nonsense"):  # no extension was told
        assert handler.get(address(case, f"letters/new/{key}/")).status_code == 404


@pytest.mark.parametrize(("form", "begin"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_letter_is_handed_out_and_the_reading_audited(case: Case, form: str, begin: bytes) -> None:
    handler = log_in(case.place, "handler")
    send(handler, address(case, "letters/new/registration_receipt/"), {"step": "write"})
    letter = OutgoingLetter.objects.get()
    assert f"letters/{letter.key}.{form}" in page_of(handler.get(address(case)))
    response = handler.get(address(case, f"letters/{letter.key}.{form}"))
    assert response.content.startswith(begin)
    assert response["Cache-Control"] == "private, no-store"
    stored = getattr(letter, form)
    assert AuditEntry.objects.filter(act="file.read", object=stored.ref).count() == 1
    supervisor = log_in(case.place, "supervisor")
    assert supervisor.get(address(case, f"letters/{letter.key}.{form}")).status_code == 403
    assert "letters/letter" not in page_of(supervisor.get(address(case)))


def test_a_letter_of_another_case_is_not_found(case: Case) -> None:
    handler = log_in(case.place, "handler")
    send(handler, address(case, "letters/new/registration_receipt/"), {"step": "write"})
    key = OutgoingLetter.objects.get().key
    assert handler.get(f"/desk/cases/case-other/letters/{key}.pdf").status_code == 404
    assert handler.get(address(case, "letters/letter-unknown.pdf")).status_code == 404


def test_an_office_edits_previews_saves_and_restores_a_text(case: Case) -> None:
    approver = log_in(case.place, "approver")
    path = "/desk/templates/extension_notice/"
    assert "软件自带" in page_of(approver.get("/desk/templates/"))
    text = "因{{ 理由 }}，延长{{ 延长工作日 }}个工作日。本机关的写法。"
    preview = send(approver, path, {"text": text, "step": "preview"})
    assert "延长20个工作日。本机关的写法。" in page_of(preview)
    assert not LetterTemplate.objects.exists()
    send(approver, path, {"text": text, "step": "save"})
    assert LetterTemplate.objects.get().version == 1
    assert AuditEntry.objects.filter(act="template.changed", object="extension_notice").count() == 1
    send(approver, path, {"restore": "0", "step": "restore"})
    assert LetterTemplate.objects.get(version=2).text.strip() == LETTERS["extension_notice"].text.strip()
    send(approver, path, {"restore": "1", "step": "restore"})
    assert LetterTemplate.objects.get(version=3).text.strip() == text
    assert approver.post(path, {"restore": "99", "step": "restore"}).status_code == 404


def test_a_text_that_is_not_good_is_shown_with_its_lines(case: Case) -> None:
    approver = log_in(case.place, "approver")
    text = "因{{ 理由 }}。\n{{ 不认识的 }}"
    response = send(approver, "/desk/templates/extension_notice/", {"text": text, "step": "save"})
    assert response.status_code == 422
    assert "第 2 行：没有“不认识的”这个变量。" in page_of(response)
    assert "缺少必须写明的“延长工作日”" in page_of(response)
    assert not LetterTemplate.objects.exists()


def test_a_preview_with_a_real_case_is_audited(case: Case) -> None:
    approver = log_in(case.place, "approver")
    number = page_of(approver.get(address(case))).split("<title>")[1].split(" - ")[0].strip()
    path = "/desk/templates/registration_receipt/"
    text = fields_of(approver.get(path))["text"][0]
    response = send(approver, path, {"text": text, "number": number, "step": "preview"})
    assert "县中医院迁建项目施工合同" in page_of(response)
    assert AuditEntry.objects.filter(act="case.identity_read", object=case.stream).count() == 1
    unknown = send(approver, path, {"text": text, "number": "云公申〔2026〕99号", "step": "preview"})
    assert "本机关没有这个编号的申请" in page_of(unknown)


def test_two_people_editing_one_text_do_not_overwrite_each_other(case: Case) -> None:
    approver = log_in(case.place, "approver")
    path = "/desk/templates/extension_notice/"
    text = "因{{ 理由 }}，延长{{ 延长工作日 }}个工作日。"
    old = fields_of(approver.get(path))
    send(approver, path, {"text": text, "step": "save"})
    response = approver.post(path, {**old, "text": text + "另一种。", "step": "save"})
    assert "别人刚保存了第 1 版" in page_of(response)
    assert LetterTemplate.objects.count() == 1


@pytest.mark.parametrize("role", ["handler", "receiving_clerk", "supervisor", "system_administrator"])
def test_only_the_approver_edits_texts(case: Case, role: str) -> None:
    client = log_in(case.place, role)
    assert client.get("/desk/templates/").status_code == 403
    answers = {"text": "x", "version": "0", "step": "save"}
    assert client.post("/desk/templates/extension_notice/", answers).status_code == 403
    assert not LetterTemplate.objects.exists()


def test_an_office_s_text_is_used_for_its_letters_and_nobody_else_s(case: Case, foreign: Place) -> None:
    approver = log_in(case.place, "approver")
    text = "编号{{ 申请编号 }}，{{ 收到日期 }}收到。本机关的写法。"
    send(approver, "/desk/templates/registration_receipt/", {"text": text, "step": "save"})
    handler = log_in(case.place, "handler")
    preview = send(handler, address(case, "letters/new/registration_receipt/"), {"step": "preview"})
    assert "本机关的写法" in page_of(preview)
    assert "软件自带" in page_of(log_in(foreign, "approver").get("/desk/templates/registration_receipt/"))
