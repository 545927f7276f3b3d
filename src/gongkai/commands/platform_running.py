"""What ``gongkai setup``, ``serve``, ``worker``, ``tick`` and ``health`` do."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict

import click

from gongkai.commands.base import EXIT_ERRORS, Problem
from gongkai.commands.output import echo_json
from gongkai.commands.platform_entry import database_problem, environment, in_use, platform
from gongkai.commands.progress import busy
from gongkai.i18n import _
from gongkai.platform.core.keys import keys_path
from gongkai.platform.environment import BadEnvironment, Environment, require_safe
from gongkai.platform.operations import serving, setting_up
from gongkai.platform.operations.swapping import UNFINISHED

_STEPS: Mapping[str, tuple[str, str]] = {
    "home": (_("数据目录 {detail}：已建好"), _("数据目录 {detail}：本来就好")),
    "keys": (
        _("密钥文件 {detail}：已新建。请另外保存一份；丢了它，申请人的信息就再也打不开"),
        _("密钥文件 {detail}：本来就有"),
    ),
    "database": (_("数据库：已更新 {detail} 处结构"), _("数据库：结构已是最新")),
    "static": (_("网页所需的文件：已更新"), _("网页所需的文件：已是最新")),
}


_DUTIES: Mapping[str, str] = {
    "ledger.root": _("台账的每日根"),
    "cases.calendar": _("新的放假通知"),
    "cases.provisional": _("暂定的期限"),
    "cases.past": _("没有导入的历史案件表格"),
    "cases.duty": _("值班提醒"),
    "cases.sensitive": _("敏感标记"),
    "cases.tasks": _("提醒承办单位"),
    "files.orphans": _("没有主的文件"),
    "erasures.list": _("删除名单"),
    "sessions.expired": _("过期的登录"),
    "jobs.finished": _("旧的任务结果"),
}
_NUMBERS: Mapping[str, str] = {
    "roots": _("新记"), "looked_at": _("看了"), "moved": _("改了"), "blobs": _("清理文件"),
    "uploads": _("清理上传"), "recent": _("近两日删除"), "deleted": _("清理"),
    "before": _("快到内部期限"), "late": _("已超过内部期限"),
    "lifted": _("到期解除"), "opened": _("补上审批人"),
    "leftovers": _("清理半成品"), "bodies": _("机关"), "absences": _("明天开始的离岗"),
    "holidays": _("明天开始的假期"), "uncovered": _("没有人代的离岗"), "orders_overdue": _("超期的督办件"),
}  # fmt: skip


def run_setup(*, new: bool, as_json: bool) -> None:
    """Make the home, keys, tables and static files; say which were there."""
    found = environment()
    done = [setting_up.prepare_home(found.home)]
    path = keys_path(found.home)
    try:
        if not path.exists() and not new and not setting_up.has_data(found.database):
            _ask_for_keys(str(path))
        done.append(setting_up.prepare_keys(path, found))
    except setting_up.KeysLost as error:
        raise Problem(str(error)) from error
    except driver_errors(found) as error:
        raise Problem(database_problem(error)) from error
    with platform(), in_use(found), busy(_("正在建立数据库的表")):
        newer = setting_up.unknown()
        if newer:
            raise Problem(_newer(newer))
        done.append(setting_up.migrate())
        done.append(setting_up.collect_static())
    if as_json:
        echo_json({"done": [asdict(one) for one in done]})
        return
    for one in done:
        click.echo(_STEPS[one.step][0 if one.changed else 1].format(detail=one.detail))


def _ask_for_keys(path: str) -> None:
    if not sys.stdin.isatty():
        raise Problem(
            _("没有密钥文件 {path}。已有密钥就把它放到那里；第一次安装请加 --new 新建。").format(path=path)
        )
    click.confirm(_("没有密钥文件 {path}，要新建吗？").format(path=path), abort=True)


def driver_errors(found: Environment) -> tuple[type[Exception], ...]:
    if found.database["ENGINE"].endswith("sqlite3"):
        import sqlite3

        return (sqlite3.Error,)
    import psycopg

    return (psycopg.Error,)


def _newer(names: list[str]) -> str:
    return _("数据库是更新的版本建的（{names}），本版本不能用它；请升级软件。").format(
        names="、".join(names[:3])
    )


def require_ready() -> None:
    """A ``Problem`` where a restore was broken off, or the tables are not those of this version."""
    if (environment().home / UNFINISHED).exists():
        raise Problem(_("上次恢复没有完成；请重新运行 gongkai restore，它会接着做完。"))
    newer = setting_up.unknown()
    if newer:
        raise Problem(_newer(newer))
    if setting_up.unapplied():
        raise Problem(_("数据库的结构与本版本不符，请先运行 gongkai setup。"))
    from gongkai.platform.operations.profiles import why_not_here

    if why := why_not_here(environment()):
        raise Problem(why)


def _to_serve(listen: str | None, port: int | None, workers: int) -> tuple[Environment, str, int, list[str]]:
    """Environment, address, port and the server's command line; a ``Problem`` where nothing may be served."""
    with platform() as found:
        require_ready()
        from gongkai.platform.operations.profiles import why_not_served

        if why := why_not_served(found):
            raise Problem(why)
        listen, port = listen or found.listen, port or found.port
        try:
            require_safe(found, listen)
            serving.require_free(listen, port)
        except BadEnvironment as error:
            raise Problem(str(error)) from error
        except serving.PortTaken as error:
            text = _("不能在 {listen} 的端口 {port} 上服务：{why}。换一个端口用 --port。")
            raise Problem(text.format(listen=listen, port=port, why=error)) from error
        setting_up.collect_static()
        from django.conf import settings
        from django.db import connection

        connection.close()  # children have their own
        command = serving.server_command(
            listen=listen, port=port, workers=workers, static_url=str(settings.STATIC_URL),
            static_root=settings.STATIC_ROOT,
        )  # fmt: skip
    serving.environ_for(found.home)
    return found, listen, port, command


