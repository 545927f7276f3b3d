"""What a fee notice and the notice to a third party say is what was found, and how it was worked out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.acts.conftest import answers, set_day
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.drafts import DraftContent, save_draft, submit_draft
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core import private
from gongkai.platform.core.models import Body
from gongkai.platform.ledger.models import LedgerEvent

APPLICANT = ApplicantDetails(
    kind="natural_person", name="陈小明", identity_type="resident_card", identity_number="11010519491231002X"
)
ITEM = RequestedItem(description="县中医院迁建项目施工合同")
FEBRUARY = date(2026, 2, 26)


def came(county: Place, on: date) -> str:
    """A case of the same applicant, received on a day."""
    done = register_letter(
        body=county.body, actor=county.actor("receiving_clerk"), channel="counter", came_on=on,
        applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    return done.summaries[0].stream


@pytest.fixture
def stream(county: Place) -> str:
    """A case received in February, the month before today."""
    set_day(TODAY)
    Body.objects.filter(key=county.body.key).update(how_to_pay="持本通知到窗口缴纳。")
    return came(county, FEBRUARY)


def page_of(client: Client, address: str, **sent: Any) -> str:
    """What a page answers to what was sent."""
    return client.post(address, answers(**sent)).content.decode()


def fee(stream: str) -> str:
    return f"/desk/cases/{stream}/acts/fee.notified/"


def test_earlier_cases_are_those_of_the_month_of_receipt(county: Place, stream: str, handler: Client) -> None:
    second = came(county, date(2026, 2, 27))
    march = came(county, date(2026, 3, 2))
    found = {}
    for one in (stream, second, march):
        page = handler.get(fee(one)).content.decode()
        found[one] = page.split('name="cases_before" value="')[1].split('"')[0]
    assert list(found.values()) == ["0", "1", "0"]


def test_by_pages_nothing_is_asked_of_cases(stream: str, handler: Client) -> None:
    shown = page_of(
        handler, fee(stream), occurred_on="2026-03-03", schedule="fee_per_page", cases_before="0", pages="40",
        reason="数量过多", expected_seq=2, step="check",
    )  # fmt: skip
    assert "第31至40页，每页10元，计100元" in shown


def test_a_request_of_several_items_is_charged_by_all_of_them(stream: str, handler: Client) -> None:
    """45 items in one letter, none before: 10 free, 20 at 100, 10 at 200, 5 at 300 yuan."""
    sent = {
        "occurred_on": "2026-03-03", "schedule": "fee_per_case", "cases_before": "0", "cases_now": "45",
        "reason": "一次提出45项。", "how_to_pay": "到窗口缴纳。", "expected_seq": 2,
    }  # fmt: skip
    handler.post(fee(stream), answers(**sent, step="perform_with_letter"))
    event = LedgerEvent.objects.get(stream=stream, kind="fee.notified")
    assert '"amount":"5500.00"' in event.payload.replace(" ", "")
    letter = OutgoingLetter.objects.get()
    text = private.read_many([letter.text])[letter.text]["text"]
    lines = ("第1至10件免费", "第11至30件，每件100元，计2000元", "第31至40件，每件200元，计2000元",
             "第41至45件，每件300元，计1500元", "合计5500元")  # fmt: skip
    for line in lines:
        assert line in text
    assert "一次提出45项。" in text


def test_a_fee_below_the_schedule_is_said_to_be_less(stream: str, handler: Client) -> None:
    shown = page_of(
        handler, fee(stream), occurred_on="2026-03-03", schedule="fee_per_case", cases_before="10",
        cases_now="3", amount="200", reason="当月第11至13件", how_to_pay="到窗口缴纳。", expected_seq=2,
        step="check",
    )  # fmt: skip
    assert "合计300元" in shown
    assert "本机关减收，收取200.00元" in shown


def test_the_amount_is_calculated_before_the_reason_is_written(stream: str, handler: Client) -> None:
    sent = {"occurred_on": "2026-03-03", "schedule": "fee_per_case", "expected_seq": 2, "step": "calculate"}
    shown = page_of(handler, fee(stream), **sent, cases_before="10", cases_now="3")
    assert "第11至13件，每件100元，计300元" in shown
    assert "请填写“收费的事实和理由”" not in shown
    missing = page_of(handler, fee(stream), **sent, cases_before="")
    assert "没有数量，算不出金额" in missing
    assert "请填写“收费的事实和理由”" not in missing


@pytest.fixture
def objected(county: Place, stream: str) -> str:
    """A case in which a third party objected."""
    party = {"party": "third-party-7f3uay5hqrvq"}
    steps = [
        Step("third_party.consulted", TODAY, party, {"name": "云岭养护有限公司", "about": "附表三"}),
        Step("third_party.delivered", TODAY, party),
        Step("third_party.answered", TODAY, {**party, "consent": False}),
    ]
    perform_acts(
        body=county.body, stream=stream, steps=steps, expected_seq=2, actor=county.actor("handler")
    )  # fmt: skip
    return stream


@pytest.mark.parametrize(("ground", "said"), [
    ("你方不同意公开没有合理理由", "本机关认为你方不同意公开没有合理理由，理由是："),
    ("不公开该信息可能对公共利益造成重大影响", "本机关认为不公开该信息可能对公共利益造成重大影响，理由是："),
])  # fmt: skip
def test_a_third_party_is_told_the_ground_that_was_found(
    objected: str, handler: Client, ground: str, said: str
) -> None:
    address = f"/desk/cases/{objected}/acts/third_party.told/"
    sent = {
        "occurred_on": "2026-03-03", "party": "third-party-7f3uay5hqrvq", "content": "附表三",
        "reason": "没有说明不同意的理由。", "expected_seq": 5,
    }  # fmt: skip
    assert "请填写“为什么仍决定公开”" in page_of(handler, address, **sent, step="check")
    handler.post(address, answers(**sent, disclosure_ground=ground, step="perform_with_letter"))
    letter = OutgoingLetter.objects.get()
    text = private.read_many([letter.text])[letter.text]["text"]
    assert said in text
    assert text.count("公共利益") == ground.count("公共利益")


def test_who_must_be_told_first_is_named_and_linked(county: Place, objected: str, handler: Client) -> None:
    content = DraftContent(
        outcome="granted", fields={"content": "附表三", "how_provided": "邮寄"},
    )  # fmt: skip
    draft = save_draft(
        body=county.body, stream=objected, content=content, expected_version=0, expected_seq=5,
        actor=county.actor("handler"),
    )  # fmt: skip
    submit_draft(
        body=county.body, stream=objected, expected_version=draft.version, actor=county.actor("handler")
    )
    address = f"/desk/cases/{objected}/reply/review/"
    page = handler.get(address).content.decode()
    assert "“云岭养护有限公司”不同意公开" in page
    assert f'href="/desk/cases/{objected}/acts/third_party.told/"' in page
    approver = Client()
    approver.force_login(county.seats["approver"].person, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"step": "approve", "version": "1", "expected_seq": "5", "occurred_on": "2026-03-03"}
    refused = approver.post(address, sent).content.decode()
    assert refused.count("“云岭养护有限公司”不同意公开") == 2
    assert "third-party-7f3uay5hqrvq" not in refused
