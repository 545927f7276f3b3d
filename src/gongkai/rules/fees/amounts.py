"""Both schedules of 《政府信息公开信息处理费管理办法》; their brackets are parameters of the law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gongkai.rules.law import Bracket, Law, Rule

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """Units ``first`` to ``last`` (counted from the first of the month, or of the request) at one rate."""

    first: int
    last: int
    units: int
    rate: Decimal
    """Yuan a unit."""
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Fee:
    """What is due in yuan, the lines that add up to it, the article, and the reason in Chinese."""

    amount: Decimal
    lines: tuple[FeeLine, ...]
    article: str
    text_zh: str


def fee_per_case(count_this_month_before: int, cases_now: int, *, on: date, law: Law) -> Fee:
    """The fee by cases (按件计收) for cases received now, after others in the same calendar month.

    - ``count_this_month_before``: cases of the same applicant received earlier in the calendar month;
    - ``cases_now``: cases charged now, after splitting; 0 gives a fee of 0 without lines;
    - ``on``: the day whose law applies; the brackets are ``fee_per_case`` of the law's parameters.

    Each case costs what the bracket of its own place in the month says (超额累进). Charging at all is the
    body's choice, and never both schedules for one request. Raises ``ValueError`` for a negative number and
    ``NoRuleInForce`` before 2021-01-01.

    Source: 《政府信息公开信息处理费管理办法》 (国办函〔2020〕109号) arts. 3 and 4.
    """
    _not_negative(count_this_month_before=count_this_month_before, cases_now=cases_now)
    rule = law.rule("fee_per_case", on=on)
    lines = _lines(rule, count_this_month_before + 1, count_this_month_before + cases_now)
    before = f"当月此前已有{count_this_month_before}件，" if count_this_month_before > 0 else ""
    intro = f"按件计收：{before}本次{cases_now}件"
    return _fee(law.cite("fee_per_case", on=on), lines, intro, "件")


def fee_per_page(pages: int, *, on: date, law: Law) -> Fee:
    """The fee by volume (按量计收) for one request; pages are never added up over requests.

    - ``pages``: sides up to A4 given to the applicant; 0 gives a fee of 0 without lines;
    - ``on``: the day whose law applies; the brackets are ``fee_per_page`` of the law's parameters.

    Raises ``ValueError`` for a negative number and ``NoRuleInForce`` before 2021-01-01.

    Source: 《政府信息公开信息处理费管理办法》 (国办函〔2020〕109号) arts. 3 and 5.
    """
    _not_negative(pages=pages)
    rule = law.rule("fee_per_page", on=on)
    return _fee(
        law.cite("fee_per_page", on=on), _lines(rule, 1, pages), f"按量计收：本件申请共{pages}页", "页"
    )


def _not_negative(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 0:
            raise ValueError(f"{name} is not a number of cases or pages: {number}")


def _lines(rule: Rule, first: int, last: int) -> tuple[FeeLine, ...]:
    brackets = rule.value
    if not isinstance(brackets, tuple):
        raise TypeError(f"{rule.key} is no schedule")
    return tuple(_cut(_steps(brackets, last), first, last))


def _steps(brackets: tuple[str | Bracket, ...], last: int) -> Iterator[tuple[int, int, Decimal]]:
    """Brackets with one rate each up to ``last``; one that grows with every so many units is cut up."""
    for bracket in brackets:
        if not isinstance(bracket, Bracket):
            raise TypeError(f"not a bracket: {bracket!r}")
        stop = last if bracket.last is None else bracket.last
        if bracket.every is None or bracket.increase is None:
            yield bracket.first, stop, bracket.rate
            continue
        rate = bracket.rate
        for start in range(bracket.first, stop + 1, bracket.every):
            yield start, min(start + bracket.every - 1, stop), rate
            rate += bracket.increase


def _cut(steps: Iterator[tuple[int, int, Decimal]], first: int, last: int) -> Iterator[FeeLine]:
    for start, stop, rate in steps:
        low, high = max(start, first), min(stop, last)
        if low <= high:
            units = high - low + 1
            yield FeeLine(low, high, units, rate, rate * units)


def _fee(article: str, lines: tuple[FeeLine, ...], intro: str, unit: str) -> Fee:
    amount = sum((line.amount for line in lines), NOTHING)
    parts = [_line_zh(line, unit) for line in lines]
    total = f"合计{amount}元" if amount > 0 else "不收费"
    return Fee(amount, lines, article, f"{'；'.join([intro, *parts])}；{total}。（{article}）")


def _line_zh(line: FeeLine, unit: str) -> str:
    which = f"第{line.first}{unit}" if line.units == 1 else f"第{line.first}至{line.last}{unit}"
    if line.rate == 0:
        return f"{which}免费"
    return f"{which}，每{unit}{line.rate}元，计{line.amount}元"
