"""The check report page: what it marks, what it writes out, and that it holds together for any report."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.annual.check.support import clean_report, number
from tests.annual.write.page_support import (
    FORMS,
    HOSTILE,
    NONE,
    broken_total,
    first,
    form_of,
    holds_together,
    marked,
    matched,
    page_for,
    parsed,
    text_of,
    with_cells,
)
from tests.annual.write.reports import INVENTED, reports

import gongkai.annual.write as package
from gongkai.annual.check import check
from gongkai.annual.check.result import CheckResult, FigureMatch, RelationResult
from gongkai.annual.findings import Severity, Span, Verdict, finding
from gongkai.annual.form import Form, parse_form
from gongkai.annual.localise import localise
from gongkai.annual.model import Cell, CellState, Remnant, Report
from gongkai.annual.repair import Change, Localisation, Repair
from gongkai.annual.write.check_page import check_page
from gongkai.annual.write.check_page_marks import letter
from gongkai.annual.write.check_page_words import is_traditional, messages, words_for


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.edition)
def test_of_a_failing_sum_exactly_the_printed_totals_are_framed(form: Form) -> None:
    tree = page_for(broken_total(form))
    assert marked(tree, "bad") == {"requests.total.natural_person", "requests.total.total"}
    assert not marked(tree, "warn") and not marked(tree, "cand")


def test_where_two_cells_stand_on_both_sides_all_four_are_framed() -> None:
    report = clean_report(form_of("2021"))
    at = "requests.carried_out.natural_person"
    report = report.with_values({p: number(report, p) + 1 for p in (at, "requests.carried_out.total")})
    rows, columns = ("new", "carried_in", "total", "carried_out"), ("natural_person", "total")
    assert marked(page_for(report), "bad") == {f"requests.{r}.{c}" for r in rows for c in columns}


def test_the_relation_is_written_out_with_its_figures_and_the_printed_total() -> None:
    report = clean_report(form_of("2019"))
    rows = [p for p in report.form.cells if p.startswith("requests.") and p.endswith(".natural_person")]
    results = [p for p in rows if p.split(".")[1] not in ("new", "carried_in", "total", "carried_out")]
    values = dict.fromkeys(results, 0) | {results[0]: 65, results[1]: 9, results[4]: 5}
    report = report.with_values(values | {"requests.total.natural_person": 78})
    written = [n.text() for n in page_for(report).css(".eq")]
    assert any(w == "65 + 9 + 5 = 79（七）总计印的是 78 ≠ 79" for w in written), written


def test_blanks_in_a_sum_are_counted_beside_it() -> None:
    report = clean_report(form_of("2021")).with_values(
        {"reconsideration.upheld": 5, "reconsideration.pending": None, "reconsideration.total": 1}
    )
    tree = page_for(report)
    assert "另有1格空着" in text_of(tree, ".eq .gaps")
    assert "reconsideration.total" in marked(tree, "bad")


def test_a_clean_report_says_so_and_marks_nothing() -> None:
    report = clean_report(form_of("2021"))
    tree = page_for(report)
    assert "没有发现错误" in text_of(tree, ".facts")
    assert "42条关系，全部成立" in text_of(tree, ".facts")
    assert not tree.css("td.bad, td.warn, td.cand, td.said, #h-r")


def test_every_table_is_drawn_with_its_figures_as_printed() -> None:
    report = clean_report(form_of("2021"))
    cell = Cell(CellState.VALUE, 1234, "１,２３４")
    other = Cell(CellState.VALUE, 22, "22（其中修订16件）")
    tree = page_for(with_cells(report, proactive__licensing=cell, proactive__normative_made=other))
    assert len(tree.css("table.form")) == len(report.form.grids)
    assert first(tree, "[id='c-proactive.licensing']").text() == "１,２３４"
    assert first(tree, "[id='c-proactive.normative_made']").text() == "22（其中修订16件）读作 22"
    assert {str(n.attributes["id"])[2:] for n in tree.css("td[id]")} == set(report.form.cells)


def test_repairs_are_listed_with_their_letters_in_the_table() -> None:
    report = broken_total(form_of("2019"))
    proposals = localise(report)
    assert proposals.ambiguous
    tree = page_for(report, proposals)
    assert len(tree.css("tr[id^=r]")) == len(proposals.repairs)
    assert marked(tree, "cand") == {c.path for r in proposals.repairs for c in r.changes}
    change = proposals.repairs[0].changes[0]
    assert "甲" in first(tree, f"[id='c-{change.path}'] sup").text()
    said = text_of(tree, "#h-r, .panel")
    assert f"有{len(proposals.repairs)}种改法" in said and "不能确定是哪一种" in said
    changes = first(tree, "#r1").text()
    assert str(change.found) in changes and str(change.proposed) in changes


def test_a_single_repair_is_not_called_ambiguous_and_a_cut_list_says_so() -> None:
    report = broken_total(form_of("2021"))
    change = Change("requests.total.natural_person", 5, 6)
    other = Change("reconsideration.total", 5, 6)
    one = Localisation((Repair((change, other)),), 2, ambiguous=False, complete=True)
    assert "只有一种改法" in text_of(page_for(report, one), ".panel")
    many = Localisation((Repair((change, other)), Repair((change,))), 1, ambiguous=True, complete=False)
    assert "这里没有列全" in text_of(page_for(report, many), ".panel")
    assert "没有求修改建议" in text_of(page_for(report, None), ".panel")
    late = replace(NONE, complete=False)
    assert "在限定时间内没有求出修改建议" in text_of(page_for(report, late), ".panel")


@pytest.mark.parametrize(
    ("verdict", "kind", "word"),
    [
        (Verdict.HOLDS, "bd", "相符"),
        (Verdict.FAILS, "bd--x", "不符"),
        (Verdict.CANNOT_TELL, "bd--v", "没有核对"),
        (Verdict.HOLDS_IF_BLANK_IS_ZERO, "bd--q", "空格按0计相符"),
    ],
)
def test_a_matched_figure_is_marked_exactly_and_has_its_verdict(
    verdict: Verdict, kind: str, word: str
) -> None:
    text = "　　本年共收到申请３７件，比上年多。\n另有三件咨询。"
    report = replace(clean_report(form_of("2021")), sections=MappingProxyType({"1": text}))
    tree = parsed(check_page(matched(report, "1", ("３７件", verdict)), NONE))
    marks = tree.css(".narr a.bd")
    assert [m.text(deep=False) for m in marks] == ["３７件"]
    assert kind in str(marks[0].attributes["class"])
    assert word in text_of(tree, "#n1")
    assert "本年共收到申请３７件1，比上年多。" in text_of(tree, ".narr p")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_marks_never_change_the_text(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet='甲乙 1２，。\n\r\u2028&<"', min_size=1, max_size=60))
    size = len(text)
    spans = data.draw(st.lists(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=5))
    report = replace(clean_report(form_of("2021")), sections=MappingProxyType({"1": text}))
    figures = tuple(
        FigureMatch(Span("1", a, b), 1, "件", "requests", (), None, Verdict.CANNOT_TELL) for a, b in spans[:3]
    )
    raised = tuple(finding("AR-E-005", spans=(Span("1", a, b),), values={"text": text}) for a, b in spans[2:])
    page = check_page(CheckResult(report, raised, (), figures), NONE)
    holds_together(page)
    tree = parsed(page)
    for extra in tree.css(".narr sup, .narr a.no, .narr summary, .narr h3"):
        extra.decompose()
    shown = "".join(n.text() for n in tree.css(".narr"))
    assert "".join(shown.split()) == "".join(text.split())


def test_a_torn_row_shows_what_was_printed_and_gives_it_to_no_column() -> None:
    report = clean_report(form_of("2021"))
    paths = tuple(p for p in report.form.cells if p.startswith("requests.partial."))
    cells = {p.replace(".", "__"): Cell(CellState.UNREADABLE, None, "3 1 4") for p in paths}
    torn = replace(with_cells(report, **cells), remnants=(Remnant(paths, ("3", "1", "4")),))
    tree = page_for(torn)
    cell = first(tree, "td.torn")
    assert cell.attributes["colspan"] == "7"
    assert [n.text() for n in cell.css("li")] == ["3", "1", "4"]
    assert "印了 3 个数，应有 7 格" in cell.text()
    holds_together(check_page(check(torn), NONE))


def test_states_without_a_number_say_which_they_are() -> None:
    report = with_cells(
        clean_report(form_of("2021")),
        proactive__licensing=Cell(CellState.BLANK, None, ""),
        proactive__punishment=Cell(CellState.BLANK, None, "/"),
        proactive__coercion=Cell(CellState.UNREADABLE, None, "约百余"),
        proactive__fees_wan_yuan=Cell(CellState.MISSING),
    )
    tree = page_for(report)
    shown = {
        n: first(tree, f"[id='c-proactive.{n}']").text() for n in ("licensing", "punishment", "coercion")
    }
    assert shown["licensing"].startswith("空") and shown["punishment"].startswith("/空")
    assert "约百余" in shown["coercion"] and "读不出" in shown["coercion"]
    assert first(tree, "[id='c-proactive.fees_wan_yuan']").text() == "缺"
    facts = text_of(tree, ".facts")
    assert "空2格" in facts and "缺1格" in facts and "读不出1格" in facts


def test_a_missing_table_and_a_missing_section_are_said_and_draw_no_empty_table() -> None:
    report = clean_report(form_of("2021"))
    kept = {p: c for p, c in report.cells.items() if not p.startswith("requests.")}
    texts = {k: v for k, v in report.sections.items() if k != "5"}
    bare = replace(report, cells=MappingProxyType(kept), sections=MappingProxyType(texts))
    page = check_page(check(bare), NONE)
    tree = parsed(page)
    assert len(tree.css("table.form")) == 2
    assert "报告里没有这张表" in text_of(tree, ".void")
    assert "没有找到第5部分" in text_of(tree, ".find")
    holds_together(page)


def test_several_findings_on_one_cell_are_all_named_there() -> None:
    report = clean_report(form_of("2021"))
    path = "requests.total.total"
    page = check_page(check(report.with_values({path: 900000})), NONE)
    tree = parsed(page)
    cell = first(tree, f"[id='c-{path}']")
    links = {str(a.attributes["href"]) for a in cell.css("a")}
    assert len(links) >= 2
    assert links <= {f"#{n.attributes['id']}" for n in tree.css(".find[id]")}


def test_many_findings_of_one_code_stand_under_one_heading_each_with_its_place() -> None:
    report = clean_report(form_of("2021"))
    blocks = [p for p in report.form.cells if p.startswith("requests.")][:25]
    raised = tuple(
        finding("AR-V-004", cells=(p,), found="-1", values={"where": p, "raw": "-1"}) for p in blocks
    )
    page = check_page(CheckResult(report, raised, ()), NONE)
    tree = parsed(page)
    assert len(tree.css(".find")) == 1 and len(tree.css(".many li")) == 25
    assert marked(tree, "bad") == set(blocks)
    holds_together(page)


def test_many_failing_sums_stand_under_one_heading_each_written_out() -> None:
    report = clean_report(form_of("2021"))
    totals = [p for p in report.form.cells if re.fullmatch(r"requests\.denied_\w+\.total", p)]
    report = report.with_values({p: number(report, p) + 1 for p in totals})
    page = check_page(check(report), NONE)
    tree = parsed(page)
    assert len(tree.css(".many .eq")) == len(totals) == 8
    assert marked(tree, "bad") >= set(totals)
    holds_together(page)


def test_last_years_finding_is_marked_with_last_years_figure() -> None:
    this = clean_report(form_of("2021"), seed=2)
    last = replace(this, year=this.form.first_year - 1, title=None, source="/somewhere/last.html")
    last = last.with_values({"requests.carried_out.business": 77})
    page = check_page(check(replace(this, year=this.form.first_year), last_year=last), NONE)
    assert "上年 77" in first(parsed(page), "[id='c-requests.carried_in.business']").text()
    assert "last.html" in page and "/somewhere" not in page
    holds_together(page)


def test_hostile_text_is_escaped_everywhere() -> None:
    report = replace(
        broken_total(form_of("2021")),
        title=HOSTILE,
        body=HOSTILE,
        source=f"/in/{HOSTILE}",
        sections=MappingProxyType({"0": HOSTILE, "1": HOSTILE, "9": HOSTILE}),
        section_labels=MappingProxyType({"1": HOSTILE, "9": HOSTILE}),
    )
    paths = tuple(p for p in report.form.cells if p.startswith("requests.partial."))
    report = replace(
        with_cells(report, proactive__coercion=Cell(CellState.UNREADABLE, None, HOSTILE)),
        remnants=(Remnant(paths, (HOSTILE, "1")),),
    )
    found = finding("AR-E-005", spans=(Span("1", 0, 9),), values={"text": HOSTILE}, found=HOSTILE)
    figure = FigureMatch(Span("1", 2, 8), 1, HOSTILE, HOSTILE, (), Decimal("1.2345"), Verdict.FAILS, found)
    result = replace(check(report), findings=(found, *check(report).findings), figures=(figure,))
    for language in ("zh", "en"):
        page = check_page(result, NONE, language=language)
        holds_together(page)
        assert "<script" not in page and "<img" not in page and "\x1b" not in page


def test_an_invented_edition_is_drawn_and_marked_without_any_code_for_it() -> None:
    form = parse_form(INVENTED, name="invented")
    cells = {p: Cell(CellState.VALUE, 1, "1") for p in form.cells}
    report = Report(form, MappingProxyType(cells), year=2099, body="云溪县")
    path = next(iter(form.cells))
    raised = finding("AR-V-004", cells=(path,), found="-1", values={"where": "甲", "raw": "-1"})
    change = Localisation((Repair((Change(path, 1, 2),)),), 1, ambiguous=False, complete=True)
    failing = RelationResult(form.relations[0], Verdict.FAILS, 1, 2)
    page = check_page(CheckResult(report, (raised,), (failing,)), change)
    tree = parsed(page)
    assert marked(tree, "bad") == {path} == marked(tree, "cand")
    assert {str(n.attributes["id"])[2:] for n in tree.css("td[id]")} == set(form.cells)
    holds_together(page)


def test_no_row_column_or_table_of_an_edition_is_named_in_the_code() -> None:
    folder = Path(next(iter(package.__path__)))
    code = "".join(p.read_text("utf-8") for p in folder.glob("check_page*") if p.suffix in (".py", ".css"))
    keys = {p.split(".")[0] for f in FORMS for p in f.cells} | {g.id for f in FORMS for g in f.grids}
    keys |= {r.key for f in FORMS for g in f.grids for b in g.blocks for r in b.rows if "_" in r.key}
    assert not [k for k in keys if re.search(rf"[\"'.]{k}[\"'.]", code)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports(), st.sampled_from(["zh", "en"]))
def test_any_report_gives_a_page_that_holds_together(report: Report, language: str) -> None:
    page = check_page(check(report), None, language=language)
    holds_together(page)
    assert page == check_page(check(report), None, language=language)


def test_traditional_text_is_named_and_never_converted() -> None:
    text = "2023年,我縣國土資源辦公室開展政府信息公開,總計處理申請,發布數據,報請條例統計結果,訟議關務個與"
    assert is_traditional(text) and not is_traditional("引文“國務院”出自旧文")
    report = replace(clean_report(form_of("2021")), sections=MappingProxyType({"1": text}))
    tree = page_for(report)
    assert text in first(tree, ".narr").text()
    assert "原文是繁体字" in text_of(tree, ".facts")
    assert first(tree, ".narr > div").attributes["lang"] == "zh-Hant"


def test_a_very_long_name_stays_whole() -> None:
    name = "云溪县" + "自然资源和规划" * 8 + "局"
    title = f"{name}2023年政府信息公开工作年度报告"
    tree = page_for(replace(clean_report(form_of("2021")), title=title))
    assert first(tree, "h1").text() == title


def test_the_page_speaks_english_while_the_report_stays_chinese() -> None:
    tree = page_for(broken_total(form_of("2021")), language="en")
    assert first(tree, "html").attributes["lang"] == "en"
    assert "2 sums do not add up" in first(tree, ".facts").text()
    assert first(tree, "table.form").attributes["lang"] == "zh-CN"
    with pytest.raises(ValueError, match="no check page in 'fr'"):
        check_page(check(clean_report(form_of("2021"))), None, language="fr")


def test_every_message_has_both_languages_and_the_same_slots() -> None:
    for key, texts in messages().items():
        assert set(texts) == {"zh", "en"}, key
        slots = [set(re.findall(r"\{(\w+)\}", t)) for t in texts.values()]
        if key not in ("caption",):
            assert slots[0] == slots[1], key
    assert words_for("zh")("apart", where="甲", n=0) == "甲，差 0"


def test_repairs_have_names_of_their_own_however_many_there_are() -> None:
    for language in ("zh", "en"):
        names = [letter(i, language) for i in range(60)]
        assert len(set(names)) == 60
    assert [letter(i, "zh") for i in range(3)] == ["甲", "乙", "丙"]


def test_findings_are_counted_by_severity_in_words() -> None:
    report = replace(broken_total(form_of("2021")), title="青浦山市政府信息公开工作年度报告")
    result = check(report)
    facts = text_of(parsed(check_page(result, NONE)), ".facts")
    for severity, word in ((Severity.ERROR, "错误"), (Severity.WARNING, "提醒"), (Severity.NOTE, "说明")):
        count = result.count(severity)
        assert (f"{word}{count}条" in facts) == (count > 0)
