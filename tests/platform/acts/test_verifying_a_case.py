"""A case is verified on its page: its entries in the chain, the texts kept outside, its row in the lists."""

from __future__ import annotations

from typing import Any

from django.test import Client
from tests.platform.acts.conftest import TODAY, SignIn, perform
from tests.platform.conftest import Place
from tests.platform.ledger.acts import forge, without_triggers

from gongkai.platform.cases.case_check import check_case
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.core import private
from gongkai.platform.core.models import PrivateRecord
from gongkai.platform.ledger.verifying import verify_stream

NOTE = Step("note.added", TODAY, {"kind": "call"})
RECEIVED_TOO = (
    Step("request.received", TODAY, {"channel": "counter", "applicant_kind": "natural_person"}),
    Step("request.registered", TODAY, {"number": "云公申〔2026〕2号"}),
)


def test_a_case_that_is_as_it_was_entered_is_told_to_be_so(
    received: str, county: Place, foreign: Place, sign_in: SignIn, handler: Client
) -> None:
    url = f"/desk/cases/{received}/verify/"
    assert url in handler.get(f"/desk/cases/{received}/").content.decode()
    page = handler.get(url).content.decode()
    assert "2 条记录与当初记入的一字不差" in page and "不相符" not in page
    assert sign_in(county, "supervisor").get(url).status_code == 200
    assert sign_in(foreign, "handler").get(url).status_code == 404


def _note(county: Place, stream: str) -> str:
    note = Step("note.added", TODAY, {"kind": "call"}, {"text": "来电"})
    actor = county.actor("handler")
    done = perform_acts(body=county.body, stream=stream, steps=[note], expected_seq=2, actor=actor)
    return str(done.new[0].payload["ref"])


def test_texts_are_held_to_what_was_committed_to_and_erased_ones_are_told(
    received: str, county: Place
) -> None:
    ref = _note(county, received)
    actor = county.actor("handler")
    sound = check_case(body=county.body, stream=received, actor=actor)
    assert sound.ok and (sound.entries, sound.texts, sound.texts_erased) == (3, 1, 0)
    ring = private.keyring()
    forged = ring.encrypt(b'["00000000000000000000000000000000", "{}"]', bound_to=ref)
    PrivateRecord.objects.filter(ref=ref).update(token=forged)
    assert check_case(body=county.body, stream=received, actor=actor).texts_changed == (3,)
    PrivateRecord.objects.filter(ref=ref).delete()
    erased = check_case(body=county.body, stream=received, actor=actor)
    assert erased.ok and (erased.texts, erased.texts_erased) == (0, 1)


def test_a_row_of_the_lists_that_was_changed_is_told(received: str, county: Place, handler: Client) -> None:
    CaseSummary.objects.filter(stream=received).update(number="云公申〔2026〕9号")
    assert check_case(body=county.body, stream=received, actor=county.actor("handler")).row_differs
    page = handler.get(f"/desk/cases/{received}/verify/").content.decode()
    assert "不相符" in page and "gongkai rebuild" in page


def test_an_entry_changed_by_hand_or_beside_one_that_was_is_named(received: str, county: Place) -> None:
    perform(county, RECEIVED_TOO, stream="case-2")
    perform(county, [NOTE], seq=2)
    whole: dict[str, Any] = {"body": county.body.key, "stream": received}
    assert verify_stream(**whole).ok and verify_stream(body=county.body.key, stream="case-2").ok
    without_triggers()
    forge(2, county.body.key, actor="seat-x")
    assert verify_stream(**whole).damaged == (2,)
    actor = county.actor("handler")
    assert not check_case(body=county.body, stream=received, actor=actor).ok
    forge(5, county.body.key, seq=4)
    assert verify_stream(**whole).damaged == (2, 4)
    forge(4, county.body.key, hash="0" * 64)
    assert verify_stream(body=county.body.key, stream="case-2").damaged == (2,)
    forge(5, county.body.key, payload="")
    assert verify_stream(**whole).damaged == (2, 4)
    assert check_case(body=county.body, stream=received, actor=actor).row_differs is None
