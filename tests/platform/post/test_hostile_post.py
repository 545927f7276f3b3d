"""Numbers and files that no office means: told in words, and nobody waits for them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.platform.conftest import TODAY
from tests.platform.post.conftest import Office, SignIn

from gongkai.platform.cases.models import NumberNote, NumberSequence, OutgoingLetter
from gongkai.platform.cases.posting.exchange import CopyRefused, import_copy
from gongkai.platform.cases.posting.numbers import NumberRefused, number_register, take_number, void_number
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.cases.services.numbers import next_number


def test_a_number_typed_with_too_many_digits_moves_no_row_of_numbers(
    office: Office, letter: OutgoingLetter
) -> None:
    body, stream = office.place.body, office.register()
    perform_act(
        body=body, stream=stream, kind="correction.requested", occurred_on=TODAY,
        expected_seq=office.seq(stream), actor=office.place.actor("handler"),
        payload={"respond_by": "2026-03-25", "number": "云公补〔2026〕20260003号"},
    )  # fmt: skip
    assert next_number(body=body, year=2026, kind="correction") == "云公补〔2026〕1号"
    assert NumberSequence.objects.get(body=body, kind="correction", year=2026).last == 1
    found = number_register(body=body, kind="correction", year=2026, actor=office.place.actor("handler"))
    assert found.last == 1


@pytest.mark.parametrize("written", [" 云公复〔2026〕1号 ", "云公复〔2026〕1号\n"])
def test_a_number_with_blanks_around_it_is_void_no_sooner(
    office: Office, letter: OutgoingLetter, written: str
) -> None:
    assert letter.number == "云公复〔2026〕1号"
    with pytest.raises(NumberRefused):
        void_number(
            body=office.place.body,
            number=written,
            reason="写坏了",
            actor=office.place.actor("receiving_clerk"),
        )


def broken(page: bytes) -> bytes:
    """A PDF that says it has a page, and has something else there."""
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj" + page + b"endobj\n",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", list[int]()
    for part in parts:
        places.append(len(out))
        out += part
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)


@pytest.mark.parametrize("page", [b"null", b"<</Type/Pages/Kids[2 0 R]/Count 1>>", b"[1 2 3]"])
def test_a_pdf_whose_page_cannot_be_opened_is_refused_in_words(
    office: Office, letter: OutgoingLetter, page: bytes
) -> None:
    with pytest.raises(CopyRefused) as refused:
        import_copy(
            key=letter.key,
            content=broken(page),
            name="盖章.pdf",
            looked_at=False,
            actor=office.place.actor("handler"),
        )
    assert refused.value.code == "type"


def test_the_sheet_of_numbers_says_the_day_of_shanghai(
    office: Office, letter: OutgoingLetter, sign_in: SignIn
) -> None:
    body, clerk = office.place.body, office.place.actor("receiving_clerk")
    take_number(body=body, kind="correction", reason="手写的补正告知", actor=clerk)
    NumberNote.objects.update(at=datetime(2026, 3, 2, 17, 30, tzinfo=UTC))
    answer: Any = sign_in("handler").get("/desk/post/numbers.xlsx?kind=correction")
    sheet: Any = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    days = [cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, datetime)]
    assert date(2026, 3, 3) in [day.date() for day in days]


def test_a_number_that_is_asked_for_twice_by_one_form_is_taken_once(office: Office, sign_in: SignIn) -> None:
    clerk = sign_in("receiving_clerk")
    form: Any = clerk.get("/desk/post/numbers/").context
    sent = {"step": "take", "kind": "correction", "reason": "手写的补正告知", "seen": str(form["seen"])}
    assert clerk.post("/desk/post/numbers/", sent).status_code == 302
    again = clerk.post("/desk/post/numbers/", sent)
    assert again.status_code == 422 and "请看现在的登记" in again.content.decode()
    assert NumberNote.objects.count() == 1
