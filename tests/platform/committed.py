"""A database of its own for tests that need real commits: several processes or threads, kills, a server.

It is a clone of the migrated test database, for flushing one is what the ledger's triggers refuse. While the
fixture lasts, this process and its threads are connected to it, and so is any process with ``environ``.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases  # pyright: ignore[reportAttributeAccessIssue]

from gongkai.platform.core.keys import keys_path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class CommittedDatabase:
    """The clone: which database it is, its home with keys, and how other processes reach it."""

    vendor: str
    home: Path
    environ: Mapping[str, str]

    def start(self, module: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Run a module of the tests in a process of its own, its output caught as text."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, env=dict(self.environ), text=True, stdout=subprocess.PIPE, **options,
        )  # fmt: skip


@contextmanager
def own_connection() -> Generator[None]:
    """For a thread: its connection is closed in the end, as nobody else will do it."""
    try:
        yield
    finally:
        connection.close()


@contextmanager
def database_for_tests() -> Generator[None]:
    """Make the migrated test database where no test of this run asked for one in the usual way."""
    name = str(connection.settings_dict["NAME"])
    if "memory" in name or name.startswith("test_"):
        yield
        return
    made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


@contextmanager
def committed_clone(home: Path) -> Generator[CommittedDatabase]:
    """Clone the test database, connect to the clone, drop it in the end."""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy2(keys_path(Path(os.environ["GONGKAI_HOME"])), home / "keys.json")
    clone = _sqlite_clone if connection.vendor == "sqlite" else _postgresql_clone
    with clone(home) as address:
        environ = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "gongkai.platform.settings", "GONGKAI_HOME": str(home),
            "GONGKAI_DATABASE": address, "GONGKAI_PROFILE": "demonstration",
        }  # fmt: skip
        environ.pop("GONGKAI_KEYS", None)
        yield CommittedDatabase(connection.vendor, home, environ)


@contextmanager
def _sqlite_clone(home: Path) -> Generator[str]:
    path = home / "gongkai.sqlite3"
    connection.ensure_connection()
    original: Any = connection.connection
    with closing(sqlite3.connect(path)) as target:
        original.backup(target)
    name = connection.settings_dict["NAME"]
    # The test database lies in memory: closing its connection would end it, so that is laid aside.
    connection.connection = None
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = str(path)
    try:
        yield ""
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
        connection.connection = original


@contextmanager
def _postgresql_clone(home: Path) -> Generator[str]:
    template = connection.settings_dict["NAME"]
    name = f"{template}_{secrets.token_hex(4)}"
    connection.close()  # a template must have nobody connected to it
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    try:
        yield _address({**connection.settings_dict, "NAME": name})
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = template
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _address(given: Mapping[str, Any]) -> str:
    user = quote(given["USER"])
    if given["PASSWORD"]:
        user += f":{quote(given['PASSWORD'], safe='')}"
    query = {**given["OPTIONS"]}
    host = given["HOST"]
    if host.startswith("/"):
        host, query["host"] = "", host
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{user}@{host}{port}/{quote(given['NAME'])}?{urlencode(query)}"
