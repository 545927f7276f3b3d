"""Proving a restored copy, in the process whose database it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gongkai.i18n import _
from gongkai.platform.cases.erasure import replay_erasures
from gongkai.platform.cases.verifying import rebuild_projections, verify_projections
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.audit_chain import verify_audit
from gongkai.platform.core.files import FileDamaged, open_file
from gongkai.platform.core.keys import CannotDecrypt
from gongkai.platform.core.models import AuditHead, StoredFile
from gongkai.platform.core.present import present
from gongkai.platform.ledger.models import LedgerHead
from gongkai.platform.ledger.triggers import missing_triggers
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.platform.operations.profiles import why_not_here
from gongkai.platform.operations.setting_up import unapplied, unknown


class NotWhole(RuntimeError):
    """What is wrong with the copy, in a Chinese sentence."""


def prove(facts: Mapping[str, Any]) -> dict[str, int]:
    """Verify a copy against what its manifest says; numbers of what was looked at. Raises ``NotWhole``."""
    if newer := unknown():
        raise NotWhole(_("它是更新的版本建的（{name}），请升级软件").format(name=newer[0]))
    if unapplied():
        call_command("migrate", verbosity=0, interactive=False)
    if why := why_not_here(settings.ENVIRONMENT):
        raise NotWhole(why)
    _compare_heads(facts)
    if missing := missing_triggers():
        raise NotWhole(_("缺少保护台账的触发器 {names}").format(names="、".join(missing)))
    ledger = verify_ledger()
    if not ledger.ok:
        raise NotWhole(_("台账已损坏：{damage}").format(damage=ledger.damages[0].message()))
    trail = verify_audit()
    if not trail.ok:
        raise NotWhole(trail.damages[0].message())
    actor = Actor(present(), system="restore")
    erased = replay_erasures(actor=actor)
    files = _verify_files()
    rebuilt, known_on = 0, actor.present.known_on
    if not verify_projections(known_on=known_on).ok:
        rebuilt = rebuild_projections(actor=actor).written
        if not verify_projections(known_on=known_on).ok:
            raise NotWhole(_("案件列表与台账不符，重建以后仍然不符"))
    audit.record("backup.restored", actor=actor, detail={"erased": erased, "rebuilt": rebuilt})
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    told = {"entries": ledger.entries, "audit": trail.entries, "files": files}
    return {**told, "erased": erased, "rebuilt": rebuilt}


def _compare_heads(facts: Mapping[str, Any]) -> None:
    there = {head.body: [head.algorithm, head.position, head.hash] for head in LedgerHead.objects.all()}
    told = {head["body"]: [head["algorithm"], head["position"], head["hash"]] for head in facts["heads"]}
    if there != told:
        raise NotWhole(_("台账的链头与清单不符"))
    head = AuditHead.objects.first()
    noted = (0, "") if head is None else (head.position, head.hash)
    if noted != (facts["audit_position"], facts["audit_hash"]):
        raise NotWhole(_("审计的链头与清单不符"))


def _verify_files() -> int:
    number = 0
    for file in StoredFile.objects.iterator(chunk_size=500):
        try:
            open_file(file)
        except (FileDamaged, CannotDecrypt) as error:
            raise NotWhole(_("文件 {ref} 缺少、损坏或打不开").format(ref=file.ref)) from error
        number += 1
    return number
