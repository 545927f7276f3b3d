"""One measurement of counting, in a process of its own: prints its figures as JSON; 77: cannot run."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.rules.counting.years import BODY, ledger

from bench.measure import NOT_INSTALLED, peak_mb
from gongkai.rules.cases.fold import effective, fold
from gongkai.rules.counting import count
from gongkai.rules.counting.lines import needed_events
from gongkai.rules.counting.reference import count_by_fold
from gongkai.rules.event import Event
from gongkai.rules.ledger import Header

YEAR = 2023


def streams_of(events: list[Event]) -> dict[str, list[Event]]:
    """Events by stream, in their order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.stream, []).append(event)
    return found


def timed(work: Callable[[], object], rounds: int = 3) -> dict[str, float]:
    """The fastest round by processor time; in a further round the most memory that it took at once."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"seconds": best, "mb": most / 1024**2}


def fold_all(cases: str) -> dict[str, float]:
    # A voided reply may leave a dispatch that belongs to nothing: streams with corrections stay out.
    streams = [
        events
        for events in streams_of(ledger(1, int(cases))).values()
        if all(event.kind != "entry.corrected" for event in events)
    ]
    return timed(lambda: [fold(events) for events in streams])


def count_all(cases: str) -> dict[str, float]:
    events = ledger(1, int(cases))
    return {**timed(lambda: count(events, body=BODY, year=YEAR)), "events": len(events)}


def by_fold(cases: str) -> dict[str, float]:
    events = ledger(1, int(cases))
    return timed(lambda: count_by_fold(events, body=BODY, year=YEAR), rounds=1)


_ACTS = ("opening.case", "request.received", "case.split", "reply.issued", "request.withdrawn")

_SQL = """
with receipts as (
    select stream, arg_max(column_key, position) as column_key, arg_max(year, position) as entered
    from read_parquet(?) where receipt group by stream
), results as (
    select stream, arg_min(row_key, position) as row_key, arg_min(year, position) as own
    from read_parquet(?) where not receipt group by stream
), cases as (
    select column_key, entered, row_key,
        case when own is null then null else greatest(own, entered) end as ended
    from receipts left join results using (stream)
)
select column_key, row_key, count(*) from (
    select column_key, case when entered = $year then 'new' else 'carried_in' end as row_key
    from cases where entered <= $year and (ended is null or ended >= $year)
    union all
    select column_key, case when ended = $year then row_key else 'carried_out' end
    from cases where entered <= $year and (ended is null or ended >= $year)
) group by all
""".replace("$year", str(YEAR))


def duckdb(cases: str) -> dict[str, float]:
    """The same sums over a columnar copy in which corrections are carried out already."""
    try:
        import duckdb
    except ModuleNotFoundError:
        sys.exit(NOT_INSTALLED)
    import polars as pl

    events = ledger(1, int(cases))
    counted = count(events, body=BODY, year=YEAR)
    rows: list[dict[str, object]] = []
    for found in streams_of(events).values():
        for event in effective(found):
            if event.kind not in _ACTS or event.payload.get("scope") == "item":
                continue
            receipt = event.kind not in ("reply.issued", "request.withdrawn")
            day = str(event.payload.get("received_on", event.occurred_on))
            rows.append(
                {
                    "stream": event.stream,
                    "position": event.position,
                    "receipt": receipt,
                    "column_key": str(event.payload["applicant_kind"]) if receipt else None,
                    "row_key": None if receipt else str(event.payload.get("outcome", "other_other")),
                    "year": int(day[:4]),
                }
            )
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        path = str(Path(folder) / "acts.parquet")
        pl.DataFrame(rows, infer_schema_length=None).write_parquet(path)
        connection = duckdb.connect(config={"threads": 1})
        seconds = timed(lambda: connection.execute(_SQL, [path, path]).fetchall())["seconds"]
        for column, row, number in connection.execute(_SQL, [path, path]).fetchall():
            if counted.report.value(f"requests.{row}.{column}") != number:
                raise SystemExit(f"requests.{row}.{column}: {number}")
    return {"seconds": seconds}


FILES, EACH, TIMES = 10, 10_000, 10


def million(folder: str) -> dict[str, float]:
    """A million cases of a hundred bodies: ten files, each read ten times, by two processes."""
    events = 0
    files = []
    for number in range(FILES):
        files.append(Path(folder) / f"body-{number}.jsonl")
        events += _write(files[-1], ledger(number, EACH))
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        peaks = list(pool.map(count_file, files * TIMES))
    return {
        "seconds": time.perf_counter() - start,
        "cases": FILES * EACH * TIMES,
        "events": events * TIMES,
        "files": FILES * TIMES,
        "rss_mb": max(peaks),
    }


def count_file(path: Path) -> float:
    """Read and count one body; gives the peak memory of the process."""
    counted = count(needed_events(path), body=path.stem, year=YEAR)
    if counted.report.value("requests.new.total") == 0:
        raise SystemExit("nothing was counted")
    return peak_mb()


def _write(path: Path, events: list[Event]) -> int:
    """A file with the shape and size of a ledger; its hashes are none, they are not looked at here."""
    nothing = "0" * 64
    with path.open("wb") as file:
        file.write(Header(path.stem).content() + b"\n")
        for event in events:
            members = {
                "actor": event.actor,
                "hash": nothing,
                "kind": event.kind,
                "occurred_on": event.occurred_on.isoformat(),
                "payload": dict(event.payload),
                "position": event.position,
                "prev_hash": nothing,
                "recorded_at": event.recorded_at.isoformat() if event.recorded_at else "",
                "schema": 1,
                "seq": event.seq,
                "stream": event.stream,
            }
            text = json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            file.write(text.encode() + b"\n")
    return len(events)


if __name__ == "__main__":
    task, argument = sys.argv[1:]
    tasks = {"fold": fold_all, "count": count_all, "by_fold": by_fold, "duckdb": duckdb, "million": million}
    sys.stdout.write(json.dumps(tasks[task](argument)) + "\n")
