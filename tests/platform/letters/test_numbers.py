"""Document numbers run on by body, year and kind, without gaps and without one given twice."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connections, transaction
from tests.platform.committed import CommittedDatabase
from tests.platform.conftest import Place, make_body

from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.numbers import (
    NUMBER_KINDS,
    NoShortName,
    Parsed,
    next_number,
    note_used,
    parse_number,
)


def test_numbers_count_up_by_body_year_and_kind(county: Place, foreign: Place) -> None:
    taken = [
        next_number(body=county.body, year=2026, kind="reply"),
        next_number(body=county.body, year=2026, kind="reply"),
        next_number(body=county.body, year=2026, kind="request"),
        next_number(body=county.body, year=2027, kind="reply"),
        next_number(body=foreign.body, year=2026, kind="reply"),
    ]
    assert taken == [
        "云公复〔2026〕1号", "云公复〔2026〕2号", "云公申〔2026〕1号", "云公复〔2027〕1号",
        "青公复〔2026〕1号",
    ]  # fmt: skip


def test_every_kind_has_a_sign_of_its_own() -> None:
    signs = [kind.sign for kind in NUMBER_KINDS.values()]
    assert len(signs) == len(set(signs))
    assert all(len(sign) == 1 for sign in signs)


def test_a_number_is_read_back(county: Place) -> None:
    for kind in NUMBER_KINDS:
        text = next_number(body=county.body, year=2026, kind=kind)
        assert parse_number(county.body, text) == Parsed(kind, 2026, 1)
    for text in ("青公复〔2026〕1号", "云公复〔2026〕01号", "云公复〔2026〕0号", "云公复2026-1", ""):
        assert parse_number(county.body, text) is None


def test_a_transaction_that_fails_takes_no_number(county: Place) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number(body=county.body, year=2026, kind="reply")
        raise RuntimeError
    assert next_number(body=county.body, year=2026, kind="reply") == "云公复〔2026〕1号"


def test_a_number_used_elsewhere_is_passed_over(county: Place) -> None:
    note_used(body=county.body, year=2026, kind="reply", number=17)
    note_used(body=county.body, year=2026, kind="reply", number=5)
    assert next_number(body=county.body, year=2026, kind="reply") == "云公复〔2026〕18号"


def test_a_number_that_a_case_or_letter_bears_is_never_given_again(county: Place) -> None:
    perform_acts(
        body=county.body, stream="case-1", expected_seq=0, actor=county.actor("receiving_clerk"),
        steps=[
            Step("request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "other"}),
            Step("request.registered", date(2026, 2, 9), {"number": "云公申〔2026〕1号"}),
        ],
    )  # fmt: skip
    OutgoingLetter.objects.create(
        key="letter-1", body=county.body, stream="case-1", kind="x", number="云公复〔2026〕1号",
        issued_on=date(2026, 2, 9), text="",
    )  # fmt: skip
    assert next_number(body=county.body, year=2026, kind="request") == "云公申〔2026〕2号"
    assert next_number(body=county.body, year=2026, kind="reply") == "云公复〔2026〕2号"


def test_a_number_that_was_entered_by_hand_is_behind_the_next(county: Place) -> None:
    perform_acts(
        body=county.body, stream="case-1", expected_seq=0, actor=county.actor("receiving_clerk"),
        steps=[
            Step("request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "other"}),
            Step("request.registered", date(2026, 2, 9), {"number": "云公申〔2026〕17号"}),
        ],
    )  # fmt: skip
    correction = Step("correction.requested", date(2026, 2, 10), {"number": "云公补〔2026〕5号"})
    perform_acts(
        body=county.body, stream="case-1", expected_seq=2, actor=county.actor("handler"), steps=[correction]
    )
    assert next_number(body=county.body, year=2026, kind="request") == "云公申〔2026〕18号"
    assert next_number(body=county.body, year=2026, kind="correction") == "云公补〔2026〕6号"


def test_what_cannot_be_numbered_is_refused(county: Place) -> None:
    with pytest.raises(KeyError):
        next_number(body=county.body, year=2026, kind="unknown")
    with pytest.raises(ValueError, match="0"):
        note_used(body=county.body, year=2026, kind="reply", number=0)
    county.body.short_name = ""
    with pytest.raises(NoShortName):
        next_number(body=county.body, year=2026, kind="reply")


def test_clerks_at_once_get_different_numbers_without_gaps(committed_database: CommittedDatabase) -> None:
    body = make_body("云溪县人民政府", "云公", "county").body
    taken: list[str] = []

    def take() -> None:
        try:
            taken.extend(next_number(body=body, year=2026, kind="reply") for _ in range(5))
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=take) for _ in range(4)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(taken) == sorted(f"云公复〔2026〕{n}号" for n in range(1, 21))
