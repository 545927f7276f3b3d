"""An act that is told by a letter shows it before it is confirmed, and writes it with the act or not."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.platform.acts.conftest import answers, set_day
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.models import LedgerEvent

SENT = answers(
    occurred_on="2026-03-03", points="请写明文件名称", respond_by="2026-03-24", expected_seq=2, method="post"
)


@pytest.fixture
def registered(county: Place) -> str:
    """A case of a letter, with an applicant."""
    set_day(TODAY)
    done = register_letter(
        body=county.body, actor=county.actor("receiving_clerk"), channel="counter", came_on=date(2026, 2, 27),
        applicant=ApplicantDetails(
            kind="natural_person", name="陈小明", identity_number="11010519491231002X"
        ),
        items=[RequestedItem(description="县中医院迁建项目施工合同")],
    )  # fmt: skip
    return done.summaries[0].stream


def test_the_letter_is_shown_then_written_with_the_act(registered: str, handler: Client) -> None:
    address = f"/desk/cases/{registered}/acts/correction.requested/"
    shown = handler.post(address, {**SENT, "step": "check"}).content.decode()
    assert "随之出具的文书" in shown
    assert "请写明文件名称" in shown
    assert not OutgoingLetter.objects.exists()
    done = handler.post(address, {**SENT, "step": "perform_with_letter"}, follow=True)
    letter = OutgoingLetter.objects.get()
    assert letter.number in done.content.decode()
    assert (letter.stream, letter.seq) == (registered, 3)
    assert letter.number in LedgerEvent.objects.get(stream=registered, seq=3).payload


def test_an_act_can_be_entered_without_its_letter(registered: str, handler: Client) -> None:
    address = f"/desk/cases/{registered}/acts/correction.requested/"
    handler.post(address, {**SENT, "step": "perform"})
    assert LedgerEvent.objects.filter(stream=registered, kind="correction.requested").exists()
    assert not OutgoingLetter.objects.exists()


def test_a_letter_that_cannot_be_written_leaves_the_act_undone(registered: str, handler: Client) -> None:
    address = f"/desk/cases/{registered}/acts/fee.notified/"
    sent = answers(
        occurred_on="2026-03-03",
        schedule="fee_per_case",
        cases_before="11",
        reason="当月第12件",
        expected_seq=2,
    )
    shown = handler.post(address, {**sent, "step": "check"}).content.decode()
    assert "文书现在还不能出具" in shown
    assert "缴费方式" in shown
    refused = handler.post(address, {**sent, "step": "perform_with_letter"})
    assert refused.status_code == 422
    assert "缴费方式" in refused.content.decode()
    assert not LedgerEvent.objects.filter(stream=registered, kind="fee.notified").exists()


def test_who_the_applicant_is_shows_only_when_asked_for_and_is_audited(
    registered: str, handler: Client
) -> None:
    address = f"/desk/cases/{registered}/"
    plain = handler.get(address).content.decode()
    assert "陈*" in plain
    assert "陈小明" not in plain
    assert not AuditEntry.objects.filter(act="case.identity_read").exists()
    asked = handler.post(f"{address}identity/").content.decode()
    assert "陈小明" in asked
    assert "11010519491231002X" in asked
    assert AuditEntry.objects.filter(act="case.identity_read", object=registered).count() == 1


def test_a_person_consulted_is_masked_until_asked_for(registered: str, handler: Client) -> None:
    sent = answers(
        occurred_on="2026-03-03", whom="new", party_kind="person", name="李大山", contact="13900000000",
        about="宅基地档案", expected_seq=2, step="perform",
    )  # fmt: skip
    handler.post(f"/desk/cases/{registered}/acts/third_party.consulted/", sent)
    page = handler.get(f"/desk/cases/{registered}/").content.decode()
    assert "李*" in page
    assert "李大山" not in page
    assert "13900000000" not in page
    assert "李大山" not in "".join(LedgerEvent.objects.values_list("payload", flat=True))
    asked = handler.post(f"/desk/cases/{registered}/identity/").content.decode()
    assert "李大山" in asked
