"""A growth rate is possible exactly if some whole number of last year gives it."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.check.narrative import narrative_checks
from gongkai.annual.check.narrative.growth import earlier_values
from gongkai.annual.form import form_for_edition
from gongkai.annual.model import Report

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


def test_the_origins_of_figures_of_any_length_are_few_and_true() -> None:
    for now in (12_000_000, 999_999_999_999_999):
        for rate in (Decimal(-90), Decimal(-99), Decimal(-100), Decimal(0), Decimal(900)):
            found = earlier_values(now, rate, Decimal(1))
            assert len(found) == 3
            for then in found:
                true = abs(Fraction(now - then, then) * 100)
                assert Fraction(abs(rate)) - Fraction(1, 2) <= true < Fraction(abs(rate)) + 1


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**15 - 1),
    st.decimals(0, 10**9, places=4, allow_nan=False, allow_infinity=False),
    st.booleans(),
)
def test_a_sentence_with_huge_figures_is_judged_like_any_other(now: int, rate: Decimal, down: bool) -> None:
    word = "下降" if down else "增长"
    text = f"发布信息{now}条,同比{word}{rate}%。发布信息{now}条,上年为1条,同比{word}{rate}%。"
    findings, matches = narrative_checks(report_with(text))
    assert {f.code for f in findings} <= {"AR-N-042", "AR-N-045"}
    assert {m.concept for m in matches} <= {"growth_rate"}


def report_with(text: str) -> Report:
    form = form_for_edition("2021")
    return Report(form, MappingProxyType({}), year=2023, sections=MappingProxyType({"1": text}))
