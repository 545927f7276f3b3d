"""What only an approver may do, only an approver corrects: a reply's outcome, the days of an extension."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.acts.conftest import STREAM, SignIn, perform
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent

REPLY = Step("reply.issued", TODAY, {"outcome": "granted", "remedies_told": True})
LONGER = Step("extension.told", date(2026, 3, 2), {"working_days": 5, "approved_by": "seat-1"})


@pytest.mark.parametrize(
    ("act", "payload"),
    [
        (REPLY, {"outcome": "denied_internal", "remedies_told": True}),
        (LONGER, {"working_days": 20, "approved_by": "seat-1"}),
        (REPLY, None),
    ],
)
def test_a_clerk_does_not_change_it(
    county: Place, received: str, sign_in: SignIn, act: Step, payload: dict[str, object] | None
) -> None:
    seq = perform(county, [act], seq=2)
    before = CaseSummary.objects.filter(stream=STREAM).values().get()
    replacement = None if payload is None else {"payload": payload}
    step = Step("entry.corrected", TODAY, {"seq": 3, "replacement": replacement}, {"reason": "录错"})
    with pytest.raises(NotPermitted):
        perform_acts(
            body=county.body, stream=STREAM, steps=[step], expected_seq=seq,
            actor=county.actor("receiving_clerk"),
        )  # fmt: skip
    assert LedgerEvent.objects.filter(stream=STREAM).count() == seq
    assert CaseSummary.objects.filter(stream=STREAM).values().get() == before
    clerk, address = sign_in(county, "receiving_clerk"), f"/desk/cases/{STREAM}/acts/entry.corrected/"
    choice = clerk.get(address).content.decode()
    assert "?entry=1" in choice and "?entry=3" not in choice
    assert clerk.get(address, {"entry": 3}).status_code == 403
    approver = sign_in(county, "approver")
    assert "?entry=3" in approver.get(address).content.decode()
    perform_acts(
        body=county.body, stream=STREAM, steps=[step], expected_seq=seq, actor=county.actor("approver")
    )
