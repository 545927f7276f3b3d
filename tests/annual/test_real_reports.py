"""Five published reports: every cell exact, what is wrong in them found, what agrees left in peace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.annual.check import check
from gongkai.annual.check.result import CheckResult
from gongkai.annual.findings import Finding, Severity, Verdict
from gongkai.annual.form import Block, form_for_edition
from gongkai.annual.localise import localise
from gongkai.annual.model import CellState, Number, Report
from gongkai.annual.read import read_path

NUMBERS = ("000", "001", "002", "003", "004")
CELLS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "real_cells.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def reports(real_reports: dict[str, Path]) -> dict[str, Report]:
    """The five reports as read."""
    out: dict[str, Report] = {}
    for number in NUMBERS:
        (out[number],) = read_path(real_reports[number])
    return out


@pytest.fixture(scope="module")
def results(reports: dict[str, Report]) -> dict[str, CheckResult]:
    """The five reports as checked."""
    return {number: check(report) for number, report in reports.items()}


def findings(result: CheckResult) -> tuple[Finding, ...]:
    """Findings of check and reading, each once."""
    return (*result.findings, *(f for f in result.report.reading if f not in result.findings))


def raised(result: CheckResult) -> list[Finding]:
    """Findings that are more than notes."""
    return [f for f in findings(result) if f.severity is not Severity.NOTE]


def typed(number: str) -> Iterator[tuple[str, Number | None]]:
    """Every cell of a report that can be told, as typed by eye."""
    data = CELLS[number]
    form = form_for_edition(data["edition"])
    for block in (b for g in form.grids for b in g.blocks):
        for path, value in _typed_block(data, block):
            yield path, None if value == "." else Decimal(str(value)) if isinstance(value, float) else value


def _typed_block(data: dict[str, Any], block: Block) -> Iterator[tuple[str, Any]]:
    if block.pattern == "{column}":
        paths = [block.path("figures", c.key) for c in block.columns]
        if "remedies" in data:
            yield from zip(paths, data["remedies"], strict=True)
        return
    grid = data["requests" if block.pattern.startswith("requests") else "proactive"]
    for row in block.rows:
        printed = [0] * len(block.columns) if row.key in grid.get("zeros", ()) else grid.get(row.key)
        if printed is not None:
            yield from zip((block.path(row.key, c.key) for c in block.columns), printed, strict=True)
        else:
            assert row.key in grid["open"], row.key


def row_paths(report: Report, row: str) -> list[str]:
    """Paths of a row of Table 3."""
    block = report.form.grid("requests").blocks[0]
    return [block.path(row, c.key) for c in block.columns]


def remedy_paths(report: Report) -> list[str]:
    """Paths of Table 4."""
    return [p for p, s in report.form.cells.items() if s.grid == "remedies"]


def named(result: CheckResult, severities: Iterable[Severity] = tuple(Severity)) -> set[str]:
    """Cells that a finding of those severities names."""
    return {p for f in findings(result) if f.severity in severities for p in f.cells}


def about(result: CheckResult, word: str, section: str | None = None) -> list[Finding]:
    """Findings a span of which lies in a sentence part that holds the word."""
    out: list[Finding] = []
    for found in findings(result):
        for span in found.spans:
            text = result.report.sections.get(span.section, "")
            if section in (None, span.section) and word in text[max(0, span.start - 12) : span.end + 12]:
                out.append(found)
                break
    return out


@pytest.mark.parametrize("number", NUMBERS)
def test_every_cell_was_typed(number: str) -> None:
    form = form_for_edition(CELLS[number]["edition"])
    told = {path for path, _ in typed(number)}
    left = set(form.cells) - told
    opened = CELLS[number]["requests"].get("open", {})
    assert all(
        p.split(".")[1] in opened if p.startswith("requests.") else "remedies_open" in CELLS[number]
        for p in left
    ), left


@pytest.mark.parametrize("number", NUMBERS)
def test_every_cell_is_exact(number: str, reports: dict[str, Report]) -> None:
    report = reports[number]
    assert report.form.edition == CELLS[number]["edition"]
    for path, value in typed(number):
        cell = report.cell(path)
        assert cell.value == value, f"{path}: {cell}"
        assert (cell.value is None) == (value is None), f"{path}: {cell}"
        assert cell.state is (CellState.BLANK if value is None else CellState.VALUE), f"{path}: {cell}"
        if value is not None:
            assert cell.raw is not None, path
            assert cell.place is not None, path


@pytest.mark.parametrize("number", NUMBERS)
def test_body_and_year_are_read(number: str, reports: dict[str, Report]) -> None:
    report = reports[number]
    assert report.year == CELLS[number]["year"]
    body = CELLS[number]["body"]
    # The published copies are partly in traditional characters and quoted as printed.
    copies = {"001": "衡山縣", "003": "江西省人民政府辦公廳", "004": "雙鴨山市"}
    traditional = copies.get(number, str(body))
    assert report.body is not None
    assert any(report.body.startswith(name) for name in (body, traditional)), report.body


@pytest.mark.parametrize("number", NUMBERS)
def test_all_printed_sections_are_found(number: str, reports: dict[str, Report]) -> None:
    expected = {"1", "2", "3", "4", "5"} | (set() if number == "003" else {"6"})
    found = set(reports[number].section_labels)
    assert found == expected


@pytest.mark.parametrize("number", ["001", "004"])
def test_reports_without_an_error_get_none(number: str, results: dict[str, CheckResult]) -> None:
    errors = [f for f in findings(results[number]) if f.severity is Severity.ERROR]
    assert not errors
    assert all(r.verdict is Verdict.HOLDS for r in results[number].relations)


def test_pingyang_the_place_of_the_blank_is_said_to_be_ambiguous(
    results: dict[str, CheckResult],
) -> None:
    result = results["000"]
    (found,) = [f for f in findings(result) if f.code == "AR-R-001"]
    assert "proactive.normative_valid" in found.cells
    assert result.report.cell("proactive.normative_valid").state is CellState.BLANK
    assert all(r.verdict is Verdict.HOLDS for r in result.relations)


def test_pingyang_the_notice_cited_is_of_the_other_edition(results: dict[str, CheckResult]) -> None:
    report = results["000"].report
    assert report.notice == "国办公开办函〔2019〕60号"
    assert any(
        f.code.startswith("AR-E-") and f.severity is not Severity.NOTE for f in findings(results["000"])
    )


def test_pingyang_the_words_of_rank_contradict_the_shares(results: dict[str, CheckResult]) -> None:
    assert [f for f in about(results["000"], "15%", "1") if f.severity is not Severity.NOTE]


def test_pingyang_what_agrees_is_left_in_peace(results: dict[str, CheckResult]) -> None:
    for words in ("122", "8件", "案件1件", "28条", "文字解读6条", "图文21条"):
        assert not [f for f in about(results["000"], words, "1") if f.severity is Severity.ERROR], words


def test_ducheng_missing_cells_are_reported_and_not_guessed(results: dict[str, CheckResult]) -> None:
    report = results["002"].report
    spoken = named(results["002"]) | {p for r in report.remnants for p in r.cells}
    for row, seen in CELLS["002"]["requests"]["open"].items():
        for path in row_paths(report, row):
            assert report.value(path) is None, path
            assert report.cell(path).state in (CellState.MISSING, CellState.UNREADABLE), path
            assert path in spoken, path
        kept = [r for r in report.remnants if set(row_paths(report, row)) <= set(r.cells)]
        assert any([int(v) for v in r.values] == seen for r in kept), row


def test_ducheng_sixteen_values_for_fifteen_are_reported(results: dict[str, CheckResult]) -> None:
    report = results["002"].report
    spoken = named(results["002"]) | {p for r in report.remnants for p in r.cells}
    for path in remedy_paths(report):
        assert report.value(path) in (0, None), path
    assert set(remedy_paths(report)) <= spoken
    assert any(f.expected == 15 and f.found == 16 for f in findings(results["002"]))


def test_ducheng_the_total_cannot_agree_with_one_request_granted(results: dict[str, CheckResult]) -> None:
    touched = [
        f
        for f in findings(results["002"])
        if f.severity is not Severity.NOTE
        and f.code.startswith("AR-T3-")
        and any(c.startswith(("requests.total.", "requests.granted.")) for c in f.cells)
    ]
    assert touched


def test_jiangxi_nothing_but_the_two_sums_is_wrong(results: dict[str, CheckResult]) -> None:
    failing = {r.relation.instance: r for r in results["003"].relations if r.verdict is not Verdict.HOLDS}
    assert set(failing) == {"AR-T3-002:natural_person", "AR-T3-002:total"}
    assert (failing["AR-T3-002:natural_person"].left, failing["AR-T3-002:natural_person"].right) == (86, 87)
    assert (failing["AR-T3-002:total"].left, failing["AR-T3-002:total"].right) == (157, 158)
    arithmetic = [f for f in findings(results["003"]) if f.code.startswith(("AR-T3-", "AR-T4-"))]
    assert {f.relation for f in arithmetic} == set(failing)
    assert all(f.severity is Severity.ERROR for f in arithmetic)
    assert {(f.expected, f.found) for f in arithmetic} == {(87, 86), (158, 157)}


def test_jiangxi_the_smallest_repairs_change_two_cells_and_are_ambiguous(reports: dict[str, Report]) -> None:
    report = reports["003"]
    found = localise(report)
    assert found.cells == 2
    assert found.ambiguous
    assert found.complete
    assert len(found.repairs) > 1
    for repair in found.repairs:
        assert len(repair.changes) == 2
        mended = report.with_values({c.path: c.proposed for c in repair.changes})
        assert all(r.verdict is Verdict.HOLDS for r in check(mended).relations)
    assert report.value("requests.total.natural_person") == 86


def test_jiangxi_growth_that_no_whole_number_gives(results: dict[str, CheckResult]) -> None:
    assert [f for f in about(results["003"], "62.7", "1") if f.severity is not Severity.NOTE]


def test_jiangxi_handled_agrees_with_the_printed_total_and_not_with_the_sum(
    results: dict[str, CheckResult],
) -> None:
    found = [f for f in findings(results["003"]) if "requests.total.total" in f.cells]
    assert any(f.found == 157 and f.expected == 158 for f in found)
    assert not [
        f
        for f in about(results["003"], "157件", "1")
        if f.code.startswith("AR-N-") and f.severity is Severity.ERROR
    ]


def test_jiangxi_section_six_is_missing(results: dict[str, CheckResult]) -> None:
    assert any(
        f.code.startswith("AR-S-") and f.severity is not Severity.NOTE for f in findings(results["003"])
    )


def test_jiangxi_what_agrees_is_left_in_peace(results: dict[str, CheckResult]) -> None:
    for words in ("11部", "83件", "復議案件1件", "訴訟案件5件", "通報4期"):
        assert not [f for f in about(results["003"], words, "1") if f.severity is not Severity.NOTE], words


def test_shuangyashan_what_agrees_is_left_in_peace(results: dict[str, CheckResult]) -> None:
    for words in ("292件", "46件", "123件", "258家", "206家", "3,417條"):
        loud = [f for f in about(results["004"], words, "1") if f.severity is not Severity.NOTE]
        assert not loud, words


def test_hengshan_what_agrees_is_left_in_peace(results: dict[str, CheckResult]) -> None:
    assert not [
        f for f in findings(results["001"]) if f.code.startswith("AR-N-") and f.severity is not Severity.NOTE
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_soft_doubts_are_at_most_notes(number: str, results: dict[str, CheckResult]) -> None:
    hard = {"000": ("15%",), "003": ("62.7",)}.get(number, ())
    loud = [
        f
        for f in findings(results[number])
        if f.code.startswith("AR-N-")
        and f.severity is not Severity.NOTE
        and not any(f in about(results[number], word) for word in hard)
    ]
    assert not loud
