"""The two databases as a backup sees them: copy one moment, make a database of a copy, put it in place."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from gongkai.i18n import _
from gongkai.platform.environment import Environment
from gongkai.platform.operations.backup.manifest import (
    POSTGRESQL,
    SQLITE,
    BackupDamaged,
    BackupProblem,
    Facts,
    Head,
)
from gongkai.platform.operations.setting_up import connection_arguments

Rows = Callable[[str], list[tuple[Any, ...]]]
BLOBS = "SELECT DISTINCT sha256 FROM core_storedfile"
_LIBPQ: Mapping[str, str] = {
    "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL", "channel_binding": "PGCHANNELBINDING", "connect_timeout": "PGCONNECT_TIMEOUT",
    "options": "PGOPTIONS", "service": "PGSERVICE", "passfile": "PGPASSFILE", "gssencmode": "PGGSSENCMODE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}  # fmt: skip
"""By which variables the server's own programs are told how to connect, as the platform itself does."""
ERASED = "SELECT subject, body_id, erased_at, actor FROM core_erasure"


class Engine(ABC):
    """A database of the environment."""

    name: str
    member: str

    def __init__(self, environment: Environment) -> None:
        self.environment, self.database = environment, environment.database

    @abstractmethod
    def copy_to(self, path: Path) -> Facts:
        """Write a copy of one moment, while others go on writing; what it holds."""

    @abstractmethod
    def stage(self, copy: Path, home: Path) -> str:
        """Make a database of its own from a copy; its address for ``GONGKAI_DATABASE`` beside that home."""

    @abstractmethod
    def drop_staged(self) -> None:
        """Remove what ``stage`` made, where it is still there."""

    def drop_leftovers(self) -> None:
        """Remove what a killed restore had staged outside the home."""
        return

    @abstractmethod
    def moves(self, staged_home: Path, aside: Path) -> list[tuple[Path, Path]]:
        """Renames of files that put the staged database in place and the present one aside."""

    def forget_empty(self) -> str:
        """Drop the database that ``swap`` put aside, which had nothing in it; an empty name."""
        return ""

    @abstractmethod
    def erasures(self) -> list[tuple[Any, ...]]:
        """Who was erased, as the present database knows it; empty where there is none."""

    @abstractmethod
    def blobs_now(self) -> frozenset[str]:
        """Names of the sealed files that the present rows speak of."""

    @property
    def swap_note(self) -> Mapping[str, str] | None:
        """What ``swap`` needs to know after a crash; ``None`` where files are all."""
        return None

    @abstractmethod
    def swap(self, note: Mapping[str, str]) -> None:
        """Rename databases; done already where the staged one is gone."""


def engine_for(environment: Environment) -> Engine:
    """The engine of the environment's database."""
    sqlite = environment.database["ENGINE"].endswith("sqlite3")
    return SqliteEngine(environment) if sqlite else PostgresqlEngine(environment)


def facts_of(rows: Rows) -> Facts:
    """What a database holds, read past Django, which may be of another version."""
    audit = rows("SELECT position, hash FROM core_audithead")
    # In the order of the names, so that an app's last one stands.
    schema: dict[str, str] = dict(rows("SELECT app, name FROM django_migrations ORDER BY app, name"))
    heads = rows("SELECT body, algorithm, position, hash FROM ledger_ledgerhead ORDER BY body")
    blobs = rows("SELECT DISTINCT sha256 FROM core_storedfile ORDER BY sha256")
    return Facts(
        tuple(Head(*head) for head in heads),
        audit[0][0] if audit else 0,
        audit[0][1] if audit else "",
        schema,
        tuple(name for (name,) in blobs),
    )


class SqliteEngine(Engine):
    """A file in the home."""

    name, member = "sqlite", SQLITE

    @property
    def path(self) -> Path:
        """The database's file."""
        return Path(self.database["NAME"])

    def copy_to(self, path: Path) -> Facts:
        """By SQLite's online backup."""
        if not self.path.exists():
            raise BackupProblem(_("没有数据库 {path}，没有可以备份的内容。").format(path=self.path))
        source = sqlite3.connect(self.path.as_uri() + "?mode=ro", uri=True, timeout=60)
        with closing(source), closing(sqlite3.connect(path)) as target:
            source.backup(target)
            # One file, without a log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
            return facts_of(lambda query: target.execute(query).fetchall())

    def blobs_now(self) -> frozenset[str]:
        """From the present file."""
        with closing(sqlite3.connect(self.path.as_uri() + "?mode=ro", uri=True)) as lite:
            return frozenset(name for (name,) in lite.execute(BLOBS))

    def stage(self, copy: Path, home: Path) -> str:
        """The copy itself, where the staged home looks for it."""
        with closing(sqlite3.connect(copy)) as lite:
            try:
                verdict = lite.execute("PRAGMA quick_check").fetchone()[0]
            except sqlite3.DatabaseError as error:
                raise BackupDamaged(SQLITE, str(error)) from error
        if verdict != "ok":
            raise BackupDamaged(SQLITE, verdict[:200])
        copy.replace(home / self.path.name)
        return ""

    def drop_staged(self) -> None:
        """It goes with the staged home."""

    def moves(self, staged_home: Path, aside: Path) -> list[tuple[Path, Path]]:
        """The database with the logs beside it."""
        names = [self.path.name + ending for ending in ("", "-wal", "-shm")]
        away = [(self.path.with_name(name), aside / name) for name in names]
        return [*away, *((staged_home / name, self.path.with_name(name)) for name in names)]

    def swap(self, note: Mapping[str, str]) -> None:
        """Nothing to rename: the files are moved."""

    def erasures(self) -> list[tuple[Any, ...]]:
        """From the present file, where it can still be read."""
        if not self.path.exists():
            return []
        try:
            with closing(sqlite3.connect(self.path.as_uri() + "?mode=ro", uri=True)) as lite:
                return lite.execute(ERASED).fetchall()
        except sqlite3.DatabaseError:  # damaged or empty: the list beside the database has to do
            return []


