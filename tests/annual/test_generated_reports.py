"""Generated reports in every shape and with every damage: exact, never wrong, planted errors found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from string import Formatter

import pytest
from tests.annual.generate.cases import PINNED, Case, clean_cases, damage_cases, run
from tests.annual.generate.content import BODIES, Dice, clean, draft_of, make
from tests.annual.generate.judge import judge, loud
from tests.annual.generate.planted import PLANTED, Planted
from tests.annual.generate.refused import NOT_REPORTS, REFUSED
from tests.annual.generate.shapes import SHAPES, html, text
from tests.annual.generate.sheet import Draft, Kind, Para, Sheets
from tests.annual.generate.years import PAIRS

from gongkai.annual.check import check
from gongkai.annual.findings import Finding, Severity, catalogue, describe
from gongkai.annual.model import CellState, Report, Scope
from gongkai.annual.read import read_bytes
from gongkai.annual.read.errors import NotAReport, ReadError

CLEAN = clean_cases()
DAMAGED = damage_cases()
PLANTED_SEEDS = (301, 302, 303)
PAIR_SEEDS = (401, 402, 403, 404)


def read_one(draft: Draft, shape: str = "html") -> Report:
    """The one report of the draft's file."""
    (report,) = read_bytes(SHAPES[shape].write(draft))
    return report


def all_findings(report: Report, last_year: Report | None = None) -> tuple[Finding, ...]:
    """Findings of reading and checking, each once."""
    found = check(report, last_year=last_year).findings
    return (*found, *(f for f in report.reading if f not in found))


def failures(cases: Iterable[Case]) -> str:
    """What is wrong with the readings of these files, or nothing."""
    lines = [(c, run(c)) for c in cases]
    return "\n".join(f"{c.shape} {c.damage} seed {c.seed}:\n  {v}" for c, v in lines if v.problems)


def test_there_are_at_least_four_hundred_files() -> None:
    files = sum(map(len, (*CLEAN.values(), *DAMAGED.values()))) + len(PLANTED) * len(PLANTED_SEEDS)
    assert files >= 400


def test_a_seed_always_gives_the_same_report() -> None:
    for seed in range(20):
        assert make(seed) == make(seed)
        assert SHAPES["html"].write(clean(seed)) == SHAPES["html"].write(clean(seed))
    assert SHAPES["html"].write(clean(1)) != SHAPES["html"].write(clean(2))


@pytest.mark.parametrize("seed", range(40))
def test_every_relation_holds_in_a_generated_report(seed: int) -> None:
    made = make(seed)
    for relation in made.form.relations:
        left = sum(made.values[p] or 0 for p in relation.left)
        assert left == sum(made.values[p] or 0 for p in relation.right), relation.instance


@pytest.mark.parametrize("shape", CLEAN)
def test_undamaged_files_are_read_exactly(shape: str) -> None:
    assert not failures(CLEAN[shape])


@pytest.mark.parametrize("shape", CLEAN)
def test_nothing_is_raised_against_undamaged_files(shape: str) -> None:
    raised: list[str] = []
    for case in CLEAN[shape]:
        report = read_one(case.draft(), shape)
        raised += [f"seed {case.seed}: {line}" for line in loud(all_findings(report), "error", "warning")]
    assert not raised


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_files_are_never_read_wrong_and_what_is_decidable_is_exact(name: str) -> None:
    assert not failures(DAMAGED[name])


@pytest.mark.parametrize("case", PINNED, ids=lambda c: f"{c.damage}-{c.shape}-{c.seed}")
def test_files_once_read_wrong_stay_right(case: Case) -> None:
    assert not failures([case])


MENDABLE = (
    "traditional_taiwan", "traditional_hongkong", "pinyin_tones", "pinyin_doubled", "doubled_punctuation",
    "kangxi_radicals", "full_width_digits", "spaces_in_labels", "spam_words", "numbering_mixed",
    "contents_list", "page_furniture", "label_variants", "definition_in_label", "headers_cut",
    "group_label_cut", "other_row_in_2021", "subtotal_column", "empty_row", "empty_column",
    "thousands_commas", "rows_swapped", "columns_swapped", "counters_and_notes", "lost_characters",
)  # fmt: skip


