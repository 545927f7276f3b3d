"""``gongkai keys``: which keys there are; a new one, all written anew under it, an old one taken out."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.base import Branch, Leaf, Problem
from gongkai.commands.output import echo_json
from gongkai.commands.platform_entry import environment, in_use, platform
from gongkai.commands.progress import busy
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.platform.core.actor import Actor
    from gongkai.platform.core.rotation import KeyUse

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))


@click.group(
    cls=Branch,
    help=_("密钥：申请人的信息和文件是用密钥加密的。换密钥分三步：add、重新启动平台、rotate。"),
    short_help=_("查看和更换密钥"),
)
def keys() -> None:
    """The group itself does nothing."""


@contextmanager
def _ready(*, alone: bool = False) -> Generator[Path]:
    """The keyring's path. ``alone``: the caller takes the home for itself."""
    with platform() as found:
        from gongkai.commands.platform_running import require_ready
        from gongkai.platform.core.keys import keys_path

        require_ready()
        with nullcontext() if alone else in_use(found):
            yield keys_path(found.home)


def _actor() -> Actor:
    from gongkai.platform.core.actor import Actor
    from gongkai.platform.core.present import present

    return Actor(present(), system="command")


def _used_for(use: KeyUse) -> str:
    text = _("{records} 条记录、{files} 个文件、{factors} 个第二步验证")
    return text.format(records=use.records, files=use.files, factors=use.second_factors)


@keys.command(
    name="list",
    cls=Leaf,
    help=_("列出密钥的名称和还有多少内容是用它加密的，不显示密钥本身。"),
    short_help=_("列出密钥和它们的用处"),
)
@_json
def list_keys(as_json: bool) -> None:
    with _ready() as path:
        from gongkai.platform.core.rotation import keys_in_use

        uses = keys_in_use(path)
    if as_json:
        echo_json({"keys": [asdict(use) for use in uses]})
        return
    for use in uses:
        if use.current:
            end = _("，现在用它加密")
        elif use.in_use:
            end = _("，旧的；gongkai keys rotate 以后才能去掉")
        else:
            end = _("，旧的；不再用到，可以去掉")
        click.echo(f"{use.key_id}：{_used_for(use)}{end}")


@keys.command(
    cls=Leaf,
    help=_(
        "新增一把密钥，以后用它加密；旧的留着，以前的内容还要用它打开。之后请重新启动平台，再运行 rotate。"
    ),
    short_help=_("新增一把密钥"),
)
@_json
def add(as_json: bool) -> None:
    with _ready() as path:
        from gongkai.platform.core.rotation import add_key

        name = add_key(path, actor=_actor())
    if as_json:
        echo_json({"key": name})
    else:
        text = _("已新增 {name}。请另外保存新的密钥文件，重新启动平台，再运行 gongkai keys rotate。")
        click.echo(text.format(name=name))


@keys.command(
    cls=Leaf,
    help=_("把以前的内容换成用现在的密钥加密，一批一批地做；可以中断，再运行就接着做。"),
    short_help=_("把以前的内容换成用现在的密钥加密"),
)
@_json
def rotate(as_json: bool) -> None:
    with _ready():
        from gongkai.platform.core.rotation import rotate_keys

        with busy(_("正在换密钥")):
            done = rotate_keys(actor=_actor())
    if as_json:
        echo_json(asdict(done))
    else:
        text = _("已换 {records} 条记录、{files} 个文件、{second_factors} 个第二步验证，还剩 {left}。")
        click.echo(text.format(**asdict(done)))


@keys.command(
    cls=Leaf,
    help=_("去掉一把不再用到的旧密钥。用它加密的备份要它才打得开：请先把旧的密钥文件与那些备份一起保存。"),
    short_help=_("去掉一把旧密钥"),
)
@click.argument("name", metavar=_("名称"))
@_json
def remove(name: str, as_json: bool) -> None:
    with _ready() as path:
        from gongkai.platform.core.rotation import KeyInUse, remove_key

        try:
            remove_key(path, name, actor=_actor())
        except KeyError as error:
            raise Problem(_("没有 {name} 这把密钥；用 gongkai keys list 查看。").format(name=name)) from error
        except KeyInUse as error:
            text = _("{name} 还在用：{uses}。请先运行 gongkai keys rotate。")
            if error.use.current:
                text = _("{name} 是现在加密用的，不能去掉；请先新增一把。")
            raise Problem(text.format(name=name, uses=_used_for(error.use))) from error
    if as_json:
        echo_json({"removed": name})
    else:
        click.echo(_("已去掉 {name}。").format(name=name))


@keys.command(
    name="index",
    cls=Leaf,
    help=_(
        "给查找申请人用的索引换一把密钥，并重新计算索引。第二步验证的备用码随之作废，请本人登录后重新生成。"
        "请先停止平台；中断了再运行一次。"
    ),
    short_help=_("换索引的密钥"),
)
@_json
def renew_index(as_json: bool) -> None:
    with _ready(alone=True) as path:
        home = environment().home
        from gongkai.platform.core.rotation import rotate_index_key
        from gongkai.platform.operations.locking import InUse, using

        try:
            with using(home, alone=True), busy(_("正在重新计算索引")):
                done = rotate_index_key(path, actor=_actor())
        except InUse as error:
            raise Problem(_("平台还在运行，请先停止 gongkai serve 和 gongkai worker。")) from error
    if as_json:
        echo_json({"index": done.digests, "codes": done.codes})
    else:
        click.echo(_("已重新计算 {n} 条索引。请另外保存新的密钥文件。").format(n=done.digests))
        if done.codes:
            click.echo(_("{n} 个备用码已作废：请各人登录后在“我的账号”重新生成。").format(n=done.codes))
