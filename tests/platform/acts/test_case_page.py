"""The case page: who sees what of a case."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.platform.acts.conftest import SignIn, answers
from tests.platform.conftest import Place

from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.models import LedgerEvent

pytestmark = pytest.mark.one_database  # pages; what they call is tested on both


def test_the_page_answers_state_turn_and_due_date(received: str, handler: Client) -> None:
    page = handler.get(f"/desk/cases/{received}/").content.decode()
    for word in (
        "云公申〔2026〕1号",
        "办理中",
        "现在轮到",
        "2026-03-13（周五，还有 8 个工作日）",
        "告知补正",
    ):
        assert word in page


def test_somebody_elsewhere_does_not_learn_that_the_case_exists(
    received: str, foreign: Place, sign_in: SignIn
) -> None:
    stranger = sign_in(foreign, "handler")
    for path in ("", "acts/note.added/", "acts/entry.corrected/"):
        assert stranger.get(f"/desk/cases/{received}/{path}").status_code == 404
    assert stranger.post(f"/desk/cases/{received}/identity/").status_code == 404
    assert stranger.post(f"/desk/cases/{received}/handler/", {"handler": ""}).status_code == 404
    assert stranger.get("/desk/cases/case-that-is-not/").status_code == 404


def test_a_supervisor_reads_and_is_offered_nothing(received: str, county: Place, sign_in: SignIn) -> None:
    client = sign_in(county, "supervisor")
    page = client.get(f"/desk/cases/{received}/").content.decode()
    assert "只能查看" in page
    assert "/acts/" not in page
    assert client.get(f"/desk/cases/{received}/acts/note.added/").status_code == 403


def test_a_note_goes_from_form_to_confirmation_to_the_timeline(received: str, handler: Client) -> None:
    address = f"/desk/cases/{received}/acts/note.added/"
    form = handler.get(address)
    assert form.status_code == 200
    data = answers(occurred_on="2026-03-03", kind="call", text="来电询问进度", expected_seq=2)
    confirm = handler.post(address, {**data, "step": "check"})
    assert "答复期限不变" in confirm.content.decode()
    assert not LedgerEvent.objects.filter(kind="note.added").exists()
    done = handler.post(address, {**data, "step": "perform"}, follow=True)
    assert done.redirect_chain[-1][0] == f"/desk/cases/{received}/"
    assert "来电询问进度" in done.content.decode()
    assert AuditEntry.objects.filter(act="case.act", object=received).count() == 3
