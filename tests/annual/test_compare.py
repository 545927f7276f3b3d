"""Two reports set against each other: every difference once, and nothing where they agree."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.compare import ChangeKind, compare
from gongkai.annual.findings import Verdict
from gongkai.annual.form import builtin_forms, form_for_edition
from gongkai.annual.model import CellState

from .check.support import clean_report, number, stated

FORM = form_for_edition("2021")
REPORT = clean_report(FORM)


def _with_text(text: str, section: str = "1"):
    return replace(REPORT, sections=MappingProxyType({**REPORT.sections, section: text}))


def test_a_report_does_not_differ_from_itself():
    for form in builtin_forms():
        report = clean_report(form)
        result = compare(report, report)
        assert (result.cells, result.texts, result.only_first, result.only_second) == ((), (), (), ())
        assert result.same_tables
        assert result.compared == len(form.cells)
        assert result.yearly == ()


@settings(max_examples=20, deadline=None)
@given(
    changes=st.dictionaries(st.sampled_from(sorted(FORM.cells)), st.integers(1, 50), min_size=1, max_size=6)
)
def test_exactly_the_changed_cells_are_listed_with_their_difference(changes):
    second = REPORT.with_values({p: number(REPORT, p) + by for p, by in changes.items()})
    result = compare(REPORT, second)
    assert {d.path: d.difference for d in result.cells} == changes
    order = list(FORM.cells)
    assert [d.path for d in result.cells] == sorted(changes, key=order.index)


def test_blank_and_zero_differ_and_have_no_difference_in_numbers():
    zero = REPORT.with_values({"proactive.licensing": 0})
    blank = stated(FORM, CellState.BLANK, ("proactive.licensing",), REPORT)
    result = compare(zero, blank)
    assert [(d.path, d.difference) for d in result.cells] == [("proactive.licensing", None)]
    assert (result.cells[0].first.state, result.cells[0].second.state) == (CellState.VALUE, CellState.BLANK)


def test_reports_of_two_editions_are_compared_where_both_have_the_cell():
    old = clean_report(form_for_edition("2019"))
    result = compare(old, REPORT)
    assert not result.same_edition
    assert "requests.other.total" in result.only_first
    assert "requests.other_unpaid.total" in result.only_second
    assert result.compared + len(result.only_first) == len(old.form.cells)
    assert result.compared + len(result.only_second) == len(FORM.cells)


def test_sentences_added_removed_and_changed_are_told_with_their_places():
    first = _with_text("公开信息10条。办理留言5件。举办活动1次。")
    second = _with_text("公开信息12条。举办活动1次。新设查阅点2处。")
    result = compare(first, second)
    assert [(d.kind, d.first, d.second) for d in result.texts] == [
        (ChangeKind.CHANGED, "公开信息10条。办理留言5件。", "公开信息12条。"),
        (ChangeKind.ADDED, "", "新设查阅点2处。"),
    ]
    span = result.texts[1].second_span
    assert span is not None
    assert second.sections["1"][span.start : span.end] == "新设查阅点2处。"
    back = compare(second, first)
    assert [d.kind for d in back.texts] == [ChangeKind.CHANGED, ChangeKind.REMOVED]


def test_widths_spaces_and_punctuation_make_no_difference_but_a_decimal_point_does():
    first = _with_text("增长62.7%，办理 ５ 件。")
    assert compare(first, _with_text("增长62.7％, 办理5件。")).texts == ()
    assert len(compare(first, _with_text("增长627%，办理5件。")).texts) == 1


def test_sections_that_one_report_lacks_are_named():
    sections = {k: v for k, v in REPORT.sections.items() if k != "6"}
    shorter = replace(REPORT, sections=MappingProxyType(sections))
    assert compare(REPORT, shorter).sections_only_first == ("6",)
    assert compare(shorter, REPORT).sections_only_second == ("6",)


def test_two_years_that_follow_on_carry_the_relations_between_years_in_either_order():
    last = replace(REPORT, year=2021)
    this = replace(clean_report(FORM, seed=4), year=2022)
    value = number(last, "requests.carried_out.business")
    this = this.with_values({"requests.carried_in.business": value})
    for result in (compare(last, this), compare(this, last)):
        verdicts = {e.relation.instance: e.verdict for e in result.yearly}
        assert verdicts["AR-Y-001:business"] is Verdict.HOLDS
        assert len(verdicts) == len(FORM.yearly)
    assert compare(last, replace(this, year=2024)).yearly == ()
