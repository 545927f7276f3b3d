"""Files at the edges of ``gongkai annual …``: odd names, inputs as outputs, many pages, devices."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest
from tests.annual.generate.content import clean
from tests.annual.generate.shapes import SHAPES
from tests.test_cli_annual import page, run, start

from gongkai.annual.findings import Verdict, catalogue
from gongkai.annual.model import Cell, CellState, Report
from gongkai.annual.read import read_bytes, read_path
from gongkai.annual.write import write


def with_states(report: Report, states: dict[str, CellState]) -> Report:
    cells = {path: Cell(states[path]) if path in states else cell for path, cell in report.cells.items()}
    return replace(report, cells=MappingProxyType(cells))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.html"
    file.write_bytes(page())
    return file


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder with a file named in GBK, one in no encoding, one that is no report, a good one."""
    folder = tmp_path / "odd"
    folder.mkdir()
    try:
        for name in ("年报.html".encode("gbk"), b"x\xff.html", b"y.html"):
            (folder / os.fsdecode(name)).write_bytes(page())
        (folder / os.fsdecode("公告.txt".encode("gbk"))).write_text("今天天气很好", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    return folder


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A file with two reports."""
    file = tmp_path / "two.json"
    objects = [write(read_bytes(page(seed))[0], "json").decode() for seed in (1, 2)]
    file.write_text(f"[{','.join(objects)}]", encoding="utf-8")
    return file


# names


@pytest.mark.parametrize("command", ["read", "check"])
def test_a_name_that_is_no_text_is_told_as_text_and_the_others_go_on(odd: Path, command: str) -> None:
    for extra in ([], ["--json"]):
        result = start(command, odd, *extra)
        assert result.returncode == 3, result.stderr
        assert "公告.txt" in result.stderr.decode()
        for name in ("年报.html", "x\\\\xff.html" if extra else "x\\xff.html", "y.html"):
            assert name in result.stdout.decode()


def test_a_corpus_takes_names_that_are_no_text(odd: Path, tmp_path: Path) -> None:
    out, errors = tmp_path / "r.parquet", tmp_path / "e.jsonl"
    done = start("corpus", odd, "-o", out, "--errors", errors, "--jobs", "1", "--json")
    assert done.returncode == 3, done.stderr
    names = [Path(source).name for source in pl.read_parquet(out)["source"]]
    assert sorted(names) == sorted(["年报.html", "x\\xff.html", "y.html"])
    assert Path(json.loads(errors.read_text(encoding="utf-8"))["source"]).name == "公告.txt"


def test_a_result_named_after_such_a_file_has_a_readable_name(odd: Path, tmp_path: Path) -> None:
    assert start("convert", odd, "-o", tmp_path / "out", "--to", "html", "--json").returncode == 3
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["x\\xff.html", "y.html", "年报.html"]


# an input is never written over


@pytest.mark.parametrize(
    "arguments",
    [("convert", "{0}", "-o", "{0}"), ("convert", "{0}", "-o", "{1}"), ("check", "{0}", "--html", "{0}")],
)
def test_an_input_is_not_written_over_even_with_force(
    good: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    link = tmp_path / "link.html"
    link.symlink_to(good)
    before = good.read_bytes()
    result = run(*(a.format(good, link) for a in arguments), "--force")
    assert result.exit_code == 2
    assert "就是输入的文件" in result.stderr
    assert good.read_bytes() == before


def test_no_input_is_written_over_among_many(good: Path) -> None:
    before = good.read_bytes()
    folder = good.parent
    for arguments in (("convert", folder, "-o", folder, "--to", "html"), ("check", folder, "--html", folder)):
        result = run(*arguments, "--force")
        assert result.exit_code == 2
        assert good.read_bytes() == before


def test_a_corpus_is_not_written_over_an_input(good: Path) -> None:
    file = good.rename(good.with_suffix(".parquet"))
    before = file.read_bytes()
    for option in ("-o", "--errors"):
        rest = () if option == "-o" else ("-o", file.with_name("r.parquet"))
        result = run("corpus", file, option, file, *rest, "--force")
        assert result.exit_code == 2
        assert "就是输入的文件" in result.stderr
        assert file.read_bytes() == before


# what is written, and where


def test_convert_tells_how_many_cells_it_wrote_blank_for_want_of_a_number(tmp_path: Path) -> None:
    (report,) = read_bytes(page())
    lost = {"requests.new.total": CellState.UNREADABLE, "requests.new.natural_person": CellState.UNREADABLE}
    torn = with_states(report, {**lost, "requests.total.total": CellState.MISSING})
    (tmp_path / "torn.json").write_bytes(write(torn, "json"))
    result = run("convert", tmp_path / "torn.json", "-o", tmp_path / "out.html")
    assert result.exit_code == 0
    assert "2 格读不出" in result.stderr
    assert "1 格缺" in result.stderr
    told = json.loads(run("convert", tmp_path / "torn.json", "-o", tmp_path / "o.xlsx", "--json").stdout)
    assert told["written_blank"] == {"unreadable": 2, "missing": 1}
    assert "2 格读不出" in run("convert", tmp_path / "torn.json", "--to", "html").stderr
    # JSON keeps the states, so there is nothing to tell.
    assert "读不出" not in run("convert", tmp_path / "torn.json", "-o", tmp_path / "again.json").stderr


def test_a_whole_report_is_converted_without_a_word_of_lost_cells(good: Path, tmp_path: Path) -> None:
    assert "提醒" not in run("convert", good, "-o", tmp_path / "out.docx").stderr


def test_a_device_is_written_to_and_stays_one(good: Path) -> None:
    assert run("convert", good, "-o", "/dev/null", "--to", "html").exit_code == 0
    assert Path("/dev/null").is_char_device()
    assert run("check", good, "--html", "/dev/null", "--force").exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_pages_of_many_reports_go_into_a_folder(good: Path, two: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    assert run("check", good, two, "--html", out).exit_code == 0
    assert sorted(p.name for p in out.iterdir()) == ["good.html", "two-1.html", "two-2.html"]
    for file, seed in (("two-1.html", 1), ("two-2.html", 2)):
        (report,) = read_bytes(page(seed))
        assert report.body is not None
        assert report.body in (out / file).read_text(encoding="utf-8")
    assert run("check", good, two, "--html", out).exit_code == 2
    assert run("check", good, two, "--html", out, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "ending"),
    [(("check", "--html", "x.docx"), ".html"), (("corpus", "-o", "r.csv"), ".parquet")],
)
def test_an_ending_that_promises_another_kind_of_file_is_refused(
    good: Path, arguments: tuple[str, ...], ending: str
) -> None:
    result = run(*arguments[:-1], good.parent / arguments[-1], good)
    assert result.exit_code == 2
    assert f"请用 {ending} 结尾" in result.stderr
    assert not (good.parent / arguments[-1]).exists()


# what is proposed


def test_nothing_is_proposed_where_no_relation_fails_by_itself(tmp_path: Path) -> None:
    (report,) = read_bytes(page())
    # Blank parts under a total that is no sum of the rest: nothing is proved wrong.
    blank = report.with_values(
        {p: None for p in report.form.cells if p.startswith("requests.new.") and not p.endswith(".total")}
    )
    (tmp_path / "blank.json").write_bytes(write(blank, "json"))
    shape = json.loads(run("check", tmp_path / "blank.json", "--json").stdout)
    assert not any(f["relation"] and f["verdict"] == Verdict.FAILS for f in shape["findings"])
    assert any(f["code"] == "AR-T0-002" for f in shape["findings"])
    assert shape["repairs"]["proposals"] == []
    assert "修改建议" not in run("check", tmp_path / "blank.json").output


# what is typed


@pytest.mark.parametrize("command", ["read", "check"])
def test_an_address_is_told_to_be_saved_first(command: str) -> None:
    result = run(command, "https://www.example.gov.cn/ndbg.html")
    assert result.exit_code == 2
    assert "保存下来" in result.stderr


def test_an_address_is_no_corpus(tmp_path: Path) -> None:
    result = run("corpus", "http://www.example.gov.cn/", "-o", tmp_path / "r.parquet")
    assert result.exit_code == 2
    assert "保存下来" in result.stderr


def test_a_code_is_explained_without_slots_and_with_a_basis_that_can_be_read() -> None:
    for code in ("AR-N-002", "AR-T3-001", "AR-X-002"):
        told = run("codes", code).output
        assert "{" not in told
        assert "示例" in told
        assert catalogue()[code].reference in told


def test_scans_are_read_into_a_corpus_where_asked() -> None:
    assert "--ocr" in run("corpus", "--help").output


def test_ocr_reaches_the_workers(tmp_path: Path) -> None:
    from gongkai.annual.corpus.rows import read_rows

    file = tmp_path / "r.html"
    file.write_bytes(SHAPES["html"].write(clean(1, "2021")))
    (report,) = read_path(file)
    assert len(read_rows(str(file), ocr=True).rows) == 1
    assert report.source == read_rows(str(file), ocr=True).source
