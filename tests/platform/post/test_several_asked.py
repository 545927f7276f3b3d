"""Letters to several third parties of one case: what one of them answers says nothing of another's letter."""

from __future__ import annotations

from tests.platform.conftest import TODAY
from tests.platform.post.conftest import Office

from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.posting.documents import document_of, waiting
from gongkai.platform.cases.services.acting import Step, perform_act
from gongkai.platform.cases.services.letters import perform_with_letter


def ask(office: Office, stream: str, party: str, name: str) -> OutgoingLetter:
    """Ask a third party in writing."""
    step = Step(
        "third_party.consulted", TODAY, {"party": party}, {"name": name, "party_kind": "organisation"}
    )
    _done, letter = perform_with_letter(
        body=office.place.body, stream=stream, step=step, expected_seq=office.seq(stream),
        actor=office.place.actor("handler"), fields={"name": name, "about": "批复附件"},
    )  # fmt: skip
    assert letter is not None
    return letter


def test_a_letter_that_was_not_posted_waits_though_another_party_has_answered(office: Office) -> None:
    stream, actor = office.register(), office.place.actor("handler")
    first, second = (
        ask(office, stream, "party-1", "云溪纸业有限公司"),
        ask(office, stream, "party-2", "云溪水泥厂"),
    )
    for kind, payload in (
        ("third_party.delivered", {"party": "party-1"}),
        ("third_party.answered", {"party": "party-1", "consent": True}),
    ):
        perform_act(
            body=office.place.body, stream=stream, kind=kind, occurred_on=TODAY, payload=payload,
            expected_seq=office.seq(stream), actor=actor,
        )  # fmt: skip
    assert document_of(key=first.key, actor=actor).state == "done"
    assert document_of(key=second.key, actor=actor).state == "to_send"
    assert [one.key for one in waiting(actor)] == [second.key]
