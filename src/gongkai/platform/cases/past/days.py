"""Days as people write them in spreadsheets; what can be read in two ways is not read at all."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Literal

from gongkai.platform.cases.past.workbook import Value

Trouble = Literal["day_unreadable", "day_ambiguous", "day_incomplete", "day_does_not_exist", "day_before_all"]

FIRST = date(2008, 5, 1)
"""The Regulation came into force; nobody applied before it. A year before is a slip of the keyboard."""
_EPOCH = date(1899, 12, 30)
_SERIALS = range(39_569, 73_051)
"""Excel's numbers of the days from 2008-05-01 to 2099-12-31."""
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})\s*(?:年|[-/.、])\s*(?P<m>\d{1,2})\s*(?:月|[-/.、])\s*(?P<d>\d{1,2})\s*[日号]?"
)
_PACKED = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
_TIME = re.compile(
    r"[T\s]*(?:上午|下午)?\s*\d{1,2}[:时点]\d{0,2}(?:[:分]\d{0,2})?(?:\.\d+)?秒?\s*(?:Z|\+08:?00)?\Z"
)
_WEEKDAY = re.compile(r"[(\s]*(?:星期|周)[一二三四五六日天][)\s]*\Z")
_MONTH = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*月?\Z")
_TWO_WAYS = re.compile(
    r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(?:\d{4}|\d{1,2})\Z|\d{2}年\d{1,2}月\d{1,2}[日号]?\Z"
)
_WITHOUT_YEAR = re.compile(r"\d{1,2}\s*(?:月|[-/.])\s*\d{1,2}\s*[日号]?\Z")
_SIGNS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_TENS = re.compile(r"([二三]?)十([一二三四五六七八九]?)")


def day_of(value: Value) -> date | Trouble:
    """The day that a cell means.

    - a cell with a date style, Excel's number of a day, ``2024-03-05``, ``2024/3/5``, ``2024.3.5``,
      ``20240305``, ``2024年3月5日``, ``二〇二四年三月五日``, each with a time or weekday behind it;
    - ``3/5/2024`` and ``24.3.5`` are refused: day and month, or year and day, may be the other way round.

    Days before the Regulation of 2008 are slips; whether a day is still to come is for the caller to say.
    """
    if isinstance(value, date):
        return value if value >= FIRST else "day_before_all"
    if isinstance(value, float):
        value = int(value) if int(value) in _SERIALS else str(value)
    if isinstance(value, int):
        if value in _SERIALS:
            return _EPOCH + timedelta(days=value)
        value = str(value)
    return _read(_plain(value))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    text = _WEEKDAY.sub("", text).strip()
    text = _TIME.sub("", text).strip() or text
    if re.search(r"[〇○零一二三四五六七八九十]", text) and "年" in text:
        text = _TENS.sub(_ten, text).translate(_SIGNS)
    return text


def _ten(found: re.Match[str]) -> str:
    tens, ones = found[1] or "一", found[2] or "零"
    return (tens + ones).translate(_SIGNS)


def _read(text: str) -> date | Trouble:
    found = _YEAR_FIRST.fullmatch(text) or _PACKED.fullmatch(text)
    if found is not None:
        try:
            day = date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError:
            return "day_does_not_exist"
        return day if day >= FIRST else "day_before_all"
    if _TWO_WAYS.fullmatch(text):
        return "day_ambiguous"
    if _MONTH.fullmatch(text) or _WITHOUT_YEAR.fullmatch(text):
        return "day_incomplete"
    return "day_unreadable"
