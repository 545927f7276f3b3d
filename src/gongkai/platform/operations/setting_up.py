"""Setting a home up: directory, keys, tables, static files. Done twice, the second finds nothing to do."""

from __future__ import annotations

import io
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gongkai.platform.core.keys import create_keys
from gongkai.platform.environment import Environment


@dataclass(frozen=True, slots=True)
class Done:
    """A step of setting up: what was done, in a code; ``changed`` false where it was so before."""

    step: str
    changed: bool
    detail: str = ""


class KeysLost(RuntimeError):
    """There are data, but not the keys that they were encrypted with: new ones would not open them."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"数据库里已有数据，而密钥文件 {path} 不见了；新建的密钥打不开这些数据，请把原来的文件放回去。"
        )
        self.path = path


def prepare_home(home: Path) -> Done:
    """The directory, for its owner alone."""
    existed = home.is_dir()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        home.chmod(0o700)
    return Done("home", not existed or bool(mode & 0o077), str(home))


def prepare_keys(path: Path, environment: Environment) -> Done:
    """New keys where there are none; raises ``KeysLost`` where there are data already."""
    if path.exists():
        return Done("keys", False, str(path))
    if has_data(environment.database):
        raise KeysLost(path)
    create_keys(path)
    return Done("keys", True, str(path))


def has_data(database: Mapping[str, Any]) -> bool:
    """Whether the database has people in it; looked at without Django, which does not start without keys.

    Raises the driver's error where the server cannot be reached.
    """
    query = "SELECT EXISTS (SELECT 1 FROM core_person)"
    if database["ENGINE"].endswith("sqlite3"):
        path = Path(database["NAME"])
        if not path.exists():
            return False
        with closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as lite:
            there = lite.execute("SELECT 1 FROM sqlite_master WHERE name = 'core_person'").fetchone()
            return there is not None and bool(lite.execute(query).fetchone()[0])
    import psycopg

    with psycopg.connect(**connection_arguments(database)) as postgresql:
        row = postgresql.execute("SELECT to_regclass('core_person') IS NOT NULL").fetchone()
        if row is None or not row[0]:
            return False
        found = postgresql.execute(query).fetchone()
        return found is not None and bool(found[0])


def connection_arguments(database: Mapping[str, Any], *, name: str | None = None) -> dict[str, Any]:
    """Django's database settings as the PostgreSQL driver takes them."""
    given = {
        "dbname": name or database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
        **database["OPTIONS"],
    }
    return {key: value for key, value in given.items() if value not in ("", None)}


def migrate() -> Done:
    """Bring the tables to this version."""
    waiting = unapplied()
    if waiting:
        call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "sqlite":
        Path(str(connection.settings_dict["NAME"])).chmod(0o600)
    return Done("database", bool(waiting), str(len(waiting)))


def unapplied() -> list[str]:
    """Names of the migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown() -> list[str]:
    """Names of migrations that the database has and this version has not: it was made by a newer one."""
    executor = MigrationExecutor(connection)
    ours = set(executor.loader.disk_migrations)
    apps = {label for label, _name in ours}
    return [
        f"{label}.{name}"
        for label, name in executor.loader.applied_migrations
        if label in apps and (label, name) not in ours
    ]


def collect_static() -> Done:
    """Copy the files that pages need to where the server gives them out."""
    out = io.StringIO()
    call_command("collectstatic", verbosity=1, interactive=False, stdout=out)
    first = out.getvalue().strip().split(" ", 1)[0]
    copied = int(first) if first.isdigit() else 0
    return Done("static", copied > 0, str(settings.STATIC_ROOT))
