"""Whatever somebody types or pastes: a letter comes of it, or words that say why not; and nothing is lost."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import ITEM
from tests.platform.letters.conftest import Case, content_for
from tests.platform.letters.pages import fields_of, log_in, send

from gongkai.paper.text import clean
from gongkai.platform.cases.applicants import ApplicantDetails
from gongkai.platform.cases.drafting import ask_draft, difference
from gongkai.platform.cases.letters.docx import to_docx
from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of
from gongkai.platform.cases.models import DraftState, OutgoingLetter, ReplyDraft
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.drafts import drop_draft, recall_draft
from gongkai.platform.cases.services.letters import issue_letter
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.files import blob_path
from gongkai.platform.core.models import StoredFile

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

REMARKS = "第二段依据不对，请改引第十六条"
PASTED = "甲\x01乙\x08丙\x0b丁\ufffe戊\U0002ebf0"
"""As it comes out of other programs: control signs, a line break of Word's, no character, a rare one."""


def address(case: Case, more: str = "") -> str:
    return f"/desk/cases/{case.stream}/{more}"


def test_signs_that_no_file_can_hold_are_left_out_of_a_letter() -> None:
    assert clean(PASTED) == "甲乙丙丁戊\U0002ebf0"
    sheet = Sheet(
        head=PASTED, title=PASTED, blocks=blocks_of(f"{PASTED}\n| 栏\x02 | {PASTED} |"), number=PASTED,
        recipient=PASTED, attachments=(PASTED,), signature=PASTED, date=PASTED, mark=PASTED,
    )  # fmt: skip
    text = "\n".join(p.text for p in Document(io.BytesIO(to_docx(sheet))).paragraphs)
    assert "丁戊\U0002ebf0" in text
    assert to_pdf(sheet).startswith(b"%PDF")


def test_an_applicant_whose_name_was_pasted_gets_a_letter(county: Place) -> None:
    done = register_letter(
        body=county.body, actor=county.actor("receiving_clerk"), channel="counter", came_on=TODAY,
        applicant=ApplicantDetails(kind="natural_person", name="陈\x01知微"), items=[ITEM],
    )  # fmt: skip
    county.body.working_body, county.body.address = "政务公开科", "县前街 1 号"
    letter = issue_letter(
        body=county.body, stream=done.summaries[0].stream, kind="registration_receipt",
        actor=county.actor("handler"),
    )  # fmt: skip
    assert letter.docx is not None


def test_a_number_typed_for_two_letters_is_told(case: Case) -> None:
    handler, path = log_in(case.place, "handler"), address(case, "acts/correction.requested/")
    sent: dict[str, Any] = {
        "occurred_on": TODAY, "points": "请写明文件名称", "respond_by": "2026-03-24", "method": "post",
        "number": "云公补〔2026〕7号", "step": "perform_with_letter", "expected_seq": case.seq,
    }  # fmt: skip
    assert handler.post(path, sent).status_code == 302
    case.do(Step("correction.received", TODAY))
    again = handler.post(path, {**sent, "expected_seq": case.seq})
    assert again.status_code == 422
    assert "已经用在另一份文书上" in again.content.decode() and "请写明文件名称" in again.content.decode()
    assert OutgoingLetter.objects.count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "2019-05-14"])
def test_a_day_of_issue_before_the_regulation_is_told(case: Case, day: str) -> None:
    case.submit()
    page = send(
        log_in(case.place, "approver"),
        address(case, "reply/review/"),
        {"step": "approve", "occurred_on": day, "backdated": "on"},
    )
    assert page.status_code == 409
    assert day in page.content.decode() and not OutgoingLetter.objects.exists()


@pytest.mark.parametrize("move", ["recalled", "dropped"])
def test_what_the_approver_wrote_is_not_lost_where_the_draft_moved(case: Case, move: str) -> None:
    draft = case.submit()
    approver = log_in(case.place, "approver")
    opened = fields_of(approver.get(address(case, "reply/review/")))
    where: dict[str, Any] = {
        "body": case.place.body, "stream": case.stream, "expected_version": draft.version,
        "actor": case.place.actor("handler"),
    }  # fmt: skip
    recall_draft(**where)
    if move == "dropped":
        drop_draft(**where)
    page = approver.post(
        address(case, "reply/review/"),
        {**opened, "step": "return", "remarks": REMARKS},
    )
    assert page.status_code == 409
    assert REMARKS in page.content.decode()


