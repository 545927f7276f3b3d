"""Appending: all or nothing, in order, by one writer at a time; and reading what was appended."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.rules.ledger.make import START, Unregistered, check, event, ledger, lines_of

from gongkai.rules.event import Event
from gongkai.rules.ledger import (
    LedgerError,
    LedgerFile,
    StaleWriter,
    UnfinishedAppend,
    Unreadable,
    bodies,
    create,
    head_of,
    read_events,
    read_ledger,
    repair,
    roots,
    verify,
    write_root,
)
from gongkai.rules.ledger import errors as codes
from gongkai.rules.ledger.files import PENDING, locked

ROOT = Path(__file__).resolve().parents[3]


def put(made: LedgerFile, *numbers: int, seq: int = 0, at: datetime = START) -> None:
    some = [replace(event(n), stream="case-1") for n in numbers]
    made.append(some, expected_seq={"case-1": seq}, check=check, recorded_at=at)


def test_positions_and_numbers_have_no_gap(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    put(made, 0, 1)
    put(made, 2, seq=2)
    events = list(read_events(tmp_path))
    assert [(e.position, e.seq, e.stream) for e in events] == [(n, n, "case-1") for n in (1, 2, 3)]
    assert verify(tmp_path).ok


def test_a_stale_writer_is_refused_also_by_another_object(tmp_path: Path) -> None:
    first = create(tmp_path, "cn-1")
    second = LedgerFile(first.path)
    put(first, 0)
    with pytest.raises(StaleWriter) as caught:
        put(second, 1)
    assert caught.value.values["found"] == 1
    put(second, 1, seq=1)
    with pytest.raises(StaleWriter):
        put(first, 2, seq=1)
    assert len(list(read_ledger(first.path))) == 2


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"kind": ""}, "LG-E-025"),
        ({"payload": {"amount": 1.5}}, "LG-E-001"),
        ({"seq": 5}, "LG-E-015"),
        ({"position": 5}, "LG-E-015"),
        ({"stream": "case-2"}, "LG-E-014"),
        ({"schema": 0}, "LG-E-025"),
    ],
)
def test_an_event_that_cannot_be_leaves_the_file_as_it_was(
    tmp_path: Path, spoil: dict[str, object], code: str
) -> None:
    made = create(tmp_path, "cn-1")
    good = replace(event(1), stream="case-1")
    before = made.path.read_bytes()
    with pytest.raises(LedgerError) as caught:
        made.append(
            [good, replace(good, **spoil)],
            expected_seq={"case-1": 0},
            check=lambda *_a: None,
            recorded_at=START,
        )
    assert caught.value.code == code
    assert made.path.read_bytes() == before
    put(made, 0)


def test_an_unregistered_kind_is_refused_and_nothing_written(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    before = made.path.read_bytes()
    some = [replace(event(0), stream="s"), replace(event(1), stream="s", kind="made.up")]
    with pytest.raises(Unregistered):
        made.append(some, expected_seq={"s": 0}, check=check, recorded_at=START)
    assert made.path.read_bytes() == before


def test_a_kind_of_a_newer_schema_is_read(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    newer = replace(event(0), stream="s", kind="satellite.consulted", schema=7)
    made.append([newer], expected_seq={"s": 0}, check=lambda *_a: None, recorded_at=START)
    (found,) = read_events(made.path)
    assert (found.kind, found.schema) == ("satellite.consulted", 7)
    assert verify(made.path).ok


def test_recording_times_are_cut_to_seconds_and_never_run_backwards(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    put(made, 0, at=START + timedelta(seconds=1, microseconds=999))
    put(made, 1, seq=1, at=START + timedelta(seconds=1))
    with pytest.raises(LedgerError) as caught:
        put(made, 2, seq=2, at=START)
    assert caught.value.code == "LG-E-016"
    assert [e.recorded_at for e in read_events(made.path)] == [START + timedelta(seconds=1)] * 2


def test_events_may_bring_their_own_recording_times(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    days = [START.replace(day=12), START.replace(day=13)]
    some = [Event("note.added", day.date(), {}, "s", recorded_at=day) for day in days]
    made.append(some, expected_seq={"s": 0}, check=check)
    assert [e.recorded_at for e in read_events(made.path)] == days
    with pytest.raises(LedgerError) as caught:
        made.append([event(0)], expected_seq={"case-00000": 0}, check=check)
    assert caught.value.code == "LG-E-025"


def test_a_body_has_one_ledger(tmp_path: Path) -> None:
    create(tmp_path, "cn-1")
    with pytest.raises(LedgerError) as caught:
        create(tmp_path, "cn-1")
    assert caught.value.code == "LG-E-017"


def test_another_writer_is_waited_for_and_then_named(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    with made.path.open("r+b") as one, locked(one, made.path), made.path.open("r+b") as other:
        with pytest.raises(LedgerError) as caught, locked(other, made.path, seconds=0.05):
            pass
        assert caught.value.code == "LG-E-018"


def test_without_fcntl_a_neighbour_file_is_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.rules.ledger.files.fcntl", None)
    made = create(tmp_path, "cn-1")
    put(made, 0)
    mark = made.path.with_name(made.path.name + ".lock")
    assert not mark.exists()
    mark.touch()
    with (
        made.path.open("r+b") as file,
        pytest.raises(LedgerError) as caught,
        locked(file, made.path, seconds=0.05),
    ):
        pass
    assert caught.value.code == "LG-E-018"


def _writer(path: str, count: int) -> None:
    made = LedgerFile(Path(path))
    for n in range(count):
        stream = f"{os.getpid()}-{n}"
        some = [replace(event(n), stream=stream), replace(event(n + 1), stream=stream)]
        made.append(some, expected_seq={stream: 0}, check=check, recorded_at=START)


def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_writer, args=(str(made.path), 20)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    found = verify(tmp_path)
    assert found.ok
    assert found.entries == 120


# -- killed in the middle --------------------------------------------------------------------------------


def test_an_append_cut_at_any_byte_never_happened_or_is_whole(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    put(made, 0)
    before = made.path.read_bytes()
    put(made, 1, 2, seq=1)
    after = made.path.read_bytes()
    mark = made.path.with_name(made.path.name + PENDING)
    for size in range(len(before), len(after) + 1, 7 if len(after) > 300 else 1):
        made.path.write_bytes(after[:size])
        mark.write_text(f'{{"end":{len(after)},"start":{len(before)}}}')
        assert [d.code for d in verify(tmp_path).damages] == [codes.TORN_TAIL], size
        assert len(list(read_events(tmp_path))) == 1
        with pytest.raises(UnfinishedAppend):
            put(LedgerFile(made.path), 3, seq=1)
        repair(made.path)
        assert not mark.exists()
        assert made.path.read_bytes() == before
        assert verify(tmp_path).ok
    made.path.write_bytes(after)
    mark.write_text(f'{{"end":{len(after)},"start":{len(before)}}}')
    assert repair(made.path).completed
    assert made.path.read_bytes() == after
    mark.write_bytes(b'{"end":')  # the mark itself is torn: nothing was written after it
    put(LedgerFile(made.path), 3, seq=3)
    assert verify(tmp_path).ok


_KILLED = """
import sys
from pathlib import Path
from gongkai.rules.ledger import LedgerFile
from tests.rules.ledger.make import START, check, event
from dataclasses import replace
made = LedgerFile(Path(sys.argv[1]))
for n in range(10**6):
    stream = f"run-{sys.argv[2]}-{n}"
    some = [replace(event(n + k), stream=stream) for k in range(40)]
    made.append(some, expected_seq={stream: 0}, check=check, recorded_at=START)
    print(n, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_a_writer_that_is_killed_leaves_whole_appends_after_repair(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    chance = random.Random(3)  # noqa: S311
    torn = 0
    for turn in range(8):
        command = [sys.executable, "-c", _KILLED, str(made.path), str(turn)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.random() * 0.05)
            writer.send_signal(signal.SIGKILL)
            told = writer.stdout.read().count(b"\n") + 1
        found = verify(tmp_path)
        if not found.ok:
            assert [d.code for d in found.damages] == [codes.TORN_TAIL]
            repair(made.path)
            torn += 1
        found = verify(tmp_path)
        assert found.ok
        assert found.entries % 40 == 0
        streams = {e.stream for e in read_events(tmp_path) if e.stream.startswith(f"run-{turn}-")}
        assert told <= len(streams) <= told + 1
    put(LedgerFile(made.path), 0)


# -- reading ---------------------------------------------------------------------------------------------


def test_a_directory_is_read_body_by_body(tmp_path: Path) -> None:
    ledger(tmp_path, 3)
    ledger(tmp_path, 2, body="龙江县")
    assert set(bodies(tmp_path)) == {"cn-110101", "龙江县"}
    assert len(list(read_events(tmp_path))) == 5
    assert len(list(read_events(tmp_path, body="龙江县"))) == 2
    for path, body in ((tmp_path, "cn-9"), (tmp_path / "cn-110101.jsonl", "龙江县")):
        with pytest.raises(Unreadable) as caught:
            list(read_events(path, body=body))
        assert caught.value.code == "LG-E-023"


def test_lines_without_chain_are_read_where_that_is_asked_for(tmp_path: Path) -> None:
    plain = tmp_path / "acts.jsonl"
    rows = [{"kind": "request.received", "occurred_on": "2026-01-02", "payload": {"channel": "fax"}}]
    rows.append({"kind": "note.added", "occurred_on": "2026-01-03", "recorded_at": "2026-01-03T00:00:00Z"})
    plain.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    first, second = read_events(plain, chain=False)
    assert (first.payload, first.position) == ({"channel": "fax"}, 0)
    assert second.recorded_at == datetime(2026, 1, 3, tzinfo=UTC)
    with pytest.raises(Unreadable) as caught:
        list(read_events(plain))
    assert caught.value.code == "LG-E-008"
    made = ledger(tmp_path / "chained", 3)
    assert list(read_events(made.path, chain=False)) == list(read_events(made.path))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda lines: [lines[0], *lines[2:]], "LG-E-011"),
        (lambda lines: [*lines[:2], b"[]\n"], "LG-E-010"),
        (lambda lines: [*lines[:2], b"{}\n"], "LG-E-010"),
        (lambda lines: [*lines[:2], b"\xff\n"], "LG-E-010"),
        (lambda lines: [*lines[:-1], lines[-1][:50]], "LG-E-012"),
        (lambda lines: [*lines[:-1], lines[-1].replace(b"2026-01-0", b"2026-13-0")], "LG-E-010"),
    ],
)
def test_a_broken_chain_is_not_read(tmp_path: Path, spoil, code: str) -> None:
    made = ledger(tmp_path, 4)
    made.path.write_bytes(b"".join(spoil(lines_of(made.path))))
    with pytest.raises(Unreadable) as caught:
        list(read_events(made.path))
    assert caught.value.code == code
    with pytest.raises(LedgerError):
        made = LedgerFile(made.path)
        made.append([event(0)], expected_seq={"case-00000": 3}, check=check, recorded_at=START)


