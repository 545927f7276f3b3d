"""An act and its letter happen together or not at all; what a letter lacks is named."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pypdfium2
import pytest
from django.test import override_settings
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import Case, filled

from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.models import CaseSummary, NumberSequence, OutgoingLetter
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster, Step
from gongkai.platform.cases.services.letters import (
    LetterIncomplete,
    issue_letter,
    perform_with_letter,
    preview_letter,
)
from gongkai.platform.core import private
from gongkai.platform.core.files import name_of, open_file
from gongkai.platform.core.models import AuditEntry, PrivateRecord, StoredFile
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent

EXTENSION = Step(
    "extension.told", TODAY, {"working_days": 10, "approved_by": "seat-x"}, {"reason": "需要从档案库调阅。"}
)
STEPS: list[tuple[Step, str]] = [
    (
        Step(
            "correction.requested",
            date(2026, 2, 10),
            {"respond_by": "2026-03-10"},
            {"points": "请写明标段。", "guidance": "标段名称可以从交易网查到。"},
        ),
        "handler",
    ),
    (Step("reasons.requested", TODAY, {}, {"facts": "一个月内46件。"}), "handler"),
    (EXTENSION, "approver"),
    (
        Step(
            "third_party.consulted",
            TODAY,
            {"party": "party-1"},
            {"name": "云溪建设有限公司", "about": "附表三"},
        ),
        "handler",
    ),
    (
        Step("co_maker.consulted", TODAY, {"body": "body-x"}, {"name": "云溪县住建局", "about": "合同"}),
        "handler",
    ),
    (
        Step("agency.consulted", TODAY, {"body": "body-y"}, {"name": "云溪县财政局", "about": "合同"}),
        "handler",
    ),
    (
        Step(
            "fee.notified",
            TODAY,
            {"amount": "380.00"},
            {"reason": "第11件，100元。", "how_to_pay": "到县财政局窗口缴纳。"},
        ),
        "handler",
    ),
]


def write(case: Case, step: Step, role: str = "handler", **given: Any) -> OutgoingLetter:
    _done, letter = perform_with_letter(
        body=case.place.body, stream=case.stream, step=step, expected_seq=case.seq,
        actor=case.place.actor(role, max(step.occurred_on, TODAY)), **given,
    )  # fmt: skip
    assert letter is not None
    return letter


def pdf_text(file: StoredFile | None) -> str:
    assert file is not None
    document = pypdfium2.PdfDocument(open_file(file))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def docx_text(file: StoredFile | None) -> str:
    assert file is not None
    document = docx.Document(io.BytesIO(open_file(file)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(("step", "role"), STEPS, ids=[step.kind for step, _role in STEPS])
def test_an_act_brings_its_letter_with_number_text_and_files(case: Case, step: Step, role: str) -> None:
    letter = write(case, step, role)
    entry = LedgerEvent.objects.get(stream=case.stream, seq=letter.seq)
    assert entry.kind == step.kind
    assert letter.number.startswith("云公")
    assert letter.number in entry.payload
    sheet = Sheet.from_json(private.read_many([letter.text])[letter.text]["sheet"])
    pdf, word = squeezed(pdf_text(letter.pdf)), squeezed(docx_text(letter.docx))
    for said in (sheet.head, sheet.title, sheet.number, sheet.recipient, sheet.date, *step.texts.values()):
        assert squeezed(said) in pdf, said
        assert squeezed(said) in word, said
    assert letter.docx is not None
    assert name_of(letter.docx) == f"{LETTERS[letter.kind].label} {letter.number}.docx"
    assert AuditEntry.objects.filter(act="letter.issued", object=letter.key).count() == 1


def test_free_text_of_a_letter_stays_out_of_the_ledger(case: Case) -> None:
    write(case, EXTENSION, "approver")
    payload = LedgerEvent.objects.filter(stream=case.stream).latest("seq").payload
    assert "档案" not in payload
    assert "commitment" in payload


def test_an_extension_letter_tells_the_new_due_date(case: Case) -> None:
    due = CaseSummary.objects.get(stream=case.stream).reply_due_on
    text = pdf_text(write(case, EXTENSION, "approver").pdf)
    after = CaseSummary.objects.get(stream=case.stream).reply_due_on
    assert due == date(2026, 3, 13)
    assert after == date(2026, 3, 27)
    assert "2026年3月27日" in squeezed(text)


def test_the_golden_text_of_an_extension_notice(case: Case) -> None:
    letter = write(case, EXTENSION, "approver")
    sheet = Sheet.from_json(private.read_many([letter.text])[letter.text]["sheet"])
    assert (sheet.number, sheet.recipient, sheet.signature, sheet.date) == (
        "云公延〔2026〕1号", "陈知微：", "云溪县人民政府", "2026年3月3日",
    )  # fmt: skip
    number = CaseSummary.objects.get(stream=case.stream).number
    assert sheet.plain == (
        f"本机关于2026年2月9日收到您提交的政府信息公开申请（编号：{number}），"
        "申请公开：“县中医院迁建项目施工合同”。\n"
        "因下列原因，本机关不能在原定期限内作出答复：\n"
        "需要从档案库调阅。\n"
        "根据《中华人民共和国政府信息公开条例》第三十三条的规定，经本机关政府信息公开工作机构负责人同意，"
        "答复期限延长10个工作日。延长后的答复期限为2026年3月27日。"
        "征求第三方和其他机关意见所需时间不计算在上述期限内。\n"
        "联系电话：0000-1234567。"
    )


def test_the_slip_of_a_third_party_stands_on_a_page_of_its_own(case: Case) -> None:
    letter = write(case, STEPS[3][0])
    assert letter.pdf is not None
    pages = pypdfium2.PdfDocument(open_file(letter.pdf))
    texts = [squeezed(page.get_textpage().get_text_bounded()) for page in pages]
    assert "征求意见回执" in texts[-1]
    assert all("征求意见回执" not in text for text in texts[:-1])
    (signed,) = [text for text in texts if "2026年3月3日" in text]
    assert "请勿向他人泄露" in signed  # no page bears a signature alone
    assert "陈知微" not in pdf_text(letter.pdf)


def test_whom_a_later_act_concerns_is_known_from_the_consultation(case: Case) -> None:
    write(case, STEPS[3][0])
    case.do(
        Step("third_party.delivered", TODAY, {"party": "party-1"}),
        Step("third_party.answered", TODAY, {"party": "party-1", "consent": False}),
    )
    step = Step(
        "third_party.told", TODAY, {"party": "party-1"}, {"content": "附表三", "reason": "事关公共利益。"}
    )
    letter = write(case, step)
    text = squeezed(pdf_text(letter.pdf))
    assert "云溪建设有限公司：" in text
    assert "六个月内直接向云州市中级人民法院" in text


def test_a_refused_act_takes_no_number_and_leaves_only_the_audit(case: Case) -> None:
    late = Step(
        "extension.told", date(2026, 3, 16), {"working_days": 10, "approved_by": "x"}, {"reason": "忙"}
    )
    before = LedgerEvent.objects.count(), PrivateRecord.objects.count(), StoredFile.objects.count()
    with pytest.raises(ActRefused):
        write(case, late, "approver")
    assert (LedgerEvent.objects.count(), PrivateRecord.objects.count(), StoredFile.objects.count()) == before
    assert not OutgoingLetter.objects.exists()
    assert not NumberSequence.objects.filter(kind="extension").exists()
    assert AuditEntry.objects.filter(act="case.act_refused", object=case.stream).count() == 1


def test_a_letter_that_cannot_be_written_undoes_its_act(case: Case) -> None:
    before = LedgerEvent.objects.count()
    with pytest.raises(LetterIncomplete) as missing:
        write(case, Step("extension.told", TODAY, {"working_days": 5, "approved_by": "x"}), "approver")
    assert missing.value.fields == ("理由",)
    assert "请填写：理由" in missing.value.message
    assert LedgerEvent.objects.count() == before
    assert not NumberSequence.objects.filter(kind="extension").exists()


def test_a_stale_clerk_writes_no_letter(case: Case) -> None:
    with pytest.raises(SomebodyWasFaster):
        perform_with_letter(
            body=case.place.body, stream=case.stream, step=EXTENSION, expected_seq=case.seq - 1,
            actor=case.place.actor("approver"),
        )  # fmt: skip
    assert not OutgoingLetter.objects.exists()


def test_only_the_approver_tells_of_an_extension(case: Case, foreign: Place) -> None:
    for actor in (case.place.actor("handler"), foreign.actor("approver")):
        with pytest.raises(NotPermitted):
            perform_with_letter(
                body=case.place.body, stream=case.stream, step=EXTENSION, expected_seq=case.seq, actor=actor
            )


def test_an_act_without_a_letter_is_only_performed(case: Case) -> None:
    done, letter = perform_with_letter(
        body=case.place.body, stream=case.stream, step=Step("note.added", TODAY, {"kind": "call"}),
        expected_seq=case.seq, actor=case.place.actor("handler"),
    )  # fmt: skip
    assert letter is None
    assert done.summary.last_seq == case.seq


OF_NO_ACT = (
    "registration_receipt", "registration_form", "application_form", "consultation_told",
    "records_corrected", "records_forwarded", "certificate_of_service", "assistance_request",
    "withdrawal_told",
)  # fmt: skip


@pytest.mark.parametrize("key", OF_NO_ACT)
def test_letters_of_no_act_are_issued_by_themselves(case: Case, key: str) -> None:
    letter = issue_letter(
        body=case.place.body, stream=case.stream, kind=key, actor=case.place.actor("handler"),
        fields=filled(LETTERS[key]),
    )  # fmt: skip
    assert bool(letter.number) == bool(LETTERS[key].number)
    assert LETTERS[key].title in squeezed(docx_text(letter.docx))


def test_a_reply_is_never_issued_by_itself(case: Case) -> None:
    with pytest.raises(ValueError, match="reply_granted"):
        issue_letter(
            body=case.place.body, stream=case.stream, kind="reply_granted", actor=case.place.actor("handler")
        )


def test_a_letter_is_not_dated_after_today(case: Case) -> None:
    with pytest.raises(ValueError, match="2026-03-04"):
        issue_letter(
            body=case.place.body, stream=case.stream, kind="registration_receipt",
            actor=case.place.actor("handler"), on=date(2026, 3, 4),
        )  # fmt: skip


def test_a_preview_takes_nothing_and_is_audited(case: Case) -> None:
    before = LedgerEvent.objects.count()
    found = preview_letter(
        body=case.place.body, stream=case.stream, kind="extension_notice", step=EXTENSION,
        actor=case.place.actor("approver"),
    )  # fmt: skip
    assert "2026年3月27日" in found.sheet.plain
    assert found.sheet.number == "（编号待定）"
    assert LedgerEvent.objects.count() == before
    assert not OutgoingLetter.objects.exists()
    assert not NumberSequence.objects.filter(kind="extension").exists()
    assert AuditEntry.objects.filter(act="case.identity_read", object=case.stream).count() == 1


def test_a_preview_is_refused_to_who_may_not_know_the_applicant(case: Case, foreign: Place) -> None:
    for actor in (case.place.actor("supervisor"), foreign.actor("handler")):
        with pytest.raises(NotPermitted):
            preview_letter(body=case.place.body, stream=case.stream, kind="registration_form", actor=actor)


def test_a_setting_that_is_missing_is_named(case: Case) -> None:
    case.place.body.court = ""
    with pytest.raises(LetterIncomplete) as missing:
        preview_letter(
            body=case.place.body, stream=case.stream, kind="reply_granted", actor=case.place.actor("handler"),
            fields=filled(LETTERS["reply_granted"]),
        )  # fmt: skip
    assert missing.value.settings == ("一审法院",)
    assert "系统管理员" in missing.value.message


@pytest.mark.parametrize("demonstration", [True, False])
def test_every_page_of_the_demonstration_says_so(case: Case, demonstration: bool) -> None:
    with override_settings(DEMONSTRATION=demonstration):
        letter = write(case, STEPS[3][0])
    assert letter.pdf is not None
    assert letter.docx is not None
    for page in pypdfium2.PdfDocument(open_file(letter.pdf)):
        assert ("演示文书" in squeezed(page.get_textpage().get_text_bounded())) is demonstration
    section = docx.Document(io.BytesIO(open_file(letter.docx))).sections[0]
    for header in (section.header, section.even_page_header):
        assert ("演示文书" in "".join(one.text for one in header.paragraphs)) is demonstration


def test_the_letter_of_an_act_that_was_only_recorded_is_written_later_with_its_number(case: Case) -> None:
    payload = {"working_days": 10, "approved_by": "seat-x", "number": "云公延〔2026〕7号"}
    case.do(Step("extension.told", TODAY, payload), role="approver")
    first, second = (
        issue_letter(
            body=case.place.body, stream=case.stream, kind="extension_notice",
            fields={"reason": "调阅档案。"},
            actor=case.place.actor("handler"),
        )
        for _ in range(2)
    )  # fmt: skip
    assert (first.number, second.number) == ("云公延〔2026〕7号", "云公延〔2026〕8号")