@pytest.mark.parametrize("name", MENDABLE)
def test_damage_alone_is_no_error_of_the_author(name: str) -> None:
    raised: list[str] = []
    for case in (c for n, cases in DAMAGED.items() if n.startswith(f"{name}-") for c in cases):
        (report,) = read_bytes(case.data(case.draft()))
        raised += [f"{case}: {line}" for line in loud(all_findings(report), "error")]
    assert not raised


def test_every_cell_of_a_clean_page_is_placed() -> None:
    draft = clean(5, "2021")
    report = read_one(draft)
    for item in draft.items:
        if isinstance(item, Sheets):
            for printed in item.sheets[0].cells:
                if printed.kind is Kind.VALUE and printed.path is not None:
                    place = report.cell(printed.path).place
                    assert place is not None, printed.path
                    assert (place.row, place.column) == (printed.row + 1, printed.column + 1), printed.path


def test_real_brackets_survive_the_removal_of_pinyin_notes() -> None:
    for case in DAMAGED["pinyin_tones-html"]:
        (report,) = read_bytes(case.data(case.draft()))
        assert "(PDF)" in report.sections["1"]


@pytest.mark.parametrize("shape", ["html", "html_word", "docx", "pipe", "one_a_line"])
def test_contact_and_signature_are_read(shape: str) -> None:
    for seed in range(21, 27):
        made = make(seed)
        report = read_one(draft_of(made), shape)
        found = re.search(r"地址:(.+?),电话:(.+?),邮编:(\d+)", made.sections["0"][1])
        assert found is not None
        contact = report.contact
        assert (contact.address, contact.phone, contact.postcode) == found.groups()
        assert contact.website == "www.yunxi.example.cn"
        assert report.signed == made.signed


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("本报告所列数据为全县汇总数据,包括县政府各部门和各乡镇人民政府。", Scope.AREA),
        ("本报告所列数据仅统计本机关,不含下属单位和各乡镇。", Scope.OWN),
        ("本报告由办公室同志起草并校对。", Scope.UNKNOWN),
    ],
)
def test_scope_is_taken_only_from_what_is_stated(sentence: str, scope: Scope) -> None:
    county = next(b for b in BODIES if b.level == "county")
    assert read_one(with_preface(draft_of(make(31, "2021", body=county)), sentence)).scope is scope


def test_an_office_that_states_figures_of_the_area_is_not_taken_for_its_own() -> None:
    office = next(b for b in BODIES if b.name.endswith("人民政府办公室"))
    draft = draft_of(make(32, "2021", body=office))
    stated = with_preface(draft, "本报告所列数据为全县汇总数据,包括县政府各部门和各乡镇人民政府。")
    assert read_one(stated).scope is not Scope.OWN


def with_preface(draft: Draft, sentence: str) -> Draft:
    """The draft with a sentence more in its preface."""
    return replace(draft, items=(*draft.items[:2], Para("0", sentence), *draft.items[2:]))


def touches(finding: Finding, planted: Planted, report: Report) -> bool:
    """True if the finding names a planted cell or its words lie in the planted sentence."""
    if not planted.cells and planted.quote is None:
        return True
    if any(c in planted.cells for c in finding.cells):
        return True
    if planted.quote is None:
        return False
    for span in finding.spans:
        whole = report.sections.get(span.section, "")
        start = whole.rfind("。", 0, span.start) + 1
        if planted.quote in whole[start : span.end + 40]:
            return True
    return planted.quote in f"{finding.found} {finding.expected} {dict(finding.values)}"


@pytest.mark.parametrize("shape", ["html", "pipe"])
@pytest.mark.parametrize("name", PLANTED)
def test_every_planted_error_is_found(name: str, shape: str) -> None:
    for seed in PLANTED_SEEDS:
        planted = PLANTED[name](seed)
        report = read_one(planted.draft, shape)
        findings = all_findings(report)
        family = [f for f in findings if f.code.startswith(planted.families) and touches(f, planted, report)]
        context = f"seed {seed}, families {planted.families}: " + "; ".join(
            loud(findings, "error", "warning", "note")
        )
        assert family, context
        if planted.hard:
            assert any(f.severity is Severity.ERROR for f in family), context
        elif not planted.soft:
            assert any(f.severity is not Severity.NOTE for f in family), context


