"""What bears a secret mark is refused before anything is stored; a pointer is kept in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import content_for
from tests.platform.sensitive.conftest import Office
from tests.platform.sensitive.files import pdf_of, word_of

from gongkai.platform.cases.at_hand import at_hand
from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.models import CaseFile, CaseSummary, CaseText, FalseAlarm, SecretPointer
from gongkai.platform.cases.readers import NoSuchCase
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.cases.services.papers import BadPaper, NewPaper, add_papers, keep_upload, papers_of
from gongkai.platform.cases.services.secret import (
    BadPointer,
    point_to_secret,
    secret_pointers,
    withdraw_pointer,
)
from gongkai.platform.core import private
from gongkai.platform.core.files import SecretRefused, private_root
from gongkai.platform.core.models import AuditEntry, PrivateRecord, StoredFile
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.secrecy import SecretText
from gongkai.platform.ledger.models import LedgerEvent

MARKED = pdf_of("机密★5年", "清河大桥荷载试验报告")
REASON = "2025 年 6 月已经解密，见解密通知"


def add(office: Office, role: str = "handler", **given: Any) -> Any:
    usual: dict[str, Any] = {"kind": "original", "name": "报告.pdf", "content": MARKED}
    return add_papers(
        body=office.place.body, stream=office.case.stream, actor=office.place.actor(role),
        papers=[NewPaper(**{**usual, **given})],
    )  # fmt: skip


def stored() -> int:
    return StoredFile.objects.count() + sum(1 for path in private_root().glob("*/*") if path.is_file())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"content": word_of("秘密★1年", "报告"), "name": "报告.docx"},
        {"content": b"%PDF-1.4 a scan", "name": "机密★10年 报告.pdf"},
    ],
    ids=["head of a PDF", "head of a DOCX", "name"],
)
def test_a_marked_file_is_refused_and_nothing_of_it_is_stored(office: Office, given: dict[str, Any]) -> None:
    before = stored()
    with pytest.raises(SecretRefused) as refused:
        add(office, **given)
    assert stored() == before
    assert not CaseFile.objects.filter(stream=office.case.stream).exists()
    assert "涉密台账" in refused.value.message
    entry = AuditEntry.objects.get(act="secret.refused")
    assert (entry.success, entry.object) == (False, office.case.stream)
    assert "大桥" not in entry.detail
    assert "报告" not in entry.detail


def test_an_upload_of_a_form_that_is_not_sent_yet_is_refused_too(office: Office) -> None:
    before = stored()
    with pytest.raises(SecretRefused):
        keep_upload(
            body=office.place.body, actor=office.place.actor("receiving_clerk"), name="a.pdf", content=MARKED
        )
    assert stored() == before
    assert AuditEntry.objects.filter(act="secret.refused").count() == 1


def test_a_false_alarm_is_answered_for_in_writing(office: Office) -> None:
    with pytest.raises(BadPaper):
        add(office, no_secret=REASON[:4])
    assert not FalseAlarm.objects.exists()
    (paper,) = add(office, no_secret=REASON)
    alarm = FalseAlarm.objects.get()
    assert (alarm.file, alarm.seat) == (paper.file_id, office.place.seats["handler"])
    assert private.read_many([alarm.reason])[alarm.reason] == {"reason": REASON}
    (shown,) = papers_of(
        body=office.place.body, stream=office.case.stream, actor=office.place.actor("approver")
    )
    assert REASON in shown.answered
    FalseAlarm.objects.update(at=datetime(2026, 3, 3, 17, tzinfo=UTC))  # one o'clock of the next day here
    (shown,) = papers_of(
        body=office.place.body, stream=office.case.stream, actor=office.place.actor("approver")
    )
    assert "2026-03-04" in shown.answered
    assert AuditEntry.objects.filter(act="secret.overridden", object=paper.file_id).count() == 1


def test_a_reason_beside_a_file_without_mark_is_no_alarm(office: Office) -> None:
    add(office, content=b"%PDF-1.4 plain", no_secret=REASON)
    assert not FalseAlarm.objects.exists()


def test_a_text_that_begins_like_a_secret_is_not_kept(office: Office) -> None:
    records, acts = PrivateRecord.objects.count(), LedgerEvent.objects.count()
    with pytest.raises(SecretText) as refused:
        perform_act(
            body=office.place.body, stream=office.case.stream, kind="note.added", occurred_on=TODAY,
            payload={"kind": "other"}, texts={"text": "机密★10年\n清河大桥的荷载"},
            expected_seq=office.case.seq, actor=office.place.actor("handler"),
        )  # fmt: skip
    assert "涉密登记指引" in refused.value.message
    assert (PrivateRecord.objects.count(), LedgerEvent.objects.count()) == (records, acts)


@pytest.mark.one_database
def test_on_the_page_a_marked_text_is_answered_with_what_to_do(office: Office) -> None:
    client = office.client(office.place.seats["handler"])
    page = reverse("desk:act", args=[office.case.stream, "note.added"])
    typed = {
        "occurred_on": TODAY.isoformat(), "kind": "other", "text": "秘密★1年\n清河大桥的荷载",
        "expected_seq": str(office.case.seq), "step": "perform",
    }  # fmt: skip
    answer = client.post(page, typed)
    assert answer.status_code == 422
    assert "去掉行首的密级标志" in answer.content.decode()
    assert "荷载" not in answer.content.decode()
    entry = AuditEntry.objects.get(act="secret.refused")
    assert "荷载" not in entry.detail


@pytest.mark.one_database
def test_a_marked_application_is_not_registered(office: Office) -> None:
    client = office.client(office.place.seats["receiving_clerk"])
    upload = SimpleUploadedFile("申请.pdf", MARKED, "application/pdf")
    cases = CaseSummary.objects.count()
    answer = client.post(
        reverse("desk:register"), {"do": "check", "items": "0", "new_files": upload, "new_kind": "other"}
    )
    assert "有密级标志" in answer.content.decode()
    assert CaseSummary.objects.count() == cases
    assert not StoredFile.objects.filter(stream__startswith="upload-").exists()


def point(office: Office, role: str = "handler", **given: str) -> SecretPointer:
    said = {"number": "云密登 2026-7", "keeper": "郑守拙", "place": "保密室 2 号柜", **given}
    return point_to_secret(
        body=office.place.body, stream=office.case.stream, actor=office.place.actor(role), **said
    )


def test_a_pointer_says_where_and_stands_beside_a_refusal_for_secrecy(office: Office) -> None:
    actor = office.place.actor("handler")
    where: dict[str, Any] = {"body": office.place.body, "stream": office.case.stream}
    office.case.save(content_for("denied_state_secret"))
    assert at_hand(**where, actor=actor).lacks_pointer
    point(office)
    found = at_hand(**where, actor=actor)
    assert not found.lacks_pointer
    assert [one.number for one in found.pointers] == ["云密登 2026-7"]
    assert not AuditEntry.objects.filter(detail__contains="郑守拙").exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [("number", ""), ("keeper", "  "), ("place", "长" * 61), ("place", "一\n二"), ("number", "机密★10年")],
)
def test_a_pointer_holds_no_content(office: Office, field: str, text: str) -> None:
    with pytest.raises(BadPointer) as refused:
        point(office, **{field: text})
    assert refused.value.field == field
    assert not SecretPointer.objects.exists()


def test_a_mistaken_pointer_is_withdrawn_and_stays_in_the_records(office: Office) -> None:
    where: dict[str, Any] = {"body": office.place.body, "stream": office.case.stream}
    pointer, actor = point(office), office.place.actor("handler")
    withdraw_pointer(**where, key=pointer.key, actor=actor)
    with pytest.raises(SecretPointer.DoesNotExist):
        withdraw_pointer(**where, key=pointer.key, actor=actor)
    assert secret_pointers(**where, actor=actor) == ()
    assert len(secret_pointers(**where, actor=actor, withdrawn=True)) == 1


def test_only_who_handles_the_case_points_and_only_the_office_reads_it(
    office: Office, department: Place
) -> None:
    for role in ("supervisor", "report_author", "audit_administrator"):
        with pytest.raises(NotPermitted):
            point(office, role)
    point(office)
    where: dict[str, Any] = {"body": office.place.body, "stream": office.case.stream}
    assert secret_pointers(**where, actor=office.place.actor("approver"))
    assert secret_pointers(**where, actor=office.place.actor("supervisor")) == ()
    office.flag(readers=[office.place.seats["approver"]])
    assert secret_pointers(**where, actor=office.place.actor("handler")) == ()
    with pytest.raises(NoSuchCase):
        point(office)


def test_pointers_and_answers_are_erased_with_the_person(office: Office) -> None:
    point(office)
    add(office, no_secret=REASON)
    CaseSummary.objects.update(open=False)
    erase_applicant(body=office.place.body, stream=office.case.stream, actor=office.place.actor("approver"))
    assert not PrivateRecord.objects.filter(kind__in=["secret.pointer", "secret.answer"]).exists()
    (left,) = secret_pointers(
        body=office.place.body, stream=office.case.stream, actor=office.place.actor("handler")
    )
    assert (left.number, left.keeper) == ("", "")
    assert CaseText.objects.get(stream=office.case.stream).title == ""
