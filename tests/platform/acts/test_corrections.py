"""A mistaken entry is put right by a further one, also twice; no two cases come to bear one number by it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.acts.conftest import STREAM, SignIn, answers, perform
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import ActRefused, Step
from gongkai.platform.ledger.models import LedgerEvent

ADDRESS = f"/desk/cases/{STREAM}/acts/entry.corrected/"


@pytest.fixture
def clerk_at_desk(county: Place, sign_in: SignIn) -> Client:
    return sign_in(county, "receiving_clerk")


def correction(seq: int, **replacement: Any) -> Step:
    return Step("entry.corrected", TODAY, {"seq": seq, "replacement": replacement or None})


def sent(seq: int, **given: Any) -> dict[str, str]:
    usual = {"entry": 1, "occurred_on": TODAY, "reason": "与来件核对，日期抄错", "how": "replace"}
    return answers(**{**usual, "expected_seq": seq, "step": "perform", **given})


def test_no_correction_gives_a_case_the_number_of_another(county: Place, received: str) -> None:
    other = (
        Step(
            "request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "natural_person"}
        ),
        Step("request.registered", date(2026, 2, 9), {"number": "云公申〔2026〕2号"}),
    )
    perform(county, other, stream="case-2")
    with pytest.raises(ActRefused) as refused:
        perform(county, [correction(2, payload={"number": "云公申〔2026〕1号"})], stream="case-2", seq=2)
    assert refused.value.refusal.code == "number_in_use"
    assert CaseSummary.objects.get(stream="case-2").number == "云公申〔2026〕2号"
    perform(county, [correction(2, payload={"number": "云公申〔2026〕3号"})], stream="case-2", seq=2)
    assert CaseSummary.objects.get(stream="case-2").number == "云公申〔2026〕3号"


def test_a_correction_that_was_wrong_is_corrected_once_more(
    county: Place, received: str, clerk_at_desk: Client
) -> None:
    seq = perform(county, [correction(1, occurred_on="2026-02-06")], seq=2)
    assert f'href="?entry={1}"' in clerk_at_desk.get(ADDRESS).content.decode()
    form = clerk_at_desk.get(ADDRESS, {"entry": 1}).content.decode()
    assert 'value="2026-02-06"' in form, "the form begins with what holds now"
    given = {"new_on": "2026-02-05", "new_channel": "counter", "new_applicant_kind": "natural_person"}
    done = clerk_at_desk.post(ADDRESS, sent(seq, **given), follow=True)
    assert done.redirect_chain, done.content.decode()
    assert CaseSummary.objects.get(stream=STREAM).received_on == date(2026, 2, 5)
    page = done.content.decode()
    assert "原记：2026-02-09" in page and "2026-02-05" in page


def test_what_was_struck_through_meanwhile_is_told_and_nothing_typed_is_lost(
    county: Place, received: str, clerk_at_desk: Client
) -> None:
    seq = perform(county, [Step("note.added", TODAY, {"kind": "call"})], seq=2)
    given = sent(seq, entry=3, new_on="2026-03-02", new_kind="other", reason="记错了日子")
    perform(county, [correction(3)], seq=seq)
    late = clerk_at_desk.post(ADDRESS, given)
    assert late.status_code == 409
    assert "记错了日子" in late.content.decode()
    assert LedgerEvent.objects.filter(stream=STREAM).count() == seq + 1
    assert clerk_at_desk.get(ADDRESS, {"entry": 3}).status_code == 404
    assert "?entry=3" not in clerk_at_desk.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("correction.requested", {"points": "请写明", "respond_by": "9999-12-31"}),
        ("task.assigned", {"unit_choice": "new", "name": "档案室", "kind": "handle", "due_on": "2206-03-05"}),
    ],
)
def test_a_term_in_a_year_without_calendar_is_refused(
    received: str, handler: Client, kind: str, given: dict[str, str]
) -> None:
    term = next(name for name in given if name in ("respond_by", "due_on"))
    page = handler.post(
        f"/desk/cases/{STREAM}/acts/{kind}/",
        answers(occurred_on=TODAY, expected_seq=2, step="perform", **given),
    )
    assert page.status_code == 422
    assert f'href="#f-{term}"' in page.content.decode() and "2050" in page.content.decode()
    assert LedgerEvent.objects.filter(stream=STREAM).count() == 2
