"""``gongkai past``: past cases from a spreadsheet; arguments and help texts."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.commands.base import Branch, Leaf
from gongkai.i18n import _

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
_body = click.option("--body", required=True, metavar=_("机关"), help=_("机关的全称或标识。"))
_file = click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar=_("文件")
)
_map = click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar=_("标题=栏目"),
    help=_("表里的标题是哪一栏，如 流水=编号；可以写几次。没写的按标题认，或者按上次定的。"),
)


@click.group(
    cls=Branch, help=_("历史案件：检查、导入以前用表格记的案件。"), short_help=_("导入以前用表格记的案件")
)
def past() -> None:
    """The group itself does nothing."""


@past.command(
    name="template",
    cls=Leaf,
    help=_("写一份空的模板（XLSX）：各栏目、可选的词和填写说明。"),
    short_help=_("写一份空的模板"),
)
@click.argument("file", type=click.Path(path_type=Path), metavar=_("文件"))
@click.option("--force", is_flag=True, help=_("文件已经存在时覆盖。"))
@_json
def template(file: Path, force: bool, as_json: bool) -> None:
    from gongkai.commands.platform_pasts import run_template

    run_template(file, force=force, as_json=as_json)


@past.command(
    cls=Leaf,
    help=_("逐行检查一份表格，说出每一处错误在哪个单元格、怎样改；什么也不保存。"),
    short_help=_("逐行检查一份表格"),
    epilog=_("退出码：0 没有错误；1 有错误；2 读不了；70 程序内部出错。"),
)
@_file
@_body
@_map
@_json
def check(file: Path, body: str, pairs: tuple[str, ...], as_json: bool) -> None:
    from gongkai.commands.platform_pasts import run_check

    run_check(file, body, pairs, as_json=as_json)


@past.command(
    name="import",
    cls=Leaf,
    help=_("检查一份表格，没有一处错误时全部导入。中断以后再运行同一命令，从停下的地方接着导入，不会重复。"),
    short_help=_("检查并导入一份表格"),
    epilog=_("退出码：0 已导入；1 有错误，没有导入；2 读不了；70 程序内部出错。"),
)
@_file
@_body
@_map
@_json
def import_file(file: Path, body: str, pairs: tuple[str, ...], as_json: bool) -> None:
    from gongkai.commands.platform_pasts import run_import

    run_import(file, body, pairs, as_json=as_json)


@past.command(
    cls=Leaf,
    help=_("这份表格上传过没有，检查、导入到哪里了。"),
    short_help=_("导入到哪里了"),
)
@_file
@_body
@_json
def status(file: Path, body: str, as_json: bool) -> None:
    from gongkai.commands.platform_pasts import run_status

    run_status(file, body, as_json=as_json)
