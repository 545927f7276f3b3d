"""Chinese numerals are written as headings have them, and every one is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.annual.numerals import chinese_number, number_of, year_of


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三"), (105, "一百零五"), (110, "一百一十")],
)
def test_numbers_are_written_as_in_headings(number: int, text: str) -> None:
    assert chinese_number(number) == text


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_numbers_that_headings_do_not_reach_are_written_in_digits(number: int) -> None:
    assert chinese_number(number) == str(number)


@given(st.integers(1, 9999))
def test_a_number_that_is_written_is_read_back(number: int) -> None:
    assert number_of(chinese_number(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("零", 0), ("一〇五", 105), ("两千", 2000), ("一十五", 15), ("", None), ("甲", None), ("二三十", None)],
)
def test_other_ways_of_writing_are_read_and_what_is_no_numeral_is_not(text: str, number: int | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["2024", "二〇二四", "二零二四", "二○二四", "二O二四"])
def test_a_year_is_read_however_its_zero_is_written(text: str) -> None:
    assert year_of(text) == 2024