def test_remarks_stay_in_the_form_where_a_newer_version_waits(case: Case) -> None:
    draft = case.submit()
    approver = log_in(case.place, "approver")
    opened = fields_of(approver.get(address(case, "reply/review/")))
    recall_draft(
        body=case.place.body, stream=case.stream, expected_version=draft.version,
        actor=case.place.actor("handler"),
    )  # fmt: skip
    case.save(content_for("denied_internal"), version=1)
    ReplyDraft.objects.update(state=DraftState.SUBMITTED)
    page = approver.post(address(case, "reply/review/"), {**opened, "step": "return", "remarks": REMARKS})
    assert page.status_code == 409
    assert fields_of(page)["remarks"] == [REMARKS] and fields_of(page)["version"] == ["2"]


def test_a_draft_typed_while_a_colleague_gave_it_up_is_not_lost(case: Case) -> None:
    draft = case.save(content_for("denied_internal"))
    handler = log_in(case.place, "handler")
    opened = handler.get(address(case, "reply/"))
    action = next(p for p in opened.content.decode().split('action="') if p.startswith("?")).partition('"')[0]
    drop_draft(
        body=case.place.body, stream=case.stream, expected_version=draft.version,
        actor=case.place.actor("handler"),
    )  # fmt: skip
    typed = {**fields_of(opened), "field_reason": "写了半小时的理由", "step": "save"}
    by_form = handler.post(address(case, "reply/") + action, typed)
    assert by_form.status_code == 409 and fields_of(by_form)["field_reason"] == ["写了半小时的理由"]
    bare = handler.post(address(case, "reply/"), typed)
    assert bare.status_code == 409 and "写了半小时的理由" in bare.content.decode()


def test_a_person_who_was_asked_stays_masked_in_the_form_of_a_draft(case: Case) -> None:
    asked = Step(
        "third_party.consulted", TODAY, {"party": "party-1"}, {"name": "欧阳修", "party_kind": "person"}
    )
    case.do(asked)
    form = ask_draft(
        body=case.place.body, stream=case.stream, outcome="partial", sub_kind="",
        actor=case.place.actor("handler"),
    )  # fmt: skip
    assert form.parties == (("party-1", "欧阳*"),)


def test_a_letter_whose_button_was_pressed_twice_is_written_once(case: Case) -> None:
    handler, path = log_in(case.place, "handler"), address(case, "letters/new/registration_receipt/")
    sent = {**fields_of(handler.get(path)), "step": "write"}
    assert handler.post(path, sent).status_code == 302
    again = handler.post(path, sent)
    assert again.status_code == 422 and "已出具过文书" in again.content.decode()
    assert OutgoingLetter.objects.count() == 1
    assert handler.post(path, {**fields_of(again), "step": "write"}).status_code == 302


def test_a_damaged_letter_says_so(case: Case) -> None:
    case.place.body.working_body, case.place.body.address = "政务公开科", "县前街 1 号"
    letter = issue_letter(
        body=case.place.body,
        stream=case.stream,
        kind="registration_receipt",
        actor=case.place.actor("handler"),
    )
    assert isinstance(letter.pdf, StoredFile)
    blob_path(letter.pdf.sha256).write_bytes(b"x")
    page = log_in(case.place, "handler").get(address(case, f"letters/{letter.key}.pdf"))
    assert page.status_code == 500 and letter.pdf.ref in page.content.decode()


def test_long_paragraphs_are_compared_as_wholes() -> None:
    old, new = "的" * 20_000, "的" * 19_999 + "了"
    assert difference(f"甲\n{old}", f"甲\n{new}") == ((("same", "甲"),), (("gone", old), ("new", new)))
    many = difference("甲\n" * 3000, "乙\n" * 3000)
    assert len(many) == 6002 and {part for line in many for part, _words in line} == {"gone", "new"}
    assert difference("甲乙丙", "甲丁丙") == (
        (("same", "甲"), ("gone", "乙"), ("new", "丁"), ("same", "丙")),
    )