def run_serve(
    *, listen: str | None, port: int | None, workers: int, with_worker: bool, as_json: bool
) -> None:
    """Serve until a signal comes."""
    found, listen, port, command = _to_serve(listen, port, workers)
    commands = {"server": command}
    if with_worker:
        commands["worker"] = serving.worker_command()
    supervisor = serving.Supervisor(commands)
    address = serving.shown_address(listen, port)

    def started() -> None:
        server = supervisor.children["server"]
        if not serving.wait_for(listen, port, lambda: server.poll() is None and not supervisor.stopping):
            return
        if as_json:
            echo_json({"event": "started", "address": address, "worker": with_worker})
        else:
            click.echo(_("已启动：{address}（按 Ctrl+C 停止）").format(address=address))
        sys.stdout.flush()

    try:
        with in_use(found):
            supervisor.run(started)
    except serving.ChildFailed as error:
        name = _("网页服务") if error.name == "server" else _("后台进程")
        click.echo(
            _("{name}自己停了（退出码 {code}），平台随之停止；原因见上面的日志。").format(
                name=name, code=error.code
            ),
            err=True,
        )
        raise click.exceptions.Exit(EXIT_ERRORS) from error
    if as_json:
        echo_json({"event": "stopped"})
    else:
        click.echo(_("已停止。"))


def run_worker(*, once: bool, as_json: bool) -> None:
    """Work off jobs until a signal comes."""
    with platform() as found:
        require_ready()
        from gongkai.platform.operations.working import Worker

        work = Worker(batch=once)
        work.configure_signals()
        with in_use(found):
            work.run()
    if as_json:
        echo_json({"event": "stopped"})


def run_tick(*, as_json: bool) -> None:
    """Carry out the day's duties here and now."""
    with platform() as found, in_use(found):
        require_ready()
        from gongkai.platform.core.actor import Actor
        from gongkai.platform.core.present import present
        from gongkai.platform.operations.jobs import SYSTEM
        from gongkai.platform.operations.ticking import DutiesFailed, carry_out

        failed: list[str] = []
        try:
            with busy(_("正在做到期的事")):
                done = carry_out(Actor(present(), system=SYSTEM))
        except DutiesFailed as error:
            done, failed = error.done, error.failed
    if as_json:
        echo_json({"done": done, "failed": failed})
    else:
        for name, numbers in done.items():
            told = "，".join(f"{_NUMBERS.get(key, key)} {value}" for key, value in numbers.items())
            click.echo(f"{_DUTIES.get(name, name)}：{told}")
        for name in failed:
            click.echo(_("{name}：没有做成，原因见日志").format(name=name), err=True)
    if failed:
        raise click.exceptions.Exit(EXIT_ERRORS)


def run_health(*, as_json: bool) -> None:
    """Look at everything; ends with 1 where something is wrong."""
    logging.getLogger("django").setLevel(logging.CRITICAL)
    from gongkai.platform.core.keys import KeysMissing
    from gongkai.platform.operations.checks import Check, keys_check

    checks: list[Check] = []
    try:
        with platform() as found:
            from django.utils import timezone

            from gongkai.platform.operations.health import look

            checks = look(found, timezone.now())
    except Problem as error:
        if not isinstance(error.__cause__, KeysMissing):
            raise
        checks = [keys_check(error.__cause__)]
    if as_json:
        echo_json({"healthy": all(one.ok for one in checks), "checks": [asdict(one) for one in checks]})
    else:
        for one in checks:
            click.echo(f"{'正常' if one.ok else '有毛病'}  {one.label}：{one.found}")
            if one.mend:
                click.echo(f"        {_('怎么办')}：{one.mend}")
    if not all(one.ok for one in checks):
        raise click.exceptions.Exit(EXIT_ERRORS)
