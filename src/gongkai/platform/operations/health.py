"""Whether the platform is well: what ``gongkai health`` looks at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import DatabaseError

from gongkai.i18n import _
from gongkai.platform.core.keys import KeysMissing, keys_path, load_keys
from gongkai.platform.core.models import PrivateRecord
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.core.snapshots import snapshot
from gongkai.platform.environment import Environment
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.triggers import missing_triggers
from gongkai.platform.operations.checks import Check
from gongkai.platform.operations.models import Backup
from gongkai.platform.operations.profiles import why_not_here
from gongkai.platform.operations.setting_up import unapplied, unknown
from gongkai.platform.operations.swapping import UNFINISHED
from gongkai.platform.operations.working import failed_jobs, living_workers

LEAST_FREE = 1024**3
"""Bytes that must be free: a backup and the database's own journal need room."""
OLDEST_BACKUP = timedelta(days=7)
JOBS_SINCE = timedelta(days=7)


def look(environment: Environment, now: datetime) -> list[Check]:
    """All checks. One that the state of the database does not allow is a fault by itself."""
    checks: list[Check] = []
    for name, label, check in _CHECKS:
        try:
            ok, found, mend = check(environment, now)
        except DatabaseError as error:
            if name == "database":
                mend = _("检查 GONGKAI_DATABASE 和 GONGKAI_HOME，以及数据库服务是否在运行。")
                return [*checks, Check(name, label, False, _("连不上数据库"), mend)]
            ok, found = False, _("没有查成（{kind}）").format(kind=type(error).__name__)
            mend = _("先按上面的提示处理数据库，再检查一次。")
        checks.append(Check(name, label, ok, found, "" if ok else mend))
        if name == "restore" and not ok:
            break  # asking SQLite's database while it lies aside would make a new one in its place
    return checks


_Verdict = tuple[bool, str, str]


def _database(environment: Environment, _now: datetime) -> _Verdict:
    newer, missing = unknown(), unapplied()
    if newer:
        return False, _("由更新的版本建立：{name}").format(name=newer[0]), _("升级软件。")
    if missing:
        found = _("缺 {n} 处结构更新").format(n=len(missing))
        return False, found, _("先备份，再运行 gongkai setup。")
    if why := why_not_here(environment):
        return False, why, _("改 GONGKAI_HOME 和 GONGKAI_DATABASE。")
    return True, _("能连上，结构是本版本的"), ""


def _keys(environment: Environment, _now: datetime) -> _Verdict:
    path = keys_path(environment.home)
    mend = _("把原来的密钥文件放回原处，权限设为 0600。")
    try:
        ring = load_keys.__wrapped__(path)
    except KeysMissing as error:
        return False, str(error), mend
    used = PrivateRecord.objects.order_by("-created_at").values_list("token", flat=True).first()
    if used is not None and used.partition(":")[0] not in ring.keys:
        return False, _("密钥文件里没有数据所用的密钥 {name}").format(name=used.partition(":")[0]), mend
    return True, _("可读，只有本人能读"), ""


def _triggers(_environment: Environment, _now: datetime) -> _Verdict:
    missing = missing_triggers()
    mend = _(
        "有人改过数据库。先运行 gongkai verify 查台账有没有被改动，再从备份恢复，或请开发者重建这些触发器。"
    )
    return not missing, "、".join(missing) or _("台账和审计的触发器都在"), mend


def _heads(_environment: Environment, _now: datetime) -> _Verdict:
    with snapshot():  # others go on writing
        wrong = list(_wrong_heads())
    mend = _("运行 gongkai verify 查明是哪一条，再从备份恢复。")
    return (
        not wrong,
        "、".join(wrong) or _("{n} 个台账的链头与末条一致").format(n=LedgerHead.objects.count()),
        mend,
    )


def _wrong_heads() -> Iterator[str]:
    for head in LedgerHead.objects.all():
        last = (
            LedgerEvent.objects.filter(body=head.body)
            .order_by("-position")
            .values_list("position", "hash")
            .first()
        )
        if (last or (0, head.hash)) != (head.position, head.hash):
            yield head.body


def _disk(environment: Environment, _now: datetime) -> _Verdict:
    free = shutil.disk_usage(environment.home).free
    found = _("数据目录所在的磁盘还有 {n} MB").format(n=free // 1024**2)
    return free >= LEAST_FREE, found, _("清理磁盘，或把数据目录移到更大的磁盘。")


def _worker(_environment: Environment, now: datetime) -> _Verdict:
    living = living_workers(now)
    if not living:
        return False, _("没有在运行"), _("运行 gongkai serve，或单独运行 gongkai worker。")
    return True, _("{n} 个在运行").format(n=len(living)), ""


def _jobs(_environment: Environment, now: datetime) -> _Verdict:
    failed = failed_jobs(now - JOBS_SINCE)
    found = "、".join(sorted(set(failed.values()))) or _("一周内没有失败的")
    return not failed, found, _("看日志里的原因；改正后运行 gongkai tick 再做一次。")


def _backup(environment: Environment, now: datetime) -> _Verdict:
    last = Backup.objects.first()
    if last is not None:
        day = last.taken_at.astimezone(SHANGHAI).date()
        found = _("最近一次在 {day}：{name}").format(day=day, name=last.name)
        if now - last.taken_at <= OLDEST_BACKUP:
            return True, found, ""
    else:
        found = _("从未备份")
    if environment.demonstration:
        return True, found + _("；演示不要求"), ""
    return False, found, _("运行 gongkai backup 文件名，并把文件存到别的机器上。")


def _restore(environment: Environment, _now: datetime) -> _Verdict:
    there = (environment.home / UNFINISHED).exists()
    found = _("上次恢复没有完成") if there else _("没有中断的恢复")
    if aside := sorted(path.name for path in environment.home.glob("before-restore-*")):
        text = _("；还留着 {names}，里面有恢复以前的个人信息，不再需要时请删除")
        found += text.format(names="、".join(aside))
    return not there, found, _("重新运行 gongkai restore，它会接着做完。")


_CHECKS: tuple[tuple[str, str, Callable[[Environment, datetime], _Verdict]], ...] = (
    ("restore", _("恢复"), _restore),
    ("database", _("数据库"), _database),
    ("keys", _("密钥"), _keys),
    ("triggers", _("触发器"), _triggers),
    ("heads", _("台账链头"), _heads),
    ("disk", _("磁盘"), _disk),
    ("worker", _("后台进程"), _worker),
    ("jobs", _("后台任务"), _jobs),
    ("backup", _("备份"), _backup),
)
