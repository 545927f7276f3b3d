"""``gongkai workdays``: the calendar to look at, to count with, and to add a new holiday notice to."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from gongkai.commands import base, terminal
from gongkai.commands.base import Branch, Leaf
from gongkai.commands.calendars import (
    Day,
    calendar_of,
    calendar_option,
    iso_day,
    notice_problem,
    out_of_range,
)
from gongkai.commands.output import echo_json, write_file
from gongkai.i18n import _
from gongkai.rules.workdays import (
    CalendarNotPublished,
    FestivalDays,
    NoticeError,
    WorkCalendar,
    dump_notice,
    read_notice,
)

WEEKDAYS = "一二三四五六日"
_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))


@click.group(
    cls=Branch,
    help=_("工作日历：查看、推算、计数，以及加入新一年的放假通知。"),
    epilog=_("退出码：0 正常；2 用法不对、日期超出范围或通知不能用；70 程序内部出错。"),
)
def workdays() -> None:
    """The group itself does nothing."""


@workdays.command(
    cls=Leaf,
    help=_("查看一年的放假与调休上班安排，或一天是不是工作日。没有正式通知的年份按法定节日推算，并注明。"),
    short_help=_("查看一年的安排，或一天是不是工作日"),
)
@click.argument("when", metavar=_("年份或日期"))
@calendar_option
@_json
def show(when: str, folder: Path | None, as_json: bool) -> None:
    calendar = calendar_of(folder)
    day = iso_day(when)
    try:
        if day is not None:
            found = _day(calendar, day)
            lines = _day_lines(found)
        elif len(when) == 4 and when.isascii() and when.isdecimal():
            year = int(when)
            if year == 0:
                raise CalendarNotPublished(year, calendar.years)
            found = _year(calendar, year)
            lines = _year_lines(calendar, year, found)
        else:
            raise click.UsageError(
                _("“{text}”不是年份（2026），也不是日期（2026-03-01）。").format(text=when)
            )
    except CalendarNotPublished as error:
        raise out_of_range(error) from error
    _put(found, lines, as_json=as_json)


@workdays.command(
    cls=Leaf,
    help=_("从一天起数若干个工作日，当日不计入，得出最后一天。0 个工作日就是当日。"),
    short_help=_("从一天起数若干个工作日"),
)
@click.argument("start", metavar=_("日期"), type=Day())
@click.argument("days", metavar=_("天数"), type=click.IntRange(min=0))
@calendar_option
@_json
def add(start: date, days: int, folder: Path | None, as_json: bool) -> None:
    calendar = calendar_of(folder)
    try:
        due = calendar.add(start, days)
    except CalendarNotPublished as error:
        raise out_of_range(error) from error
    found: dict[str, object] = {
        "start": str(start),
        "working_days": days,
        "due_on": str(due),
        "provisional": calendar.is_provisional(due),
        **_between(calendar, start, due),
    }
    head = _("{start} 之后第 {days} 个工作日是 {due}。").format(start=_zh(start), days=days, due=_zh(due))
    _put(found, [head, *_between_lines(calendar, start, due)], as_json=as_json)


@workdays.command(
    cls=Leaf,
    help=_("数出一天之后（不含当日）到另一天（含当日）有几个工作日；后一天在前时为负数。"),
    short_help=_("数出两天之间有几个工作日"),
)
@click.argument("after", metavar=_("日期"), type=Day())
@click.argument("through", metavar=_("止日"), type=Day())
@calendar_option
@_json
def count(after: date, through: date, folder: Path | None, as_json: bool) -> None:
    calendar = calendar_of(folder)
    try:
        number = calendar.count(after, through)
    except CalendarNotPublished as error:
        raise out_of_range(error) from error
    first, last = sorted((after, through))
    found: dict[str, object] = {
        "after": str(after),
        "through": str(through),
        "working_days": number,
        "provisional": calendar.is_provisional(last),
        **_between(calendar, first, last),
    }
    head = _("{after} 之后至 {through}：{number} 个工作日。").format(
        after=_zh(after), through=_zh(through), number=number
    )
    _put(found, [head, *_between_lines(calendar, first, last)], as_json=as_json)


@workdays.command(
    "import",
    cls=Leaf,
    help=_(
        "加入一份放假通知：文件是通知全文（纯文本）或 YAML。核对星期、天数和法定节日之后，"
        "存入 --calendar 所指的目录，并列出哪些日子变了。以后的命令用同一目录就按它计算。"
    ),
    short_help=_("加入一份放假通知，列出变了的日子"),
)
@click.argument("file", metavar=_("文件"), type=click.Path(path_type=Path))
@calendar_option
@click.option("--force", is_flag=True, help=_("目录里已有这一年的通知时，用这一份替换。"))
@_json
def import_(file: Path, folder: Path | None, force: bool, as_json: bool) -> None:
    if folder is None:
        raise click.UsageError(_("请用 --calendar 写明存放通知的目录，或设环境变量 GONGKAI_CALENDAR。"))
    before = calendar_of(folder, may_be_new=True)
    try:
        notice = read_notice(file)
    except NoticeError as error:
        raise notice_problem(error) from error
    except UnicodeDecodeError as error:
        raise base.Problem(
            _("{file} 不是 UTF-8 编码的文字。通知请存成纯文本或 YAML。").format(file=file)
        ) from error
    after = before.with_notices([notice])
    target = folder / f"{notice.year}.yaml"
    write_file(target, dump_notice(notice).encode(), force=force)
    changed = before.changed_days(after)
    found: dict[str, object] = {
        "year": notice.year,
        "title": notice.title,
        "number": notice.number,
        "written": str(target),
        "was_provisional": notice.year not in before.official_years,
        "changed": [{"on": str(day), "workday": work} for day, work in changed],
    }
    lines = [_("已存入 {target}：{title}").format(target=target, title=notice.title)]
    if changed:
        lines.append(_("有 {number} 天与原来不同：").format(number=len(changed)))
        lines += [f"  {_zh(day)}  {_('上班') if work else _('放假')}" for day, work in changed]
        lines.append(_("期限跨过这些日子的，请重新计算。"))
    else:
        lines.append(_("没有一天与原来不同。"))
    _put(found, lines, as_json=as_json)


def _put(found: dict[str, object], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        echo_json(found)
        return
    click.echo("\n".join(lines))


def _zh(day: date) -> str:
    return _("{day}（周{weekday}）").format(day=day, weekday=WEEKDAYS[day.weekday()])


def _day(calendar: WorkCalendar, day: date) -> dict[str, object]:
    previous = day - timedelta(days=1)
    festival = [name for first, last, name in calendar.days_off(previous, day) if first <= day <= last]
    made_up = day in calendar.made_up(previous, day)
    work = calendar.is_workday(day)
    why = "made_up" if made_up else "festival" if festival and not work else "week" if work else "weekend"
    return {
        "day": str(day),
        "workday": work,
        "why": why,
        "festival": festival[0] if festival and not work else None,
        "provisional": calendar.is_provisional(day),
        "next_workday": str(calendar.next_workday(day)),
    }


def _day_lines(found: dict[str, object]) -> list[str]:
    day = date.fromisoformat(str(found["day"]))
    reason = {
        "made_up": _("工作日（调休上班）"),
        "week": _("工作日"),
        "weekend": _("休息日（周末）"),
        "festival": _("放假（{name}）").format(name=found["festival"]),
    }[str(found["why"])]
    lines = [f"{_zh(day)}：{reason}"]
    if not found["workday"]:
        following = date.fromisoformat(str(found["next_workday"]))
        lines.append(_("其后第一个工作日：{day}").format(day=_zh(following)))
    if found["provisional"]:
        lines.append(_provisional(day.year))
    return lines


def _festivals(calendar: WorkCalendar, year: int) -> tuple[FestivalDays, ...]:
    """As the notice has them; in a year without one the statutory ones."""
    notice = calendar.notice(year)
    if notice is not None:
        return notice.festivals
    off = calendar.days_off(date(year, 1, 1) - timedelta(days=1), date(year, 12, 31))
    return tuple(FestivalDays(name, first, last) for first, last, name in off)


def _year(calendar: WorkCalendar, year: int) -> dict[str, object]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    provisional = calendar.is_provisional(first)
    notice = calendar.notice(year)
    return {
        "year": year,
        "provisional": provisional,
        "title": None if notice is None else notice.title,
        "number": None if notice is None else notice.number,
        "mark": None if notice is None else notice.mark,
        "amended_by": [] if notice is None else [title for title, _number, _mark in notice.amended_by],
        "note": None if notice is None else notice.note,
        "working_days": calendar.count(first, last) + calendar.is_workday(first),
        "festivals": [
            {
                "name": f.name,
                "first": str(f.first),
                "last": str(f.last),
                "worked": [str(day) for day in f.worked],
            }
            for f in _festivals(calendar, year)
        ],
    }


def _year_lines(calendar: WorkCalendar, year: int, found: dict[str, object]) -> list[str]:
    notice = calendar.notice(year)
    lines = [_("{year} 年（推算）").format(year=year)]
    if notice is not None:
        lines = [notice.title if notice.number is None else f"{notice.title}（{notice.number}）"]
        lines += [_("并据：{title}").format(title=title) for title, _number, _mark in notice.amended_by]
    head = [_("节日"), _("放假"), _("天数"), _("调休上班")]
    lines += terminal.table(head, [_row(f) for f in _festivals(calendar, year)], align="llrl")
    lines.append(_("全年 {days} 个工作日。").format(days=found["working_days"]))
    if notice is not None and notice.note is not None:
        lines.append(_("说明：{note}").format(note=notice.note))
    if found["provisional"]:
        lines.append(_provisional(year))
    return lines


def _row(festival: FestivalDays) -> list[str]:
    first, last = festival.first, festival.last
    span = str(first) if first == last else _("{first} 至 {last}").format(first=first, last=last)
    worked = "、".join(str(day) for day in festival.worked)
    return [festival.name, span, str((last - first).days + 1), worked]


def _between(calendar: WorkCalendar, first: date, last: date) -> dict[str, object]:
    return {
        "made_up": [str(day) for day in calendar.made_up(first, last)],
        "days_off": [
            {"name": name, "first": str(start), "last": str(end)}
            for start, end, name in calendar.days_off(first, last)
        ],
    }


def _between_lines(calendar: WorkCalendar, first: date, last: date) -> list[str]:
    lines: list[str] = []
    off = calendar.days_off(first, last)
    if off:
        spans = "、".join(
            _("{name} {first} 至 {last}").format(name=name, first=start, last=end)
            if start != end
            else f"{name} {start}"
            for start, end, name in off
        )
        lines.append(_("其间放假：{spans}").format(spans=spans))
    made_up = calendar.made_up(first, last)
    if made_up:
        lines.append(_("其间调休上班：{days}").format(days="、".join(_zh(day) for day in made_up)))
    if calendar.is_provisional(last):
        lines.append(_provisional(last.year))
    return lines


def _provisional(year: int) -> str:
    return _("{year} 年的放假通知尚未收录，按周末和法定节日推算，通知公布后可能变动。").format(year=year)
