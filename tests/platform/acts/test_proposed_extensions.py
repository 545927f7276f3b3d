"""An extension is proposed by who handles a case and decided by the head of the office; no act until then."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.platform.acts.conftest import SignIn, answers, perform
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.models import ExtensionProposal
from gongkai.platform.cases.selectors.filters import WorkFilters
from gongkai.platform.cases.selectors.work_list import work_list
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster, Step
from gongkai.platform.cases.services.extensions import (
    NoProposal,
    ProposedAlready,
    propose_extension,
    return_proposal,
    withdraw_proposal,
)
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent

REASON = "需要查阅历年档案"


def propose(place: Place, stream: str, role: str = "handler", days: int = 15, seq: int = 2) -> None:
    propose_extension(
        body=place.body, stream=stream, working_days=days, reason=REASON, expected_seq=seq,
        actor=place.actor(role),
    )  # fmt: skip


def states() -> list[str]:
    return sorted(ExtensionProposal.objects.values_list("state", flat=True))


def mine(place: Place, role: str) -> int:
    return work_list(place.actor(role), WorkFilters()).counts.mine


def test_a_proposal_goes_from_the_handler_to_the_head_and_becomes_the_act(
    received: str, county: Place, handler: Client, approver: Client
) -> None:
    url = f"/desk/cases/{received}/extension/"
    assert url in handler.get(f"/desk/cases/{received}/").content.decode()
    sent = answers(step="propose", working_days=15, reason=REASON, expected_seq=2)
    wrong = handler.post(url, {**sent, "working_days": "21"})
    assert wrong.status_code == 422 and "最多 20 个工作日" in wrong.content.decode()
    stale = handler.post(url, {**sent, "expected_seq": "1"})
    assert stale.status_code == 409 and REASON in stale.content.decode()
    assert mine(county, "approver") == 0
    assert "已送负责人决定" in handler.post(url, sent, follow=True).content.decode()
    assert LedgerEvent.objects.count() == 2 and mine(county, "approver") == 1
    assert "延期建议待决定" in approver.get("/desk/").content.decode()
    page = approver.get(url).content.decode()
    assert REASON in page and "延长 15 个工作日" in page
    act = f"/desk/cases/{received}/acts/extension.told/"
    form = approver.get(act).content.decode()
    assert 'value="15"' in form and REASON in form
    data = answers(occurred_on=TODAY, working_days=15, reason=REASON, expected_seq=2)
    approver.post(act, {**data, "step": "perform"})
    assert states() == ["told"] and mine(county, "approver") == 0
    assert "延期建议" not in handler.get(f"/desk/cases/{received}/").content.decode()
    entry = AuditEntry.objects.get(act="extension.proposed")
    assert REASON not in entry.detail


def test_what_is_not_agreed_to_comes_back_with_a_word_and_may_be_proposed_again(
    received: str, county: Place, handler: Client, approver: Client
) -> None:
    propose(county, received)
    url = f"/desk/cases/{received}/extension/"
    assert approver.post(url, {"step": "return", "remarks": " "}).status_code == 422
    approver.post(url, {"step": "return", "remarks": "按期答复"})
    assert states() == ["returned"]
    assert "按期答复" in handler.get(f"/desk/cases/{received}/").content.decode()
    late = approver.post(url, {"step": "return", "remarks": "下次早些提出"})
    assert late.status_code == 409 and "下次早些提出" in late.content.decode()
    propose(county, received)
    sent = answers(step="propose", working_days=10, reason="另有三卷要查", expected_seq=2)
    second = handler.post(url, sent)
    assert second.status_code == 409 and "另有三卷要查" in second.content.decode()
    handler.post(url, {"step": "withdraw"})
    assert states() == ["returned", "withdrawn"]
    assert handler.post(url, {"step": "x"}).status_code == 404


def test_a_reply_overtakes_a_proposal(received: str, county: Place) -> None:
    propose(county, received)
    perform(county, [Step("request.withdrawn", TODAY, {"scope": "whole"})], seq=2)
    assert states() == ["lapsed"]


def test_what_the_law_would_refuse_is_not_proposed(received: str, county: Place) -> None:
    with pytest.raises(ActRefused):
        propose(county, received, days=21)
    with pytest.raises(SomebodyWasFaster):
        propose(county, received, seq=1)
    propose(county, received)
    with pytest.raises(ProposedAlready):
        propose(county, received)
    told = Step("extension.told", TODAY, {"working_days": 5, "approved_by": "seat-x"})
    perform(county, [told], seq=2)
    with pytest.raises(ActRefused) as refused:
        propose(county, received, seq=3)
    assert refused.value.kind == "extension.told"
    with pytest.raises(NoProposal):
        withdraw_proposal(body=county.body, stream=received, actor=county.actor("handler"))


def test_who_handles_proposes_and_the_head_decides(
    received: str, county: Place, foreign: Place, sign_in: SignIn
) -> None:
    with pytest.raises(NotPermitted):
        propose(county, received, role="approver")
    propose(county, received)
    with pytest.raises(NotPermitted):
        return_proposal(
            body=county.body, stream=received, remarks="不", actor=county.actor("receiving_clerk")
        )
    with pytest.raises(NotPermitted):
        withdraw_proposal(body=county.body, stream=received, actor=county.actor("receiving_clerk"))
    url = f"/desk/cases/{received}/extension/"
    assert sign_in(county, "supervisor").get(url).status_code == 403
    assert REASON not in sign_in(county, "supervisor").get(f"/desk/cases/{received}/").content.decode()
    assert sign_in(foreign, "approver").get(url).status_code == 404
    assert states() == ["proposed"]


def test_the_day_after_the_due_date_nothing_is_proposed(received: str, county: Place) -> None:
    with pytest.raises(ActRefused):
        propose_extension(
            body=county.body, stream=received, working_days=5, reason=REASON, expected_seq=2,
            actor=county.actor("handler", date(2026, 3, 16)),
        )  # fmt: skip
