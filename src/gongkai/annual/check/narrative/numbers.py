"""Figures in running Chinese text: digits, Chinese numerals, scales, counters, and words of roughness.

What only looks like a figure (dates, document numbers, telephone numbers, list markers, spans of time)
is never returned: a checker that takes a document number for a count is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gongkai.annual.model import Number
from gongkai.annual.numerals import NUMERALS, number_of


class NumeralKind(StrEnum):
    """What sort of figure it is, by its unit."""

    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    """Percentage points (个百分点)."""
    MONEY = "money"
    """An amount; ``value`` is in yuan."""


class Bound(StrEnum):
    """How exact the words around it make it."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    """余, 以上, 突破, 超过."""
    AT_MOST = "at_most"
    """近, 不足."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure at ``start`` to ``end`` of the text, its rough words and its counter included.

    ``value`` has the scale applied (15万 is 150000) and ``step`` is the worth of one in the last printed
    place (1000 for 316.5万).
    """

    start: int
    end: int
    value: Number
    unit: str
    kind: NumeralKind
    bound: Bound
    step: Decimal

    @property
    def exact_count(self) -> bool:
        """True for a whole number printed to the last one, the only kind that arithmetic can refute."""
        return (
            self.kind is NumeralKind.COUNT
            and self.bound is Bound.EXACT
            and self.step == 1
            and isinstance(self.value, int)
        )


_SCALES = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 1000, "百": 100}

# More digits than any count has.
_LONGEST = 15

# Counters, longer ones first; a figure without one is read only where digits stand alone.
_UNITS = (
    "个百分点|百分点|%|人次|件次|条次|场次|家次|元|件|宗|起|份|例|条|项|次|篇|家|个|部|期|张|幅|场|批|户|"
    "人|名|处|类|种|本|册|页|套|则|封|块|倍|分|字|辆|台"
)
# Counters after which a Chinese numeral is taken for a figure (一个, 一批, 一起 are mere words).
_CN_UNITS = "人次|件次|件|宗|起|份|例|条|项|次|篇|家|部|期|场|元"

_FIGURE = re.compile(
    r"(?P<before>大约|约|将近|接近|近|超过|超|突破|逾|不足|不到|至少)?"
    r"(?:(?P<hundredth>百分之)(?P<rate>\d+(?:\.\d+)?|[" + NUMERALS + r"]+)"
    r"|(?:(?P<digits>(?<![\d.A-Za-z])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
    r"(?P<more>余|多)?(?P<scale>万亿|千万|百万|亿|万|千|百)?"
    r"|(?P<cn>(?<![第每之其同统唯另"
    + NUMERALS
    + r"\d])["
    + NUMERALS
    + r"]+)(?P<cnmore>余|多)?(?P<cnscale>亿|万)?)"
    r"(?P<later>余|多)?"
    r"(?P<unit>" + _UNITS + r")?(?P<after>以上|左右|上下|之多)?)"
)

# Stretches that hold digits and are no figures.
_NOT_FIGURES = re.compile(
    "|".join(
        (
            r"(?:https?://|www\.)[\w./\-?=&%#:]+",
            r"[\w.\-]+@[\w.\-]+",
            r"\d{2,4}年?[-—–~至到]\d{2,4}年度?",
            r"\d+年(?:度|\d+月(?:份|\d+[日号])?)?",
            r"\d+月(?:份|\d+[日号])?(?:[-—–~至到]\d+月(?:份|\d+[日号])?)?",
            r"[〔\[(【]\d{4}[〕\])】]\d*号?",
            r"第[\d" + NUMERALS + r"]+(?:号|条|款|项|章|届|批|次|期|季度|个|部|类)?",
            r"\d+[-—]\d{5,}(?:[-—]\d+)?",
            r"(?:电话|传真|邮编|邮政编码|热线|微信|QQ)号?码?[:为是]?\d+(?:[-—]\d+)*(?![\d件宗份条次个])",
            r"1\d{10}(?!\d)",
            r"123\d\d(?=热线|平台|政务|便民|市民|投诉|举报|服务)",
            r"\d+[号楼室层幢栋日天周岁](?!以上)",
            r"\d{1,2}:\d{2}",
            r"\d*[A-Za-z]+\d+[A-Za-z]*|\d+[A-Za-z]+",
            r"\d+[×x/]\d+",
            r"\d+\.\d+\.\d+[\d.]*",
            r"\d+个?(?:工作日|自然日|小时|分钟|月|星期)",
            r"\([" + NUMERALS + r"\d]{1,3}\)",
            r"(?:^|(?<=[。;:,、!?]))(?:\d{1,2}[.、)](?!\d)|[" + NUMERALS + r"]{1,3}[、.])",
            r"[一二三四五六七八九十]+(?:是|要|来)",
            r"一件事|一次性|一次办|一条龙|一起(?!案)|一件件|一项项|一条条|一次次|一家一",
            r"\d+ \d+",
        )
    )
)


def read_numerals(text: str) -> tuple[Numeral, ...]:
    """Every figure of a simplified, half-width text, in order; never fails."""
    return tuple(_scan(text))


def mask(text: str, numerals: tuple[Numeral, ...]) -> str:
    """The text with every figure as ``#`` and ``~`` and every other digit run as ``·``; same length."""
    shown = list(text)
    for found in _NOT_FIGURES.finditer(text):
        for i in range(found.start(), found.end()):
            if shown[i].isdigit():
                shown[i] = "·"
    for one in numerals:
        shown[one.start] = "#"
        for i in range(one.start + 1, one.end):
            shown[i] = "~"
    return "".join(shown)


