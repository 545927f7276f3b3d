"""``rejected_repeat``: the reply that is repeated is chosen from likely repeats, and judged when issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case, content_for
from tests.platform.letters.pages import log_in, send

from gongkai.platform.cases.applicants import ApplicantDetails
from gongkai.platform.cases.facts import answered_before
from gongkai.platform.cases.models import ReplyDraft
from gongkai.platform.cases.services.acting import ActRefused, Step
from gongkai.platform.cases.services.drafts import approve_draft, content_of
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.ledger.models import LedgerEvent

EARLIER = date(2026, 1, 5)


def came(place: Place, day: date, applicant: ApplicantDetails = APPLICANT) -> Case:
    registered = register_letter(
        body=place.body, actor=place.actor("receiving_clerk", day), channel="counter", came_on=day,
        applicant=applicant, items=[ITEM],
    )  # fmt: skip
    return Case(place, registered.summaries[0].stream)


def answered(case: Case) -> str:
    """Answer a case with its letter, by draft and approval; the number."""
    draft = case.submit()
    _done, letter = approve_draft(
        body=case.place.body, stream=case.stream, expected_version=draft.version, expected_seq=case.seq,
        actor=case.place.actor("approver"),
    )  # fmt: skip
    return letter.number


def repeat_of(case: Case, number: str) -> None:
    """Draft, submit and approve that a case repeats what was answered under a number."""
    content = content_for("rejected_repeat")
    draft = case.submit(replace(content, fields={**content.fields, "earlier_number": number}))
    approve_draft(
        body=case.place.body, stream=case.stream, expected_version=draft.version, expected_seq=case.seq,
        actor=case.place.actor("approver"),
    )  # fmt: skip


def test_the_earlier_reply_is_chosen_on_the_form_and_recorded_as_a_fact(county: Place) -> None:
    number = answered(came(county, EARLIER))
    case = came(county, RECEIVED)
    client = log_in(county, "handler")
    url = f"/desk/cases/{case.stream}/reply/?result=rejected_repeat/"
    page = client.get(url).content.decode()
    assert "重复的是哪一次申请" in page and f"{number}　{ITEM.name}（证件号码相同）" in page
    nothing = send(client, url, {"step": "save"})
    assert nothing.status_code == 422 and "请选上面一次申请" in nothing.content.decode()
    chosen = send(client, url, {"earlier": f"{number}|2026年3月3日", "step": "submit"})
    assert number in chosen.content.decode() and "已送审批" in chosen.content.decode()
    draft = ReplyDraft.objects.get(stream=case.stream)
    assert content_of(draft).fields["earlier_number"] == number
    approve_draft(
        body=county.body, stream=case.stream, expected_version=draft.version, expected_seq=case.seq,
        actor=county.actor("approver"),
    )  # fmt: skip
    assert '"facts":{"repeats":1}' in LedgerEvent.objects.get(stream=case.stream, seq=3).payload


def test_a_reply_to_somebody_else_is_no_earlier_reply(county: Place) -> None:
    other = replace(APPLICANT, name="林望", identity_number="110101198001010033", phone="13700000000")
    number = answered(came(county, EARLIER, other))
    case = came(county, RECEIVED)
    page = log_in(county, "handler").get(f"/desk/cases/{case.stream}/reply/?result=rejected_repeat/")
    assert "重复的是哪一次申请" not in page.content.decode()
    with pytest.raises(ActRefused) as refused:
        repeat_of(case, number)
    assert refused.value.refusal.code == "no_repeat"
    assert ReplyDraft.objects.get(stream=case.stream).state == "submitted"


def test_a_reply_that_was_taken_back_is_none(county: Place) -> None:
    earlier = came(county, EARLIER)
    number = answered(earlier)
    earlier.do(Step("reply.revoked", TODAY, {"by": "self"}), role="approver")
    case = came(county, RECEIVED)
    assert answered_before(county.body, case.stream, number, TODAY) == 0


@pytest.mark.parametrize("number", ["", "云公复〔2019〕7号"])
def test_a_number_from_before_the_ledger_is_neither_one_nor_none(case: Case, number: str) -> None:
    assert answered_before(case.place.body, case.stream, number, TODAY) is None


def test_a_number_known_of_somebody_who_may_be_the_same_is_left_open(county: Place) -> None:
    number = answered(came(county, EARLIER, replace(APPLICANT, identity_number="", phone="")))
    case = came(county, RECEIVED)
    assert answered_before(county.body, case.stream, number, TODAY) is None
    repeat_of(case, number)
