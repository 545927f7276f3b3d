"""Whether the database refused because others were writing: then the same request may simply come again."""

from __future__ import annotations

import sqlite3

from django.db import Error

_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRESQL = frozenset({"40001", "40P01", "55P03"})
"""serialization_failure, deadlock_detected, lock_not_available."""


def is_busy(error: Error) -> bool:
    """True where nothing is wrong but that somebody else held the database for too long.

    The transaction is rolled back by then: nothing of it was kept.
    """
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        # The lower byte is the kind, what is above it tells more.
        return cause.sqlite_errorcode & 0xFF in _SQLITE
    return getattr(cause, "sqlstate", None) in _POSTGRESQL
