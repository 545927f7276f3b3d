"""``gongkai ledger count`` and ``explain``: the report from a ledger, what a cell counts, clear errors."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gongkai.cli import program
from gongkai.rules.event import Event
from gongkai.rules.kinds import check
from gongkai.rules.ledger import create, write_root

RECEIVED = {"channel": "counter", "applicant_kind": "natural_person"}
ACTS = [
    ("case:1", "request.received", date(2026, 2, 9), RECEIVED),
    ("case:1", "reply.issued", date(2026, 2, 20), {"outcome": "granted", "number": "云公复〔2026〕1号"}),
    ("case:2", "request.received", date(2026, 12, 9), {**RECEIVED, "applicant_kind": "business"}),
    ("body", "decisions.counted", date(2026, 3, 31), {"kind": "licensing", "count": 127}),
    ("body", "charges.collected", date(2026, 3, 31), {"amount": "12345.60"}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger of one body."""
    file = create(tmp_path / "ledger", "yunxi")
    for hour, (stream, kind, on, payload) in enumerate(ACTS):
        seq = sum(1 for before in ACTS[:hour] if before[0] == stream)
        file.append(
            [Event(kind, on, payload, stream=stream, actor="seat:1")],
            expected_seq={stream: seq},
            check=check,
            recorded_at=datetime(2026, 12, 31, hour, tzinfo=UTC),
        )
    return tmp_path / "ledger"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program, ["ledger", *map(str, arguments)])


def report(*arguments: object) -> Any:
    result = run("count", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_folder_with_one_body_needs_no_name(folder: Path) -> None:
    found = report(folder, "--year", 2026)
    assert found["tables"]["requests"]["new"]["total"] == 2
    assert found["tables"]["requests"]["granted"]["natural_person"] == 1
    assert found["tables"]["requests"]["carried_out"]["business"] == 1
    assert found["tables"]["proactive"]["licensing"] == 127
    assert found["tables"]["proactive"]["fees_wan_yuan"] == 1.23
    assert found["tables"]["proactive"]["normative_valid"] is None
    assert found["counting"]["chain"] == "hashes_not_verified"
    assert "散列值没有核对" in run("count", folder, "--year", 2026).output


def test_the_next_year_carries_in(folder: Path) -> None:
    assert report(folder, "--year", 2027)["tables"]["requests"]["carried_in"]["business"] == 1


def test_a_cell_opens_into_its_acts(folder: Path) -> None:
    result = run("explain", folder, "requests.granted.total", "--year", 2026)
    assert result.exit_code == 0
    assert "2026-02-20  作出答复（予以公开，云公复〔2026〕1号）" in result.output
    told = json.loads(run("explain", folder, "requests.new.total", "--year", 2026, "--json").stdout)
    assert (told["value"], told["streams"]) == (2, ["case:1", "case:2"])
    assert told["events"][0]["kind"] == "request.received"


def test_several_bodies_have_to_be_told_apart(folder: Path) -> None:
    create(folder, "pingshan")
    result = run("count", folder, "--year", 2026)
    assert result.exit_code == 2
    assert "请用 --body 指定：pingshan、yunxi" in result.output
    assert report(folder, "--year", 2026, "--body", "pingshan")["tables"]["requests"]["new"]["total"] == 0


def test_lines_without_a_chain(tmp_path: Path) -> None:
    lines = [
        json.dumps({"kind": kind, "occurred_on": on.isoformat(), "payload": payload, "stream": stream})
        for stream, kind, on, payload in ACTS
    ]
    file = tmp_path / "acts.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    refused = run("count", file, "--year", 2026)
    assert refused.exit_code == 2
    assert "--no-chain" in refused.output
    found = report(file, "--year", 2026, "--no-chain")
    assert found["tables"]["requests"]["new"]["total"] == 2
    assert found["counting"]["chain"] == "not_checked"
    told = run("explain", file, "requests.new.total", "--year", 2026, "--no-chain")
    assert told.exit_code == 0
    assert "收到申请" in told.output


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            '{"kind": "request.received", "occurred_on": "2026-02-09"}',
            "第 1 条事项（request.received）：缺少字段",
        ),
        ('{"kind": "request.received"}', "第 1 行读不出"),
        ("{", "第 1 行"),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "acts.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    result = run("count", file, "--year", 2026, "--no-chain")
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_what_is_not_there_is_said(folder: Path, tmp_path: Path) -> None:
    assert "没有“requests.nothing”这一格" in run("explain", folder, "requests.nothing", "--year", 2026).output
    assert (
        "没有“2030”这一版格式；现有 2019、2021" in run("count", folder, "--year", 2026, "--form", 2030).output
    )
    assert run("count", folder, "--year", 2010).exit_code == 2
    assert run("count", tmp_path / "none", "--year", 2026).exit_code == 2
    assert run("count", folder, "--year", 2026, "--body", "nobody").exit_code == 2


def test_a_bare_root_is_an_anchor(folder: Path) -> None:
    root = write_root(folder, date(2026, 12, 31)).root
    assert run("verify", folder, "--anchor", root).exit_code == 0
    missing = run("verify", folder, "--anchor", root[::-1])
    assert missing.exit_code == 1
    assert "台账里没有这个根" in missing.output
