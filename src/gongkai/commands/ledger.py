"""``gongkai ledger``: the commands, their arguments and help texts; what they do stands beside."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.commands.base import Branch, Leaf
from gongkai.commands.later import LaterCommands
from gongkai.i18n import _

_PATH = click.Path(path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))


@click.group(
    cls=Branch,
    help=_("台账：依法履职的每一步，一步一条，只增不改，用散列链保护。"),
    epilog=_(
        "退出码：0 没有损坏；1 有损坏；2 用法不对或读不出；70 程序内部出错；130 被中断；141 输出管道被关闭。"
    ),
)
def ledger() -> None:
    """The group itself does nothing."""


@ledger.command(
    cls=Leaf,
    help=_(
        "验证台账：每一行的格式、散列链、编号、时间，每日的根，以及与锚是否一致；指出第一处损坏在哪个文件哪一行、"
        "是改动、缺少、插入、次序颠倒还是没有写完。路径是台账目录，或一个机关的台账文件。"
    ),
    short_help=_("验证台账有没有被改动"),
)
@click.argument("path", type=_PATH, metavar=_("路径"))
@click.option(
    "--anchor",
    metavar=_("锚"),
    help=_("另行保存的根或链头：文件（取最后一行）、roots.jsonl 的一行，或“机关:位置:散列值”。"),
)
@_json
def verify(path: Path, anchor: str | None, as_json: bool) -> None:
    from gongkai.commands.ledger_files import run_verify

    run_verify(path, anchor, as_json=as_json)


@ledger.command(
    cls=Leaf,
    help=_("列出台账的记录，可以按事项、日期、种类挑选。不验证散列值，要验证请用 verify。"),
    short_help=_("列出台账的记录"),
)
@click.argument("path", type=_PATH, metavar=_("路径"))
@click.option("--body", metavar=_("机关"), help=_("只看这个机关的；目录里有几个机关时用。"))
@click.option("--stream", metavar=_("事项"), help=_("只看这个事项的。"))
@click.option("--from", "first", metavar=_("日期"), help=_("只看发生在这一日及以后的，如 2026-01-01。"))
@click.option("--to", "last", metavar=_("日期"), help=_("只看发生在这一日及以前的。"))
@click.option("--kind", metavar=_("种类"), help=_("只看这一种的，如 reply.issued。"))
@click.option("--page", type=click.IntRange(min=1), metavar=_("页"), help=_("看第几页；从 1 起。"))
@click.option(
    "--per-page", type=click.IntRange(1, 10_000), default=50, metavar=_("条数"), help=_("每页几条；默认 50。")
)
@_json
@click.option("--csv", "as_csv", is_flag=True, help=_("输出 CSV（UTF-8，带 BOM），可用表格软件打开。"))
def show(
    path: Path,
    body: str | None,
    stream: str | None,
    first: str | None,
    last: str | None,
    kind: str | None,
    page: int | None,
    per_page: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    if as_json and as_csv:
        raise click.UsageError(_("--json 和 --csv 只能用一个。"))
    from gongkai.commands.ledger_files import Wanted, run_show

    run_show(path, Wanted(body, stream, first, last, kind, page, per_page), as_json=as_json, as_csv=as_csv)


@ledger.command(
    cls=Leaf,
    help=_(
        "整理没有写完的追加：程序中途停止时，文件末尾可能留下半批记录。完整的一批保留，不完整的截去；"
        "已经写完的记录从不改动。文件是一个机关的台账文件。"
    ),
    short_help=_("整理没有写完的追加"),
)
@click.argument("path", type=_PATH, metavar=_("文件"))
@_json
def repair(path: Path, as_json: bool) -> None:
    from gongkai.commands.ledger_files import run_repair

    run_repair(path, as_json=as_json)


ledger.commands = LaterCommands(
    {
        "verify": "gongkai.commands.ledger:verify",
        "show": "gongkai.commands.ledger:show",
        "count": "gongkai.commands.ledger_count:count_command",
        "explain": "gongkai.commands.ledger_count:explain_command",
        "repair": "gongkai.commands.ledger:repair",
        "export": "gongkai.commands.platform_ledger:export",
    }
)
