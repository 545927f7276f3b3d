"""The jobs of the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.present import SHANGHAI, present
from gongkai.platform.operations.ticking import carry_out

SYSTEM = "tick"
"""The actor of what is done by itself."""
_MOST_FAILURES = 3


@task()
def tick() -> dict[str, dict[str, int]]:
    """Carry out the day's duties."""
    return carry_out(Actor(present(), system=SYSTEM))


def ensure_tick(now: datetime, *, at_start: bool = False) -> bool:
    """Order the day's duties where nobody did; whether they were ordered.

    ``at_start``: also where they were done today already. Ordered twice by two workers at the same moment
    they are done twice, which changes nothing.
    """
    mine = DBTaskResult.objects.filter(task_path=tick.module_path)
    if mine.filter(status__in=["READY", "RUNNING"]).exists():
        return False
    if not at_start:
        midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        today = mine.filter(Q(finished_at__gte=midnight) & Q(finished_at__lt=midnight + timedelta(days=1)))
        if today.filter(status="SUCCESSFUL").exists():
            return False
        if today.filter(status="FAILED").count() >= _MOST_FAILURES:
            return False
    tick.enqueue()
    return True
