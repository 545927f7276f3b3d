"""Several writers at once: one wins, the others are told, positions and numbers have no gaps."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection
from tests.platform.committed import CommittedDatabase
from tests.platform.conftest import make_body
from tests.platform.ledger.appending import ACTOR, NOTE, intake
from tests.platform.ledger.test_killed import MODULE, acknowledged, everything_is_whole

from gongkai.platform.cases.services.acting import SomebodyWasFaster, perform_acts
from gongkai.platform.core.snapshots import snapshot
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history

PROCESSES, ACTS = 4, 16


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """Run tasks in threads that start together; what each gave or raised."""
    barrier = threading.Barrier(len(tasks))
    found: list[object] = [None] * len(tasks)

    def run(at: int, task: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found[at] = task()
        except SomebodyWasFaster as error:
            found[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at, task)) for at, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_two_who_act_on_one_case_one_wins_and_the_other_is_told(
    committed_database: CommittedDatabase,
) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    body = place.body
    perform_acts(body=body, stream="case-1", steps=intake("1"), expected_seq=0, actor=ACTOR)

    def act(seen: int) -> Callable[[], object]:
        return lambda: perform_acts(body=body, stream="case-1", steps=[NOTE], expected_seq=seen, actor=ACTOR)

    for seen in range(2, 12):
        found = at_once(act(seen), act(seen))
        losers = [one for one in found if isinstance(one, SomebodyWasFaster)]
        assert [(loser.expected, loser.found) for loser in losers] == [(seen, seen + 1)]
        assert history(body=body.key, stream="case-1").seq == seen + 1
    everything_is_whole(place)


def test_of_many_who_register_one_case_one_wins(committed_database: CommittedDatabase) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    found = at_once(
        *(
            lambda: perform_acts(
                body=place.body, stream="case-1", steps=intake("1"), expected_seq=0, actor=ACTOR
            )
            for _who in range(6)
        )
    )
    assert sum(isinstance(one, SomebodyWasFaster) for one in found) == 5
    assert LedgerEvent.objects.count() == 2
    everything_is_whole(place)


def test_processes_that_append_to_one_body_leave_no_gap(committed_database: CommittedDatabase) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    started = [
        committed_database.start(MODULE, "acts", place.body.key, f"p{number}", str(ACTS))
        for number in range(PROCESSES)
    ]
    certain = [ack for process in started for ack in acknowledged(process)]
    assert [process.wait() for process in started] == [0] * PROCESSES
    rows = LedgerEvent.objects.filter(body=place.body.key)
    assert list(rows.values_list("position", flat=True)) == list(range(1, PROCESSES * ACTS + 1))
    assert set(certain) <= set(rows.values_list("stream", "seq"))
    everything_is_whole(place)


def test_processes_that_act_on_one_case_each_do_all_their_acts_once(
    committed_database: CommittedDatabase,
) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    perform_acts(body=place.body, stream="case-1", steps=intake("1"), expected_seq=0, actor=ACTOR)
    started = [
        committed_database.start(MODULE, "race", place.body.key, "case-1", str(ACTS))
        for _number in range(PROCESSES)
    ]
    certain = [ack for process in started for ack in acknowledged(process)]
    assert [process.wait() for process in started] == [0] * PROCESSES
    assert sorted(seq for _stream, seq in certain) == list(range(3, PROCESSES * ACTS + 3))
    everything_is_whole(place)


def test_a_snapshot_sees_one_moment_and_holds_up_no_writer(committed_database: CommittedDatabase) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    body = place.body
    perform_acts(body=body, stream="case-1", steps=intake("1"), expected_seq=0, actor=ACTOR)
    with snapshot():
        assert LedgerEvent.objects.count() == 2
        at_once(lambda: perform_acts(body=body, stream="case-1", steps=[NOTE], expected_seq=2, actor=ACTOR))
        assert LedgerEvent.objects.count() == 2
    assert LedgerEvent.objects.count() == 3
