"""``--form FILE``: an edition that the package does not know is read, checked, converted and compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.annual.generate.shapes import SHAPES
from tests.annual.test_added_edition import VALUES, draft

from gongkai.annual.form import load_form
from gongkai.cli import program

DEMO = Path(__file__).parent / "annual" / "editions" / "demo.yaml"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["annual", *map(str, arguments)], prog_name="gongkai")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "demo.html"
    file.write_bytes(SHAPES["html"].write(draft(load_form(DEMO), dict(VALUES))))
    return file


def test_a_report_of_an_added_edition_is_read(report: Path) -> None:
    without = run("read", "--json", report)
    assert without.exit_code != 0 or json.loads(without.stdout)["form"] != "demo"
    done = run("read", "--json", "--form", DEMO, report)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["form"] == load_form(DEMO).edition
    assert told["tables"]["datasets"]["sum"]["total"] == VALUES["datasets.sum.total"]


def test_it_is_checked_converted_and_compared(report: Path, tmp_path: Path) -> None:
    assert run("check", "--form", DEMO, report).exit_code == 0
    target = tmp_path / "again.json"
    assert run("convert", "--form", DEMO, report, "-o", target).exit_code == 0
    assert run("check", "--form", DEMO, "--last-year", target, target).exit_code in (0, 1)
    done = run("compare", "--form", DEMO, "--json", report, target)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["cells"] == []


def test_the_packages_editions_are_still_known(report: Path, tmp_path: Path) -> None:
    both = run("check", "--samples", "--no-repairs", "--json", "--form", DEMO, report)
    editions = {json.loads(line)["form"] for line in both.stdout.splitlines()}
    assert {load_form(DEMO).edition, "2021"} <= editions


def test_a_file_that_is_no_form_is_refused_by_name(report: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("edition: x\n", encoding="utf-8")
    for file in (wrong, tmp_path / "absent.yaml", report):
        done = run("read", "--form", file, report)
        assert done.exit_code == 2
        assert file.name in done.stderr


def test_an_edition_that_is_known_already_is_refused(report: Path) -> None:
    done = run("read", "--form", DEMO, "--form", DEMO, report)
    assert done.exit_code == 2
    assert load_form(DEMO).edition in done.stderr
