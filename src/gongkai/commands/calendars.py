"""The working-day calendar of a command: the shipped notices and those of the user's own directory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from gongkai.commands import base
from gongkai.i18n import _
from gongkai.rules.event import iso_day
from gongkai.rules.workdays import (
    CalendarNotPublished,
    NoticeError,
    WorkCalendar,
    load_calendar,
    read_notices,
)

VARIABLE = "GONGKAI_CALENDAR"
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day written 2026-03-01."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):  # a default, which click does not write as text
            return value
        found = iso_day(str(value))
        if found is None:
            self.fail(_("日期“{text}”不是 2026-03-01 这样的写法").format(text=value), param, ctx)
        return found


def calendar_option(command: _Command) -> _Command:
    """The option ``--calendar``, which the variable ``GONGKAI_CALENDAR`` stands in for."""
    return click.option(
        "--calendar",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar=VARIABLE,
        metavar=_("目录"),
        help=_("另有的放假通知所在的目录；缺省用环境变量 GONGKAI_CALENDAR 所指的目录。"),
    )(command)


def calendar_of(folder: Path | None, *, may_be_new: bool = False) -> WorkCalendar:
    """The shipped calendar, with the notices of the directory if one is given.

    Raises ``Problem`` where a notice in it cannot be used, and, unless ``may_be_new``, where there is no such
    directory: a misspelt one would give dates without its notices.
    """
    if folder is None:
        return load_calendar()
    if not may_be_new and not folder.is_dir():
        raise base.Problem(
            _("没有存放放假通知的目录 {folder}。请核对 --calendar 或 GONGKAI_CALENDAR。").format(
                folder=folder
            )
        )
    try:
        return load_calendar().with_notices(read_notices(folder))
    except NoticeError as error:
        raise notice_problem(error) from error


def notice_problem(error: NoticeError) -> base.Problem:
    """All that is wrong with a notice, a line each."""
    lines = "\n".join(f"  {problem}" for problem in error.problems)
    return base.Problem(_("{name} 不能用：").format(name=error.name) + "\n" + lines)


def out_of_range(error: CalendarNotPublished) -> base.Problem:
    """A day that no calendar reaches."""
    first, last = error.known
    return base.Problem(
        _("没有 {year} 年的工作日历，现有 {first} 至 {last} 年。").format(
            year=error.year, first=first, last=last
        )
    )
