"""The worker: carries out jobs from the database, shows that it lives, takes up what a dead one left.

A job that a killed worker had begun stays marked as running for ever in the library that we use; here it is
put back, for every job of ours may be done again (``core.due``). After ``MOST_TRIES`` it is given up and
``gongkai health`` names it.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import threading
import time
from datetime import datetime, timedelta
from types import FrameType
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as LibraryWorker
from django_tasks_db.models import DBTaskResult

from gongkai.platform.operations.jobs import ensure_tick
from gongkai.platform.operations.models import WorkerBeat

logger = logging.getLogger(__name__)

BEAT = 10.0
"""Seconds between two signs of life."""
DEAD_AFTER = timedelta(seconds=60)
MOST_TRIES = 3


def reap_stale(now: datetime) -> int:
    """Put jobs back that a worker began which is dead; how many.

    Dead is whose last sign of life is older than ``DEAD_AFTER``, who left none, and on this machine whose
    process is gone.
    """
    living = set[str]()
    for beat in WorkerBeat.objects.all():
        if is_alive(beat, now):
            living.add(beat.worker)
        else:
            beat.delete()
    reaped = 0
    with transaction.atomic():
        for job in DBTaskResult.objects.filter(status="RUNNING").select_for_update(skip_locked=True):
            if job.worker_ids and job.worker_ids[-1] in living:
                continue
            _put_back(job, now)
            reaped += 1
    return reaped


def is_alive(beat: WorkerBeat, now: datetime) -> bool:
    """Whether a worker may still be at work."""
    if now - beat.beat_at > DEAD_AFTER:
        return False
    return beat.host != socket.gethostname() or _runs(beat.process)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _put_back(job: DBTaskResult[Any, Any], now: datetime) -> None:
    if len(job.worker_ids) < MOST_TRIES:
        logger.warning("job %s of a dead worker is put back", job.id)
        DBTaskResult.objects.filter(pk=job.pk).update(status="READY", started_at=None)
        return
    logger.error("job %s is given up: %d workers died at it", job.id, len(job.worker_ids))
    DBTaskResult.objects.filter(pk=job.pk).update(
        status="FAILED", finished_at=now, exception_class_path="gongkai.platform.operations.working.GivenUp"
    )


class GivenUp(RuntimeError):
    """What a job's row names where its workers died again and again."""


class Worker(LibraryWorker):
    """The library's worker with signs of life, and without texts of exceptions in the database."""

    def __init__(self, *, interval: float = 1.0, batch: bool = False) -> None:
        super().__init__(
            queue_names=["*"], interval=interval, batch=batch, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=f"worker-{get_random_string(20)}", excluded_queue_names=[],
        )  # fmt: skip
        self._ended = threading.Event()

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """The first signal: finish the present job. The second: stop at once; the job will be put back."""
        if not self.running:
            os._exit(128 + signum)
        self.running = False
        if not self.running_task:
            raise SystemExit(0)

    def run(self) -> None:
        """Work until a signal comes, or, for ``batch``, until there are no more jobs."""
        self._beat()
        reap_stale(timezone.now())
        if not self.batch:
            ensure_tick(timezone.now(), at_start=True)
        keeper = threading.Thread(target=self._keep, name="housekeeping", daemon=True)
        keeper.start()
        try:
            super().run()
        finally:
            self._ended.set()
            keeper.join(BEAT)
            WorkerBeat.objects.filter(pk=self.worker_id).delete()

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run a job; of an exception only the class and the places are kept, for its text may quote data."""
        super().run_task(db_task_result)
        if db_task_result.traceback:
            db_task_result.traceback = without_texts(db_task_result.traceback)
            db_task_result.save(update_fields=["traceback"])
            logger.error("job %s failed: %s", db_task_result.id, db_task_result.exception_class_path)

    def _beat(self) -> None:
        now = timezone.now()
        WorkerBeat.objects.update_or_create(
            worker=self.worker_id,
            defaults={"host": socket.gethostname(), "process": os.getpid(), "beat_at": now},
            create_defaults={
                "host": socket.gethostname(), "process": os.getpid(), "beat_at": now, "started_at": now,
            },
        )  # fmt: skip

    def _keep(self) -> None:
        """In a thread of its own, while jobs run: beat, put back, see that the day's duties are done."""
        parent = os.getppid()
        next_round = time.monotonic() + BEAT
        while not self._ended.wait(1.0):
            if os.getppid() != parent:  # whoever started us was killed: there is nobody to stop us later
                os.kill(os.getpid(), signal.SIGTERM)
                break
            if time.monotonic() < next_round:
                continue
            next_round = time.monotonic() + BEAT
            try:
                close_old_connections()
                self._beat()
                reap_stale(timezone.now())
                if not self.batch:
                    ensure_tick(timezone.now())
            except Exception:
                # The database may be away for a while; without it there is nothing to keep.
                logger.exception("housekeeping failed, tried again in %s s", BEAT)
        connection.close()


def without_texts(trace: str) -> str:
    """A stack trace's places alone."""
    return "\n".join(re.findall(r'^  File "[^"\n]+", line \d+, in \S+$', trace, re.MULTILINE))


def living_workers(now: datetime) -> list[WorkerBeat]:
    """Workers that may be at work."""
    return [beat for beat in WorkerBeat.objects.order_by("started_at") if is_alive(beat, now)]


def failed_jobs(since: datetime) -> dict[UUID, str]:
    """Jobs that failed, and at what."""
    rows = DBTaskResult.objects.filter(status="FAILED", finished_at__gte=since)
    return dict(rows.values_list("id", "exception_class_path"))
