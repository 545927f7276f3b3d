"""``gongkai ledger export``: the platform's ledger as files that anybody can verify without the platform."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.commands.base import Leaf
from gongkai.commands.ledger_files import as_problem
from gongkai.commands.output import echo_json
from gongkai.commands.platform_entry import in_use, platform
from gongkai.commands.progress import busy
from gongkai.i18n import _


@click.command(
    cls=Leaf,
    help=_(
        "把平台数据库里的台账写成文件：一个机关一个，另有每日的根。任何人都能用 gongkai ledger verify 验证。"
        "里面没有申请人的信息。目录里已有的文件不覆盖。"
    ),
    short_help=_("把平台的台账写成文件"),
)
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), metavar=_("目录"))
@click.option("--body", metavar=_("机关"), help=_("只写这个机关的，用全称或标识；不写每日的根。"))
@click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
def export(directory: Path, body: str | None, as_json: bool) -> None:
    from gongkai.commands.platform_people import body_named
    from gongkai.commands.platform_running import require_ready

    with platform() as found, in_use(found), as_problem():
        require_ready()
        from gongkai.platform.core import audit
        from gongkai.platform.core.actor import Actor
        from gongkai.platform.core.present import present
        from gongkai.platform.ledger.exchange import export_ledger

        chosen = None if body is None else body_named(body)
        with busy(_("正在写台账文件")):
            files = export_ledger(directory=directory, body=None if chosen is None else chosen.key)
        audit.record(
            "ledger.exported", actor=Actor(present(), system="command"), body=chosen,
            detail={"files": len(files)},
        )  # fmt: skip
    if as_json:
        echo_json({"files": [str(path) for path in files]})
        return
    for path in files:
        click.echo(str(path))
    click.echo(
        _("共 {n} 个文件；用 gongkai ledger verify {path} 验证。").format(n=len(files), path=directory)
    )
