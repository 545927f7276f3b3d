"""Parts and tables that are not there are told; what is there is left alone."""

from dataclasses import replace
from types import MappingProxyType

from gongkai.annual.check import check
from gongkai.annual.findings import Severity
from gongkai.annual.form import form_for_edition
from gongkai.annual.model import CellState

from .support import clean_report, stated

FORM = form_for_edition("2021")
REPORT = clean_report(FORM)


def _found(report) -> list[tuple[str, Severity]]:
    return [(f.code, f.severity) for f in check(report).findings if f.code.startswith("AR-S-")]


def test_a_missing_part_is_a_warning_that_names_it():
    sections = {k: v for k, v in REPORT.sections.items() if k != "6"}
    report = replace(REPORT, sections=MappingProxyType(sections))
    found = [f for f in check(report).findings if f.code.startswith("AR-S-")]
    assert [(f.code, f.severity, f.expected) for f in found] == [
        ("AR-S-001", Severity.WARNING, "其他需要报告的事项")
    ]


def test_a_part_of_text_without_text_is_a_warning_and_one_with_a_table_is_not():
    report = replace(REPORT, sections=MappingProxyType({**REPORT.sections, "3": "", "5": " \n"}))
    assert _found(report) == [("AR-S-002", Severity.WARNING)]


def test_a_table_of_which_no_cell_is_printed_is_an_error():
    remedies = tuple(p for p, s in FORM.cells.items() if s.grid == "remedies")
    report = stated(FORM, CellState.MISSING, remedies, REPORT)
    assert _found(report) == [("AR-S-004", Severity.ERROR)]
    assert _found(stated(FORM, CellState.MISSING, remedies[:-1], REPORT)) == []


def test_a_last_part_that_says_nothing_of_fees_is_a_note():
    report = replace(REPORT, sections=MappingProxyType({**REPORT.sections, "6": "没有其他需要报告的事项。"}))
    assert _found(report) == [("AR-S-005", Severity.NOTE)]


def test_parts_out_of_order_are_a_note():
    labels = {s.id: s.label for s in FORM.sections}
    labels = {"2": labels.pop("2"), **labels}
    assert _found(replace(REPORT, section_labels=MappingProxyType(labels))) == [("AR-S-003", Severity.NOTE)]
