"""``gongkai health`` finds every planted fault, and says how to mend it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.platform.operations.conftest import Installation, Office
from tests.platform.operations.slow_job import write_twice

from gongkai.platform.core.keys import create_keys
from gongkai.platform.ledger.models import LedgerHead
from gongkai.platform.operations.models import Backup, WorkerBeat
from gongkai.platform.operations.swapping import UNFINISHED


def look(installation: Installation, **environ: str) -> dict[str, dict[str, Any]]:
    """The checks by name."""
    done = installation.here("health", "--json", **environ)
    told = json.loads(done.stdout)
    assert done.exit_code == (0 if told["healthy"] else 1), done.stderr
    return {check["name"]: check for check in told["checks"]}


def look_from_outside(installation: Installation) -> dict[str, dict[str, Any]]:
    """The same by a process of its own: this one read the keyring already, and goes on without."""
    connection.close()
    told = json.loads(installation.run("health", "--json").stdout)
    return {check["name"]: check for check in told["checks"]}


def faults(installation: Installation, **environ: str) -> set[str]:
    return {name for name, check in look(installation, **environ).items() if not check["ok"]}


@pytest.fixture
def well(installation: Installation, office: Office) -> Installation:
    """With a worker that shows signs of life."""
    now = timezone.now()
    WorkerBeat.objects.create(worker="w", host="elsewhere", process=1, started_at=now, beat_at=now)
    return installation


def test_a_platform_that_is_well_has_no_fault(well: Installation) -> None:
    assert faults(well) == set()


def wide_keys(installation: Installation) -> None:
    (installation.home / "keys.json").chmod(0o640)


def no_keys(installation: Installation) -> None:
    (installation.home / "keys.json").unlink()


def no_trigger(installation: Installation) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_ledgerevent_no_update")
        else:
            cursor.execute("ALTER TABLE ledger_ledgerevent DISABLE TRIGGER ledger_ledgerevent_no_change")


def another_head(installation: Installation) -> None:
    LedgerHead.objects.update(hash="0" * 64)


def a_head_too_far(installation: Installation) -> None:
    LedgerHead.objects.update(position=99)


def a_dead_worker(installation: Installation) -> None:
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(minutes=5))


def a_failed_job(installation: Installation) -> None:
    job = write_twice.enqueue("nowhere", 0)
    DBTaskResult.objects.filter(id=job.id).update(
        status="FAILED", finished_at=timezone.now(), exception_class_path="builtins.ValueError"
    )


def a_migration_less(installation: Installation) -> None:
    MigrationRecorder.Migration.objects.filter(app="operations").delete()


def a_newer_migration(installation: Installation) -> None:
    MigrationRecorder.Migration.objects.create(app="operations", name="0099_from_the_future")


def a_broken_off_restore(installation: Installation) -> None:
    (installation.home / UNFINISHED).write_text('{"databases": null, "moves": []}', encoding="utf-8")


@pytest.mark.parametrize(
    ("plant", "name"),
    [
        (wide_keys, "keys"),
        (no_keys, "keys"),
        (no_trigger, "triggers"),
        (another_head, "heads"),
        (a_head_too_far, "heads"),
        (a_dead_worker, "worker"),
        (a_failed_job, "jobs"),
        (a_migration_less, "database"),
        (a_newer_migration, "database"),
        (a_broken_off_restore, "restore"),
    ],
)
def test_a_planted_fault_is_found_and_only_that(
    well: Installation, plant: Callable[[Installation], None], name: str
) -> None:
    plant(well)
    checks = look_from_outside(well) if name == "keys" else look(well)
    assert {found for found, check in checks.items() if not check["ok"]} == {name}
    assert checks[name]["mend"]


def test_a_keyring_that_lacks_the_key_of_the_data_is_found(well: Installation) -> None:
    path = well.home / "keys.json"
    path.unlink()
    create_keys(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["current"], data["keys"] = "k7", {"k7": data["keys"]["k1"]}
    path.write_text(json.dumps(data), encoding="utf-8")
    assert faults(well) == {"keys"}


def test_an_office_without_a_backup_of_this_week_is_told(well: Installation) -> None:
    assert faults(well, GONGKAI_PROFILE="production") == {"backup"}
    now = timezone.now()
    backup = Backup.objects.create(taken_at=now, name="x.gkb", size=1, sha256="0" * 64, with_keys=False)
    assert faults(well, GONGKAI_PROFILE="production") == set()
    Backup.objects.filter(pk=backup.pk).update(taken_at=now - timedelta(days=8))
    assert faults(well, GONGKAI_PROFILE="production") == {"backup"}


def test_a_verified_backup_is_remembered(well: Installation) -> None:
    assert well.run("backup", str(well.home / "x.gkb")).returncode == 0
    assert "x.gkb" in look(well)["backup"]["found"]
