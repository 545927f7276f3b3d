"""``gongkai backup``, ``restore``, ``verify``, ``rebuild``: arguments and help texts."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.commands.base import Leaf
from gongkai.i18n import _

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
_FILE = click.Path(path_type=Path)


@click.command(
    cls=Leaf,
    help=_(
        "备份到一个文件：数据库、加密的文件，和能证明它们完整的清单；写完读回验证。平台不用停。"
        "密钥不在里面，请另外保存：没有密钥，备份里的申请人信息打不开。"
    ),
    short_help=_("备份"),
)
@click.argument("file", type=_FILE, metavar=_("文件"))
@click.option("--with-keys", is_flag=True, help=_("把密钥也放进去；拿到这个文件的人就能读出一切。"))
@click.option("--force", is_flag=True, help=_("文件已经存在时覆盖。"))
@_json
def backup(file: Path, with_keys: bool, force: bool, as_json: bool) -> None:
    from gongkai.commands.platform_backups import run_backup

    run_backup(file, with_keys=with_keys, force=force, as_json=as_json)


@click.command(
    cls=Leaf,
    help=_(
        "从备份恢复。先在旁边装入并验证台账、审计、案件列表和每个文件，都对了才换上；有一处不对就什么也不动。"
        "备份以后删除过个人信息的人，恢复时再删除一次。恢复前请停止平台。"
    ),
    short_help=_("从备份恢复"),
)
@click.argument("file", type=_FILE, metavar=_("文件"))
@click.option("--replace", is_flag=True, help=_("这里已有数据时也恢复；现有的数据移到一边，不删除。"))
@click.option("--yes", is_flag=True, help=_("不再询问。"))
@_json
def restore(file: Path, replace: bool, yes: bool, as_json: bool) -> None:
    from gongkai.commands.platform_backups import run_restore

    run_restore(file, replace=replace, yes=yes, as_json=as_json)


@click.command(
    cls=Leaf,
    help=_(
        "验证数据库里的台账、每日根和审计有没有被改动，案件列表与台账是否相符；指出第一处损坏在哪个机关哪一条。"
    ),
    short_help=_("验证台账、审计和案件列表"),
    epilog=_("退出码：0 没有损坏；1 有损坏；2 不能验证；70 程序内部出错。"),
)
@click.option("--body", metavar=_("机关"), help=_("只验证这个机关的台账，用机关的标识。"))
@click.option("--anchor", metavar=_("锚"), help=_("另行保存的根或链头，写法同 gongkai ledger verify。"))
@_json
def verify(body: str | None, anchor: str | None, as_json: bool) -> None:
    from gongkai.commands.platform_verifying import run_verify

    run_verify(body, anchor, as_json=as_json)


@click.command(
    cls=Leaf,
    help=_("由台账重新生成案件列表。案件列表只是台账的摘录，随时可以重新生成，不丢任何内容。"),
    short_help=_("由台账重新生成案件列表"),
)
@_json
def rebuild(as_json: bool) -> None:
    from gongkai.commands.platform_verifying import run_rebuild

    run_rebuild(as_json=as_json)
