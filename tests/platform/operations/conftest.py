"""An office with cases, papers and people in a database with real commits, and our command beside it."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from tests.platform.committed import ROOT, CommittedDatabase
from tests.platform.conftest import TODAY, Place, make_body
from tests.platform.private.conftest import PDF

from gongkai.cli import program
from gongkai.platform.cases.applicants import ApplicantDetails
from gongkai.platform.cases.services.registration import Registered, RequestedItem, register_letter
from gongkai.platform.core.files import store_file
from gongkai.platform.core.keys import load_keys

GONGKAI = "from gongkai.cli import main; main()"


@dataclass
class Installation:
    """A home and a database as an office has them; commands run in processes of their own."""

    database: CommittedDatabase

    @property
    def home(self) -> Path:
        return self.database.home

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run ``gongkai`` to its end."""
        return subprocess.run(
            [sys.executable, "-c", GONGKAI, *arguments], env={**self.database.environ, **environ}, cwd=ROOT,
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def json(self, *arguments: str) -> Any:
        """What ``gongkai … --json`` prints."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def here(self, *arguments: str, **environ: str) -> Result:
        """Run ``gongkai`` in this process, for what needs none of its own; a tenth of the time."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {**self.database.environ, **environ}.items():
                patch.setenv(name, value)
            patch.delenv("GONGKAI_KEYS", raising=False)
            load_keys.cache_clear()  # another process may have changed them
            try:
                return CliRunner().invoke(program, list(arguments), prog_name="gongkai")
            finally:
                load_keys.cache_clear()

    def told(self, *arguments: str) -> Any:
        """What ``gongkai … --json`` prints in this process."""
        done = self.here(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start ``gongkai`` and leave it running; its output goes to files in the home."""
        out = (self.home / "out.log").open("w")
        return subprocess.Popen(
            [sys.executable, "-c", GONGKAI, *arguments], env=dict(self.database.environ), cwd=ROOT,
            stdout=out, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    @property
    def output(self) -> str:
        """What was printed by what ``start`` started."""
        return (self.home / "out.log").read_text(encoding="utf-8")


@pytest.fixture
def installation(committed_database: CommittedDatabase, settings: Any) -> Generator[Installation]:
    """An empty installation; services in this process keep sealed files where the commands look for them."""
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=committed_database.home)
    load_keys.cache_clear()
    name = str(connection.settings_dict["NAME"])
    yield Installation(committed_database)
    load_keys.cache_clear()
    if committed_database.vendor == "postgresql":
        connection.close()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{name}_"])
            for (other,) in cursor.fetchall():
                cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')


@dataclass
class Office:
    """A county whose clerk has registered letters."""

    place: Place
    letters: list[Registered]


def registered(place: Place, name: str, day: date = TODAY) -> Registered:
    """A letter at the counter with one request."""
    return register_letter(
        body=place.body, actor=place.actor("receiving_clerk"), channel="counter", came_on=day,
        applicant=ApplicantDetails(kind="natural_person", name=name, phone="13800000000"),
        items=[RequestedItem(description=f"{name}申请公开青桥镇征收补偿方案")],
    )  # fmt: skip


@pytest.fixture
def office(installation: Installation) -> Office:
    """Three registered requests, each with a paper."""
    place = make_body("云溪县人民政府", "云公", "county")
    letters = [registered(place, name) for name in ("陈大文", "李小青", "赵一山")]
    for one in letters:
        store_file(
            body=place.body, stream=one.summaries[0].stream, content=PDF + one.letter.ref.encode(),
            name="申请表.pdf", actor=place.actor("receiving_clerk"), subject=one.letter.subject,
        )  # fmt: skip
    return Office(place, letters)


SKIPPED = {
    "operations_backup",
    "operations_workerbeat",
    "core_auditentry",
    "core_audithead",
    "django_session",
}
"""What a backup and a restore write themselves."""


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, read past the models."""
    connection.close()
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in SKIPPED or "searchpassage_words" in table:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            found[table] = sorted(cursor.fetchall(), key=repr)
    connection.close()
    return found


def blobs(home: Path) -> dict[str, bytes]:
    """The sealed files."""
    root = home / "files"
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


Destroy = Callable[[], None]


@pytest.fixture
def destroy(installation: Installation) -> Destroy:
    """Lose the database and the files; the keyring is kept elsewhere, as it should be."""

    def gone() -> None:
        connection.close()
        shutil.rmtree(installation.home / "files")
        if installation.database.vendor == "sqlite":
            for path in installation.home.glob("gongkai.sqlite3*"):
                path.unlink()
            return
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connection.close()

    return gone


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something another process does."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
    """Send a signal and wait; the exit code."""
    os.kill(process.pid, number)
    return process.wait(40)
