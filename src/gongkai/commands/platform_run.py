"""``gongkai setup``, ``serve``, ``worker``, ``tick``, ``health``: arguments and help texts."""

from __future__ import annotations

import click

from gongkai.commands.base import Leaf
from gongkai.i18n import _

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))


@click.command(
    cls=Leaf,
    help=_(
        "建立或升级平台：数据目录（只有本人能进）、密钥、数据库的表、网页所需的文件。可以反复运行，"
        "已经做好的不再做。目录、数据库等由环境变量指定，见“环境变量与限制”。"
    ),
    short_help=_("建立或升级平台"),
)
@click.option("--new", is_flag=True, help=_("没有密钥时直接新建，不再询问。"))
@_json
def setup(new: bool, as_json: bool) -> None:
    from gongkai.commands.platform_running import run_setup

    run_setup(new=new, as_json=as_json)


@click.command(
    cls=Leaf,
    help=_("运行平台：一个网页服务进程和一个后台进程。收到停止信号（如按 Ctrl+C）时两个都停。"),
    short_help=_("运行平台"),
    epilog=_("退出码：0 按要求停下；1 进程自己停了；2 不能启动；70 程序内部出错。"),
)
@click.option("--listen", metavar=_("地址"), help=_("在哪个地址上服务；缺省为 GONGKAI_LISTEN。"))
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar=_("端口"), help=_("端口；缺省为 GONGKAI_PORT。")
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    metavar=_("个数"),
    help=_("网页服务用几个进程；SQLite 用一个就够。"),
)
@click.option("--no-worker", is_flag=True, help=_("不启动后台进程；它在别处用 gongkai worker 运行。"))
@_json
def serve(listen: str | None, port: int | None, workers: int, no_worker: bool, as_json: bool) -> None:
    from gongkai.commands.platform_running import run_serve

    run_serve(listen=listen, port=port, workers=workers, with_worker=not no_worker, as_json=as_json)


@click.command(
    cls=Leaf,
    help=_(
        "运行后台进程：做排好的任务，每天做到期的事（见 tick）。停止信号来时做完手上的一件再停；"
        "上一个后台进程中途死掉时没有做完的，重新做。"
    ),
    short_help=_("运行后台进程"),
)
@click.option("--once", is_flag=True, help=_("做完现在排着的就停。"))
@_json
def worker(once: bool, as_json: bool) -> None:
    from gongkai.commands.platform_running import run_worker

    run_worker(once=once, as_json=as_json)


@click.command(
    cls=Leaf,
    help=_(
        "做每天到期的事：台账的每日根、暂定的期限重新计算、清理没有主的文件和过期的登录等。"
        "可以反复运行；后台进程每天自己也做。"
    ),
    short_help=_("做每天到期的事"),
    epilog=_("退出码：0 都做了；1 有的没有做成；2 不能运行；70 程序内部出错。"),
)
@_json
def tick(as_json: bool) -> None:
    from gongkai.commands.platform_running import run_tick

    run_tick(as_json=as_json)


@click.command(
    cls=Leaf,
    help=_("检查平台：数据库、密钥、台账的保护、磁盘、后台进程、失败的任务、最近的备份。有毛病时说怎么办。"),
    short_help=_("检查平台是否正常"),
    epilog=_("退出码：0 正常；1 有毛病；2 不能检查；70 程序内部出错。"),
)
@_json
def health(as_json: bool) -> None:
    from gongkai.commands.platform_running import run_health

    run_health(as_json=as_json)
