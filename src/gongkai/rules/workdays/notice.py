"""One yearly holiday notice: its days off by festival and its made-up working days, as YAML or as printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import yaml

from gongkai.rules.workdays.errors import NoticeError
from gongkai.rules.workdays.statutory import movable_festivals, statutory_days
from gongkai.rules.yaml_files import load_yaml

WEEKDAYS = "一二三四五六日"
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_OF_OLD = ("元旦", "春节", "劳动节", "国庆节")
"""Before 2008 the measure had no days off for the other three."""
_LONGEST = 16
_FARTHEST = 31
"""Days between a festival's days off and its made-up working days; the notices so far stay under 15."""


@dataclass(frozen=True, slots=True)
class FestivalDays:
    """Days off of one festival, first and last, and the weekend days worked in exchange."""

    name: str
    first: date
    last: date
    worked: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the State Council General Office on the holidays of one year.

    ``mark`` tells how well title and number are known (V, V2, M as in the law parameters);
    ``amended_by`` holds title, number and mark of what changed the notice within the year; the days have it.
    """

    year: int
    title: str
    number: str | None
    mark: str
    festivals: tuple[FestivalDays, ...]
    amended_by: tuple[tuple[str, str | None, str], ...] = ()
    note: str | None = None


def read_notice(path: Path | str) -> Notice:
    """Read a notice from a YAML file (``.yaml``, ``.yml``) or from its printed Chinese text (any other name).

    Raises ``NoticeError`` with every contradiction found, ``OSError`` and ``UnicodeDecodeError`` of the file.
    """
    from gongkai.rules.workdays.text import parse_text

    source = Path(path)
    text = source.read_text(encoding="utf-8-sig")
    if source.suffix.lower() in {".yaml", ".yml"}:
        return parse_notice(text, name=source.name)
    return parse_text(text, name=source.name)


def read_notices(folder: Path | str) -> tuple[Notice, ...]:
    """Every YAML notice of a folder, by year; empty where the folder does not exist.

    Raises ``NoticeError`` also where two files are for one year.
    """
    found: dict[int, Notice] = {}
    place = Path(folder)
    for file in sorted(place.glob("*.yaml")) if place.is_dir() else ():
        notice = read_notice(file)
        if notice.year in found:
            raise NoticeError(file.name, (f"{notice.year}年的通知已在另一个文件中",))
        found[notice.year] = notice
    return tuple(notice for _year, notice in sorted(found.items()))


def parse_notice(text: str, *, name: str) -> Notice:
    """A notice from the text of a YAML file; ``name`` is used in messages. Raises ``NoticeError``."""
    try:
        data: Any = load_yaml(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-02-30
        raise NoticeError(name, (f"不是有效的 YAML：{error}",)) from error
    if not isinstance(data, dict):
        raise NoticeError(name, ("应为一组键值（year、title、festivals……）",))
    try:
        notice = _build(cast("dict[str, Any]", data))
    except KeyError as error:
        raise NoticeError(name, (f"缺少键 {error}",)) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise NoticeError(name, (f"数据类型不对：{error}",)) from error
    return check(notice, name)


def _build(data: dict[str, Any]) -> Notice:
    number = data["number"]
    note = data.get("note")
    return Notice(
        year=int(data["year"]),
        title=str(data["title"]),
        number=None if number is None else str(number),
        mark=str(data["mark"]),
        festivals=tuple(
            FestivalDays(
                name=str(f["name"]),
                first=_day(f["days_off"]["first"]),
                last=_day(f["days_off"]["last"]),
                worked=tuple(_day(day) for day in f["worked"]),
            )
            for f in data["festivals"]
        ),
        amended_by=tuple(
            (str(a["title"]), None if a["number"] is None else str(a["number"]), str(a["mark"]))
            for a in data.get("amended_by", ())
        ),
        note=None if note is None else str(note),
    )


def _day(value: object) -> date:
    if type(value) is date:
        return value
    raise TypeError(f"{value!r} 不是日期")


def check(notice: Notice, name: str) -> Notice:
    """The notice as it is if nothing in it contradicts itself or the calendar; raises ``NoticeError``."""
    problems = tuple(_problems(notice))
    if problems:
        raise NoticeError(name, problems)
    return notice


def _problems(notice: Notice) -> Iterator[str]:
    names = [part for f in notice.festivals for part in f.name.split("、")]
    for festival in FESTIVALS if notice.year >= 2008 else _OF_OLD:
        if festival not in names:
            yield f"缺少{festival}的安排"
    off: dict[date, str] = {}
    for f in notice.festivals:
        yield from _range_problems(f, notice.year)
        for n in range(min((f.last - f.first).days + 1, _LONGEST)):
            day = f.first + timedelta(days=n)
            if day in off:
                yield f"{zh(day)}既属{off[day]}，又属{f.name}"
            off[day] = f.name
    worked: set[date] = set()
    for f in notice.festivals:
        for day in f.worked:
            if day.weekday() < 5:
                yield f"{f.name}：{zh(day)}本来就是工作日，不能是调休上班日"
            if day in off:
                yield f"{f.name}：{zh(day)}既放假又上班"
            if day in worked:
                yield f"{f.name}：{zh(day)}上班写了两次"
            if not f.first - timedelta(days=_FARTHEST) <= day <= f.last + timedelta(days=_FARTHEST):
                yield f"{f.name}：上班日{zh(day)}离假期过远"
            worked.add(day)
    for day, festival in _must_be_off(notice.year):
        if day not in off:
            yield f"{zh(day)}是{festival}法定假日，通知中却不放假"


def _range_problems(f: FestivalDays, year: int) -> Iterator[str]:
    if f.last < f.first:
        yield f"{f.name}：{zh(f.first)}至{zh(f.last)}，止日早于起日"
    elif (f.last - f.first).days >= _LONGEST:
        yield f"{f.name}：连续放假超过{_LONGEST}天"
    for day in (f.first, f.last, *f.worked):
        # New Year's days off and made-up days may lie in the December before.
        if day.year != year and not (f.name == "元旦" and day.year == year - 1 and day.month == 12):
            yield f"{f.name}：{zh(day)}不在{year}年"


def _must_be_off(year: int) -> Iterator[tuple[date, str]]:
    """Statutory days that no notice can leave out; movable ones as far as the table and the measure reach."""
    if year in movable_festivals():
        for first, last, name in statutory_days(year):
            day = first
            while day <= last:
                # A festival on a weekend is a day of rest without being named.
                if day.weekday() < 5:
                    yield day, name
                day += timedelta(days=1)
        return
    yield date(year, 1, 1), "元旦"
    yield date(year, 5, 1), "劳动节"
    for n in (1, 2, 3):
        yield date(year, 10, n), "国庆节"


def zh(day: date) -> str:
    """A day as the notices print it: ``2026年1月4日（周日）``."""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def dump_notice(notice: Notice) -> str:
    """The YAML text of a notice, as ``parse_notice`` reads it."""

    def text(value: str | None) -> str:
        return yaml.safe_dump(value, allow_unicode=True, width=1000).removesuffix("\n...\n").strip()

    lines = [
        f"year: {notice.year}",
        f"title: {text(notice.title)}",
        f"number: {text(notice.number)}",
        f"mark: {text(notice.mark)}",
    ]
    if notice.amended_by:
        lines.append("amended_by:")
        lines += [
            f"  - {{title: {text(title)}, number: {text(number)}, mark: {text(mark)}}}"
            for title, number, mark in notice.amended_by
        ]
    if notice.note is not None:
        lines.append(f"note: {text(notice.note)}")
    lines.append("festivals:")
    for f in notice.festivals:
        lines.append(f"  - name: {text(f.name)}")
        lines.append(f"    days_off: {{first: {f.first}, last: {f.last}}}")
        lines.append(f"    worked: [{', '.join(str(day) for day in f.worked)}]")
    return "\n".join(lines) + "\n"