def _scan(text: str) -> Iterator[Numeral]:
    blocked = [False] * (len(text) + 1)
    for found in _NOT_FIGURES.finditer(text):
        for i in range(found.start(), found.end()):
            blocked[i] = True
    position = 0
    while (found := _FIGURE.search(text, position)) is not None:
        core = found.start("rate") if found["hundredth"] else max(found.start("digits"), found.start("cn"))
        if blocked[core]:
            position = core + 1
            # A blocked stretch may hold several digits; the rest of it is no figure either.
            while position < len(text) and blocked[position] and text[position].isdigit():
                position += 1
            continue
        one = _numeral(found)
        position = found.end() if one is not None else core + 1
        if one is not None:
            yield one


def _numeral(found: re.Match[str]) -> Numeral | None:
    bound = _bound(found)
    if found["hundredth"]:
        rate = found["rate"]
        value = Decimal(rate) if rate[0].isdigit() else number_of(rate)
        if value is None:
            return None
        return _made(found, Decimal(value), "%", bound, _step(rate))
    unit = found["unit"] or ""
    if found["cn"] is not None:
        number = number_of(found["cn"])
        if number is None or not re.fullmatch(_CN_UNITS, unit):
            return None
        factor = _SCALES[found["cnscale"]] if found["cnscale"] else 1
        return _made(found, number * factor, unit, bound, Decimal(factor))
    digits = found["digits"].replace(",", "")
    if len(digits) > _LONGEST:
        return None
    factor = _SCALES[found["scale"]] if found["scale"] else 1
    value = Decimal(digits) * factor
    whole = value == value.to_integral_value()
    return _made(found, int(value) if whole else value, unit, bound, _step(digits) * factor)


def _made(found: re.Match[str], value: Number, unit: str, bound: Bound, step: Decimal) -> Numeral:
    match unit:
        case "%":
            kind, value = NumeralKind.PERCENT, Decimal(value)
        case "个百分点" | "百分点":
            kind = NumeralKind.POINTS
        case "元":
            kind = NumeralKind.MONEY
        case _:
            kind = NumeralKind.COUNT
    return Numeral(found.start(), found.end(), value, unit, kind, bound, step)


def _bound(found: re.Match[str]) -> Bound:
    before = found["before"] or ""
    if before in ("约", "大约") or found["after"] in ("左右", "上下"):
        return Bound.ABOUT
    if before in ("近", "将近", "接近", "不足", "不到"):
        return Bound.AT_MOST
    more = before or found["more"] or found["cnmore"] or found["later"] or found["after"]
    return Bound.AT_LEAST if more else Bound.EXACT


def _step(digits: str) -> Decimal:
    places = len(digits.partition(".")[2]) if digits[0].isdigit() else 0
    return Decimal(1).scaleb(-places)
