"""On SQLite, of many who write at once, nobody is passed over; who waits too long is told."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from tests.platform.committed import CommittedDatabase, own_connection

from gongkai.platform.core.busy import is_busy
from gongkai.platform.core.fair_sqlite3.base import pause
from gongkai.platform.ledger.services import lock, open_ledger

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL queues writers itself")

WRITERS, TURNS, HELD = 6, 25, 0.01


def test_nobody_is_passed_over_again_and_again(committed_database: CommittedDatabase) -> None:
    open_ledger(body="body-a")
    barrier, written, passed_by = threading.Barrier(WRITERS), list[int](), list[int]()

    def write(writer: int) -> None:
        with own_connection():
            barrier.wait(20)
            for _turn in range(TURNS):
                before = len(written)
                with transaction.atomic():
                    lock(body="body-a")
                    passed_by.append(len(written) - before)
                    time.sleep(HELD)
                    written.append(writer)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == WRITERS * TURNS
    # In strict order 5 pass by; here some 15 at most; with SQLite's own sleeps 80 to 125, all that others do.
    assert max(passed_by) < 40


@contextmanager
def a_writer() -> Generator[None]:
    """Somebody writes."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with own_connection(), transaction.atomic():
            taken.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(20)
    try:
        yield
    finally:
        done.set()
        holder.join()


@contextmanager
def a_queue() -> Generator[None]:
    """Somebody is the first of the queue, and stays there."""
    with open(f"{connection.settings_dict['NAME']}-queue", "w") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("taken", [a_writer, a_queue])
def test_who_waits_longer_than_the_limit_is_told(
    committed_database: CommittedDatabase, taken: Callable[[], AbstractContextManager[None]]
) -> None:
    open_ledger(body="body-a")
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    before, options["timeout"] = options["timeout"], 0.2
    try:
        with taken(), pytest.raises(OperationalError, match="locked") as told, transaction.atomic():
            pass
    finally:
        options["timeout"] = before
    assert is_busy(told.value)
    with transaction.atomic():
        lock(body="body-a")


def test_who_has_waited_longer_looks_more_often() -> None:
    pauses = [pause(waited) for waited in (0, 0.05, 0.1, 0.2, 5)]
    assert pauses == sorted(pauses, reverse=True)
    assert pauses[0] > pauses[-1] > 0
