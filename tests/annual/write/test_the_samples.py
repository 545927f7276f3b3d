"""The sample reports that the package carries are read as they were written."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from gongkai.annual.check import check
from gongkai.annual.findings import Severity
from gongkai.annual.model import Report
from gongkai.annual.read import read_bytes
from gongkai.annual.read.exchange import reports_from_json
from gongkai.annual.samples import sample_paths

MAKER = Path(__file__).parents[3] / "script" / "samples" / "make.py"
NAMES = [path.name for path in sample_paths()]


@cache
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_samples", MAKER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def sources() -> dict[str, dict[str, object]]:
    files = (MAKER.parent / "sources").glob("*.yaml")
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    return {str(source["file"]): source for source in found}


def read(name: str) -> Report:
    data = next(path for path in sample_paths() if path.name == name).read_bytes()
    (report,) = reports_from_json(data) if name.endswith(".json") else read_bytes(data, source=name)
    return report


def test_there_are_enough_and_they_are_small() -> None:
    assert len(NAMES) >= 8
    assert {name.rsplit(".", 1)[1] for name in NAMES} == {"html", "docx", "xlsx", "pdf", "txt", "json"}
    assert sum(len(path.read_bytes()) for path in sample_paths()) < 1_000_000
    assert set(NAMES) == set(sources())


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_it_was_written(name: str) -> None:
    written, back = maker().report_of(sources()[name]), read(name)
    assert {p: back.value(p) for p in back.form.cells} == {p: written.value(p) for p in written.form.cells}
    assert (back.year, back.body, back.signed) == (written.year, written.body, written.signed)


@pytest.mark.parametrize("name", NAMES)
def test_only_planted_errors_are_in_the_tables(name: str) -> None:
    codes = {f.relation for f in check(read(name)).findings if f.code.startswith(("AR-T3", "AR-T4"))}
    planted = {"AR-T3-001:total", "AR-T3-002:total", "AR-T3-003:total"} if "sum-error" in name else set()
    assert codes == planted


def test_the_second_year_carries_in_what_the_first_carried_out() -> None:
    first, second = read("yunxi-county-2023.html"), read("yunxi-county-2024.docx")
    findings = check(second, last_year=first).findings
    assert not [f for f in findings if f.relation is not None and f.severity is Severity.ERROR]
    assert second.value("requests.carried_in.total") == first.value("requests.carried_out.total") == 5
