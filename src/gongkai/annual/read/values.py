"""A printed cell's text → state and number, by the cell's type.

Sources: ``report-failures`` (Values); types and units of the form (``law`` 2.1, 2.4). What is not
certain is unreadable, never a near number: ``20余`` is not 20.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from gongkai.annual.form import ValueType
from gongkai.annual.model import CellState, Number

_BLANK_MARKS = frozenset(
    {"", "/", "//", "-", "--", "---", "\\", "|", "*", "无", "空", "空白", "不涉及", ".", "、"}
)
_COUNTER = r"(?:件|宗|起|份|条|项|次|个|部|例|人次|篇|家|户|笔)"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_PLAIN = re.compile(rf"({_NUMBER}){_COUNTER}?")
_WITH_NOTE = re.compile(rf"({_NUMBER}){_COUNTER}?\((?:其中|含|包括|注)[^()]*\)")
_SIGNED = re.compile(rf"(\+|-|增加?|减少?|新增)?({_NUMBER}){_COUNTER}?")
_MONEY = re.compile(
    rf"[¥￥]?({_NUMBER})(亿|万|千)?(元|人民币)?(?:\((亿|万|千)?元\))?(?:\((?:其中|含|包括|注)[^()]*\))?"
)
_STATED = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "百万元": Decimal(1000000),
    "千万元": Decimal(10000000),
    "亿元": Decimal(100000000),
}
_FACTORS = {None: Decimal(1), "千": Decimal(1000), "万": Decimal(10000), "亿": Decimal(100000000)}
_SPACES = re.compile(r"\s+")

Parsed = tuple[CellState, "Number | None"]
_UNREADABLE: Parsed = (CellState.UNREADABLE, None)
_BLANK: Parsed = (CellState.BLANK, None)


_WHOLE = (ValueType.COUNT, ValueType.SIGNED)


def parse_value(text: str, kind: ValueType, unit: str | None = None) -> Parsed:
    """Read a folded cell text as a number of that type.

    ``unit`` is the unit that the column's heading states (``元``, ``万元``, ``亿元``) for money without
    its own. Returns the state and the number: ``int`` for counts, ``Decimal`` for money, else ``None``.
    """
    if text.isascii() and text.isdigit() and kind in _WHOLE:
        # The common case. A padded number ("007") is no count; it is a number torn apart.
        return (CellState.VALUE, int(text)) if text == "0" or text[0] != "0" else _UNREADABLE
    return _parse(text, kind, unit)


@lru_cache(maxsize=16384)
def _parse(text: str, kind: ValueType, unit: str | None) -> Parsed:
    text = text.strip()
    if text in _BLANK_MARKS:
        return _BLANK
    if text.isascii() and text.isdigit() and kind in _WHOLE:
        return parse_value(text, kind, unit)
    text = _SPACES.sub("", text) if not re.search(r"\d\s+\d", text) else text
    match kind:
        case ValueType.COUNT:
            found = _PLAIN.fullmatch(text) or _WITH_NOTE.fullmatch(text)
            return _whole(found[1], 1) if found else _UNREADABLE
        case ValueType.SIGNED:
            found = _SIGNED.fullmatch(text)
            if found is None:
                noted = _WITH_NOTE.fullmatch(text)
                return _whole(noted[1], 1) if noted else _UNREADABLE
            return _whole(found[2], -1 if found[1] in ("-", "减", "减少") else 1)
        case ValueType.WAN_YUAN | ValueType.YUAN:
            return _money(text, kind, unit)


def _whole(digits: str, sign: int) -> Parsed:
    number = Decimal(digits.replace(",", ""))
    if number != number.to_integral_value():
        return _UNREADABLE
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return _UNREADABLE
    return CellState.VALUE, sign * int(number)


def _money(text: str, kind: ValueType, unit: str | None) -> Parsed:
    found = _MONEY.fullmatch(text)
    if found is None:
        return _UNREADABLE
    number = Decimal(found[1].replace(",", ""))
    own = Decimal(10000) if kind is ValueType.WAN_YUAN else Decimal(1)
    bracketed = "(" in text and "元)" in text
    if bracketed:
        return CellState.VALUE, _canonical(number * _FACTORS[found[4]] / own)
    if found[2] is None and found[3] is None:
        stated = _STATED[unit] if unit is not None else own
        return CellState.VALUE, _canonical(number * stated / own)
    return CellState.VALUE, _canonical(number * _FACTORS[found[2]] / own)


def _canonical(number: Decimal) -> Decimal:
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()


_VALUE_LIKE = re.compile(
    rf"(?:[+-]|增加?|减少?|新增|约|近)?\s*{_NUMBER}\s*(?:余|多|万|亿|千)?\s*(?:元|{_COUNTER})?\s*(?:余)?(?:\((?:其中|含|包括|注)[^()]*\))?"
)


_LOST = frozenset({"\ufffd", "\ufffd\ufffd", "?", "??"})
"""What stands where a character was lost: ink, but no number."""
_SEVERAL = re.compile(rf"{_NUMBER}(?:\s+{_NUMBER})+")
"""Several numbers in one cell: no number of it, but numbers all the same."""


@lru_cache(maxsize=16384)
def is_value(text: str) -> bool:
    """True for a folded text that may stand in a number's cell (a mark for nothing included)."""
    if text.isascii() and text.isdigit():
        return True
    text = text.strip()
    return (
        text in _BLANK_MARKS
        or text in _LOST
        or _VALUE_LIKE.fullmatch(text) is not None
        or _SEVERAL.fullmatch(text) is not None
    )


def is_blank(text: str) -> bool:
    """True for an empty cell or a mark for nothing."""
    return text.strip() in _BLANK_MARKS
