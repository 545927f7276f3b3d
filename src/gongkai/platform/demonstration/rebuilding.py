"""Building the demonstration anew: every table is taken away and made again, then everything is loaded."""

from __future__ import annotations

import shutil
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from gongkai.platform.core.files import private_root
from gongkai.platform.demonstration.loading import (
    FIRST_DAY,
    LAST_DAY,
    DayOutside,
    NotADemonstration,
    Progress,
    load_demonstration,
)


def rebuild(*, day: date, progress: Progress | None = None) -> None:
    """Throw away everything, log-ins and what people did among it, and load the demonstration as of ``day``.

    The only way back in time: entries of a ledger are never undone. Raises ``NotADemonstration`` in any other
    profile, before anything is touched, and ``DayOutside``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DayOutside(day)
    drop_tables()
    shutil.rmtree(private_root(), ignore_errors=True)
    call_command("migrate", verbosity=0)
    load_demonstration(day=day, progress=progress)


def drop_tables() -> None:
    """Drop all tables with their triggers. A server that is running meanwhile answers with errors."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
            return
        cursor.execute("PRAGMA foreign_keys=OFF")
        with transaction.atomic():
            # An index of words takes its own tables with it.
            for like in ("CREATE VIRTUAL TABLE%", "CREATE TABLE%"):
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%%' "
                    "AND upper(sql) LIKE %s",
                    [like],
                )
                for (table,) in cursor.fetchall():
                    cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")
        cursor.execute("PRAGMA foreign_keys=ON")