def test_every_finding_can_be_described_in_both_languages() -> None:
    for plant in PLANTED.values():
        for found in all_findings(read_one(plant(311).draft)):
            filled = {**dict(found.values), "cells": found.cells or None}
            filled |= {"expected": found.expected, "found": found.found, **dict(found.values)}
            for language in ("zh", "en"):
                assert describe(found, language=language), found.code
                for _, slot, _, _ in Formatter().parse(catalogue()[found.code].message[language]):
                    assert slot is None or filled.get(slot) is not None, f"{found.code} leaves {slot} open"


@pytest.mark.parametrize("name", PAIRS)
def test_two_years_are_compared(name: str) -> None:
    for seed in PAIR_SEEDS:
        pair = PAIRS[name](seed)
        last, this = read_one(pair.last), read_one(pair.this)
        assert not loud(all_findings(last), "error", "warning"), seed
        found = all_findings(this, last)
        shown = f"seed {seed}: " + "; ".join(loud(found, "error", "warning", "note"))
        family = [f for f in found if pair.families and f.code.startswith(pair.families)]
        if pair.families:
            assert family, shown
            assert not pair.cells or any(c in pair.cells for f in family for c in f.cells), shown
        else:
            assert not loud(found, "error", "warning"), shown


TRUE_SENTENCES = (
    "市政府本级收到申请{less}件,全市新收政府信息公开申请{new}件。",
    "全年共收到政府信息公开申请{both}件(含上年结转{carried_in}件)。",
    "收到的申请中,其中网络申请{less}件。",
    "受理政务热线咨询500余个,处理网民建言2759条,回复率100%。",
    "全年开展抽查4次,每季度一次。",
    "组织培训2次、参训130余人次,印发手册1,200册。",
    "截至年底共有政务新媒体258家,其中已登记52家、未登记206家;注销36家,精简比例为14%。",
    "本年度答复期限最长20个工作日,最短2个工作日。",
    "全年办件中予以公开占比最高。",
    "依据国办发〔2019〕14号文件要求,完成第3项任务。",
)


@pytest.mark.parametrize("sentence", TRUE_SENTENCES)
def test_what_looks_wrong_and_is_not_raises_no_error(sentence: str) -> None:
    for seed in (501, 502, 503):
        made = make(seed)
        new = int(made.values["requests.new.total"] or 0)
        carried_in = int(made.values["requests.carried_in.total"] or 0)
        words = sentence.format(less=max(new - 3, 0), new=new, both=new + carried_in, carried_in=carried_in)
        draft = draft_of(made)
        first = next(i for i, item in enumerate(draft.items) if item.section == "1") + 1
        items = (*draft.items[:first], Para("1", words), *draft.items[first:])
        assert not loud(all_findings(read_one(replace(draft, items=items))), "error"), words


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_such_report_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(REFUSED[name]())
    error = caught.value
    assert error.code.startswith("AR-X-")
    assert error.code in catalogue()
    if name in NOT_REPORTS:
        assert isinstance(error, NotAReport), error


@pytest.mark.parametrize("editions", [("2021", "2021"), ("2019", "2021")])
def test_several_reports_in_one_file_are_all_read(editions: tuple[str, str]) -> None:
    drafts = [clean(600 + i, edition) for i, edition in enumerate(editions)]
    web = b"\n".join(html.clean(d).split(b"<body>")[1].split(b"</body>")[0] for d in drafts)
    whole = html.page(web.decode(), title="年报汇编").encode()
    plain = b"\n".join(text.pipe(d) for d in drafts)
    lines = b"\n".join(SHAPES["json"].write(d) for d in drafts)
    for data in (whole, plain, lines):
        reports = read_bytes(data)
        assert len(reports) == 2
        for draft, report in zip(drafts, reports, strict=True):
            assert not judge(draft, report, sections=False, raw=False, front=False).problems


def test_two_readings_of_one_file_are_the_same() -> None:
    for name in ("html", "pipe", "one_a_line", "docx", "pdf_ruled"):
        data = SHAPES[name].write(clean(7))
        assert read_bytes(data) == read_bytes(data), name


def test_the_same_report_reads_the_same_in_every_shape() -> None:
    draft = clean(Dice(9).randint(1, 99), "2021")
    reports = {name: read_one(draft, name) for name in SHAPES}
    first = reports["html"]
    for name, report in reports.items():
        for path in first.form.cells:
            assert report.value(path) == first.value(path), f"{name} {path}"
            assert report.cell(path).state is CellState.VALUE, f"{name} {path}"
