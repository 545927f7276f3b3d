"""``gongkai fee``: the information processing fee by cases or by pages, with the reason for each amount."""

from __future__ import annotations

from datetime import date

import click

from gongkai.commands import base, terminal
from gongkai.commands.base import Branch, Leaf
from gongkai.commands.calendars import Day
from gongkai.commands.output import echo_json
from gongkai.i18n import _
from gongkai.rules.fees import Fee, fee_per_case, fee_per_page
from gongkai.rules.law import NoRuleInForce, load_law

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
_on = click.option(
    "--on", "on", type=Day(), required=True, metavar=_("日期"), help=_("按哪一天的规定，如 2026-03-01。")
)


MOST = 100_000
"""More cases in a month, or pages of a request, than this are a slip of the finger."""


@click.group(
    cls=Branch,
    help=_("信息处理费：按件或按量计收的金额和算法。收不收、按哪一种收，由行政机关决定，两种不并收。"),
    epilog=_("退出码：0 正常；2 用法不对或当时没有收费规定；70 程序内部出错。"),
)
def fee() -> None:
    """The group itself does nothing."""


@fee.command(
    cls=Leaf,
    help=_("按件计收：同一申请人在一个自然月内累计，超额累进。"),
    short_help=_("按件计收的金额"),
)
@click.argument("number", metavar=_("件数"), type=click.IntRange(0, MOST))
@click.option(
    "--before",
    type=click.IntRange(0, MOST),
    default=0,
    show_default=False,
    metavar=_("件数"),
    help=_("同一申请人当月此前已有的件数，缺省为 0。"),
)
@_on
@_json
def cases(number: int, before: int, on: date, as_json: bool) -> None:
    try:
        found = fee_per_case(before, number, on=on, law=load_law())
    except NoRuleInForce as error:
        raise _no_rule(error) from error
    _put(found, {"schedule": "case", "on": str(on), "before": before, "cases": number}, as_json=as_json)


@fee.command(
    cls=Leaf,
    help=_("按量计收：每件申请单独计算，单面不超过 A4 的算一页，超额累进。"),
    short_help=_("按量计收的金额"),
)
@click.argument("number", metavar=_("页数"), type=click.IntRange(0, MOST))
@_on
@_json
def pages(number: int, on: date, as_json: bool) -> None:
    try:
        found = fee_per_page(number, on=on, law=load_law())
    except NoRuleInForce as error:
        raise _no_rule(error) from error
    _put(found, {"schedule": "page", "on": str(on), "pages": number}, as_json=as_json)


def _no_rule(error: NoRuleInForce) -> base.Problem:
    since = _("自 {day} 起才有。").format(day=error.first) if error.first is not None else ""
    return base.Problem(_("{day} 没有信息处理费的规定。{since}").format(day=error.on, since=since))


def _put(found: Fee, asked: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        lines: list[object] = [
            {
                "first": line.first,
                "last": line.last,
                "units": line.units,
                "rate": str(line.rate),
                "amount": str(line.amount),
            }
            for line in found.lines
        ]
        echo_json(
            {
                **asked,
                "amount": str(found.amount),
                "lines": lines,
                "article": found.article,
                "text": found.text_zh,
            }
        )
        return
    click.echo(_("{amount} 元").format(amount=found.amount))
    for line in terminal.wrap(found.text_zh, terminal.columns()):
        click.echo(line)
