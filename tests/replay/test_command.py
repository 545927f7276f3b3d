"""``gongkai replay``: what it writes, what it tells, how it ends."""

from __future__ import annotations

import json
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from gongkai.annual.read.exchange import reports_from_json
from gongkai.annual.samples import sample_paths
from gongkai.annual.write.exchange import to_json
from gongkai.commands.base import Program
from gongkai.commands.replay import replay_command
from gongkai.rules.counting import count
from gongkai.rules.ledger import bodies, read_events, verify


@click.group(cls=Program)
def program() -> None:
    """The command, whatever else the program has."""


program.add_command(replay_command)
SAMPLES = {path.name: path for path in sample_paths()}
COUNTY, WRONG, TOWNSHIP = (
    "yunxi-county-2023.html",
    "finance-bureau-2022-sum-error.xlsx",
    "health-bureau-2024.json",
)


def run(name: str, folder: Path, *options: str) -> Result:
    with as_file(SAMPLES[name]) as path:
        arguments = ["replay", str(path), "-o", str(folder), *options]
        return CliRunner().invoke(program, arguments, prog_name="gongkai")


def told(name: str, folder: Path, *options: str) -> Any:
    result = run(name, folder, "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_ledger_verifies_and_counts_back_to_the_report(tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    found = told(COUNTY, folder)
    (one,) = found["bodies"]
    assert (one["body"], one["counts_back"], one["unlike"]) == ("云溪县人民政府", True, [])
    assert (found["year"], found["form"], found["seed"], found["sum_counts_back"]) == (2023, "2021", 1, None)
    assert verify(folder).ok
    events = list(read_events(folder))
    assert len(events) == one["events"]
    report = count(events, body=one["body"], year=2023).report
    assert (report.value("requests.new.total"), report.value("proactive.licensing")) == (136, 21436)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    files: list[bytes] = []
    for number, seed in enumerate(("4", "4", "5")):
        folder = tmp_path / str(number)
        told(TOWNSHIP, folder, "--seed", seed)
        (path,) = bodies(folder).values()
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert files[0] != files[2]


def test_people_are_told_the_cells_that_contradict_themselves(tmp_path: Path) -> None:
    result = run(WRONG, tmp_path)
    assert result.exit_code == 0
    assert "与公布的不同 1 格" in result.output
    assert "（七）总计 · 总计" in result.output
    assert "全部相同" in result.output


def test_programs_are_told_the_cells_that_contradict_themselves(tmp_path: Path) -> None:
    (one,) = told(WRONG, tmp_path)["bodies"]
    assert one["differences"] == [{"cell": "requests.total.total", "published": 22, "replayed": 23}]
    assert one["counts_back"]


def test_an_area_is_shared_out(tmp_path: Path) -> None:
    found = told(COUNTY, tmp_path, "--share", "本级=36", "--share", "部门=60", "--share", "乡镇=40")
    assert [one["body"] for one in found["bodies"]] == ["本级", "部门", "乡镇"]
    assert found["sum_counts_back"] is True
    assert set(bodies(tmp_path)) == {"本级", "部门", "乡镇"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--share", "本级=36"), "合计 36 件，报告是 136 件"),
        (("--share", "本级"), "机关=件数"),
        (("--share", "本级=x"), "机关=件数"),
        (("--share", "本级=1", "--share", "本级=2"), "写了两次"),
        (("--share", "本级=136", "--body", "甲"), "不能同时使用"),
    ],
)
def test_shares_that_cannot_be_are_explained(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    result = run(COUNTY, tmp_path, *options)
    assert result.exit_code == 2
    assert words in result.output
    assert not list(tmp_path.iterdir())


def test_a_ledger_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    told(TOWNSHIP, tmp_path)
    (path,) = bodies(tmp_path).values()
    before = path.read_bytes()
    result = run(TOWNSHIP, tmp_path, "--seed", "2")
    assert result.exit_code == 2
    assert "没有覆盖" in result.output
    assert path.read_bytes() == before


def test_a_report_without_year_is_refused(tmp_path: Path) -> None:
    with as_file(SAMPLES[TOWNSHIP]) as path:
        (report,) = reports_from_json(path.read_bytes())
    data = json.loads(to_json(report))
    data["year"] = None
    file = tmp_path / "report.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    result = CliRunner().invoke(
        program, ["replay", str(file), "-o", str(tmp_path / "l")], prog_name="gongkai"
    )
    assert result.exit_code == 2
    assert "没有写明年度" in result.output
