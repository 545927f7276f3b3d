"""Words and files of what comes after a reply are erased with the person; what names nobody stays."""

from __future__ import annotations

from datetime import date, time

import pytest
from tests.platform.after.conftest import DECIDED, Case, Desk, answer, archive, decide, later, sue

from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.evidence.pieces import pieces_of
from gongkai.platform.cases.models import Appointment, EvidenceBundle, LossReview
from gongkai.platform.cases.services.appointments import enter_appointment
from gongkai.platform.cases.services.evidence import Chosen, make_bundle
from gongkai.platform.cases.services.losses import sign_review
from gongkai.platform.core.models import PrivateRecord, StoredFile

pytestmark = pytest.mark.one_database
DAY = later(DECIDED, 5)
WORDS = "与陈知微约定的地点"


def test_reviews_appointments_and_bundles_keep_no_word(case: Case, desk: Desk) -> None:
    answer(case)
    sue(case)
    actor, body = case.place.actor("handler", date(2026, 3, 12)), case.place.body
    enter_appointment(
        body=body, stream=case.stream, remedy="remedy-1", kind="hearing", on=date(2026, 3, 18), at=time(9),
        place=WORDS, remarks="", actor=actor,
    )  # fmt: skip
    chosen = [Chosen(one.key, WORDS, "", "") for one in pieces_of(body=body, stream=case.stream, actor=actor)]
    make_bundle(
        body=body, stream=case.stream, remedy="remedy-1", chosen=chosen, expected_version=0, actor=actor
    )
    decide(case)
    later_on = case.place.actor("handler", DAY)
    sign_review(
        body=body, stream=case.stream, loss="remedy-1", cause="procedure", went_wrong=WORDS, measure=WORDS,
        responsible=case.place.seats["handler"].key, due_on=DAY, expected_version=0, actor=later_on,
    )  # fmt: skip
    archive(case, DAY)
    erase_applicant(body=body, stream=case.stream, actor=case.place.actor("approver", DAY))
    assert not PrivateRecord.objects.filter(stream=case.stream).exists()
    assert not StoredFile.objects.filter(stream=case.stream).exists()
    assert (Appointment.objects.count(), LossReview.objects.count()) == (1, 1)
    assert EvidenceBundle.objects.get().file is None
    handler = desk.of("handler", DAY)
    for address in ("", "evidence/remedy-1/", "appointments/remedy-1/", "losses/remedy-1/"):
        page = handler.get(f"/desk/cases/{case.stream}/{address}")
        assert page.status_code == 200 and WORDS not in page.content.decode(), address
    assert handler.get(f"/desk/cases/{case.stream}/bundles/1/").status_code == 404
    assert WORDS not in handler.get("/desk/losses/").content.decode()
