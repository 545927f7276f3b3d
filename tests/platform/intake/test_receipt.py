"""The day of receipt is fixed by the channel (art. 31), and everything hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import APPLICANT, ITEM

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.models import CaseSummary, CaseText, IncomingLetter, NumberSequence
from gongkai.platform.cases.receipt import BadIntake
from gongkai.platform.cases.services.acting import ActRefused, DatedInFuture, SomebodyWasFaster
from gongkai.platform.cases.services.registration import Registered, confirm_receipt
from gongkai.platform.core.models import AuditEntry, LocalRule, PrivateRecord, Subject
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

Come = Callable[..., Registered]
DIRECT = {
    "counter": "handed_in", "oral": "form_filled", "registered_post": "signed_for", "superior": "transferred",
}  # fmt: skip
CONFIRMED = ("ordinary_post", "fax", "email", "internet")


def kinds(county: Place, stream: str) -> list[str]:
    return [event.kind for event in history(body=county.body.key, stream=stream).events]


@pytest.mark.parametrize("channel", DIRECT)
def test_the_day_itself_is_the_receipt_of_what_was_handed_in_or_signed_for(
    county: Place, come_in: Come, channel: str
) -> None:
    came = TODAY - timedelta(days=1)
    case = come_in(channel=channel, came_on=came).summaries[0]
    assert (case.received_on, case.submitted_on, case.number) == (came, None, "云公申〔2026〕1号")
    first = history(body=county.body.key, stream=case.stream).events[0]
    assert (first.kind, first.payload["how"]) == ("request.received", DIRECT[channel])


@pytest.mark.parametrize("channel", [channel for channel in CONFIRMED if channel != "internet"])
def test_other_channels_wait_until_both_sides_confirm(county: Place, come_in: Come, channel: str) -> None:
    registered = come_in(channel=channel, came_on=date(2026, 3, 2))
    case = registered.summaries[0]
    assert (case.submitted_on, case.received_on, case.number) == (date(2026, 3, 2), None, "")
    assert case.reply_due_on is None
    assert not NumberSequence.objects.exists()
    done = confirm_receipt(
        body=county.body, letter=registered.letter, actor=county.actor("receiving_clerk"),
        confirmed_on=date(2026, 3, 3), confirmation="confirmed_by_phone", expected_seq={case.stream: 1},
        remark="与本人通话",
    )  # fmt: skip
    row = done.summaries[0]
    assert (row.received_on, row.number, row.reply_due_on) == (
        date(2026, 3, 3), "云公申〔2026〕1号", date(2026, 3, 31),
    )  # fmt: skip
    assert row.letter == registered.letter.ref


def test_the_web_confirms_by_itself_unless_the_body_confirms_by_hand(county: Place, come_in: Come) -> None:
    case = come_in(channel="internet", came_on=date(2026, 3, 2)).summaries[0]
    assert (case.submitted_on, case.received_on) == (date(2026, 3, 2), date(2026, 3, 2))
    LocalRule.objects.create(
        body=county.body, key="web_auto_confirm", value=False, kind="setting", from_date=date(2026, 1, 1),
        source="云溪县依申请公开工作规程",
    )  # fmt: skip
    case = come_in(channel="internet", came_on=date(2026, 3, 2)).summaries[0]
    assert (case.submitted_on, case.received_on, case.number) == (date(2026, 3, 2), None, "")


@pytest.mark.parametrize("channel", CONFIRMED)
def test_a_letter_confirmed_at_once_is_received_at_once(county: Place, come_in: Come, channel: str) -> None:
    case = come_in(
        channel=channel, came_on=date(2026, 3, 2), confirmed_on=TODAY, confirmation="confirmed_in_person"
    ).summaries[0]
    assert kinds(county, case.stream) == ["request.submitted", "request.received", "request.registered"]
    assert (case.submitted_on, case.received_on) == (date(2026, 3, 2), TODAY)


def test_a_letter_entered_late_keeps_its_legal_dates(county: Place, come_in: Come) -> None:
    case = come_in(channel="registered_post", came_on=date(2026, 1, 12)).summaries[0]
    assert (case.received_on, case.reply_due_on) == (date(2026, 1, 12), date(2026, 2, 9))
    registered = history(body=county.body.key, stream=case.stream).events[-1]
    assert (registered.kind, registered.occurred_on) == ("request.registered", TODAY)


def test_a_number_given_on_paper_is_taken_over_and_never_given_again(come_in: Come) -> None:
    item = RequestedItem(description=ITEM.description, number="云公申〔2026〕1号")
    assert come_in(items=[item]).summaries[0].number == "云公申〔2026〕1号"
    assert come_in().summaries[0].number == "云公申〔2026〕2号"
    with pytest.raises(ActRefused) as refused:
        come_in(items=[item])
    assert refused.value.refusal.code == "number_in_use"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"items": []}, "description"),
        ({"channel": "fax", "came_on": date(26, 3, 2)}, "came_on"),
        ({"channel": "internet", "came_on": date(1, 1, 1)}, "came_on"),
        ({"confirmed_on": TODAY, "confirmation": "confirmed_by_phone"}, "confirmed_on"),
        (
            {"channel": "fax", "confirmed_on": date(2026, 3, 2), "confirmation": "confirmed_by_phone"},
            "confirmed_on",
        ),
        ({"channel": "fax", "confirmed_on": TODAY}, "confirmation"),
        ({"channel": "fax", "confirmed_on": TODAY, "confirmation": "handed_in"}, "confirmation"),
    ],
)
def test_what_cannot_be_registered_says_which_field(come_in: Come, given: dict, field: str) -> None:
    with pytest.raises(BadIntake) as bad:
        come_in(**given)
    assert bad.value.field == field
    assert not LedgerEvent.objects.exists()


def nothing_but_audit() -> bool:
    tables = (CaseText, CaseSummary, IncomingLetter, PrivateRecord, Subject, LedgerEvent, NumberSequence)
    return not any(table.objects.exists() for table in tables)


def test_a_refused_second_item_leaves_nothing_of_the_first(come_in: Come) -> None:
    items = [
        ITEM,
        RequestedItem(description="另一项"),
        RequestedItem(description="第三项", number="旧〔2018〕1号"),
    ]
    with pytest.raises(ActRefused):
        come_in(items=items, came_on=date(2018, 5, 1), channel="registered_post")
    assert nothing_but_audit()
    assert AuditEntry.objects.filter(act="case.act_refused", success=False).count() == 1


def test_nothing_is_received_tomorrow(come_in: Come) -> None:
    with pytest.raises(DatedInFuture):
        come_in(came_on=TODAY + timedelta(days=1))
    assert nothing_but_audit()


@pytest.mark.parametrize(
    "role",
    ["handler", "approver", "supervisor", "report_author", "editor", "reviewer", "secrecy_reviewer",
     "system_administrator", "security_administrator", "audit_administrator"],
)  # fmt: skip
def test_only_the_receiving_clerk_registers(come_in: Come, role: str) -> None:
    with pytest.raises(NotPermitted):
        come_in(role=role)
    assert nothing_but_audit()


def test_no_clerk_of_another_body_registers(come_in: Come, department: Place, foreign: Place) -> None:
    for place in (department, foreign):
        with pytest.raises(NotPermitted):
            come_in(place=place)


def test_two_clerks_confirm_one_letter_once(county: Place, come_in: Come) -> None:
    registered = come_in(channel="email")
    given: dict[str, Any] = {
        "body": county.body, "letter": registered.letter, "actor": county.actor("receiving_clerk"),
        "confirmed_on": TODAY, "confirmation": "confirmed_by_message",
    }  # fmt: skip
    with pytest.raises(SomebodyWasFaster):
        confirm_receipt(**given, expected_seq={registered.summaries[0].stream: 0})
    confirm_receipt(**given, expected_seq={registered.summaries[0].stream: 1})
    with pytest.raises(BadIntake):
        confirm_receipt(**given, expected_seq={registered.summaries[0].stream: 1})
    assert CaseSummary.objects.get().number == "云公申〔2026〕1号"


def test_the_ledger_holds_nothing_of_the_person_or_the_words(come_in: Come) -> None:
    come_in(channel="fax", confirmed_on=TODAY, confirmation="confirmed_by_phone", remark="其女儿接的电话")
    chain = "".join(LedgerEvent.objects.values_list("payload", flat=True))
    audited = "".join(AuditEntry.objects.values_list("detail", flat=True))
    for word in (APPLICANT.name, APPLICANT.identity_number, APPLICANT.phone, "清河", "电梯", "女儿"):
        assert word not in chain + audited
    assert "commitment" in chain
