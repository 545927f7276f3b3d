"""What the check page says of the whole, how it names findings, and what it says of repairs."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from tests.annual.check.support import clean_report, number
from tests.annual.write.page_support import (
    NONE,
    broken_total,
    first,
    form_of,
    holds_together,
    page_for,
    parsed,
    text_of,
    with_cells,
)

from gongkai.annual.check import check
from gongkai.annual.check.result import CheckResult
from gongkai.annual.findings import Verdict, describe, finding
from gongkai.annual.model import Cell, CellState, Remnant
from gongkai.annual.read import read_bytes
from gongkai.annual.read.errors import NotAReport
from gongkai.annual.repair import Change, Localisation, Repair
from gongkai.annual.write import write
from gongkai.annual.write.check_page import check_page
from gongkai.annual.write.check_page_words import messages


def test_findings_are_called_and_counted_as_on_the_command_line() -> None:
    report = clean_report(form_of("2021"))
    path = "reconsideration.total"
    report = report.with_values({path: number(report, path) + 1})
    codes = ("AR-V-004", "AR-V-007", "AR-V-008", "AR-V-001")
    raised = tuple(
        finding(code, cells=(path,), found=1, values={"where": "甲", "raw": "1"}) for code in codes
    )
    result = CheckResult(report, raised, ())
    named = [n.text() for n in parsed(check_page(result, NONE)).css(".find .code")]
    assert named == ["错误 1 · AR-V-004", "提醒 1 · AR-V-007", "提醒 2 · AR-V-008", "说明 1 · AR-V-001"]
    english = [n.text() for n in parsed(check_page(result, NONE, language="en")).css(".find .code")]
    assert [n.split(" · ")[0] for n in english] == ["Error 1", "Warning 1", "Warning 2", "Note 1"]


def test_words_of_the_page_are_those_of_the_command_line_and_of_official_writing() -> None:
    said = "".join(text["zh"] for text in messages().values())
    assert not re.findall("警告|提示|可能的改法|要看一看|加不起来|没法|照公布的样子", said)


@pytest.mark.parametrize("state", [CellState.MISSING, CellState.UNREADABLE])
def test_a_report_that_could_not_be_checked_whole_gets_no_tick(state: CellState) -> None:
    report = clean_report(form_of("2021"))
    cells = {p.replace(".", "__"): Cell(state) for p in report.form.cells if ".other_" in p and "total" in p}
    assert cells
    result = check(with_cells(report, **cells))
    tree = parsed(check_page(replace(result, findings=()), NONE))
    open_ones = sum(1 for r in result.relations if r.verdict is Verdict.CANNOT_TELL)
    word = {CellState.MISSING: "缺", CellState.UNREADABLE: "读不出"}[state]
    said = f"有{open_ones}条关系无法判断：{word}{len(cells)}格"
    assert said in text_of(tree, ".facts dd:first-of-type") and said in text_of(tree, ".find h3")
    assert not tree.css(".facts .st--tick, .find .st--tick")
    assert "没有发现错误" not in text_of(tree, "main")


def test_one_unreadable_cell_outside_every_sum_is_said_too() -> None:
    cell = Cell(CellState.UNREADABLE, None, "约百余")
    result = check(with_cells(clean_report(form_of("2021")), proactive__coercion=cell))
    tree = parsed(check_page(replace(result, findings=()), NONE))
    assert "有的格无法核对：读不出1格" in text_of(tree, ".facts") and not tree.css(
        ".st--tick.st--x, .find--ok"
    )


def test_rows_that_a_printed_alternate_row_stands_for_are_not_missing() -> None:
    report = clean_report(form_of("2021"))
    cells = dict(report.cells)
    for path, spec in report.form.alternates.items():
        parts = [
            report.form.grid(spec.grid).blocks[spec.block].path(row, spec.column.key)
            for row in spec.row.stands_for
        ]
        total = sum(number(report, p) for p in parts)
        cells[path] = Cell(CellState.VALUE, total, str(total))
        cells.update(dict.fromkeys(parts, Cell(CellState.MISSING)))
    result = check(replace(report, cells=MappingProxyType(cells)))
    tree = parsed(check_page(replace(result, findings=()), NONE))
    assert "没有发现错误" in text_of(tree, ".facts dd:first-of-type")


def test_without_a_failing_relation_nothing_is_said_of_repairs() -> None:
    report = clean_report(form_of("2021")).with_values({"reconsideration.upheld": None})
    change = Change("reconsideration.upheld", None, 5)
    proposed = Localisation((Repair((change,)),), 1, ambiguous=False, complete=True)
    for localisation in (proposed, None, replace(NONE, complete=False)):
        tree = page_for(report, localisation)
        assert not tree.css("#h-r, a[href='#h-r'], td.cand, .sw")
        assert "改法" not in text_of(tree, "main")


def test_a_sum_over_blanks_names_its_column_the_total_and_the_blank_and_shows_the_inequality() -> None:
    report = clean_report(form_of("2021"))
    paths = [p for p in report.form.cells if re.fullmatch(r"requests\.(new|carried_in)\.(?!total)\w+", p)]
    for column in {p.rsplit(".", 1)[1] for p in paths}:
        report = report.with_values({f"requests.carried_in.{column}": None})
    result = check(report)
    raised = [f for f in result.findings if f.code == "AR-T0-002"]
    assert raised
    tree = parsed(check_page(result, NONE))
    places = [n.text() for n in tree.css(".find h3, .many li") if "空格按 0 计差" in n.text()]
    assert len(places) == len(raised) == len(set(places))
    written = [n.text() for n in tree.css(".eq") if "空" in n.text()]
    assert written and all("≠" in w for w in written)
    blank = "二、上年结转政府信息公开申请数量"
    apart = {r.relation.instance: abs((r.left or 0) - (r.right or 0)) for r in result.relations}
    for found in raised:
        assert found.relation is not None
        said = describe(found)
        assert f"空着的是：“{blank}”" in said
        assert f"差 {apart[found.relation]}。" in said
        assert not re.search("…|≥|一边", said)


def test_both_sides_of_a_failing_relation_end_in_an_inequality() -> None:
    report = clean_report(form_of("2021"))
    at = "requests.carried_out.natural_person"
    report = report.with_values({at: number(report, at) + 1})
    lines = [n.text() for n in page_for(report).css(".eq")]
    left = number(report, "requests.new.natural_person") + number(
        report, "requests.carried_in.natural_person"
    )
    assert any(line.endswith(f"{left} ≠ {left + 1}") for line in lines), lines


def test_a_repair_of_many_columns_is_a_list_that_wraps() -> None:
    report = broken_total(form_of("2021"))
    row = [p for p in report.form.cells if p.startswith("requests.granted.")]
    repair = Repair(tuple(Change(p, number(report, p), number(report, p) + 1) for p in row[:6]))
    tree = page_for(report, Localisation((repair,), 6, ambiguous=False, complete=True))
    assert len(tree.css("#r1 > th, #r1 > td")) == 2
    items = [" ".join(n.text().split()) for n in tree.css("#r1 .chg li")]
    assert len(items) == 6 and all("→" in item for item in items)
    holds_together(check_page(check(report), Localisation((repair,), 6, ambiguous=False, complete=True)))


def test_heads_over_several_columns_can_stay_in_sight_and_no_control_is_hidden_on_a_phone() -> None:
    tree = page_for(clean_report(form_of("2021")))
    heads = [n for n in tree.css(".form--deep thead th.col") if int(n.attributes.get("colspan") or 1) > 1]
    assert heads and all(len(n.css("span")) == 1 for n in heads)
    screen = first(tree, "style").text().split("@media print")[0]
    assert not re.search(r"\.(modes|bar__name)\s*\{[^}]*display:\s*none", screen)
    assert "max-height: calc(100svh" in screen


def test_torn_rows_are_counted_as_rows_and_their_cells_as_cells() -> None:
    report = clean_report(form_of("2021"))
    rows = list(dict.fromkeys(p.rsplit(".", 1)[0] for p in report.form.cells if p.startswith("requests.")))[
        :5
    ]
    paths = [tuple(p for p in report.form.cells if p.rsplit(".", 1)[0] == row) for row in rows]
    remnants = tuple(Remnant(p, ("3", "1", "4")) for p in paths)
    torn = replace(report, remnants=remnants)
    every = tuple(p for row in paths for p in row)
    raised = finding("AR-R-002", cells=every, values={})
    tree = parsed(check_page(CheckResult(torn, (raised,), ()), NONE))
    assert f"共5行{len(every)}格" in text_of(tree, ".ways") and len(every) == 35
    whole = parsed(check_page(CheckResult(report, (raised,), ()), NONE))
    assert "共5行35格" in text_of(whole, ".ways") and "自然人" not in text_of(whole, ".ways")
    single = finding("AR-R-002", cells=every[:2] + every[7:9], values={})
    assert "自然人" in text_of(parsed(check_page(CheckResult(report, (single,), ()), NONE)), ".ways")


def test_the_check_page_is_refused_as_a_report_and_the_report_page_is_read() -> None:
    report = clean_report(form_of("2021"))
    for language in ("zh", "en"):
        page = check_page(check(report), NONE, language=language)
        with pytest.raises(NotAReport) as refused:
            read_bytes(page.encode())
        assert refused.value.code == "AR-X-055"
    read = read_bytes(write(report, "html"))[0]
    assert {p: read.value(p) for p in report.form.cells} == {p: report.value(p) for p in report.form.cells}