# -- roots -----------------------------------------------------------------------------------------------


def test_daily_roots_are_chained_and_go_forward(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        write_root(tmp_path, date(2026, 2, 13))
    made = ledger(tmp_path, 3)
    empty = create(tmp_path, "cn-2")
    first = write_root(tmp_path, date(2026, 2, 13))
    assert dict(first.heads) == dict([head_of(made.path), head_of(empty.path)])
    assert first.heads["cn-2"].position == 0
    second = write_root(tmp_path, date(2026, 2, 15), algorithm="sha256")
    assert second.prev_root == first.root
    assert roots(tmp_path) == (first, second)
    for day in (14, 15):
        with pytest.raises(LedgerError) as caught:
            write_root(tmp_path, date(2026, 2, day))
        assert caught.value.code == "LG-E-022"
    found = verify(tmp_path)
    assert (found.ok, found.roots) == (True, 2)


def test_two_spellings_of_a_stream_are_one_stream(tmp_path: Path) -> None:
    made = create(tmp_path, "cn-1")
    for seq, stream in enumerate(["é", "e\u0301", "é"]):
        some = [replace(event(seq), stream=stream)]
        made.append(some, expected_seq={stream: seq}, check=check, recorded_at=START)
    assert verify(tmp_path).ok
    assert [(e.stream, e.seq) for e in read_events(tmp_path)] == [("é", 1), ("é", 2), ("é", 3)]