class PostgresqlEngine(Engine):
    """A database on a server; its own programs write and read the copy."""

    name, member = "postgresql", POSTGRESQL

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.staged = ""
        self.aside = ""

    def _connect(self, name: str | None = None, **options: Any) -> Any:
        import psycopg

        return psycopg.connect(**connection_arguments(self.database, name=name), **options)

    def copy_to(self, path: Path) -> Facts:
        """By ``pg_dump``, of the same moment in which the facts are read."""
        program = _program("pg_dump")
        with self._connect() as server:
            server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            snapshot = server.execute("SELECT pg_export_snapshot()").fetchone()[0]
            facts = facts_of(lambda query: server.execute(query).fetchall())
            self._run(
                [program, "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
                 f"--snapshot={snapshot}", f"--file={path}"],
            )  # fmt: skip
        return facts

    def blobs_now(self) -> frozenset[str]:
        """From the present database."""
        with self._connect() as server:
            return frozenset(name for (name,) in server.execute(BLOBS).fetchall())

    def stage(self, copy: Path, home: Path) -> str:
        """A new database beside the present one."""
        import psycopg

        program = _program("pg_restore")
        name = f"{self._staged_prefix}{secrets.token_hex(4)}"
        with self._maintenance() as server:
            try:
                server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
            except psycopg.errors.InsufficientPrivilege as error:
                text = _("数据库用户没有建库的权限（CREATEDB），恢复需要先在新库里验证；请数据库管理员给予。")
                raise BackupProblem(text) from error
        self.staged = name
        jobs = ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}"]
        self._run([program, *jobs, str(copy)])
        return self._address(name)

    def drop_staged(self) -> None:
        """The database that was made for proving."""
        if self.staged:
            with self._maintenance() as server:
                server.execute(f'DROP DATABASE IF EXISTS "{self.staged}" WITH (FORCE)')

    @property
    def _staged_prefix(self) -> str:
        return f"{self.database['NAME']}_restoring_"

    def drop_leftovers(self) -> None:
        """Databases that were made for proving and never used."""
        with self._maintenance() as server:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            for (name,) in server.execute(query, [self._staged_prefix]).fetchall():
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def moves(self, staged_home: Path, aside: Path) -> list[tuple[Path, Path]]:
        """None: the database is renamed by ``swap``."""
        self.aside = f"{self.database['NAME']}_{aside.name.replace('-', '_')}"
        return []

    @property
    def swap_note(self) -> Mapping[str, str]:
        """Names of the staged database and of the one put aside."""
        return {"staged": self.staged, "aside": self.aside}

    def swap(self, note: Mapping[str, str]) -> None:
        """Two renames in one transaction."""
        import psycopg

        name, staged, aside = self.database["NAME"], note["staged"], note["aside"]
        try:
            with self._maintenance(autocommit=False) as server:
                known = {row[0] for row in server.execute("SELECT datname FROM pg_database").fetchall()}
                if staged not in known:
                    return
                if name in known:
                    server.execute(f'ALTER DATABASE "{name}" RENAME TO "{aside}"')
                server.execute(f'ALTER DATABASE "{staged}" RENAME TO "{name}"')
        except psycopg.errors.ObjectInUse as error:
            text = _("还有程序连着数据库 {name}，没有替换；请先停止所有 gongkai serve 和 gongkai worker。")
            raise BackupProblem(text.format(name=name)) from error

    def forget_empty(self) -> str:
        """The one put aside."""
        with self._maintenance() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.aside}"')
        return ""

    def erasures(self) -> list[tuple[Any, ...]]:
        """From the present database, where it is there."""
        import psycopg

        try:
            with self._connect() as server:
                return server.execute(ERASED).fetchall()
        except (psycopg.errors.UndefinedTable, psycopg.OperationalError):
            return []

    def _maintenance(self, *, autocommit: bool = True) -> Any:
        import psycopg

        try:
            return self._connect("postgres", autocommit=autocommit)
        except psycopg.OperationalError:
            return self._connect("template1", autocommit=autocommit)

    def _run(self, command: Sequence[str]) -> None:
        given = connection_arguments(self.database)
        environ = {
            **os.environ,
            **{name: str(given[key]) for key, name in _LIBPQ.items() if key in given},
        }
        done = subprocess.run(  # noqa: S603 - the database's own programs
            command, env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            told = done.stderr.strip().splitlines()
            program = Path(command[0]).name
            text = _("{program} 没有成功：{why}")
            if "version mismatch" in done.stderr:
                text = _("{program} 的版本低于数据库服务器，请安装同版本的 PostgreSQL 客户端：{why}")
            raise BackupProblem(text.format(program=program, why=told[-1][:300] if told else ""))

    def _address(self, name: str) -> str:
        given = connection_arguments(self.database, name=name)
        user = quote(str(given.get("user", "")), safe="")
        if "password" in given:
            user += f":{quote(str(given['password']), safe='')}"
        host, options = str(given.get("host", "")), dict(self.database["OPTIONS"])
        if host.startswith("/"):
            host, options["host"] = "", host
        port = f":{given['port']}" if "port" in given else ""
        query = f"?{urlencode(options)}" if options else ""
        return f"postgresql://{user}@{host}{port}/{quote(name, safe='')}{query}"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        text = _(
            "没有 {name} 这个程序；备份和恢复 PostgreSQL 需要安装它的客户端程序（如 postgresql-client）。"
        )
        raise BackupProblem(text.format(name=name))
    return found
