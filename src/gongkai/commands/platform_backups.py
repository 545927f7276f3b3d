"""What ``gongkai backup`` and ``restore`` do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from gongkai.commands.base import Problem
from gongkai.commands.output import echo_json
from gongkai.commands.platform_entry import database_problem, environment, in_use, platform
from gongkai.commands.platform_running import driver_errors
from gongkai.i18n import _
from gongkai.platform.core.keys import KeysMissing
from gongkai.platform.operations import setting_up
from gongkai.platform.operations.backup.manifest import BackupProblem
from gongkai.platform.operations.backup.restoring import (
    Restored,
    has_room,
    is_empty,
    restore_backup,
    room_needed,
)
from gongkai.platform.operations.backup.taking import Taken, take_backup
from gongkai.platform.operations.locking import InUse, using


def _say(text: str) -> None:
    click.echo(f"{text}…", err=True)


def _moment() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def run_backup(file: Path, *, with_keys: bool, force: bool, as_json: bool) -> None:
    """Write a backup, verify it, and write down that it was taken."""
    with platform() as found, in_use(found):
        try:
            taken = take_backup(found, file.absolute(), _moment(), with_keys=with_keys, force=force, say=_say)
        except BackupProblem as error:
            raise Problem(str(error)) from error
        except driver_errors(found) as error:
            raise Problem(database_problem(error)) from error
        _note(taken)
    manifest = taken.manifest
    if as_json:
        told = {"path": str(taken.path), "size": taken.size, "sha256": taken.sha256}
        echo_json({**told, "members": len(manifest.members), "with_keys": manifest.with_keys})
        return
    entries = sum(head.position for head in manifest.facts.heads)
    text = _("已备份到 {path}：{bodies} 个台账共 {entries} 条，{files} 个文件，{mb:.1f} MB；已读回验证。")
    files = sum(member.name.startswith("files/") for member in manifest.members)
    click.echo(
        text.format(
            path=taken.path, bodies=len(manifest.facts.heads), entries=entries, files=files,
            mb=taken.size / 1024**2,
        )
    )  # fmt: skip
    click.echo(f"SHA-256：{taken.sha256}")
    if manifest.with_keys:
        click.echo(_("里面有密钥：拿到这个文件的人能读出一切，请锁好。"))
    else:
        click.echo(_("密钥不在里面：请另外保存密钥文件。里面有申请的内容，请与数据库同样保管。"))


def _note(taken: Taken) -> None:
    from gongkai.platform.operations.noting import note_backup

    note_backup(taken)


def run_restore(file: Path, *, replace: bool, yes: bool, as_json: bool) -> None:
    """Restore a backup, all or nothing."""
    found = environment()
    if not file.is_file():
        raise Problem(_("{file}：没有这个文件。").format(file=file))
    setting_up.prepare_home(found.home)
    if not has_room(found, file):
        text = _("{home} 所在的磁盘空间不足，恢复大约需要 {n} MB。")
        raise Problem(text.format(home=found.home, n=room_needed(file) // 1024**2))
    try:
        with using(found.home, alone=True):
            if replace and not yes and not is_empty(found):
                click.confirm(
                    _("要用 {file} 替换 {home} 里现有的数据吗？").format(file=file, home=found.home),
                    abort=True,
                )
            restored = restore_backup(found, file, _moment(), replace=replace, say=_say)
    except InUse as error:
        text = _("平台还在运行（{home}），请先停止 gongkai serve 和 gongkai worker。")
        raise Problem(text.format(home=found.home)) from error
    except (BackupProblem, KeysMissing) as error:
        raise Problem(str(error)) from error
    except driver_errors(found) as error:
        raise Problem(database_problem(error)) from error
    _tell(restored, as_json)


def _tell(restored: Restored, as_json: bool) -> None:
    if as_json:
        echo_json(
            {"made_at": restored.manifest.made_at, "proved": dict(restored.proved), "aside": restored.aside}
        )
        return
    proved = restored.proved
    text = _("已恢复 {made} 的备份：台账 {entries} 条、审计 {audit} 条、文件 {files} 个，都已验证。")
    click.echo(text.format(made=restored.manifest.made_at, **proved))
    if proved["erased"]:
        click.echo(_("备份以后删除过个人信息的 {n} 人，已再次删除。").format(n=proved["erased"]))
    if restored.aside:
        text = _("原来的数据移到了 {aside}；确认不再需要以后请删除，里面有个人信息。")
        click.echo(text.format(aside=restored.aside))
