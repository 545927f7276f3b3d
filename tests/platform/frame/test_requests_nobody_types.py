"""Addresses and hidden fields that no page of ours has: an answer below 500, and nothing done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import Place
from tests.platform.intake.conftest import typed
from tests.platform.lists.conftest import registered

from gongkai.platform.cases.models import CaseSummary, IncomingLetter
from gongkai.platform.core.models import DemonstrationDay
from gongkai.platform.desk.whole import whole
from gongkai.platform.ledger.models import LedgerEvent

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

MANY = "9" * 5000
"""More digits than Python makes a number of."""


@pytest.fixture
def desk(county: Place) -> Callable[[str], Client]:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": date(2026, 3, 3)})

    def as_role(role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(county.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_role


def test_a_number_is_digits_and_not_too_many() -> None:
    assert [whole(text) for text in ("0", "012", "", "-1", "٣", "²", "1e3", "9" * 16)] == [
        0, 12, None, None, None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "path", "data"),
    [
        ("handler", "acts/note.added/", {"step": "check", "occurred_on": "2026-03-03", "kind": "call",
                                         "text": "x", "expected_seq": MANY}),
        ("receiving_clerk", "acts/entry.corrected/", {"entry": MANY}),
        ("handler", "reply/review/", {"step": "recall", "version": MANY}),
        ("receiving_clerk", "split/", {"item-0-description": "另一项", "reason": "有两项",
                                       "expected_seq": MANY}),
    ],
)  # fmt: skip
def test_a_number_of_five_thousand_digits_is_none(
    county: Place, desk: Callable[[str], Client], role: str, path: str, data: dict[str, str]
) -> None:
    case = registered(county, date(2026, 3, 2))
    answer = desk(role).post(f"/desk/cases/{case.stream}/{path}", data)
    assert answer.status_code < 500
    assert LedgerEvent.objects.count() == 2


def test_other_places_take_no_such_number_either(county: Place, desk: Callable[[str], Client]) -> None:
    clerk, approver = desk("receiving_clerk"), desk("approver")
    assert clerk.post("/desk/register/", typed(items=[MANY, "0"])).status_code == 200
    registered(county, date(2026, 3, 2), channel="fax")
    ref = IncomingLetter.objects.get().ref
    by_phone = {"confirmed_on": "2026-03-03", "confirmation": "confirmed_by_phone", "do": "confirm"}
    assert clerk.post(f"/desk/register/{ref}/confirm/", {**by_phone, "seen": f"x:{MANY}"}).status_code == 200
    template = {"step": "restore", "restore": MANY}
    assert approver.post("/desk/templates/extension_notice/", template).status_code == 404
    assert approver.get(f"/desk/figures/{county.body.key}/99999/").status_code == 404
    assert (
        approver.get(f"/desk/figures/{county.body.key}/2026/requests.new.total/?page={MANY}").status_code
        == 200
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_audit_has_no_such_day(desk: Callable[[str], Client], day: str) -> None:
    page = desk("audit_administrator").get("/desk/audit/", {"first": day, "last": day})
    assert page.status_code == 422 and "日期请在" in page.content.decode()
    assert desk("audit_administrator").get("/desk/audit/export/", {"last": day}).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases/case%00/",
        "/desk/?after=2026-03-03~case%00",
        "/desk/cases/?handler=a%00",
        "/desk/files/%00/",
    ],
)
def test_a_null_in_an_address_is_a_bad_request(desk: Callable[[str], Client], path: str) -> None:
    assert desk("handler").get(path).status_code == 400


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/desk/find/", {"q": "陈\0"}),
        ("/desk/register/", {"do": "drop-file-\0"}),
        ("/desk/filters/", {"key\0": "x"}),
    ],
)
def test_a_null_in_a_field_is_a_bad_request(
    desk: Callable[[str], Client], path: str, data: dict[str, str]
) -> None:
    assert desk("receiving_clerk").post(path, data).status_code == 400


def test_a_place_sent_twice_is_one_request(desk: Callable[[str], Client]) -> None:
    done = desk("receiving_clerk").post("/desk/register/", typed(do="register", items=["0", "0", "00"]))
    assert done.status_code == 302
    assert CaseSummary.objects.count() == 1


@pytest.mark.parametrize("ref", ["letter-a/b", "letter-" + "a" * 200, "letter-../login", "letter-"])
def test_a_letter_is_registered_under_a_name_of_our_own(desk: Callable[[str], Client], ref: Any) -> None:
    clerk = desk("receiving_clerk")
    done = clerk.post("/desk/register/", typed(do="register", ref=ref))
    letter = IncomingLetter.objects.get()
    assert letter.ref != ref and done["Location"] == f"/desk/register/{letter.ref}/"
    assert clerk.get(done["Location"]).status_code == 200
