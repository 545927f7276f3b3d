"""Cells that nobody typed, and words that may not be held here: told, and the check is never stuck."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from tests.platform.conftest import Place
from tests.platform.past.conftest import checked
from tests.platform.past.sheets import book, lives
from tests.platform.past.test_reading import SHEET, changed, workbook

from gongkai.platform.cases.models import PastFinding, PastState
from gongkai.platform.cases.past.workbook import read_book
from gongkai.platform.cases.past.writing import write_marked


def codes(place: Place, content: bytes) -> set[tuple[str, str]]:
    past = checked(place, content)
    assert past.state == PastState.FAULTY
    return set(PastFinding.objects.filter(past=past).values_list("field", "code"))


@pytest.mark.parametrize("number", ["1E999", "-1E999", "NaN"])
def test_a_number_beyond_all_numbers_is_a_text(number: str) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_number("A1", 7)

    content = changed(
        workbook(fill), SHEET, lambda data: data.replace(b"<v>7</v>", f"<v>{number}</v>".encode())
    )
    (sheet,) = read_book(content)
    assert sheet.rows[1][1] == number


def test_a_day_behind_the_last_of_the_old_macintosh_is_a_number() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_number("A1", 2_958_000, book.add_format({"num_format": "yyyy/m/d"}))

    (sheet,) = read_book(workbook(fill, date_1904=True))
    assert sheet.rows[1][1] == 2_958_000


def test_a_row_with_the_mark_of_a_secret_is_an_error_that_does_not_repeat_it(county: Place) -> None:
    rows = lives(3)
    rows[1] = {**rows[1], "description": "秘密★10年\n演示档案的批复"}
    rows[2] = {**rows[2], "received_on": "机密★"}
    found = codes(county, book(rows))
    assert {("description", "secret_mark"), ("received_on", "secret_mark")} <= found
    for one in PastFinding.objects.filter(code="secret_mark"):
        from gongkai.platform.core import private

        assert "★" not in str(private.read_many([one.ref]))


def test_an_identity_number_that_the_spreadsheet_has_rounded_is_an_error(county: Place) -> None:
    rows = lives(2)
    rows[0] = {**rows[0], "identity_number": 110101199003070011}
    from tests.platform.past import sheets

    headings = [*sheets.HEADINGS]
    sheets.HEADINGS.append("identity_number")
    try:
        content = book(rows)
    finally:
        sheets.HEADINGS[:] = headings
    assert ("identity_number", "rounded") in codes(county, content)


def test_sheets_with_names_that_no_copy_can_bear_are_marked_all_the_same() -> None:
    names = ["依申请公开台账" * 8 + "一", "依申请公开台账" * 8 + "二", "a:b", "错误清单", "'x'"]

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_string("A1", "x")
        for place in range(len(names) - 1):
            book.add_worksheet(f"s{place}").write_string("A1", "x")

    def named(data: bytes) -> bytes:
        for old, new in zip(("2023年", "s0", "s1", "s2", "s3"), names, strict=True):
            data = data.replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
        return data

    sheets = read_book(changed(workbook(fill), "xl/workbook.xml", named))
    out = io.BytesIO()
    assert write_marked(out, list(enumerate(sheets, 1)), []) == 0
    assert len(read_book(out.getvalue())) == len(names) + 1
    assert zipfile.is_zipfile(out)
