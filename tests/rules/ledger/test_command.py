"""``gongkai ledger verify`` and ``show``."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.rules.ledger.make import ledger, lines_of

from gongkai.commands.base import Program
from gongkai.commands.ledger import ledger as group
from gongkai.rules.ledger import parse_anchor, verify, write_root


def run(*arguments: object) -> Result:
    program = Program(name="gongkai")
    program.add_command(group, "ledger")
    return CliRunner().invoke(program, ["ledger", *map(str, arguments)], prog_name="gongkai")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    ledger(tmp_path, 6)
    ledger(tmp_path, 2, body="龙江县")
    write_root(tmp_path, date(2026, 2, 13))
    return tmp_path


def test_a_sound_ledger_is_said_to_be_and_what_cannot_be_excluded(directory: Path) -> None:
    result = run("verify", directory)
    assert result.exit_code == 0
    assert "没有发现损坏：共 2 个机关、8 条记录、1 个每日的根。" in result.stdout
    assert "LG-V-001" in result.stdout
    assert "LG-V-002" in result.stdout


def test_every_form_of_an_anchor_is_taken(directory: Path, tmp_path: Path) -> None:
    line = (directory / "roots.jsonl").read_text(encoding="utf-8")
    kept = tmp_path / "anchor.txt"
    kept.write_text(line + "\n", encoding="utf-8")
    head = parse_anchor(line).heads["cn-110101"]
    (directory / "cn-110101.jsonl").write_bytes(b"".join(lines_of(directory / "cn-110101.jsonl")[:-1]))
    for anchor in (kept, line, f"cn-110101:{head.position}:{head.hash}"):
        result = run("verify", directory, "--anchor", anchor, "--json")
        assert result.exit_code == 1
        told = json.loads(result.stdout)
        assert {d["code"] for d in told["damages"]} == {"LG-D-010"}
        assert "LG-V-001" not in {c["code"] for c in told["cannot_exclude"]}
    assert run("verify", directory, "--anchor", "abc").exit_code == 2


def test_the_first_bad_line_is_named(directory: Path) -> None:
    path = directory / "cn-110101.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"counter"', b'"postbox"', 1))
    result = run("verify", path)
    assert result.exit_code == 1
    assert "LG-D-001" in result.stdout
    assert "cn-110101.jsonl 第 2 行" in result.stdout
    told = json.loads(run("verify", path, "--json").stdout)
    assert [(d["file"], d["line"], d["position"]) for d in told["damages"]] == [("cn-110101.jsonl", 2, 1)]
    assert told["ok"] is False


def test_a_ledger_of_a_newer_format_is_not_called_damaged(tmp_path: Path) -> None:
    made = tmp_path / "cn-1.jsonl"
    made.write_bytes(b'{"algorithm":"sm3","body":"cn-1","format":2,"ledger":"gongkai","schema":1}\n')
    result = run("verify", tmp_path)
    assert result.exit_code == 2
    assert "升级软件" in result.stderr


def test_entries_are_shown_by_stream_day_kind_and_page(directory: Path) -> None:
    text = run("show", directory, "--from", "2026-01-02", "--to", "2026-01-05", "--per-page", 2).stdout
    assert "共 5 条，第 1 页，共 3 页。" in text
    found = json.loads(run("show", directory, "--json", "--kind", "note.added").stdout)
    assert [(e["body"], e["position"]) for e in found["entries"]] == [
        ("龙江县", 2),
        ("cn-110101", 2),
        ("cn-110101", 5),
    ]
    one = json.loads(
        run("show", directory, "--json", "--stream", "case-00001", "--page", 2, "--per-page", 2).stdout
    )
    assert (one["total"], [e["seq"] for e in one["entries"]]) == (3, [3])
    assert run("show", directory, "--body", "cn-9").exit_code == 2
    assert run("show", directory, "--from", "1月").exit_code == 2
    assert run("show", directory, "--json", "--csv").exit_code == 2


def test_csv_has_every_column_and_a_mark_for_spreadsheets(directory: Path) -> None:
    data = run("show", directory, "--csv").stdout_bytes
    assert data.startswith(b"\xef\xbb\xbfbody,position,")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == 8
    assert json.loads(rows[0]["payload"])["channel"] == "counter"
    assert rows[-1]["hash"] == verify(directory).heads["cn-110101"].hash


def test_a_broken_chain_is_not_shown(directory: Path) -> None:
    path = directory / "cn-110101.jsonl"
    lines = lines_of(path)
    path.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    result = run("show", path)
    assert result.exit_code == 2
    assert "gongkai ledger verify" in result.stderr


def test_every_command_and_option_has_a_help_text() -> None:
    for command in group.commands.values():
        assert command.help
        assert command.short_help
        assert all(p.help for p in command.params if isinstance(p, click.Option))
