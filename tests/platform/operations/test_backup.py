"""Backup, destroy, restore: the same rows, files and heads; or nothing at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from tests.platform.conftest import TODAY
from tests.platform.operations.conftest import Destroy, Installation, Office, blobs, registered, rows

from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.core.keys import load_keys
from gongkai.platform.core.models import AuditEntry, Erasure, StoredFile
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.operations.leftovers import sweep_leftovers


@pytest.fixture
def backup(installation: Installation, office: Office, tmp_path: Path) -> Path:
    """A backup of the office."""
    path = tmp_path / "office.gkb"
    done = installation.run("backup", str(path))
    assert done.returncode == 0, done.stderr
    return path


def restored(installation: Installation, backup: Path, *arguments: str) -> None:
    connection.close()
    done = installation.run("restore", str(backup), *arguments)
    assert done.returncode == 0, done.stderr


def test_what_was_destroyed_is_the_same_after_a_restore(
    installation: Installation, backup: Path, destroy: Destroy
) -> None:
    before, files = rows(), blobs(installation.home)
    audit = list(AuditEntry.objects.order_by("position").values_list("hash", flat=True))[:-1]
    destroy()
    restored(installation, backup)
    assert rows() == before
    assert blobs(installation.home) == files
    assert list(AuditEntry.objects.order_by("position").values_list("hash", flat=True))[: len(audit)] == audit
    assert installation.run("verify").returncode == 0


@pytest.mark.one_database
def test_a_backup_tells_what_is_in_it(backup: Path, office: Office) -> None:
    with tarfile.open(backup) as tar:
        names = tar.getnames()
        file = tar.extractfile("manifest.json")
        assert file is not None
        manifest = json.load(file)
    assert [member["name"] for member in manifest["members"]] == names[:-1]
    assert sum(name.startswith("files/private/") for name in names) == 3
    head = LedgerHead.objects.get()
    assert manifest["facts"]["heads"] == [
        {"body": head.body, "algorithm": "sm3", "position": head.position, "hash": head.hash}
    ]


@pytest.mark.one_database
def test_keys_lie_in_a_backup_only_where_they_were_asked_for(
    installation: Installation, backup: Path, tmp_path: Path
) -> None:
    secret = json.loads((installation.home / "keys.json").read_text(encoding="utf-8"))["keys"]["k1"]
    with tarfile.open(backup) as tar:
        assert "keys.json" not in tar.getnames()
    assert secret.encode() not in gzip.decompress(backup.read_bytes())
    with_keys = tmp_path / "with-keys.gkb"
    done = installation.run("backup", str(with_keys), "--with-keys")
    assert "能读出一切" in done.stdout
    with tarfile.open(with_keys) as tar:
        assert "keys.json" in tar.getnames()


def test_a_backup_with_keys_opens_on_an_empty_machine(
    installation: Installation, office: Office, destroy: Destroy, tmp_path: Path
) -> None:
    path = tmp_path / "with-keys.gkb"
    assert installation.run("backup", str(path), "--with-keys").returncode == 0
    destroy()
    (installation.home / "keys.json").unlink()
    restored(installation, path)
    assert installation.run("verify").returncode == 0


@pytest.mark.one_database
def test_without_the_keyring_of_the_backup_nothing_is_restored(
    installation: Installation, backup: Path, destroy: Destroy
) -> None:
    destroy()
    keys = installation.home / "keys.json"
    keys.unlink()
    done = installation.run("restore", str(backup))
    assert done.returncode == 2
    assert "密钥" in done.stderr
    from gongkai.platform.core.keys import create_keys

    create_keys(keys)
    done = installation.run("restore", str(backup))
    assert done.returncode == 2
    assert "不是做这份备份时的密钥" in done.stderr
    assert not (installation.home / "files").exists()


@pytest.mark.one_database
def test_a_backup_is_not_overwritten_unasked(installation: Installation, backup: Path) -> None:
    before = backup.read_bytes()
    done = installation.run("backup", str(backup))
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert backup.read_bytes() == before


def test_data_are_not_replaced_unasked_and_are_put_aside(
    installation: Installation, office: Office, backup: Path
) -> None:
    registered(office.place, "后来人")
    done = installation.run("restore", str(backup))
    assert done.returncode == 2
    assert "--replace" in done.stderr
    assert CaseText.objects.count() == 4
    restored(installation, backup, "--replace", "--yes")
    assert CaseText.objects.count() == 3
    assert list(installation.home.glob("before-restore-*"))


@pytest.mark.one_database
def test_a_file_that_is_missing_on_the_disk_makes_no_backup(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    file = StoredFile.objects.first()
    assert file is not None
    (installation.home / "files" / "private" / file.sha256[:2] / file.sha256).unlink()
    done = installation.run("backup", str(tmp_path / "none.gkb"))
    assert done.returncode == 2
    assert file.sha256 in done.stderr
    assert not list(tmp_path.glob("*none*"))
    assert not list(installation.home.glob("backup-*"))


# -- tampered with -------------------------------------------------------------------------------------

Change = Callable[[dict[str, bytes]], None]


def repacked(backup: Path, change: Change) -> None:
    """The members of a backup, changed by somebody and packed again."""
    members: dict[str, bytes] = {}
    with tarfile.open(backup) as tar:
        for info in tar:
            file = tar.extractfile(info)
            assert file is not None
            members[info.name] = file.read()
    change(members)
    with tarfile.open(backup, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def one_byte(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("database"))
    data = members[name]
    members[name] = data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]


def a_file_less(members: dict[str, bytes]) -> None:
    del members[next(name for name in members if name.startswith("files/"))]


def a_file_more(members: dict[str, bytes]) -> None:
    manifest = members.pop("manifest.json")
    members["files/private/ab/" + "ab" * 32] = b"x"
    members["manifest.json"] = manifest


def a_way_out(members: dict[str, bytes]) -> None:
    manifest = members.pop("manifest.json")
    members["../evil"] = b"x"
    members["manifest.json"] = manifest


def no_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


def another_head(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["facts"]["heads"][0]["hash"] = "0" * 64
    members["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.one_database
@pytest.mark.parametrize("change", [one_byte, a_file_less, a_file_more, a_way_out, no_manifest, another_head])
def test_a_backup_that_was_tampered_with_is_refused_and_nothing_is_changed(
    installation: Installation, backup: Path, change: Change
) -> None:
    repacked(backup, change)
    before, files = rows(), blobs(installation.home)
    connection.close()
    done = installation.run("restore", str(backup), "--replace", "--yes")
    assert done.returncode == 2, done.stdout
    assert "没有恢复任何内容" in done.stderr
    assert rows() == before
    assert blobs(installation.home) == files
    assert not (installation.home.parent / "evil").exists()
    assert not list(installation.home.glob("restore-*"))
    assert not list(installation.home.glob("before-restore-*"))


@pytest.mark.one_database
def test_a_backup_that_was_cut_short_is_refused(installation: Installation, backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-2000])
    done = installation.run("restore", str(backup), "--replace", "--yes")
    assert done.returncode == 2
    assert "不是完整的备份文件" in done.stderr


def test_a_ledger_changed_before_the_backup_does_not_pass_the_proof(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    event = LedgerEvent.objects.get(position=2)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                ["ledger_ledgerevent"],
            )
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            triggers = []
            cursor.execute("ALTER TABLE ledger_ledgerevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_ledgerevent SET occurred_on = '2026-01-05' WHERE id = %s", [event.pk])
        for _name, sql in triggers:
            cursor.execute(sql)
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_ledgerevent ENABLE TRIGGER USER")
    connection.close()
    path = tmp_path / "changed.gkb"
    assert installation.run("backup", str(path)).returncode == 0
    done = installation.run("restore", str(path), "--replace", "--yes")
    assert done.returncode == 2
    assert "台账已损坏" in done.stderr
    assert installation.run("verify").returncode == 1


# -- erased people -------------------------------------------------------------------------------------


def withdrawn(office: Office, index: int) -> None:
    case = office.letters[index].summaries[0]
    perform_act(
        body=office.place.body, stream=case.stream, kind="request.withdrawn", occurred_on=TODAY,
        expected_seq=case.last_seq, actor=office.place.actor("handler"), payload={"scope": "whole"},
    )  # fmt: skip


def test_whoever_was_erased_does_not_come_back_with_an_older_backup(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    withdrawn(office, 0)
    older = tmp_path / "older.gkb"
    assert installation.run("backup", str(older)).returncode == 0
    stream = office.letters[0].summaries[0].stream
    erase_applicant(body=office.place.body, actor=office.place.actor("approver"), stream=stream)
    restored(installation, older, "--replace", "--yes")
    connection.close()
    assert "陈大文" not in repr(rows())
    text = CaseText.objects.get(stream=stream)
    assert (text.title, text.description, text.applicant_label) == ("", "", "")
    assert Erasure.objects.count() == 1
    assert StoredFile.objects.count() == 2
    assert len(blobs(installation.home)) == 2
    assert CaseText.objects.exclude(description="").count() == 2
    assert installation.run("verify").returncode == 0


def test_the_list_of_erasures_survives_the_loss_of_the_database(
    installation: Installation, office: Office, destroy: Destroy, tmp_path: Path
) -> None:
    withdrawn(office, 0)
    older = tmp_path / "older.gkb"
    assert installation.run("backup", str(older)).returncode == 0
    stream = office.letters[0].summaries[0].stream
    erase_applicant(body=office.place.body, actor=office.place.actor("approver"), stream=stream)
    destroy()
    restored(installation, older)
    assert CaseText.objects.get(stream=stream).description == ""
    assert AuditEntry.objects.filter(act="case.erased").count() == 1


# -- who uses the home ---------------------------------------------------------------------------------


def test_nothing_is_restored_under_a_running_worker(installation: Installation, backup: Path) -> None:
    from gongkai.platform.operations.locking import using

    with using(installation.home):
        done = installation.run("restore", str(backup), "--replace", "--yes")
    assert done.returncode == 2
    assert "请先停止" in done.stderr


def test_while_a_restore_is_going_on_nothing_is_written_beside_it(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    from gongkai.platform.operations.locking import using

    connection.close()
    commands = (
        ("person", "add", "zhang", "--name", "张三", "--body", "云溪县人民政府"),
        ("keys", "add"),
        ("rebuild",),
        ("setup",),
        ("tick",),
        ("backup", str(tmp_path / "x.gkb")),
    )
    with using(installation.home, alone=True):
        for arguments in commands:
            done = installation.here(*arguments)
            assert (done.exit_code, "等它完成" in done.stderr) == (2, True), (arguments, done.stderr)
    assert list(load_keys(installation.home / "keys.json").keys) == ["k1"]
    assert not (tmp_path / "x.gkb").exists()


def test_after_a_restore_was_broken_off_nothing_makes_a_new_database(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    from gongkai.platform.operations.swapping import UNFINISHED

    connection.close()
    database, aside = installation.home / "gongkai.sqlite3", tmp_path / "aside"
    (installation.home / UNFINISHED).write_text('{"databases": null, "moves": []}', encoding="utf-8")
    if installation.database.vendor == "sqlite":
        database.rename(aside)
    for arguments in (("setup",), ("health",), ("tick",), ("demo", "day"), ("keys", "list")):
        connection.close()
        done = installation.here(*arguments)
        assert done.exit_code in (1, 2), (arguments, done.stderr)
        assert "恢复没有完成" in done.output, arguments
    assert not database.exists()


@pytest.mark.one_database
def test_what_a_killed_backup_or_restore_left_is_swept(tmp_path: Path) -> None:
    home, old = tmp_path, time.time() - 2 * 24 * 3600
    for name in ("restore-x1", "backup-old", "backup-new", "before-restore-20260301-000000"):
        (home / name).mkdir()
        (home / name / "gongkai.sqlite3").write_bytes("陈大文".encode())
    os.utime(home / "backup-old", (old, old))
    assert sweep_leftovers(home, timezone.now()) == 2
    left = {path.name for path in home.iterdir() if path.name.startswith(("restore-", "backup-", "before-"))}
    assert left == {"backup-new", "before-restore-20260301-000000"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite it is a file in the home")
def test_a_database_that_a_killed_restore_had_staged_is_dropped_by_the_next(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    name = f"{connection.settings_dict['NAME']}_restoring_dead"
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'CREATE DATABASE "{name}"')
    (tmp_path / "none.gkb").write_bytes(b"no backup")
    assert installation.here("restore", str(tmp_path / "none.gkb"), "--replace", "--yes").exit_code == 2
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        assert cursor.fetchone() == (0,)
    assert CaseText.objects.count() == 3
