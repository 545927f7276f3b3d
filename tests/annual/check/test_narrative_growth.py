"""A growth rate is possible exactly if some whole number of last year gives it."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.check.narrative.growth import earlier_values

TENTH = Decimal("0.1")


def test_ninety_five_cannot_have_grown_by_62_7_per_cent() -> None:
    assert earlier_values(95, Decimal("62.7"), TENTH) == ()


def test_157_has_grown_by_36_5_per_cent_from_115_alone() -> None:
    assert earlier_values(157, Decimal("36.5"), TENTH) == (115,)


def test_a_whole_per_cent_of_a_large_number_has_many_origins() -> None:
    assert len(earlier_values(21943, Decimal(8), Decimal(1))) > 2


@given(
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.sampled_from([Decimal(1), TENTH, Decimal("0.01")]),
    st.sampled_from([ROUND_HALF_UP, ROUND_FLOOR]),
)
def test_a_rate_computed_from_two_whole_numbers_is_always_possible(
    now: int, then: int, step: Decimal, rounding: str
) -> None:
    true = Decimal(now - then) / then * 100
    printed = abs(true).quantize(step, rounding=rounding)
    rate = printed if now >= then else -printed
    assert earlier_values(now, rate, step) != ()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 400), st.integers(-990, 3000))
def test_the_short_search_agrees_with_trying_every_whole_number(now: int, tenths: int) -> None:
    rate = Decimal(tenths) / 10
    fitting = []
    for then in range(1, 45000):
        true = Decimal(now - then) / then * 100
        if (true >= 0) != (rate >= 0):
            continue
        size = abs(true)
        if abs(rate) in (size.quantize(TENTH, ROUND_HALF_UP), size.quantize(TENTH, ROUND_FLOOR)):
            fitting.append(then)
            if len(fitting) > 2:
                break
    assert list(earlier_values(now, rate, TENTH)) == fitting


def test_nothing_falls_by_more_than_all() -> None:
    assert earlier_values(3, Decimal(-150), TENTH) == ()


def test_nothing_is_left_of_any_number_that_fell_by_all() -> None:
    assert earlier_values(0, Decimal(-100), TENTH) == (1, 2, 3)
