"""The edition is told from the tables; year, notice, period and signature are held against it."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from gongkai.annual.check import check
from gongkai.annual.check.edition import notice_number, title_year
from gongkai.annual.findings import Severity
from gongkai.annual.form import form_for_edition

from .support import clean_report

FORM = form_for_edition("2021")
REPORT = clean_report(FORM)


def _found(**changes) -> list[tuple[str, Severity]]:
    report = replace(REPORT, **changes)
    return [(f.code, f.severity) for f in check(report).findings if f.code.startswith("AR-E-")]


def test_tables_of_an_older_edition_than_the_year_asks_for_are_a_warning():
    old = replace(
        clean_report(form_for_edition("2019")), year=2022, title=None, period=None, signed=(None, None)
    )
    assert [f.code for f in check(old).findings if f.code.startswith("AR-E-")] == ["AR-E-001"]


def test_the_notice_of_the_older_form_cited_for_tables_of_the_newer_is_a_warning():
    assert _found(notice="国办公开办函〔2019〕60号") == [("AR-E-002", Severity.WARNING)]


@pytest.mark.parametrize(
    "notice", ["国办公开办函〔2021〕30号", "国办公开办函[2021]30号", "云府办〔2021〕7号", None]
)
def test_the_right_notice_in_any_bracket_and_a_local_notice_are_silent(notice: str | None):
    assert _found(notice=notice) == []


def test_brackets_and_widths_of_a_notice_do_not_count():
    assert notice_number("國辦公開辦函（2019）60號") == notice_number("国办公开办函〔2019〕60号")
    assert notice_number("国办公开办函〔2019〕60号") != notice_number("国办公开办函〔2021〕30号")


def test_a_period_of_another_year_than_the_title_is_an_error():
    assert _found(period=("2020-01-01", "2020-12-31")) == [("AR-E-003", Severity.ERROR)]


def test_a_period_that_ends_before_the_year_does_is_a_warning():
    assert _found(period=("2021-01-01", "2021-11-30")) == [("AR-E-004", Severity.WARNING)]


def test_a_period_with_characters_lost_is_a_warning_and_points_at_the_words():
    sections = MappingProxyType({**REPORT.sections, "0": "统计期限自20211月1日起至2021年12月31日止。"})
    report = replace(REPORT, period=None, sections=sections)
    found = [f for f in check(report).findings if f.code == "AR-E-005"]
    assert len(found) == 1
    span = found[0].spans[0]
    assert sections["0"][span.start : span.end] == "统计期限自20211月1日起至2021年12月31日止"


@pytest.mark.parametrize(
    "text",
    [
        "统计期限从2021年1月1日到12月31日止。",
        "統計期限自2021年1月1日起至2021年12月31日止。",
        "统计期限为上一自然年。",
    ],
)
def test_a_whole_period_that_the_reading_did_not_take_up_is_silent(text: str):
    sections = MappingProxyType({**REPORT.sections, "0": text})
    assert _found(period=None, sections=sections) == []


def test_a_signature_of_the_report_year_itself_is_a_note():
    assert _found(signed=("青浦山市人民政府", "2021-12-30")) == [("AR-E-006", Severity.NOTE)]


def test_a_title_without_a_year_is_a_note_and_a_lost_title_is_none():
    assert _found(title="青浦山市政府信息公开工作年度报告") == [("AR-E-007", Severity.NOTE)]
    assert _found(title=None) == []


def test_a_title_states_a_year_only_if_it_states_one():
    assert title_year("青浦山市２０２１年政府信息公开工作年度报告") == 2021
    assert title_year("2020—2021年政府信息公开工作年度报告") is None
    assert title_year(None) is None


def _late_codes(body: str, signed: str | None) -> list[str]:
    report = replace(clean_report(form_for_edition("2021")), body=body, signed=(body, signed))
    return [f.code for f in check(report).findings if f.code == "AR-E-008"]


@pytest.mark.parametrize(
    ("body", "signed"),
    [
        ("云溪县人民政府", "2022-04-01"),
        ("青浦山市人民政府办公室", "2022-12-20"),
        ("云溪县教育局", "2022-02-01"),
        ("青浦山市发展和改革委员会", "2022-03-31"),
    ],
)
def test_a_report_signed_after_the_day_it_was_due_gets_a_note(body: str, signed: str):
    assert _late_codes(body, signed) == ["AR-E-008"]


@pytest.mark.parametrize(
    ("body", "signed"),
    [
        ("云溪县人民政府", "2022-03-31"),
        ("云溪县人民政府办公室", "2022-02-01"),
        ("云溪县教育局", "2022-01-31"),
        ("云溪县青石镇人民政府", "2022-06-01"),
        ("云溪县城关街道办事处", "2022-06-01"),
        ("青浦山市高新区管理委员会", "2022-06-01"),
        ("云溪县教育局", None),
    ],
)
def test_a_report_in_time_or_of_a_body_without_a_day_gets_none(body: str, signed: str | None):
    assert _late_codes(body, signed) == []


def test_a_report_of_another_year_is_told_as_that_and_not_as_late():
    report = replace(clean_report(form_for_edition("2021")), body="云溪县教育局", signed=(None, "2023-05-01"))
    codes = [f.code for f in check(report).findings if f.code.startswith("AR-E-")]
    assert codes == ["AR-E-006"]
