"""Chinese numerals, read and written: the one home of both for headings, years and running text."""

from __future__ import annotations

_WRITTEN = "零一二三四五六七八九"
_DIGITS = {c: i for i, c in enumerate(_WRITTEN)} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_ROUND = "零〇○O"
"""What stands for 0 in a year: the character, its sign, a circle, a letter."""

NUMERALS = "".join((*_DIGITS, *_TENS))
"""Every character of a numeral below ten thousand (for a character class)."""
YEAR = f"二[{_ROUND}][{_ROUND}{_WRITTEN[1:]}]{{2}}"
"""A year of this century in Chinese, as a pattern."""


def number_of(text: str) -> int | None:
    """Value of a numeral below ten thousand (十五, 三百二十, 一〇五); ``None`` if it is none."""
    if not text or any(c not in NUMERALS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = 0
    digit: int | None = None
    for c in text:
        if c in _TENS:
            total += (1 if digit is None else digit) * _TENS[c]
            digit = None
        elif digit is None or digit == 0:
            digit = _DIGITS[c]
        else:
            return None
    return total + (digit or 0)


def year_of(text: str) -> int | None:
    """A year in digits or as ``YEAR`` has it (2024, 二〇二四); ``None`` for anything else."""
    digits = "".join("0" if c in _ROUND else str(_DIGITS.get(c, c)) for c in text)
    return int(digits) if digits.isdigit() else None


def chinese_number(number: int) -> str:
    """1 to 9999 in Chinese as headings are numbered: 一, 十, 二十三, 一百零五; others in digits."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    zero = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit == 0:
            zero = bool(text)
            continue
        text += ("零" if zero else "") + _WRITTEN[digit] + name
        zero = False
    return text[1:] if text.startswith("一十") else text
