"""The duties of running the platform itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from gongkai.platform.cases.erasure import keep_erasure_list, scrub_database
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.due import duty
from gongkai.platform.core.files import sweep_orphans
from gongkai.platform.core.models import Erasure
from gongkai.platform.operations.leftovers import sweep_leftovers

KEPT = timedelta(days=30)
"""How long results of jobs are kept."""


@duty("sessions.expired")
def clear_sessions(actor: Actor) -> Mapping[str, int]:
    """Delete sessions that are over."""
    before = Session.objects.count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {"deleted": before - Session.objects.count()}


@duty("jobs.finished")
def prune_jobs(actor: Actor) -> Mapping[str, int]:
    """Forget finished jobs after a month."""
    old = DBTaskResult.objects.filter(
        status__in=["SUCCESSFUL", "FAILED"], finished_at__lt=actor.present.moment - KEPT
    )
    return {"deleted": old.delete()[0]}


@duty("files.orphans")
def sweep_files(actor: Actor) -> Mapping[str, int]:
    """Remove sealed files without a row, uploads of forms never sent, what killed backups left."""
    swept = sweep_orphans(actor=actor)
    leftovers = sweep_leftovers(settings.ENVIRONMENT.home, datetime.now(UTC))
    return {"blobs": swept.blobs, "uploads": swept.uploads, "leftovers": leftovers}


@duty("erasures.list")
def keep_erasures(actor: Actor) -> Mapping[str, int]:
    """Keep the list of erasures beside the database whole, and scrub the database's files after one."""
    keep_erasure_list()
    recent = Erasure.objects.filter(erased_at__gte=actor.present.moment - timedelta(days=2)).count()
    if recent:
        scrub_database()
    return {"recent": recent}
