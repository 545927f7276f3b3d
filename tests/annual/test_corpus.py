"""A corpus file: one row a report with every cell, whatever lies among the files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest
from tests.annual.generate.content import clean
from tests.annual.generate.shapes import SHAPES

from gongkai.annual.check import check
from gongkai.annual.check.columnar import verdicts
from gongkai.annual.corpus import Lost, LostReason, column_names, map_reports, sources_of
from gongkai.annual.findings import Severity
from gongkai.annual.form import builtin_forms
from gongkai.annual.read import read_bytes, read_path
from gongkai.annual.write import write

Result = TypeVar("Result")
SEEDS = range(1, 9)


class Here:
    """An engine in this process, as another engine would stand behind the protocol."""

    def __init__(self, stop_after: int | None = None, lose: str = "") -> None:
        self.stop_after = stop_after
        self.lose = lose
        self.items: list[str] = []

    def map(self, work: Callable[[str], Result], items: Iterable[str]) -> Iterator[Result | Lost]:
        for item in items:
            if self.stop_after is not None and len(self.items) >= self.stop_after:
                raise KeyboardInterrupt
            self.items.append(item)
            if self.lose and self.lose in item:
                yield Lost(LostReason.TIMEOUT)
            else:
                yield work(item)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports of both editions in three shapes, in nested directories."""
    base = tmp_path / "in"
    for seed in SEEDS:
        shape = ("html", "pipe", "xlsx")[seed % 3]
        target = base / f"d{seed % 2}" / f"r{seed}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SHAPES[shape].write(clean(seed)))
    return base


def frame(folder: Path, out: Path) -> pl.DataFrame:
    map_reports([folder], out=out, engine=Here())
    return pl.read_parquet(out)


def test_a_row_holds_every_cell_of_its_report(folder: Path, tmp_path: Path) -> None:
    found = frame(folder, tmp_path / "out.parquet")
    assert tuple(found.columns) == column_names()
    assert found.height == len(SEEDS)
    for row in found.iter_rows(named=True):
        (report,) = read_path(Path(row["source"]))
        states = json.loads(row["cell_states"])
        for path in report.form.cells:
            cell = report.cell(path)
            assert row[path] == cell.value
            assert states.get(path) == (None if cell.value is not None else cell.state.value)
        assert row["body"] == report.body
        assert row["year"] == report.year
        assert row["form"] == report.form.edition


def test_cells_of_the_other_edition_are_null(folder: Path, tmp_path: Path) -> None:
    found = frame(folder, tmp_path / "out.parquet")
    editions = {form.edition: set(form.cells) | set(form.alternates) for form in builtin_forms()}
    for row in found.iter_rows(named=True):
        others = set.union(*editions.values()) - editions[row["form"]]
        assert all(row[path] is None for path in others)


def test_findings_are_those_of_the_check(folder: Path, tmp_path: Path) -> None:
    for row in frame(folder, tmp_path / "out.parquet").iter_rows(named=True):
        (report,) = read_path(Path(row["source"]))
        result = check(report)
        assert [f["code"] for f in row["findings"]] == [f.code for f in result.findings]
        assert [f["cells"] for f in row["findings"]] == [list(f.cells) for f in result.findings]
        assert row["errors"] == result.count(Severity.ERROR)
        assert row["warnings"] == result.count(Severity.WARNING)
        assert row["notes"] == result.count(Severity.NOTE)


def test_the_columnar_check_reads_the_file_as_it_is(folder: Path, tmp_path: Path) -> None:
    found = frame(folder, tmp_path / "out.parquet")
    for form in builtin_forms():
        rows = verdicts(found, form)
        assert rows.height == found.filter(pl.col("form") == form.edition).height
        for row in rows.iter_rows(named=True):
            (report,) = read_path(Path(row["source"]))
            told = {r.relation.instance: r.verdict.value for r in check(report).relations}
            assert {name: row[name] for name in told} == told


