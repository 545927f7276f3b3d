"""One measurement of the platform, in a process of its own: prints its figures as JSON.

    python -m bench.platform.measuring pages REQUESTS
    python -m bench.platform.measuring rates CLERKS SECONDS

The home and the database are those of the environment.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from queue import Empty
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.platform.settings")
os.environ["GONGKAI_HOSTS"] = "testserver"
os.environ["GONGKAI_LOG"] = "error"


def pages(requests: str) -> dict[str, dict[str, float]]:
    """Milliseconds a page, at the 50th and the 99th percentile; the whole of it, in this one process."""
    django.setup()
    from django.conf import settings
    from django.test import Client

    from gongkai.platform.core.models import Person

    settings.ROOT_URLCONF = "bench.platform.urls"
    clerk, supervisor = Client(), Client()
    clerk.force_login(Person.objects.get(username="clerk"))
    supervisor.force_login(Person.objects.get(username="supervisor"))
    rng, number = Random(7), int(requests)  # noqa: S311 - a sample
    some = cycle(_sample(rng, 400))
    ask = _questions(rng)
    deep = _deep()

    def found(text: str) -> Any:
        return clerk.post("/desk/find/", {"q": text, "page": "cases"}, follow=True)

    ways: dict[str, Callable[[], Any]] = {
        "bare view, one query": lambda: clerk.get(f"/bare/{next(some)}/"),
        "work list": lambda: clerk.get("/desk/"),
        "work list, a page far in": lambda: clerk.get("/desk/", deep),
        "work list of a supervisor": lambda: supervisor.get("/desk/"),
        "all cases": lambda: clerk.get("/desk/cases/"),
        "case page": lambda: clerk.get(f"/desk/cases/{next(some)}/"),
        "search by number": lambda: found(next(ask["number"])),
        "search by words": lambda: found(next(ask["words"])),
        "search by name": lambda: found(next(ask["name"])),
        "register, the page": lambda: clerk.get("/desk/register/"),
        "register, the whole intake": _registering(),
    }
    return {name: _timed(way, number) for name, way in ways.items()}


def _timed(way: Callable[[], Any], number: int) -> dict[str, float]:
    """By the clock, and the processor time of this process: a busy machine shows little in the latter.

    PostgreSQL's own share is in the clock alone.
    """
    for _ in range(3):
        _require(way())
    clock: list[float] = []
    processor: list[float] = []
    for _ in range(number):
        start, started = time.perf_counter(), time.process_time()
        answer = way()
        processor.append(1000 * (time.process_time() - started))
        clock.append(1000 * (time.perf_counter() - start))
        _require(answer)
    told: dict[str, float] = {}
    for name, taken in (("", sorted(clock)), ("cpu_", sorted(processor))):
        told[f"{name}p50"] = taken[len(taken) // 2]
        told[f"{name}p99"] = taken[min(len(taken) - 1, len(taken) * 99 // 100)]
    return told


def _require(answer: Any) -> None:
    status = getattr(answer, "status_code", 200)
    if status != 200:
        raise SystemExit(f"{status}: {answer.request['PATH_INFO']}")


def _sample(rng: Random, number: int) -> list[str]:
    """Cases of the county, open and closed, spread over all of them."""
    from gongkai.platform.cases.models import CaseSummary

    mine = CaseSummary.objects.filter(body__level="county")
    open_ones = list(mine.filter(open=True).values_list("stream", flat=True)[: number // 2])
    closed = mine.filter(open=False, stream__gte="case-m").order_by("stream")
    found = [*open_ones, *closed.values_list("stream", flat=True)[: number - len(open_ones)]]
    rng.shuffle(found)
    return found


def _deep() -> dict[str, str]:
    """Where the page begins behind three quarters of what the clerk has to do later."""
    from gongkai.platform.cases.models import CaseSummary
    from gongkai.platform.cases.selectors.conditions import group_conditions
    from gongkai.platform.core.present import present

    later = group_conditions(present().today)["later"]
    rows = CaseSummary.objects.filter(later, body__level="county", open=True).order_by(
        "next_due_on", "stream"
    )
    row = rows[rows.count() * 3 // 4]
    return {"group": "later", "after": f"{row.next_due_on}~{row.stream}"}


def _questions(rng: Random) -> dict[str, Iterator[str]]:
    from bench.platform.words import applicant, words
    from gongkai.platform.cases.models import CaseSummary

    numbers = list(CaseSummary.objects.filter(body__level="county").values_list("number", flat=True)[:500])
    rng.shuffle(numbers)
    # Words as people type them: a place and a matter, or a matter that thousands of cases have.
    texts = [words(rng)[0] for _ in range(200)]
    return {
        "number": cycle(numbers),
        "words": cycle([text if i % 4 else text[3:9] for i, text in enumerate(texts)]),
        "name": cycle([applicant(rng).name for _ in range(200)]),
    }


def _registering() -> Callable[[], Any]:
    from bench.platform.words import applicant, words
    from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
    from gongkai.platform.cases.services.registration import register_letter

    actor, rng = _actor("receiving_clerk"), Random(8)  # noqa: S311 - invented data
    body = actor.seat.body

    def register() -> Any:
        who = applicant(rng)
        return register_letter(
            body=body, actor=actor, channel="counter", came_on=actor.today,
            applicant=ApplicantDetails(kind="natural_person", name=who.name, phone=who.phone),
            items=[RequestedItem(description=words(rng)[1])],
        )  # fmt: skip

    return register


def _actor(role: str) -> Any:
    from gongkai.platform.core.actor import Actor
    from gongkai.platform.core.models import Seat
    from gongkai.platform.core.present import present

    seat = Seat.objects.select_related("body", "person").get(body__level="county", role_rows__role=role)
    return Actor(present(), seat)


def rates(clerks: str, seconds: str) -> dict[str, float]:
    """Acts a second with so many clerks at once, all in one body, and bare INSERTs by the same processes."""
    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(
            "CREATE TABLE bench_bare (body VARCHAR(60), stream VARCHAR(100), kind VARCHAR(40), payload TEXT)"
        )
    connection.close()
    told = {way: _together(way, int(clerks), float(seconds)) for way in ("act", "insert")}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_bare")
    return told


def _together(way: str, clerks: int, seconds: float) -> float:
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(clerks), context.Queue()
    processes = [
        context.Process(target=_work, args=(way, clerk, clerks, seconds, barrier, results))
        for clerk in range(clerks)
    ]
    for process in processes:
        process.start()
    done: list[int] = []
    while len(done) < clerks:
        try:
            done.append(results.get(timeout=1))
        except Empty:
            if broken := [process.exitcode for process in processes if process.exitcode]:
                for process in processes:
                    process.kill()
                raise SystemExit(f"clerks ended with {broken}") from None
    for process in processes:
        process.join()
    return sum(done) / seconds


def _work(way: str, clerk: int, clerks: int, seconds: float, barrier: Any, results: Any) -> None:
    django.setup()
    work = _noting(clerk, clerks) if way == "act" else _inserting()
    barrier.wait()
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        work()
        done += 1
    results.put(done)


def _noting(clerk: int, clerks: int) -> Callable[[], None]:
    """The lightest act that can be repeated: a note, on open cases of one's own among the clerks."""
    from gongkai.platform.cases.models import CaseSummary
    from gongkai.platform.cases.services.acting import perform_act

    actor = _actor("handler")
    body = actor.seat.body
    rows = (
        CaseSummary.objects.filter(body=body, open=True).order_by("stream").values_list("stream", "last_seq")
    )
    mine = dict(islice(rows, clerk, None, clerks))
    turn = cycle(list(mine))

    def act() -> None:
        stream = next(turn)
        done = perform_act(
            body=body, stream=stream, kind="note.added", occurred_on=actor.today, expected_seq=mine[stream],
            actor=actor, payload={"kind": "call"}, texts={"text": "来电询问办理情况，已告知"},
        )  # fmt: skip
        mine[stream] = done.summary.last_seq

    return act


def _inserting() -> Callable[[], None]:
    """A row of the size of a ledger entry, in a transaction of its own, as durable as an act."""
    from django.db import connection, transaction

    row = [
        "body-000000000000",
        "case-000000000000",
        "note.added",
        json.dumps({"kind": "call", "ref": "x" * 120}),
    ]

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_bare VALUES (%s, %s, %s, %s)", row)

    return insert


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    sys.stdout.write(json.dumps({"pages": pages, "rates": rates}[task](*arguments)) + "\n")
