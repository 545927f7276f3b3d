"""A job is done although its worker was killed in the middle; the day's duties are done once a day."""

from __future__ import annotations

import re
import signal
import socket
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.platform.committed import ROOT
from tests.platform.operations.conftest import Installation, Office, end, wait_until
from tests.platform.operations.slow_job import fail_with, write_twice

from gongkai.platform.operations.jobs import ensure_tick, tick
from gongkai.platform.operations.models import WorkerBeat
from gongkai.platform.operations.working import MOST_TRIES, reap_stale


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def test_the_job_of_a_killed_worker_is_done_by_the_next(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "job"
    job = write_twice.enqueue(str(path), 600)
    connection.close()
    worker = installation.start("worker")
    wait_until(lambda: lines(path) == ["begun"])
    worker.kill()
    worker.wait(10)
    assert DBTaskResult.objects.get(id=job.id).status == "RUNNING"
    connection.close()
    done = installation.run("worker", "--once")
    assert done.returncode == 0, done.stderr
    row = DBTaskResult.objects.get(id=job.id)
    assert (row.status, row.return_value, len(row.worker_ids)) == ("SUCCESSFUL", "done", 2)
    assert lines(path) == ["begun", "begun", "done"]


def test_a_signal_lets_the_worker_finish_its_job(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "job"
    write_twice.enqueue(str(path), 4)
    connection.close()
    worker = installation.start("worker")
    wait_until(lambda: lines(path) == ["begun"])
    assert end(worker, signal.SIGTERM) == 0
    assert lines(path) == ["begun", "done"]
    assert not WorkerBeat.objects.exists()


def running(worker: str, tries: int = 1) -> DBTaskResult:
    job = write_twice.enqueue("nowhere", 0)
    DBTaskResult.objects.filter(id=job.id).update(status="RUNNING", worker_ids=[worker] * tries)
    return DBTaskResult.objects.get(id=job.id)


def test_the_job_of_a_living_worker_is_left_alone(installation: Installation) -> None:
    now = timezone.now()
    WorkerBeat.objects.create(worker="w", host="elsewhere", process=1, started_at=now, beat_at=now)
    job = running("w")
    assert reap_stale(now) == 0
    job.refresh_from_db()
    assert job.status == "RUNNING"


def test_a_worker_on_another_machine_is_dead_when_it_is_silent(installation: Installation) -> None:
    now = timezone.now()
    silent = now - timedelta(seconds=61)
    WorkerBeat.objects.create(worker="w", host="elsewhere", process=1, started_at=silent, beat_at=silent)
    job = running("w")
    assert reap_stale(now) == 1
    job.refresh_from_db()
    assert job.status == "READY"


def test_a_worker_of_this_machine_is_dead_when_its_process_is_gone(installation: Installation) -> None:
    now = timezone.now()
    gone = 2**22 + 1  # beyond what Linux numbers processes with
    WorkerBeat.objects.create(
        worker="w", host=socket.gethostname(), process=gone, started_at=now, beat_at=now
    )
    assert reap_stale(now) == 0
    job = running("w")
    assert reap_stale(now) == 1
    job.refresh_from_db()
    assert job.status == "READY"


def test_a_job_at_which_workers_die_again_and_again_is_given_up(installation: Installation) -> None:
    job = running("gone", MOST_TRIES)
    reap_stale(timezone.now())
    job.refresh_from_db()
    assert (job.status, job.exception_class_path.rsplit(".", 1)[1]) == ("FAILED", "GivenUp")


def test_what_was_entered_stays_out_of_the_log_and_of_a_failed_job(installation: Installation) -> None:
    job = fail_with.enqueue("陈大文 13800000000")
    connection.close()
    done = installation.run("worker", "--once")
    row = DBTaskResult.objects.get(id=job.id)
    assert row.status == "FAILED"
    assert row.exception_class_path == "builtins.ValueError"
    assert "slow_job.py" in row.traceback
    for text in (row.traceback, done.stdout, done.stderr):
        assert "陈大文" not in text
        assert "13800000000" not in text


def test_a_worker_does_the_day_s_duties_at_its_start(installation: Installation, office: Office) -> None:
    from gongkai.platform.ledger.models import LedgerRoot

    connection.close()
    worker = installation.start("worker")
    wait_until(lambda: LedgerRoot.objects.exists())
    wait_until(lambda: DBTaskResult.objects.filter(task_path=tick.module_path, status="SUCCESSFUL").exists())
    assert end(worker) == 0


def test_the_day_s_duties_are_ordered_once_a_day_and_again_where_they_failed(
    installation: Installation,
) -> None:
    now = timezone.now()
    assert ensure_tick(now)
    assert not ensure_tick(now), "it is waiting"
    mine = DBTaskResult.objects.filter(task_path=tick.module_path)
    mine.update(status="SUCCESSFUL", finished_at=now)
    assert not ensure_tick(now), "it was done today"
    assert ensure_tick(now + timedelta(days=1)), "a new day"
    mine.update(status="FAILED", finished_at=now)
    assert ensure_tick(now), "it failed"


def test_duties_done_twice_change_nothing_the_second_time(installation: Installation, office: Office) -> None:
    connection.close()
    first = installation.json("tick")
    assert first["failed"] == []
    assert first["done"]["ledger.root"] == {"roots": 1}
    second = installation.json("tick")
    assert second["done"]["ledger.root"] == {"roots": 0}
    assert second["done"]["cases.provisional"]["moved"] == 0


def test_every_duty_is_named_in_chinese_and_in_the_guide(installation: Installation) -> None:
    connection.close()
    names = installation.json("tick")["done"]
    guide = (ROOT / "docs" / "how-to" / "operate.md").read_text(encoding="utf-8")
    printed = installation.run("tick").stdout
    for name in names:
        assert f"`{name}`" in guide
        assert name not in printed
    assert not re.search("[a-z]", printed), printed