def test_money_keeps_its_decimals(tmp_path: Path) -> None:
    (report,) = read_bytes(SHAPES["html"].write(clean(1, "2021")))
    changed = report.with_values({"proactive.fees_wan_yuan": Decimal("21273.89")})
    (tmp_path / "one").write_bytes(write(changed, "json"))
    map_reports([tmp_path / "one"], out=tmp_path / "out.parquet", engine=Here())
    assert pl.read_parquet(tmp_path / "out.parquet")["proactive.fees_wan_yuan"].item() == Decimal("21273.89")


def test_bad_files_are_listed_and_the_others_read(folder: Path, tmp_path: Path) -> None:
    (folder / "d0" / "noise").write_bytes(bytes(range(256)) * 8)
    (folder / "d0" / "other.html").write_text("<html><body>今天天气很好</body></html>", encoding="utf-8")
    summary = map_reports([folder], out=tmp_path / "out.parquet", engine=Here(lose="r3"))
    assert summary.files == len(SEEDS) + 2
    assert summary.reports == len(SEEDS) - 1
    codes = {Path(r.source).name: r.code for r in summary.refusals}
    assert set(codes) == {"noise", "other.html", "r3"}
    assert codes["r3"] is None
    assert codes["noise"] is not None
    assert codes["noise"].startswith("AR-X-")
    assert [r.lost for r in summary.refusals if r.source.endswith("r3")] == [LostReason.TIMEOUT]


def test_processes_give_the_same_file_as_one(folder: Path, tmp_path: Path) -> None:
    one = frame(folder, tmp_path / "one.parquet")
    map_reports([folder], out=tmp_path / "two.parquet", jobs=2)
    assert pl.read_parquet(tmp_path / "two.parquet").equals(one)


def test_an_interrupted_run_leaves_no_result_and_goes_on_where_it_stopped(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.annual.corpus._SHARD", 2)
    out = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        map_reports([folder], out=out, engine=Here(stop_after=5))
    assert not out.exists()
    engine = Here()
    summary = map_reports([folder], out=out, engine=engine, resume=True)
    assert summary.resumed == 4
    assert len(engine.items) == len(SEEDS) - 4
    assert pl.read_parquet(out).equals(frame(folder, tmp_path / "whole.parquet"))
    assert not (tmp_path / "out.parquet.parts").exists()


def test_parts_of_a_changed_corpus_are_not_taken_over(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.annual.corpus._SHARD", 2)
    out = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        map_reports([folder], out=out, engine=Here(stop_after=5))
    (folder / "d0" / "r2").write_bytes(SHAPES["html"].write(clean(99)))
    assert map_reports([folder], out=out, engine=Here(), resume=True).resumed == 0


def test_an_earlier_result_stays_until_the_new_one_is_whole(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    before = frame(folder, out)
    with pytest.raises(KeyboardInterrupt):
        map_reports([folder], out=out, engine=Here(stop_after=1))
    assert pl.read_parquet(out).equals(before)


def test_no_readable_file_gives_an_empty_table_with_all_columns(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    summary = map_reports([tmp_path / "in"], out=tmp_path / "out.parquet", engine=Here())
    assert summary.reports == 0
    assert pl.read_parquet(tmp_path / "out.parquet").columns == list(column_names())


def test_a_folder_that_is_not_ours_is_never_removed(folder: Path, tmp_path: Path) -> None:
    parts = tmp_path / "out.parquet.parts"
    parts.mkdir()
    (parts / "precious").write_text("x")
    with pytest.raises(FileExistsError):
        map_reports([folder], out=tmp_path / "out.parquet", engine=Here())
    assert (parts / "precious").exists()


def test_a_walk_is_sorted_and_passes_over_hidden_and_empty_files(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", ".git/x", ".hidden", "c/.x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "empty").touch()
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [p.relative_to(tmp_path).as_posix() for p in sources_of([tmp_path])] == ["a", "b/1", "b/2"]


def test_a_named_file_is_given_whatever_it_is(tmp_path: Path) -> None:
    (tmp_path / ".hidden").touch()
    assert list(sources_of([tmp_path / ".hidden"])) == [tmp_path / ".hidden"]
    with pytest.raises(FileNotFoundError):
        list(sources_of([tmp_path / "nothing"]))
