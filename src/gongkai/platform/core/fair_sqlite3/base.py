"""Django's SQLite, with writers that come in about the order in which they asked.

SQLite lets a writer that finds the database taken sleep longer and longer, up to a tenth of a second: who has
waited long looks seldom, whoever comes new looks at once and wins. With several clerks at work somebody then
waits for seconds, though every transaction takes some hundredths. Here writers queue: the first of the queue
alone looks whether the database is free, all others whether they are the first, and who has waited longer
looks more often. Who has just written thus stands behind all who wait.

The queue is a lock on a file beside the database, which a process that is killed lets go of. Only beginning a
transaction waits in it; whatever else finds the database busy waits as ever.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper as DjangoWrapper

_FIRST, _LEAST = 0.004, 0.0005
"""Seconds between two looks: at first, and in the end."""
_PATIENT = 0.2
"""After so many seconds one looks as often as ever."""


class DatabaseWrapper(DjangoWrapper):
    """Begins transactions fairly."""

    connection: Any
    transaction_mode: str | None

    def _start_transaction_under_autocommit(self) -> None:
        wrapper: Any = self
        with wrapper.wrap_database_errors:
            if self.transaction_mode is None:  # deferred: takes nothing yet
                self.connection.execute("BEGIN")
                return
            patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
            asked = time.monotonic()
            with self._first_of_the_queue(asked, patience):
                self.connection.execute("PRAGMA busy_timeout = 0")
                try:
                    self._begin(f"BEGIN {self.transaction_mode}", asked, patience)
                finally:
                    self.connection.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")

    @contextmanager
    def _first_of_the_queue(self, asked: float, patience: float) -> Generator[None]:
        wrapper: Any = self
        if wrapper.is_in_memory_db():
            yield
            return
        queue = os.open(f"{self.settings_dict['NAME']}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    waited = time.monotonic() - asked
                    if waited > patience:
                        raise _busy() from None
                    _sleep(pause(waited))
            yield
        finally:
            os.close(queue)

    def _begin(self, statement: str, asked: float, patience: float) -> None:
        while True:
            try:
                self.connection.execute(statement)
            except sqlite3.OperationalError as error:
                if (
                    error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
                    or time.monotonic() - asked > patience
                ):
                    raise
                _sleep(_LEAST)
            else:
                return


def _busy() -> sqlite3.OperationalError:
    """What SQLite itself says to who has waited too long."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_BUSY, "SQLITE_BUSY"
    return error


def pause(waited: float) -> float:
    """Seconds until who has waited so long looks again."""
    return max(_LEAST, _FIRST * (1 - waited / _PATIENT))


def _sleep(seconds: float) -> None:
    """About so long: who look in step would always look at the same moment."""
    time.sleep(seconds * (0.5 + secrets.randbelow(1000) / 1000))
