"""Where the office has set that letters are sealed first, no page sends one that was not."""

from __future__ import annotations

import pytest
from tests.platform.conftest import TODAY
from tests.platform.post.conftest import Office, SignIn
from tests.platform.post.test_seals_and_numbers import new_seal

from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.posting.head import change_settings
from gongkai.platform.cases.posting.sealing import seal_letter

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("kind", ["reply.dispatched", "reply.delivered"])
def test_the_page_of_the_case_sends_nothing_unsealed(
    office: Office, letter: OutgoingLetter, sign_in: SignIn, kind: str
) -> None:
    seal, body = new_seal(office), office.place.body
    change_settings(body=body, fields={"needs_seal": True}, actor=office.place.actor("approver"))
    clerk, url = sign_in("handler"), f"/desk/cases/{letter.stream}/acts/{kind}/"
    sent = {
        "occurred_on": TODAY.isoformat(), "method": "post", "proof": "", "step": "perform",
        "expected_seq": str(office.seq(letter.stream)),
    }  # fmt: skip
    before = office.seq(letter.stream)
    refused = clerk.post(url, sent)
    assert "还没有用印" in refused.content.decode()
    assert office.seq(letter.stream) == before
    seal_letter(key=letter.key, seal=seal, copies=1, on=TODAY, actor=office.place.actor("handler"))
    clerk.post(url, sent)
    assert office.seq(letter.stream) == before + 1


def test_what_was_sent_before_is_delivered_without_a_seal(
    office: Office, letter: OutgoingLetter, sign_in: SignIn
) -> None:
    clerk = sign_in("handler")
    for kind in ("reply.dispatched", "reply.delivered"):
        if kind == "reply.delivered":
            change_settings(
                body=office.place.body, fields={"needs_seal": True}, actor=office.place.actor("approver")
            )
        clerk.post(
            f"/desk/cases/{letter.stream}/acts/{kind}/",
            {
                "occurred_on": TODAY.isoformat(), "method": "post", "proof": "", "step": "perform",
                "expected_seq": str(office.seq(letter.stream)),
            },
        )  # fmt: skip
    assert office.case(letter.stream).phase == "delivered"
