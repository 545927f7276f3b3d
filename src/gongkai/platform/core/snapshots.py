"""``snapshot``: reading several tables as they are at one moment, without holding up who writes."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Generator[None]:
    """A transaction for reading alone: everything read in it is of one moment.

    Inside another transaction it is that one. On SQLite the transaction is deferred, where all others are
    IMMEDIATE and would wait for one another; on PostgreSQL it is REPEATABLE READ. Nothing may be written in
    it: PostgreSQL refuses, and on SQLite whoever wrote meanwhile would make it fail.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    wrapper: Any = connection
    with ExitStack() as stack:
        mode, wrapper.transaction_mode = wrapper.transaction_mode, None
        try:
            stack.enter_context(transaction.atomic())
        finally:
            wrapper.transaction_mode = mode
        yield
