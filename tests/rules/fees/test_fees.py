"""The processing fee: edges of the brackets, the month's earlier cases, the reason for each amount."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.fees import FeeLine, fee_per_case, fee_per_page
from gongkai.rules.law import NoRuleInForce, load_law

LAW = load_law()
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("cases", "yuan"),
    [
        (0, 0), (1, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (35, 3000), (40, 4000), (41, 4300),
        (50, 7000), (51, 7400), (100, 37000),
    ],
)  # fmt: skip
def test_by_case(cases: int, yuan: int) -> None:
    assert fee_per_case(0, cases, on=DAY, law=LAW).amount == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [
        (0, 0), (1, 0), (30, 0), (31, 10), (68, 380), (100, 700), (101, 720), (200, 2700), (201, 2740),
        (300, 6700),
    ],
)  # fmt: skip
def test_by_page(pages: int, yuan: int) -> None:
    assert fee_per_page(pages, on=DAY, law=LAW).amount == yuan


def test_cases_go_on_from_the_month_s_earlier_ones() -> None:
    fee = fee_per_case(29, 5, on=DAY, law=LAW)
    assert fee.lines == (
        FeeLine(30, 30, 1, Decimal(100), Decimal(100)),
        FeeLine(31, 34, 4, Decimal(200), Decimal(800)),
    )
    assert fee.amount == Decimal(900)
    assert fee.article == "《政府信息公开信息处理费管理办法》第四条"
    assert fee.text_zh == (
        "按件计收：当月此前已有29件，本次5件；第30件，每件100元，计100元；"
        "第31至34件，每件200元，计800元；合计900元。"
        "（《政府信息公开信息处理费管理办法》第四条）"
    )


def test_pages_tell_the_free_ones_too() -> None:
    assert fee_per_page(31, on=DAY, law=LAW).text_zh == (
        "按量计收：本件申请共31页；第1至30页免费；第31页，每页10元，计10元；合计10元。"
        "（《政府信息公开信息处理费管理办法》第五条）"
    )
    free = fee_per_page(3, on=DAY, law=LAW)
    assert free.text_zh == (
        "按量计收：本件申请共3页；第1至3页免费；不收费。（《政府信息公开信息处理费管理办法》第五条）"
    )


def test_nothing_charged_has_no_lines() -> None:
    fee = fee_per_case(12, 0, on=DAY, law=LAW)
    assert (fee.amount, fee.lines) == (Decimal(0), ())


def test_before_the_measure_there_is_no_fee_to_work_out() -> None:
    day = date(2020, 12, 31)
    with pytest.raises(NoRuleInForce):
        fee_per_case(0, 1, on=day, law=LAW)
    with pytest.raises(NoRuleInForce):
        fee_per_page(1, on=day, law=LAW)
    assert fee_per_page(31, on=date(2021, 1, 1), law=LAW).amount == 10


def test_negative_numbers_are_refused() -> None:
    for before, now in ((-1, 1), (0, -1)):
        with pytest.raises(ValueError, match="-1"):
            fee_per_case(before, now, on=DAY, law=LAW)
    with pytest.raises(ValueError, match="-1"):
        fee_per_page(-1, on=DAY, law=LAW)


def one_case(place: int) -> int:
    """The rate of the case at one place in the month, as the measure puts it."""
    return 0 if place <= 10 else 100 if place <= 30 else 100 * (2 + (place - 31) // 10)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_fee_is_the_sum_of_the_rates_of_each_case(before: int, now: int) -> None:
    fee = fee_per_case(before, now, on=DAY, law=LAW)
    assert fee.amount == sum(one_case(place) for place in range(before + 1, before + now + 1))
    assert sum(line.units for line in fee.lines) == now
    assert all(line.amount == line.rate * line.units for line in fee.lines)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_charging_in_two_goes_is_charging_at_once(before: int, first: int, second: int) -> None:
    together = fee_per_case(before, first + second, on=DAY, law=LAW).amount
    apart = (
        fee_per_case(before, first, on=DAY, law=LAW).amount
        + fee_per_case(before + first, second, on=DAY, law=LAW).amount
    )
    assert together == apart
