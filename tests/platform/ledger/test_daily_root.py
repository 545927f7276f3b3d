"""The day's root is written once, whoever carries out the day's duties and how often."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

from tests.platform.committed import CommittedDatabase, own_connection
from tests.platform.ledger.acts import fill

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.present import Present
from gongkai.platform.ledger.due import write_todays_root
from gongkai.platform.ledger.models import LedgerRoot
from gongkai.platform.ledger.verifying import verify_ledger


def actor_on(day: date) -> Actor:
    return Actor(Present(day, datetime(day.year, day.month, day.day, 2, tzinfo=UTC)), system="tick")


def test_of_several_workers_at_the_same_moment_one_writes_it_and_none_fails(
    committed_database: CommittedDatabase,
) -> None:
    fill(streams=1, each=1)
    workers, days = 4, [date(2026, 2, day) for day in range(12, 22)]
    barrier, written = threading.Barrier(workers), list[int]()

    def work() -> None:
        with own_connection():
            for day in days:
                barrier.wait(20)
                written.append(write_todays_root(actor_on(day))["roots"])

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == workers * len(days), "none failed"
    assert sum(written) == len(days)
    assert list(LedgerRoot.objects.values_list("day", flat=True)) == days
    assert verify_ledger().ok


def test_a_day_that_was_set_back_writes_no_earlier_root(db: None) -> None:
    fill(streams=1, each=1)
    assert write_todays_root(actor_on(date(2026, 2, 13))) == {"roots": 1}
    assert write_todays_root(actor_on(date(2026, 2, 12))) == {"roots": 0}
