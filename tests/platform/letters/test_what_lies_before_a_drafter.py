"""Who drafts or approves has the request, its deadline, the remarks and the papers on the same page."""

from __future__ import annotations

from typing import Any

from tests.platform.letters.conftest import Case, content_for
from tests.platform.letters.pages import fields_of, log_in, send

from gongkai.platform.cases.models import CaseFile, DraftState, ReplyDraft
from gongkai.platform.cases.services.drafts import content_of, drop_draft, submit_draft

REASON = "该信息是车辆派用记录，属于后勤管理。"


def path(case: Case, more: str = "") -> str:
    return f"/desk/cases/{case.stream}/reply/{more}"


def page_of(response: Any) -> str:
    return response.content.decode()


def test_a_drafter_reads_the_request_and_its_deadline(case: Case) -> None:
    page = page_of(log_in(case.place, "handler").get(path(case, "?result=denied_internal/")))
    assert "县中医院迁建项目施工合同" in page
    assert "答复期限" in page
    assert "2026-03-13" in page


def test_a_drafter_reads_the_remarks_until_the_draft_goes_again(case: Case) -> None:
    case.submit()
    send(log_in(case.place, "approver"), path(case, "review/"), {"step": "return", "remarks": "请写明理由。"})
    handler = log_in(case.place, "handler")
    assert "请写明理由。" in page_of(handler.get(path(case)))
    send(handler, path(case), {"field_reason": REASON, "step": "save"})
    assert "请写明理由。" in page_of(handler.get(path(case)))


def test_where_papers_are_added_is_linked(case: Case) -> None:
    handler = log_in(case.place, "handler")
    add = f'href="/desk/cases/{case.stream}/papers/'
    for result, shown in (("partial/", True), ("granted/provided", True), ("denied_internal/", False)):
        assert (add in page_of(handler.get(path(case, f"?result={result}")))) == shown
    original = case.paper("original", "施工合同.pdf")
    page = page_of(handler.get(path(case, "?result=partial/")))
    assert f"{add}?original={original.file_id}" in page
    assert "给“施工合同.pdf”加遮盖件" in page


def test_an_approver_opens_what_goes_out_and_sees_why(case: Case) -> None:
    original = case.paper("original", "施工合同.pdf")
    redacted = case.paper("redacted", "施工合同（遮盖件）.pdf")
    CaseFile.objects.filter(pk=redacted.pk).update(redacts=original)
    case.submit(content_for("partial", files=[redacted.file_id]))
    approver = log_in(case.place, "approver")
    page = page_of(approver.get(path(case, "review/")))
    assert f'href="/desk/files/{redacted.file_id}/"' in page
    assert f'href="/desk/files/{original.file_id}/"' not in page
    assert approver.get(f"/desk/files/{redacted.file_id}/").status_code == 200
    for said in ("第十五条", "不公开，不予公开：保护第三方合法权益", "2026-03-13"):
        assert said in page


def overtaken(case: Case) -> Any:
    """A handler whose page is older than what a colleague saved."""
    handler = log_in(case.place, "handler")
    opened = fields_of(handler.get(path(case, "?result=denied_internal/")))
    case.save(content_for("denied_internal"), role="receiving_clerk")
    sent = {**opened, "field_reason": REASON, "text": "", "step": "save"}
    return handler, handler.post(path(case, "?result=denied_internal/"), sent)


def test_who_was_faster_is_named_and_one_may_overwrite(case: Case) -> None:
    handler, response = overtaken(case)
    assert response.status_code == 409
    page = page_of(response)
    assert case.place.seats["receiving_clerk"].person.name in page
    assert "用我写的覆盖" in page
    again = fields_of(response)
    assert again["newer"] == ["1"]
    address = path(case, "?result=denied_internal/")
    assert handler.post(address, {**again, "step": "save"}).status_code == 409
    assert handler.post(address, {**again, "step": "overwrite"}).status_code == 302
    draft = ReplyDraft.objects.get()
    assert draft.version == 2
    assert REASON in content_of(draft).text


def test_overwriting_does_not_pass_over_a_still_newer_draft(case: Case) -> None:
    handler, response = overtaken(case)
    case.save(content_for("denied_internal"), version=1, role="receiving_clerk")
    sent = {**fields_of(response), "step": "overwrite"}
    assert handler.post(path(case, "?result=denied_internal/"), sent).status_code == 409
    assert ReplyDraft.objects.get().version == 2


def test_a_draft_that_was_submitted_meanwhile_is_recalled_first(case: Case) -> None:
    handler, _response = overtaken(case)
    clerk = case.place.actor("receiving_clerk")
    opened = fields_of(handler.get(path(case)))
    submit_draft(body=case.place.body, stream=case.stream, expected_version=1, actor=clerk)
    response = handler.post(path(case), {**opened, "field_reason": REASON, "step": "save"})
    assert response.status_code == 409
    page = page_of(response)
    assert "请先在答复稿页撤回" in page
    assert "用我写的覆盖" not in page
    assert REASON in page
    assert ReplyDraft.objects.get().state == DraftState.SUBMITTED


def test_a_draft_that_was_dropped_meanwhile_is_written_anew(case: Case) -> None:
    case.save(content_for("denied_internal"), role="receiving_clerk")
    handler = log_in(case.place, "handler")
    address = path(case, "?result=denied_internal/")
    opened = fields_of(handler.get(address))
    clerk = case.place.actor("receiving_clerk")
    drop_draft(body=case.place.body, stream=case.stream, expected_version=1, actor=clerk)
    response = handler.post(address, {**opened, "field_reason": REASON, "text": "", "step": "save"})
    assert response.status_code == 409
    assert "不再使用" in page_of(response)
    handler.post(address, {**fields_of(response), "step": "overwrite"})
    assert ReplyDraft.objects.filter(state=DraftState.DRAFTING).count() == 1
