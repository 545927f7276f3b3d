"""Writing down that a backup was taken."""

from __future__ import annotations

from django.db import transaction

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.present import present
from gongkai.platform.operations.backup.taking import Taken
from gongkai.platform.operations.models import Backup


@transaction.atomic
def note_backup(taken: Taken) -> Backup:
    """The backup's row and its audit entry."""
    actor = Actor(present(), system="backup")
    audit.record("backup.taken", actor=actor, detail={"sha256": taken.sha256, "size": taken.size})
    return Backup.objects.create(
        taken_at=taken.manifest.made_at, name=taken.path.name[:255], size=taken.size, sha256=taken.sha256,
        with_keys=taken.manifest.with_keys,
    )  # fmt: skip
