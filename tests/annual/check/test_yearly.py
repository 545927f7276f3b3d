"""This year against last year's report: what follows on is silent, what does not is a warning."""

from dataclasses import replace
from types import MappingProxyType

from gongkai.annual.check import check
from gongkai.annual.check.yearly import written_terms
from gongkai.annual.findings import Severity, describe
from gongkai.annual.form import form_for_edition
from gongkai.annual.model import CellState

from .support import clean_report, number, stated

FORM = form_for_edition("2021")
COLUMNS = [p.split(".")[2] for p in FORM.cells if p.startswith("requests.new.")]


def _with_text(report, text: str, section: str = "1"):
    return replace(report, sections=MappingProxyType({**report.sections, section: text}))


def _pair(*, last_form: str = "2021"):
    """This year's report and last year's, with everything carried over as it should be."""
    this = replace(clean_report(FORM, seed=2), year=2022, title=None, period=None, signed=(None, None))
    this = _with_text(this, "统计期限自2022年1月1日起至2022年12月31日止。", section="0")
    form = form_for_edition(last_form)
    last = replace(clean_report(form, seed=3), year=2021)
    last = last.with_values(
        {f"requests.carried_out.{c}": number(this, f"requests.carried_in.{c}") for c in COLUMNS}
    )
    return this, last


def _found(this, last) -> list[tuple[str, str | None]]:
    return [(f.code, f.relation) for f in check(this, last_year=last).findings if f.code.startswith("AR-Y-")]


def test_years_that_follow_on_raise_nothing():
    assert _found(*_pair()) == []


def test_carried_in_that_is_not_what_was_carried_out_is_a_warning_naming_both():
    this, last = _pair()
    value = number(last, "requests.carried_out.natural_person")
    last = last.with_values({"requests.carried_out.natural_person": value + 4})
    found = [f for f in check(this, last_year=last).findings if f.code.startswith("AR-Y-")]
    assert [(f.relation, f.severity) for f in found] == [("AR-Y-001:natural_person", Severity.WARNING)]
    assert (found[0].expected, found[0].found) == (value + 4, value)
    assert f"是 {value + 4}，" in describe(found[0])


def test_documents_in_force_follow_from_last_years_made_and_repealed():
    this, last = _pair()
    this = this.with_values({"proactive.normative_made": 12, "proactive.normative_repealed": 3})
    last = last.with_values({"proactive.normative_valid": 31})
    assert _found(this.with_values({"proactive.normative_valid": 40}), last) == []
    found = check(this.with_values({"proactive.normative_valid": 41}), last_year=last).findings
    wrong = [f for f in found if f.relation == "AR-Y-002:normative"]
    assert len(wrong) == 1
    assert "41 - 12 + 3 = 32" in describe(wrong[0])


def test_a_relation_whose_cell_the_older_edition_lacks_is_skipped():
    this, last = _pair(last_form="2019")
    last = replace(last, year=2021)
    assert _found(this.with_values({"proactive.normative_valid": 41}), last) == []


def test_a_blank_carried_over_is_no_contradiction():
    this, last = _pair()
    blank = stated(FORM, CellState.BLANK, ("requests.carried_out.business",), last)
    assert _found(this, blank) == []


def test_reports_of_other_bodies_or_years_are_told_and_not_compared():
    this, last = _pair()
    broken = last.with_values({"requests.carried_out.business": 900})
    assert _found(this, replace(broken, body="云溪县人民政府")) == [("AR-Y-010", None)]
    assert _found(this, replace(broken, year=2019)) == [("AR-Y-011", None)]
    assert ("AR-Y-010", None) not in _found(this, replace(last, body="青浦山市人民政府办公室"))


def test_a_sentence_with_figures_that_stands_in_both_years_is_a_note():
    text = "全年通过政务新媒体发布信息1234条，办理留言56件。我们不断改进工作，提高公开的质量和水平。"
    this, last = (_with_text(r, text) for r in _pair())
    found = [f for f in check(this, last_year=last).findings if f.code == "AR-Y-012"]
    assert [f.severity for f in found] == [Severity.NOTE]
    span = found[0].spans[0]
    assert text[span.start : span.end] == "全年通过政务新媒体发布信息1234条，办理留言56件。"


def test_instruments_cited_every_year_are_no_copied_figures():
    text = "认真落实《政府信息公开条例》（国务院令第711号）和云府办〔2020〕7号文件的各项要求。"
    this, last = (_with_text(r, text) for r in _pair())
    assert _found(this, last) == []


def test_a_blank_is_written_as_blank_and_a_zero_as_zero():
    terms = ((1, "proactive.normative_valid"), (-1, "proactive.normative_made"))
    report = clean_report(FORM).with_values({"proactive.normative_valid": 40, "proactive.normative_made": 0})
    assert written_terms(report, terms) == "40 - 0 = 40"
    blank = stated(FORM, CellState.BLANK, ("proactive.normative_made",), report)
    assert written_terms(blank, terms) == "40 - 空 = 40"
    assert written_terms(blank, terms[1:]) == "-空"


def test_a_blank_among_the_terms_of_two_years_is_no_finding():
    this, last = _pair()
    this = this.with_values({"proactive.normative_valid": 41, "proactive.normative_repealed": 3})
    this = stated(FORM, CellState.BLANK, ("proactive.normative_made",), this)
    last = last.with_values({"proactive.normative_valid": 31})
    assert [f for f in _found(this, last) if f[0] == "AR-Y-002"] == []
