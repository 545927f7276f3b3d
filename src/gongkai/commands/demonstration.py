"""``gongkai demo``: load the demonstration, set its day, build it anew, tell its log-ins."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from datetime import date
from types import SimpleNamespace
from typing import Any

import click

from gongkai.commands import base, terminal
from gongkai.commands.base import Branch, Leaf
from gongkai.commands.calendars import Day
from gongkai.commands.output import echo_json
from gongkai.commands.platform_entry import in_use, platform
from gongkai.i18n import _

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
_EXITS = _("退出码：0 正常；2 用法不对、不是演示或日期不能用；70 程序内部出错。")


@click.group(
    cls=Branch,
    help=_("演示：虚构的申请人和案件，件数取自已公布的年度报告，日期可以设定。"),
    short_help=_("装入演示数据，设定演示的日期"),
    epilog=_EXITS,
)
def demo() -> None:
    """The group itself does nothing."""


@demo.command(
    cls=Leaf,
    help=_("数据库是空的就装入演示数据；已经装过就什么也不做。"),
    short_help=_("装入演示数据"),
)
@click.option(
    "--day", "day", type=Day(), metavar=_("日期"), help=_("演示的今天，缺省是双鸭山市报告年度的最后一天。")
)
@_json
def load(day: date | None, as_json: bool) -> None:
    with _demonstration() as demonstration:
        default = demonstration.loading.DEFAULT_DAY
        loaded = _told(
            lambda: demonstration.loading.load_demonstration(day=day or default, progress=_Progress())
        )
        _say(demonstration, loaded, as_json=as_json)


@demo.command(
    cls=Leaf,
    help=_("删去数据库里的一切（包括在演示中办的事），重新装入演示数据。要回到更早的日期只能这样。"),
    short_help=_("重建演示数据"),
)
@click.option("--day", "day", type=Day(), metavar=_("日期"), help=_("重建到哪一天；缺省同 load。"))
@click.option("--yes", is_flag=True, help=_("不再询问。"))
@_json
def reset(day: date | None, yes: bool, as_json: bool) -> None:
    with _demonstration(alone=True) as demonstration:
        from gongkai.platform.operations.locking import InUse, using

        if not yes:
            click.confirm(_("演示中登记、办理的一切都会丢失。继续吗？"), abort=True)
        default = demonstration.loading.DEFAULT_DAY
        try:
            with using(demonstration.home, alone=True):
                _told(lambda: demonstration.rebuilding.rebuild(day=day or default, progress=_Progress()))
        except InUse as error:
            raise base.Problem(_("演示正在运行，请先停下（在运行它的窗口按 Ctrl+C）。")) from error
        _say(demonstration, True, as_json=as_json)


@demo.command(
    "day",
    cls=Leaf,
    help=_("不写日期：显示演示的今天。写日期：往后走到那一天，其间该发生的事逐日发生。"),
    short_help=_("显示、设定演示的今天"),
)
@click.argument("day", metavar=_("[日期]"), type=Day(), required=False)
@_json
def set_the_day(day: date | None, as_json: bool) -> None:
    with _demonstration() as demonstration:
        days = demonstration.days
        if day is not None:
            progress = _Progress()
            done = _told(lambda: days.set_day(day=day, actor=_actor(), told=progress.advance))
            progress.end()
            if not as_json:
                click.echo(_("演出了 {n} 项办理。").format(n=f"{done.performed:,}"))
        now = _told(days.present_day)
        if as_json:
            echo_json({"day": now.isoformat()})
            return
        click.echo(_("演示的今天是 {day}。").format(day=now.isoformat()))


@demo.command(cls=Leaf, help=_("列出演示账号和共用的口令。"), short_help=_("列出演示账号"))
@click.option("--all", "every", is_flag=True, help=_("列出所有机关的，不只是第一个机关的。"))
@_json
def logins(every: bool, as_json: bool) -> None:
    with _demonstration() as demonstration:
        of = demonstration.bodies
    bodies = of.demo_bodies() if every or as_json else of.demo_bodies()[:1]
    if as_json:
        listed = [
            {"username": one.username, "name": one.name, "title": str(one.title), "body": body.name}
            for body in bodies
            for one in of.logins(body)
        ]
        echo_json({"password": of.PASSWORD, "accounts": listed})
        return
    click.echo(_("所有演示账号的口令：{password}").format(password=of.PASSWORD))
    for body in bodies:
        click.echo(body.name)
        for one in of.logins(body):
            click.echo(f"  {terminal.pad(one.username, 28)}{terminal.pad(str(one.title), 14)}{one.name}")
    if not every:
        more = len(of.demo_bodies()) - 1
        click.echo(_("另有 {n} 个机关的账号：gongkai demo logins --all").format(n=more))


class _Progress:
    """One line on standard error for each body, with a count where that is a terminal."""

    def __init__(self) -> None:
        self.name, self.of, self.done = "", 0, 0
        self.live = sys.stderr.isatty()

    def begin(self, name: str, acts: int) -> None:
        """A body begins."""
        self.end()
        self.name, self.of, self.done = name, acts, 0
        if not self.live:
            click.echo(_("装入 {name}：{n} 项办理").format(name=name, n=f"{acts:,}"), err=True)

    def advance(self, acts: int) -> None:
        """So many more were performed."""
        self.done += acts
        if self.live and self.done % 20 < acts:
            of = f" / {self.of:,}" if self.of else ""
            click.echo(f"\r\x1b[K{self.name} {self.done:,}{of}", err=True, nl=False)

    def end(self) -> None:
        """Finish the line that is being written."""
        if self.live and self.name:
            click.echo(f"\r\x1b[K{self.name} {self.done:,}", err=True)
            self.name = ""


def _say(demonstration: Any, loaded: bool, *, as_json: bool) -> None:
    now = demonstration.days.present_day()
    if as_json:
        echo_json({"loaded": loaded, "day": now.isoformat()})
        return
    what = _("演示数据已装入。") if loaded else _("演示数据早已装入，没有改动。")
    click.echo(what + _("演示的今天是 {day}。").format(day=now.isoformat()))


@contextmanager
def _demonstration(*, alone: bool = False) -> Generator[Any]:
    """The package of the demonstration, with its modules; Django starts here and not on import.

    ``alone``: the caller takes the home for itself.
    """
    with platform() as found, nullcontext() if alone else in_use(found):
        if not found.demonstration:
            raise base.Problem(_("这里不是演示：只有 GONGKAI_PROFILE=demonstration 时才有演示数据。"))
        from gongkai.platform.demonstration import bodies, days, loading, rebuilding

        yield SimpleNamespace(
            bodies=bodies, days=days, loading=loading, rebuilding=rebuilding, home=found.home
        )


def _actor() -> Any:
    from gongkai.platform.core.actor import Actor
    from gongkai.platform.core.present import present

    return Actor(present(), system="demonstration")


def _told(work: Any) -> Any:
    """The result, or the reason against it as a sentence."""
    from gongkai.platform.core.models import DemonstrationDay
    from gongkai.platform.demonstration.days import GoesBack
    from gongkai.platform.demonstration.loading import FIRST_DAY, LAST_DAY, DayOutside, NotEmpty

    try:
        return work()
    except NotEmpty as error:
        raise base.Problem(_("数据库里已有机关，不能在旁边装入演示数据。")) from error
    except DayOutside as error:
        raise base.Problem(
            _("演示的日期应在 {first} 至 {last} 之间。").format(first=FIRST_DAY, last=LAST_DAY)
        ) from error
    except GoesBack as error:
        raise base.Problem(
            _("现在是 {now}，不能倒回；重建用 gongkai demo reset --day {day}。").format(
                now=error.now, day=error.day
            )
        ) from error
    except DemonstrationDay.DoesNotExist as error:
        raise base.Problem(_("还没有装入演示数据：gongkai demo load。")) from error
