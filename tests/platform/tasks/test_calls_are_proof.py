"""The record of a call has what a proof needs, and confirms a receipt where one must be confirmed."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.platform.conftest import Place
from tests.platform.letters.conftest import APPLICANT, ITEM, Case
from tests.platform.letters.pages import log_in, send

from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.services.papers import NewPaper, add_papers
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.ledger.selectors import history

pytestmark = pytest.mark.one_database


def test_a_call_says_when_with_whom_and_what_with_its_recording(
    case: Case, clients: dict[str, Client]
) -> None:
    (paper,) = add_papers(
        body=case.place.body, stream=case.stream, actor=case.place.actor("handler"),
        papers=[NewPaper(kind="proof", name="通话录音.mp3", content=b"ID3" + bytes(64))],
    )  # fmt: skip
    url = f"/desk/cases/{case.stream}/acts/note.added/"
    said = {
        "kind": "call", "phone": APPLICANT.phone, "at": "15:20", "spoke_to": "本人", "text": "同意改为邮寄",
        "recording": paper.file_id, "step": "perform",
    }  # fmt: skip
    send(clients["handler"], url, said)
    entry = history(body=case.place.body.key, stream=case.stream).events[-1]
    assert entry.kind == "note.added" and "同意改为邮寄" not in str(entry.payload)
    page = clients["handler"].get(f"/desk/cases/{case.stream}/").content.decode()
    assert "15:20" in page and "同意改为邮寄" in page and "通话录音.mp3" in page
    assert APPLICANT.phone not in page
    foreign = clients["handler"].post(url, {**said, "recording": "file-x", "expected_seq": case.seq})
    assert foreign.status_code == 422


def test_a_call_confirms_the_receipt_and_is_entered_with_it(county: Place) -> None:
    registered = register_letter(
        body=county.body, actor=county.actor("receiving_clerk", date(2026, 3, 2)), channel="fax",
        came_on=date(2026, 3, 2), applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    client = log_in(county, "receiving_clerk")
    url = f"/desk/register/{registered.letter.ref}/confirm/"
    assert client.get(url).status_code == 200
    stream = registered.summaries[0].stream
    form = {
        "confirmed_on": "2026-03-03", "confirmation": "confirmed_by_phone", "call_at": "9:40",
        "call_spoke_to": "本人", "seen": f"{stream}:{registered.summaries[0].last_seq}", "do": "check",
    }  # fmt: skip
    assert "请写明电话里说了什么" in client.post(url, form).content.decode()
    other = {**form, "call_text": "收到传真", "confirmation": "confirmed_in_person"}
    assert "请选电话确认" in client.post(url, other).content.decode()
    checked = client.post(url, {**form, "call_text": "收到传真"}).content.decode()
    assert 'name="call_text" value="收到传真"' in checked
    client.post(url, {**form, "call_text": "收到传真", "do": "confirm"})
    kinds = [event.kind for event in history(body=county.body.key, stream=stream).events]
    assert kinds == ["request.submitted", "request.received", "note.added", "request.registered"]
    page = client.get(f"/desk/cases/{stream}/").content.decode()
    assert "收到传真" in page and "9:40" in page and "电话记录" in page
    assert CaseText.objects.filter(stream=stream).exists()
