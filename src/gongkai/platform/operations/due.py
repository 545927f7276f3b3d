"""The duties of running the platform itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.due import duty

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
