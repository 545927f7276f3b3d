"""The ledger goes into files to the byte, and files into an empty ledger, all or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.platform.ledger.acts import START, act, execute, fill, forge, without_triggers
from tests.rules.ledger.make import ledger as made_ledger

from gongkai.cli import program
from gongkai.platform.ledger.exchange import DamagedLedger, LedgerNotEmpty, export_ledger, import_ledger
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.selectors import events_of
from gongkai.platform.ledger.services import append, open_ledger, write_root
from gongkai.platform.ledger.triggers import EVENTS, ROOTS
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.rules import kinds
from gongkai.rules.kinds import UnlawfulShape
from gongkai.rules.ledger import (
    SHA256,
    LedgerError,
    Unreadable,
    create,
    file_name,
    read_events,
    verify,
)
from gongkai.rules.ledger import write_root as write_root_file

pytestmark = pytest.mark.django_db


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_an_exported_ledger_is_what_the_file_writer_would_have_written(tmp_path: Path) -> None:
    fill(streams=2, each=3)
    export_ledger(directory=tmp_path / "a")
    written = create(tmp_path / "b", "body-a")
    for event in events_of(body="body-a"):
        written.append([event], expected_seq={event.stream: event.seq - 1}, check=kinds.check)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_roots_are_those_that_the_files_would_have(tmp_path: Path) -> None:
    fill("body-a", streams=2, each=3)
    fill("body-b", streams=1, each=1)
    open_ledger(body="body-c")
    export_ledger(directory=tmp_path)
    for day in (date(2026, 2, 12), date(2026, 2, 13)):
        assert write_root(day) == write_root_file(tmp_path, day)
    export_ledger(directory=tmp_path / "again")
    assert contents(tmp_path / "again") == {
        path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()
    }


def test_the_command_line_accepts_what_was_exported(tmp_path: Path) -> None:
    fill()
    write_root(date(2026, 2, 12))
    export_ledger(directory=tmp_path)
    result = CliRunner().invoke(program, ["ledger", "verify", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert list(read_events(tmp_path / file_name("body-a"))) == list(events_of(body="body-a"))


def test_one_body_is_exported_by_itself(tmp_path: Path) -> None:
    fill("body-a", streams=1, each=1)
    fill("body-b", streams=1, each=1)
    write_root(date(2026, 2, 12))
    assert [p.name for p in export_ledger(directory=tmp_path, body="body-b")] == ["body-b.jsonl"]
    assert list(contents(tmp_path)) == ["body-b.jsonl"]
    with pytest.raises(Unreadable):
        export_ledger(directory=tmp_path, body="body-x")


def test_nothing_is_written_over_and_nothing_is_left_of_half_an_export(tmp_path: Path) -> None:
    fill("body-a", streams=1, each=1)
    fill("body-b", streams=1, each=1)
    (tmp_path / "body-b.jsonl").write_bytes(b"mine\n")
    with pytest.raises(LedgerError, match="LG-E-017"):
        export_ledger(directory=tmp_path)
    assert contents(tmp_path) == {"body-b.jsonl": b"mine\n"}


def test_a_damaged_ledger_gives_damaged_files(tmp_path: Path) -> None:
    fill()
    without_triggers()
    forge(3, actor="seat-x")
    export_ledger(directory=tmp_path)
    assert [(d.code, d.position) for d in verify(tmp_path).damages] == [("LG-D-001", 3)]


def start_again() -> None:
    """An empty database: the tests' own transaction cannot be left."""
    for table in (EVENTS, ROOTS):
        without_triggers(table)
        execute(f"DELETE FROM {table.table}")  # noqa: S608 - our own names
    LedgerHead.objects.all().delete()


def test_a_directory_comes_back_as_it_was(tmp_path: Path) -> None:
    fill("body-a")
    fill("body-b", streams=1, each=2)
    open_ledger(body="body-c", algorithm=SHA256)
    write_root(date(2026, 2, 12))
    rows = list(LedgerEvent.objects.order_by("body", "position").values_list("body", "position", "hash"))
    heads = list(LedgerHead.objects.order_by("body").values_list())
    export_ledger(directory=tmp_path / "one")
    start_again()
    assert import_ledger(tmp_path / "one").ok
    assert (
        list(LedgerEvent.objects.order_by("body", "position").values_list("body", "position", "hash")) == rows
    )
    assert list(LedgerHead.objects.order_by("body").values_list()) == heads
    assert verify_ledger().ok
    export_ledger(directory=tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_what_was_imported_goes_on(tmp_path: Path) -> None:
    fill()
    export_ledger(directory=tmp_path, body="body-a")
    start_again()
    open_ledger(body="body-a", algorithm=SHA256)  # begun, nothing entered: the file says how it is hashed
    import_ledger(tmp_path / "body-a.jsonl")
    append(body="body-a", events=[act("case-0", 5)], expected_seq={"case-0": 4}, recorded_at=START)
    found = verify_ledger()
    assert (found.ok, found.entries) == (True, 13)


def test_nothing_is_merged_into_entries_that_are_there(tmp_path: Path) -> None:
    fill()
    export_ledger(directory=tmp_path)
    with pytest.raises(LedgerNotEmpty):
        import_ledger(tmp_path)
    assert LedgerEvent.objects.count() == 12


def test_a_damaged_file_is_refused_whole(tmp_path: Path) -> None:
    fill("body-a", streams=1, each=3)
    fill("body-b", streams=1, each=3)
    export_ledger(directory=tmp_path)
    start_again()
    path = tmp_path / "body-b.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"channel":"counter"', b'"channel":"fax"'))
    with pytest.raises(DamagedLedger) as refused:
        import_ledger(tmp_path)
    assert [d.file for d in refused.value.found.damages] == ["body-b.jsonl"]
    assert not LedgerEvent.objects.exists()
    assert not LedgerHead.objects.exists()


def test_a_payload_that_is_not_registered_is_refused_whole(tmp_path: Path) -> None:
    made = made_ledger(tmp_path, 600)  # its payloads are shaped for tests of files
    with pytest.raises(UnlawfulShape):
        import_ledger(made.path)
    assert not LedgerEvent.objects.exists()
    assert not LedgerHead.objects.exists()
