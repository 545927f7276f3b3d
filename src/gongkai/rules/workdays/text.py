"""A holiday notice from its printed text: 一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。……"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongkai.rules.workdays.errors import NoticeError
from gongkai.rules.workdays.notice import FESTIVALS, WEEKDAYS, FestivalDays, Notice, check, zh

_YEAR = re.compile(r"(\d{4})年(?:部分)?节假日")
_TITLE = re.compile(r"国务院办公厅关于\d{4}年[^\n]*?安排的通知")
_NUMBER = re.compile(r"国办发明电\s*[〔\[(]\s*(\d{4})\s*[〕\])]\s*(\d+)\s*号")
_ITEM = re.compile(r"(?:^|[。;\n])\s*[一二三四五六七八九十]+、([^:\d\n。]{2,20})(?::|(?=\d))")
_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?")
_OFF = re.compile(rf"({_DAY.pattern})(?:\s*(?:至|到|-+|~)\s*({_DAY.pattern}))?\s*放假")
_MADE_UP_FOR = re.compile(rf"({_DAY.pattern})\s*补休")
_WORKED = re.compile(r"[^,。;\n]*上班")
_TOTAL = re.compile(r"共(\d+)天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_DASHES = str.maketrans({"—": "-", "–": "-", "―": "-", "─": "-", "－": "-", "～": "~"})
_SHORT = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
"""How each of ``FESTIVALS`` is known in a heading such as “五一”国际劳动节."""


@dataclass(slots=True)
class _Reader:
    """Dates of one item: a month or year left out is the one named before."""

    year: int
    new_year: bool
    month: int | None = None
    problems: list[str] = field(default_factory=list[str])

    def day(self, found: re.Match[str]) -> date | None:
        year, month, day, words = found.groups()
        if month is not None:
            self.month = int(month)
        if self.month is None:
            self.problems.append(f"“{found[0]}”没有写月份")
            return None
        in_year = int(year) if year is not None else self.year
        if year is None and self.new_year and self.month >= 11:
            in_year -= 1  # 12月31日 in the item of New Year is the December before
        try:
            result = date(in_year, self.month, int(day))
        except ValueError:
            self.problems.append(f"没有{in_year}年{self.month}月{day}日这一天")
            return None
        said = _WEEKDAY.search(words) if words is not None else None
        if said is not None and said[1].replace("天", "日") != WEEKDAYS[result.weekday()]:
            self.problems.append(f"“{found[0]}”与日历不符：应为{zh(result)}")
        return result


def parse_text(text: str, *, name: str) -> Notice:
    """A notice from its printed Chinese text; ``name`` is used in messages.

    Weekdays in brackets and the number of days (共3天) are compared with the calendar. The mark is V:
    the text was read here. Raises ``NoticeError`` with all that is wrong.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    said = _YEAR.search(plain)
    if said is None:
        raise NoticeError(name, ("没有找到年份：正文应写有“2027年……节假日安排”",))
    year = int(said[1])
    problems: list[str] = []
    festivals = tuple(_items(plain, year, problems))
    if not festivals and not problems:
        problems.append("没有找到逐项的放假安排（一、元旦：1月1日……放假……）")
    if problems:
        raise NoticeError(name, tuple(problems))
    number = _NUMBER.search(plain)
    title = _TITLE.search(plain)
    return check(
        Notice(
            year=year,
            title=title[0] if title is not None else f"国务院办公厅关于{year}年部分节假日安排的通知",
            number=f"国办发明电〔{number[1]}〕{number[2]}号" if number is not None else None,
            mark="V",
            festivals=festivals,
        ),
        name,
    )


def _items(plain: str, year: int, problems: list[str]) -> Iterator[FestivalDays]:
    heads = list(_ITEM.finditer(plain))
    for place, head in enumerate(heads):
        festival = _festival(head[1])
        if festival is None:
            continue
        end = heads[place + 1].start() if place + 1 < len(heads) else len(plain)
        # The closing paragraph stands on a line of its own and has no dates of days off.
        body = plain[head.end() : end].strip().split("\n")[0]
        reader = _Reader(year, new_year=festival == "元旦")
        days = _days(festival, body, reader)
        problems.extend(f"{festival}：{problem}" for problem in reader.problems)
        if days is not None:
            yield days


def _festival(words: str) -> str | None:
    """The festivals that a heading names, in its order: “十一” is 国庆节."""
    plain = words.replace("“五一”", "劳动").replace("“十一”", "国庆")
    found = {plain.find(short): name for short, name in zip(_SHORT, FESTIVALS, strict=True) if short in plain}
    return "、".join(name for _place, name in sorted(found.items())) or None


def _days(festival: str, body: str, reader: _Reader) -> FestivalDays | None:
    off = _OFF.search(body)
    if off is None:
        reader.problems.append("没有找到放假的日期")
        return None
    ends = [reader.day(found) for found in _DAY.finditer(off[0])]
    first, last = ends[0], ends[-1]
    worked: list[date] = []
    for clause in _WORKED.finditer(body, off.end()):
        worked.extend(day for found in _DAY.finditer(clause[0]) if (day := reader.day(found)) is not None)
    for found in _MADE_UP_FOR.finditer(body, off.end()):
        instead = reader.day(next(_DAY.finditer(found[0])))
        if instead is not None and last is not None:
            last = max(last, instead)
    if first is None or last is None:
        return None
    if "连休" in body and first == last:
        first, last = _with_weekend(first, last, worked)
    total = _TOTAL.search(body, off.end())
    length = (last - first).days + 1
    if total is not None and int(total[1]) != length:
        reader.problems.append(f"写明共{total[1]}天，起止日期却是{length}天")
    return FestivalDays(festival, first, last, tuple(worked))


def _with_weekend(first: date, last: date, worked: list[date]) -> tuple[date, date]:
    """与周末连休: the weekend before or after belongs to the days off."""
    one = timedelta(days=1)
    while (first - one).weekday() >= 5 and first - one not in worked:
        first -= one
    while (last + one).weekday() >= 5 and last + one not in worked:
        last += one
    return first, last
