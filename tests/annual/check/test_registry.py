"""Families, codes and catalogue belong together; an added edition needs no entry of its own."""

import pytest

from gongkai.annual.check import check
from gongkai.annual.check.registry import check as register
from gongkai.annual.check.registry import families
from gongkai.annual.findings import Finding, Severity, catalogue, describe, entry_of
from gongkai.annual.form import parse_form
from gongkai.annual.model import Cell, CellState, Report

INVENTED = """
edition: "2031"
label: {zh: 2031 年格式, en: form of 2031}
instrument: {number: 云办〔2031〕1号}
in_force: {first_year: 2031}
sections: [{id: "1", label: 总体情况}]
grids:
  - id: visits
    number: 5
    section: "1"
    title: 公开查阅点接待情况
    blocks:
      - cell: visits.{row}.{column}
        columns:
          - {key: desk, labels: [接待情况, 窗口]}
          - {key: hotline, labels: [接待情况, 热线]}
          - {key: total, labels: [接待情况, 总计], total: true}
        rows:
          - {key: answered, labels: [当场答复]}
          - {key: passed_on, labels: [转其他机关]}
sets: {}
relations:
  - id: AR-T5-001
    title: {zh: 一行的总计等于窗口与热线之和, en: a row's total equals desk plus hotline}
    each: {row: [answered, passed_on]}
    left: ["visits.{row}.total"]
    right: ["visits.{row}.desk", "visits.{row}.hotline"]
"""


def test_every_code_that_a_family_declares_is_in_the_catalogue():
    declared = [code for family in families().values() for code in family.codes]
    assert len(declared) >= 20
    assert [code for code in declared if code not in catalogue()] == []
    assert len(set(declared)) == len(declared)


def test_the_families_are_the_ones_that_check_runs():
    assert {"arithmetic", "values", "edition", "sections", "yearly"} <= set(families())


def test_a_family_cannot_be_registered_twice():
    with pytest.raises(ValueError, match="arithmetic"):
        register("arithmetic")(families()["arithmetic"].run)


def test_a_relation_of_an_added_edition_is_checked_and_described_from_its_form():
    form = parse_form(INVENTED, name="2031.yaml")
    values = dict(zip(form.cells, (3, 4, 8, 0, 0, 0), strict=True))
    report = Report(form, {p: Cell(CellState.VALUE, v, str(v)) for p, v in values.items()}, year=2031)
    found = next(f for f in check(report).findings if f.relation is not None)
    assert (found.code, found.severity, found.relation) == ("AR-T5-001", Severity.ERROR, "AR-T5-001:answered")
    assert "AR-T5-001" not in catalogue()
    assert entry_of(found).title["zh"] == "一行的总计等于窗口与热线之和"
    assert "3 + 4 = 7" in describe(found)
    assert "desk plus hotline" in describe(found, language="en")


def test_a_narrative_about_tables_that_an_added_edition_lacks_is_read_without_a_finding():
    form = parse_form(INVENTED, name="2031.yaml")
    text = "收到政府信息公开申请5件，其中自然人3件，办结5件，予以公开2件，结转1件；行政复议3件，维持1件。"
    text += "制发规范性文件4件，行政处罚7件，收费2万元。"
    cells = {p: Cell(CellState.VALUE, 0, "0") for p in form.cells}
    report = Report(form, cells, year=2031, sections={"1": text})
    assert [f.code for f in check(report).findings if f.code.startswith("AR-N-")] == []


def test_an_unknown_code_that_is_no_relation_is_refused():
    with pytest.raises(KeyError):
        describe(Finding("AR-Z-999", Severity.NOTE))


def test_findings_come_by_severity_then_by_place():
    form = parse_form(INVENTED, name="2031.yaml")
    values = dict(zip(form.cells, (3, 4, 8, 1, 1, 9), strict=True))
    report = Report(form, {p: Cell(CellState.VALUE, v, str(v)) for p, v in values.items()}, year=2031)
    findings = check(report).findings
    assert [f.relation for f in findings[:2]] == ["AR-T5-001:answered", "AR-T5-001:passed_on"]
    ranks = [list(Severity).index(f.severity) for f in findings]
    assert ranks == sorted(ranks)
