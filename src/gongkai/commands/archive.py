"""``gongkai archive``: arguments and help texts; packages of cases are made, and verified by anybody."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.commands.base import Branch, Leaf
from gongkai.i18n import _

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(
    cls=Branch,
    help=_("案件的归档包：制作、核对。核对不需要数据库，在任何装有本软件的电脑上都可以。"),
    short_help=_("案件的归档包"),
)
def archive() -> None:
    """The group itself does nothing."""


@archive.command(
    cls=Leaf,
    help=_("核对归档包：每个文件的散列值、清单、台账记录的散列值和衔接；说明能证明什么，不能证明什么。"),
    short_help=_("核对归档包"),
)
@click.argument("file", type=_FILE, metavar=_("文件"))
@click.option(
    "--ledger", type=_FILE, metavar=_("台账文件"),
    help=_("机关导出的整本台账（gongkai ledger export）：逐条查对本案的记录是不是都在里面。"),
)  # fmt: skip
@_json
def verify(file: Path, ledger: Path | None, as_json: bool) -> None:
    from gongkai.commands.archive_verifying import run_verify

    run_verify(file, ledger, as_json=as_json)


@archive.command(
    cls=Leaf,
    help=_("把案件做成归档包，写到一个文件夹里，一件一个 ZIP；不存入系统，记入审计。已有的文件不覆盖。"),
    short_help=_("制作归档包"),
)
@click.argument("numbers", nargs=-1, metavar=_("编号…"))
@click.option("--body", required=True, metavar=_("机关"), help=_("机关的全称或标识。"))
@click.option("--all", "whole", is_flag=True, help=_("这个机关的全部案件。"))
@click.option(
    "-o", "--to", required=True, metavar=_("文件夹"), help=_("写到哪里；没有就新建。"),
    type=click.Path(file_okay=False, path_type=Path),
)  # fmt: skip
@_json
def make(numbers: tuple[str, ...], body: str, whole: bool, to: Path, as_json: bool) -> None:
    if whole == bool(numbers):
        raise click.UsageError(_("请写案件编号，或者用 --all；两者只能用一个。"))
    from gongkai.commands.platform_archive import run_make

    run_make(numbers, body, to, as_json=as_json)
