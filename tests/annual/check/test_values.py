"""Single cells: what is malformed or cannot be is told, what is merely unusual is not."""

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest

from gongkai.annual.check import check
from gongkai.annual.findings import Severity, describe
from gongkai.annual.form import form_for_edition
from gongkai.annual.model import Cell, CellState

from .support import clean_report

FORM = form_for_edition("2021")
FEES = "proactive.fees_wan_yuan"
MADE = "proactive.regulations_made"


def _codes(report) -> list[str]:
    return [f.code for f in check(report).findings if f.code.startswith("AR-V-")]


def _with_cell(path: str, cell: Cell):
    report = clean_report(FORM)
    return replace(report, cells=MappingProxyType({**report.cells, path: cell}))


def test_a_count_with_a_decimal_point_is_an_error():
    report = _with_cell("proactive.licensing", Cell(CellState.UNREADABLE, None, "12.5"))
    found = [f for f in check(report).findings if f.code == "AR-V-003"]
    assert [f.severity for f in found] == [Severity.ERROR]
    assert "12.5" in describe(found[0])


def test_a_negative_count_is_an_error():
    assert _codes(_with_cell("proactive.licensing", Cell(CellState.UNREADABLE, None, "-3"))) == ["AR-V-004"]


def test_a_negative_change_on_last_year_is_none():
    form = form_for_edition("2019")
    report = clean_report(form).with_values({"proactive.licensing_change": -35})
    assert _codes(report) == []


def test_a_cell_that_is_no_number_is_told_unless_reading_has_told_it():
    assert _codes(_with_cell("proactive.licensing", Cell(CellState.UNREADABLE, None, "见附件"))) == [
        "AR-V-002"
    ]


@pytest.mark.parametrize(
    "body", ["云溪县政府", "云溪县独山镇人民政府", "青浦山市教育局", "青浦山市河东区人民政府办公室"]
)
def test_regulations_made_by_a_body_without_that_power_are_a_warning(body: str):
    report = replace(clean_report(FORM).with_values({MADE: 3}), body=body)
    assert _codes(report) == ["AR-V-006"]


@pytest.mark.parametrize(
    "body", ["澜江省人民政府办公厅", "青浦山市人民政府", "国家林草局", "云岭自治区人民政府", None]
)
def test_regulations_made_by_a_body_that_may_have_the_power_are_not(body: str | None):
    report = replace(clean_report(FORM).with_values({MADE: 3}), body=body)
    assert _codes(report) == []


def test_an_amount_in_yuan_in_the_cell_for_ten_thousand_yuan_is_told_by_the_narrative():
    report = clean_report(FORM).with_values({FEES: Decimal(251000)})
    told = replace(
        report, sections=MappingProxyType({**report.sections, "1": "全年行政事业性收费251000元。"})
    )
    assert _codes(report) == []
    assert _codes(told) == ["AR-V-005"]
    found = next(f for f in check(told).findings if f.code == "AR-V-005")
    assert found.expected == Decimal("25.1")


def test_the_same_amount_in_another_unit_is_no_finding():
    report = clean_report(FORM).with_values({FEES: Decimal("25.1")})
    told = replace(
        report, sections=MappingProxyType({**report.sections, "1": "全年行政事业性收费251,000元。"})
    )
    assert _codes(told) == []


def test_a_year_in_a_count_is_told_only_if_the_relations_of_the_cell_fail():
    report = clean_report(FORM)
    assert report.year == 2021
    assert "AR-V-007" in _codes(report.with_values({"requests.granted.business": 2021}))
    assert _codes(report.with_values({"proactive.punishment": 2021})) == []


def test_two_cells_run_together_are_too_large_to_be_a_count():
    assert _codes(clean_report(FORM).with_values({"proactive.punishment": 13800138000})) == ["AR-V-008"]


def _charged(amount: str, year: int = 2021):
    report = clean_report(FORM)
    return replace(report, year=year).with_values({FEES: Decimal(amount)})


@pytest.mark.parametrize(
    ("this", "last"), [("17904000", "1862.35"), ("0.1862", "1790.4"), ("9000000", "900")]
)
def test_an_amount_ten_thousand_times_last_years_is_told_as_a_slip_of_the_unit(this: str, last: str):
    found = check(_charged(this), last_year=_charged(last, 2020)).findings
    (told,) = [f for f in found if f.cells == (FEES,)]
    assert (told.code, told.severity) == ("AR-V-012", Severity.WARNING)
    assert last in describe(told)


@pytest.mark.parametrize(
    ("this", "last"), [("1790.4", "1862.35"), ("1790.4", "1.8"), ("90", "0.009"), ("1790.4", "0")]
)
def test_an_amount_that_only_grew_is_no_slip_of_the_unit(this: str, last: str):
    found = check(_charged(this), last_year=_charged(last, 2020)).findings
    assert [f.code for f in found if f.cells == (FEES,)] == []


def test_the_amount_of_another_body_tells_nothing_of_the_unit():
    other = replace(_charged("900", 2020), body="云溪县水利局")
    found = check(_charged("9000000"), last_year=other).findings
    assert [f.code for f in found if f.cells == (FEES,)] == []


def test_an_amount_that_no_government_charges_is_told_without_last_years_report():
    (told,) = [f for f in check(_charged("17904000")).findings if f.cells == (FEES,)]
    assert (told.code, told.severity) == ("AR-V-011", Severity.WARNING)
    assert "1790.4 万元" in describe(told)
    assert _codes(_charged("3100000")) == []


def test_a_slip_of_the_unit_is_told_once():
    report = _charged("17904000")
    text = {**report.sections, "1": "全年行政事业性收费1790.4万元。"}
    told = replace(report, sections=MappingProxyType(text))
    found = check(told, last_year=_charged("1862.35", 2020)).findings
    assert [f.code for f in found if f.code.startswith("AR-V-")] == ["AR-V-005"]
