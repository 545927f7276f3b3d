"""``gongkai annual …`` on files: what is printed, what is written, which code it ends with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from tests.annual.generate.content import clean
from tests.annual.generate.shapes import SHAPES

from gongkai.annual.findings import catalogue
from gongkai.annual.form import builtin_forms
from gongkai.annual.model import Report, tables_of
from gongkai.annual.read import read_bytes, read_path
from gongkai.annual.write import write
from gongkai.cli import program


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(program, ["annual", *map(str, arguments)], input=stdin, prog_name="gongkai")


def start(*arguments: str | Path, **rest: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from gongkai.cli import main; main()", "annual", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **rest)  # type: ignore[call-overload]


def page(seed: int = 1) -> bytes:
    return SHAPES["html"].write(clean(seed, "2021"))


def wrong(report: Report) -> Report:
    """A total that was not updated."""
    path = "requests.total.natural_person"
    value = report.value(path)
    assert value is not None
    return report.with_values({path: value + 1})


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.html"
    file.write_bytes(page())
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.json"
    (report,) = read_bytes(page())
    file.write_bytes(write(wrong(report), "json"))
    return file


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    file = tmp_path / "noise"
    file.write_bytes(bytes(range(256)) * 8)
    return file


# read


def test_read_json_gives_one_object_a_line_in_the_order_of_the_arguments(tmp_path: Path) -> None:
    files = []
    for seed in (3, 1, 2):
        files.append(tmp_path / f"{seed}.html")
        files[-1].write_bytes(page(seed))
    result = run("read", *files, "--json")
    assert result.exit_code == 0
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert [o["source"] for o in objects] == [str(f) for f in files]
    for file, shape in zip(files, objects, strict=True):
        (report,) = read_path(file)
        assert shape["schema_version"] == 1
        assert shape["tables"]["requests"]["new"]["total"] == report.value("requests.new.total")
        assert set(shape["cells"]) >= set(report.form.cells)


def test_read_takes_standard_input(good: Path) -> None:
    result = run("read", "-", "--json", stdin=good.read_bytes())
    assert result.exit_code == 0
    assert json.loads(result.stdout)["source"] == "标准输入"


def test_read_walks_a_directory_in_sorted_order(tmp_path: Path) -> None:
    for name, seed in (("b/x.html", 1), ("a/y.html", 2), ("c.html", 3)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(page(seed))
    result = run("read", tmp_path, "--json")
    names = [Path(json.loads(line)["source"]).name for line in result.stdout.splitlines()]
    assert names == ["y.html", "x.html", "c.html"]


def test_read_prints_the_tables_with_every_row_and_column(good: Path) -> None:
    result = run("read", good)
    (report,) = read_path(good)
    assert result.exit_code == 0
    assert str(report.year) in result.output
    for grid in report.form.grids:
        assert grid.title in result.output
        for block in grid.blocks:
            assert all(column.labels[-1] in result.output for column in block.columns)


def test_read_tells_blank_and_0_apart(tmp_path: Path) -> None:
    (report,) = read_bytes(page())
    changed = report.with_values({"proactive.regulations_made": None, "proactive.regulations_valid": 0})
    (tmp_path / "x.json").write_bytes(write(changed, "json"))
    lines = run("read", tmp_path / "x.json").output.splitlines()
    row = next(line.split() for line in lines if line.startswith("规章"))
    assert row[1] == "空"
    assert row[3] == "0"


# what cannot be read


def test_a_refused_file_is_told_with_its_code_and_what_to_do(noise: Path) -> None:
    result = run("read", noise)
    assert result.exit_code == 2
    assert "AR-X-003" in result.stderr
    assert catalogue()["AR-X-003"].mend["zh"][:6] in result.stderr
    assert result.stdout == ""


def test_some_read_and_some_not_ends_with_3_also_where_there_are_errors(
    good: Path, bad: Path, noise: Path
) -> None:
    assert run("read", good, noise).exit_code == 3
    assert run("check", good, bad, noise).exit_code == 3


def test_a_refused_file_is_an_object_on_standard_error_with_json(noise: Path) -> None:
    told = json.loads(run("read", noise, "--json").stderr)
    assert told["source"] == str(noise)
    assert told["error"]["code"] == "AR-X-003"


@pytest.mark.parametrize(
    ("name", "said"), [("nothing.html", "没有这个文件或目录"), ("empty-dir", "目录里没有可以读的文件")]
)
def test_what_is_not_there_is_told_in_a_sentence(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty-dir").mkdir()
    result = run("read", tmp_path / name)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_file_without_permission_is_told_in_a_sentence(good: Path) -> None:
    assert run("read", good).exit_code == 0  # all that is imported lazily is there now
    good.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(_NOBODY)  # root may read everything
    try:
        result = run("read", good)
    finally:
        if root:
            os.seteuid(0)
    assert result.exit_code == 2
    assert "没有权限" in result.stderr


_NOBODY = 65534


# check


def test_a_clean_report_ends_with_0(good: Path) -> None:
    result = run("check", good)
    assert result.exit_code == 0
    assert "错误（" not in result.output


def test_an_error_is_told_with_its_relation_and_repairs_and_ends_with_1(bad: Path) -> None:
    result = run("check", bad)
    assert result.exit_code == 1
    for part in ("错误（", "AR-T3-002", "≠", "关系：", "办法：", "修改建议：最少改 1 格", "  甲  "):
        assert part in result.output


def test_check_json_has_findings_verdicts_and_repairs(bad: Path) -> None:
    result = run("check", bad, "--json")
    assert result.exit_code == 1
    shape = json.loads(result.stdout)
    (report,) = read_path(bad)
    total = report.value("requests.total.natural_person")
    assert total is not None
    errors = [f for f in shape["findings"] if f["severity"] == "error"]
    assert {f["verdict"] for f in errors} == {"fails"}
    assert all(f["message"] for f in shape["findings"])
    (first, *_others) = shape["repairs"]["proposals"]
    assert first == [
        {
            "cell": "requests.total.natural_person",
            "found": total,
            "proposed": total - 1,
        }
    ]


def test_check_without_repairs_proposes_none(bad: Path) -> None:
    assert "修改建议" not in run("check", bad, "--no-repairs").output
    assert "repairs" not in json.loads(run("check", bad, "--no-repairs", "--json").stdout)


def test_check_against_last_year_uses_it(good: Path, tmp_path: Path) -> None:
    (report,) = read_path(good)
    assert report.year is not None
    from dataclasses import replace

    carried = report.value("requests.carried_in.total")
    assert carried is not None
    last = replace(report, year=report.year - 1).with_values({"requests.carried_out.total": carried + 5})
    (tmp_path / "last.json").write_bytes(write(last, "json"))
    codes = [f["code"] for f in json.loads(run("check", good, "--json").stdout)["findings"]]
    told = run("check", good, "--last-year", tmp_path / "last.json", "--json")
    with_last = [f["code"] for f in json.loads(told.stdout)["findings"]]
    assert "AR-Y-001" not in codes
    assert "AR-Y-001" in with_last


def test_check_of_many_ends_with_a_tally(good: Path, bad: Path) -> None:
    last = run("check", good, bad).output.splitlines()[-1]
    assert "共 2 份报告：1 份有错误" in last


def test_the_samples_can_be_checked() -> None:
    result = run("check", "--samples", "--json", "--no-repairs")
    assert result.exit_code == 1
    sources = [Path(json.loads(line)["source"]) for line in result.stdout.splitlines()]
    assert len(sources) >= 8
    assert all(source.is_file() for source in sources)
    assert len({source.parent for source in sources}) == 1


def test_the_page_is_written_once_and_not_over_another_file(bad: Path, tmp_path: Path) -> None:
    page_file = tmp_path / "out.html"
    assert run("check", bad, "--html", page_file).exit_code == 1
    assert "</html>" in page_file.read_text(encoding="utf-8")
    again = run("check", bad, "--html", page_file)
    assert again.exit_code == 2
    assert "已经存在" in again.stderr
    assert run("check", bad, "--html", page_file, "--force").exit_code == 1


def test_the_page_is_for_one_report(good: Path, bad: Path, tmp_path: Path) -> None:
    result = run("check", good, bad, "--html", tmp_path / "out.html")
    assert result.exit_code == 2
    assert "目录" in result.stderr
    assert not (tmp_path / "out.html").exists()


# convert


@pytest.mark.parametrize("kind", ["html", "docx", "pdf", "xlsx", "json"])
def test_converted_tables_read_back_the_same(good: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"out.{kind}"
    assert run("convert", good, "-o", out).exit_code == 0
    (before,), (after,) = read_path(good), read_path(out)
    assert tables_of(after) == tables_of(before)


def test_convert_never_overwrites_without_force(good: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine")
    result = run("convert", good, "-o", out)
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert out.read_text() == "mine"
    assert run("convert", good, "-o", out, "--force").exit_code == 0
    assert out.read_text() != "mine"


def test_convert_leaves_nothing_beside_its_result(good: Path, tmp_path: Path) -> None:
    run("convert", good, "-o", tmp_path / "new" / "out.html")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["out.html"]


def test_convert_prints_to_standard_output(good: Path) -> None:
    result = run("convert", good, "--to", "json")
    assert json.loads(result.stdout)["form"] == "2021"


def test_convert_writes_many_into_a_folder_each_under_its_own_name(tmp_path: Path) -> None:
    for name in ("a/r.html", "b/r.html", "c.html"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(page())
    result = run("convert", tmp_path / "in", "-o", tmp_path / "out", "--to", "html", "--json")
    assert result.exit_code == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["c.html", "r-2.html", "r.html"]
    assert {json.loads(line)["kind"] for line in result.stdout.splitlines()} == {"html"}


@pytest.mark.parametrize(
    "arguments", [(), ("-o", "out.odt"), ("-o", "out.docx", "--to", "pdf"), ("-o", "folder")]
)
def test_convert_without_a_clear_kind_is_wrong_usage(good: Path, arguments: tuple[str, ...]) -> None:
    assert run("convert", good, *arguments).exit_code == 2
    assert not Path("out.odt").exists()


# compare, codes, form


def test_compare_tells_what_differs(good: Path, bad: Path) -> None:
    result = run("compare", good, bad, "--json")
    assert result.exit_code == 0
    (difference,) = json.loads(result.stdout)["cells"]
    assert difference["path"] == "requests.total.natural_person"
    assert difference["difference"] == 1
    assert "+1" in run("compare", good, bad).output


def test_compare_of_a_report_with_itself_is_empty(good: Path) -> None:
    output = run("compare", good, good).output
    assert "表格：相同" in output
    assert "文字：共有的部分相同" in output


def test_codes_lists_every_code_and_explains_one() -> None:
    listed = json.loads(run("codes", "--json").stdout)
    assert [entry["code"] for entry in listed] == sorted(catalogue())
    told = run("codes", "ar-t3-001").output
    assert catalogue()["AR-T3-001"].why["zh"][:10] in told


def test_an_unknown_code_is_told_with_those_near_it() -> None:
    result = run("codes", "AR-T3-0010")
    assert result.exit_code == 2
    assert "AR-T3-001" in result.stderr


@pytest.mark.parametrize("form", builtin_forms(), ids=lambda f: f.edition)
def test_form_prints_every_key_and_relation(form: object) -> None:
    from gongkai.annual.form import Form

    assert isinstance(form, Form)
    shape = json.loads(run("form", form.edition, "--json").stdout)
    assert {c["path"] for c in shape["cells"]} == {*form.cells, *form.alternates}
    assert [r["instance"] for r in shape["relations"]] == [r.instance for r in form.relations]
    text = run("form", form.edition).output
    for grid in form.grids:
        for block in grid.blocks:
            assert all(row.key in text for row in block.rows if row.labels)


def test_the_schema_fits_what_read_prints(good: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(run("form", "2021", "--schema").stdout)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(run("read", good, "--json").stdout))


def test_a_year_is_no_edition_but_the_right_one_is_named() -> None:
    result = run("form", "2023")
    assert result.exit_code == 2
    assert "2023 年度的报告用 2021 年格式" in result.stderr


# corpus


def test_corpus_writes_a_row_a_report_and_lists_what_was_not_read(
    good: Path, bad: Path, noise: Path, tmp_path: Path
) -> None:
    out, errors = tmp_path / "out" / "reports.parquet", tmp_path / "errors.jsonl"
    done = start("corpus", good, bad, noise, "-o", out, "--errors", errors, "--jobs", "1", "--json")
    assert done.returncode == 3, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["files"], summary["reports"], summary["with_errors"]) == (3, 2, 1)
    assert pl.read_parquet(out)["source"].to_list() == [str(good), str(bad)]
    (told,) = [json.loads(line) for line in errors.read_text(encoding="utf-8").splitlines()]
    assert told["source"] == str(noise)
    again = run("corpus", good, "-o", out)
    assert again.exit_code == 2
    assert "已经存在" in again.stderr


# the ends of the world


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    for seed in range(30):
        (tmp_path / f"{seed}.html").write_bytes(page(seed))
    command = f"'{sys.executable}' -c 'from gongkai.cli import main; main()' annual read '{tmp_path}' --json"
    script = f'set -o pipefail; {command} | head -c 10 >/dev/null; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout.strip() == b"141"


def test_an_interrupted_corpus_says_how_to_go_on_and_leaves_no_result(tmp_path: Path) -> None:
    pages = [page(seed) for seed in range(3)]
    for at in range(300):  # more than can be read while this process waits for its turn
        (tmp_path / f"{at:04}.html").write_bytes(pages[at % 3])
    out = tmp_path / "out" / "r.parquet"
    # Whoever runs the tests in the background of a shell has interrupts ignored, and children inherit that.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{heard}; from gongkai.cli import main; main()", "annual", "corpus"]
    running = subprocess.Popen(
        [*command, str(tmp_path), "-o", str(out), "--jobs", "1"],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    mark = out.with_name("r.parquet.parts") / "run"
    end = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < end:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _stdout, stderr = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "--resume" in stderr.decode()
    assert b"Traceback" not in stderr
    assert not out.exists()
    assert mark.exists()


def test_a_place_that_cannot_be_written_is_told_by_its_own_name(good: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("convert", good, "-o", tmp_path / "file" / "out.html")
    assert result.exit_code == 2
    assert f"{tmp_path / 'file' / 'out.html'}：" in result.stderr


def test_a_full_disk_is_told_in_a_sentence(good: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", "from gongkai.cli import main; main()", "annual", "read", str(good)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert "磁盘空间不足" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
