"""Several requests in one letter become several cases; later ones are split off before a reply only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import ITEM

from gongkai.platform.cases.applicants import RequestedItem, applicant_of, requested_item_of
from gongkai.platform.cases.intake import letter_view
from gongkai.platform.cases.models import CaseSummary, CaseText
from gongkai.platform.cases.receipt import BadIntake
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster, Step, perform_acts
from gongkai.platform.cases.services.registration import (
    Registered,
    RegisteredAlready,
    confirm_receipt,
    new_letter_ref,
    split_case,
)
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history

Come = Callable[..., Registered]
SECOND = RequestedItem(description="2025 年清河社区电梯更新项目的资金来源")
THREE = [ITEM, SECOND, RequestedItem(description="监理单位的资质")]


def test_each_request_is_a_case_with_the_receipt_of_the_letter(county: Place, come_in: Come) -> None:
    registered = come_in(channel="registered_post", came_on=date(2026, 2, 27), items=THREE)
    assert [case.number for case in registered.summaries] == [f"云公申〔2026〕{n}号" for n in (1, 2, 3)]
    assert {case.received_on for case in registered.summaries} == {date(2026, 2, 27)}
    assert {case.reply_due_on for case in registered.summaries} == {date(2026, 3, 26)}
    first, second, _third = (
        history(body=county.body.key, stream=case.stream).events[0] for case in registered.summaries
    )
    assert (first.kind, first.payload["letter"]) == ("request.received", registered.letter.ref)
    assert (second.kind, second.payload["from"], second.payload["unit"]) == (
        "case.split", registered.letter.ref, 2,
    )  # fmt: skip
    assert second.occurred_on == TODAY
    assert {case.letter for case in registered.summaries} == {registered.letter.ref}
    assert verify_projections(county.body.key).ok
    view = letter_view(body=county.body, ref=registered.letter.ref, actor=county.actor("receiving_clerk"))
    assert view is not None and [case.unit for case in view.cases] == [1, 2, 3]
    for case, item in zip(registered.summaries, THREE, strict=True):
        assert requested_item_of(case.stream) == item
        assert applicant_of(case.stream) == applicant_of(registered.summaries[0].stream)


def test_all_requests_of_a_letter_wait_and_are_confirmed_together(county: Place, come_in: Come) -> None:
    registered = come_in(channel="ordinary_post", came_on=date(2026, 3, 2), items=THREE)
    assert [case.phase for case in registered.summaries] == ["submitted"] * 3
    done = confirm_receipt(
        body=county.body, letter=registered.letter, actor=county.actor("receiving_clerk"),
        confirmed_on=TODAY, confirmation="confirmed_by_phone",
        expected_seq={case.stream: 1 for case in registered.summaries},
    )  # fmt: skip
    assert [case.received_on for case in done.summaries] == [TODAY] * 3
    assert [case.submitted_on for case in done.summaries] == [date(2026, 3, 2)] * 3
    assert len({case.number for case in done.summaries}) == 3


def test_one_stale_case_keeps_the_whole_letter_waiting(county: Place, come_in: Come) -> None:
    registered = come_in(channel="fax", items=THREE)
    seen = {case.stream: 1 for case in registered.summaries}
    seen[registered.summaries[2].stream] = 7
    before = LedgerEvent.objects.count()
    with pytest.raises(SomebodyWasFaster):
        confirm_receipt(
            body=county.body, letter=registered.letter, actor=county.actor("receiving_clerk"),
            confirmed_on=TODAY, confirmation="confirmed_by_phone", expected_seq=seen,
        )  # fmt: skip
    assert LedgerEvent.objects.count() == before
    assert not CaseSummary.objects.exclude(number="").exists()


def test_a_request_found_later_is_split_off_and_leaves_a_note(county: Place, come_in: Come) -> None:
    case = come_in(channel="registered_post", came_on=date(2026, 2, 27)).summaries[0]
    (new,) = split_case(
        body=county.body, stream=case.stream, actor=county.actor("receiving_clerk"), expected_seq=2,
        items=[SECOND],
    )  # fmt: skip
    assert (new.received_on, new.reply_due_on, new.number) == (
        case.received_on, case.reply_due_on, "云公申〔2026〕2号",
    )  # fmt: skip
    assert CaseText.objects.get(stream=new.stream).unit == 2
    assert applicant_of(new.stream) == applicant_of(case.stream)
    assert history(body=county.body.key, stream=case.stream).events[-1].kind == "note.added"
    assert CaseSummary.objects.get(stream=case.stream).reply_due_on == case.reply_due_on


def test_nothing_is_split_after_a_reply(county: Place, come_in: Come) -> None:
    case = come_in().summaries[0]
    reply = Step(
        "reply.issued", TODAY, {"outcome": "granted", "method": "counter", "number": "云公复〔2026〕1号"}
    )
    perform_acts(
        body=county.body, stream=case.stream, steps=[reply], expected_seq=2, actor=county.actor("approver")
    )
    before = LedgerEvent.objects.count()
    with pytest.raises(ActRefused) as refused:
        split_case(
            body=county.body, stream=case.stream, actor=county.actor("receiving_clerk"), expected_seq=3,
            items=[SECOND],
        )  # fmt: skip
    assert refused.value.refusal.code == "split_after_reply"
    assert LedgerEvent.objects.count() == before and CaseText.objects.count() == 1


def test_a_withdrawn_or_unconfirmed_case_is_not_split(county: Place, come_in: Come) -> None:
    waiting = come_in(channel="fax").summaries[0]
    withdrawn = come_in().summaries[0]
    perform_acts(
        body=county.body, stream=withdrawn.stream, expected_seq=2, actor=county.actor("handler"),
        steps=[Step("request.withdrawn", TODAY, {"scope": "whole"})],
    )  # fmt: skip
    for stream, seq, code in ((waiting.stream, 1, "not_received"), (withdrawn.stream, 3, "withdrawn")):
        with pytest.raises(ActRefused) as refused:
            split_case(
                body=county.body, stream=stream, actor=county.actor("receiving_clerk"), expected_seq=seq,
                items=[SECOND],
            )  # fmt: skip
        assert refused.value.refusal.code == code


def test_a_stale_or_unpermitted_split_leaves_no_case(county: Place, come_in: Come) -> None:
    case = come_in().summaries[0]
    with pytest.raises(SomebodyWasFaster):
        split_case(
            body=county.body, stream=case.stream, actor=county.actor("receiving_clerk"), expected_seq=1,
            items=[SECOND],
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        split_case(
            body=county.body, stream=case.stream, actor=county.actor("handler"), expected_seq=2,
            items=[SECOND],
        )  # fmt: skip
    with pytest.raises(BadIntake):
        split_case(
            body=county.body, stream=case.stream, actor=county.actor("receiving_clerk"), expected_seq=2,
            items=[],
        )  # fmt: skip
    assert CaseText.objects.count() == 1 == CaseSummary.objects.count()


def test_a_form_sent_twice_registers_once(come_in: Come) -> None:
    ref = new_letter_ref()
    registered = come_in(ref=ref)
    with pytest.raises(RegisteredAlready) as already:
        come_in(ref=ref)
    assert already.value.letter == registered.letter
    assert CaseSummary.objects.count() == 1
