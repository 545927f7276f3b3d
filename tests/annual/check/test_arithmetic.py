"""Arithmetic: exactly the relations that a cell stands in fire, and nothing fires where all agrees."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.check import check
from gongkai.annual.findings import Severity, Verdict, catalogue, describe
from gongkai.annual.form import Form, builtin_forms, form_for_edition
from gongkai.annual.model import Cell, CellState, Remnant

from .support import clean_report, filled, number, report_of, stated

FORMS = builtin_forms()


def _fired(report) -> list[str]:
    return sorted(f.relation for f in check(report).findings if f.relation is not None)


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.edition)
def test_a_consistent_report_raises_no_finding_at_all(form: Form):
    assert check(clean_report(form)).findings == ()


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.edition)
def test_changing_one_cell_fires_exactly_the_relations_that_contain_it(form: Form):
    report = clean_report(form)
    for path in form.cells:
        value = number(report, path)
        assert value is not None
        changed = report.with_values({path: value + 1})
        assert _fired(changed) == sorted(r.instance for r in form.relations_of(path)), path


@settings(max_examples=25, deadline=None)
@given(rng=st.randoms(use_true_random=False), form=st.sampled_from(FORMS), largest=st.integers(0, 100_000))
def test_consistent_tables_of_any_size_never_raise_arithmetic_findings(rng, form, largest):
    report = filled(form, rng, lambda r: r.randint(0, largest))
    result = check(report)
    assert [f.relation for f in result.findings if f.relation is not None] == []
    assert all(r.verdict is Verdict.HOLDS for r in result.relations)


def test_the_message_writes_the_relation_out_in_numbers():
    form = form_for_edition("2021")
    report = report_of(form, dict.fromkeys(form.cells, 0)).with_values(
        {
            "requests.granted.natural_person": 65,
            "requests.partial.natural_person": 9,
            "requests.denied_internal.natural_person": 5,
            "requests.total.natural_person": 78,
        }
    )
    found = next(f for f in check(report).findings if f.relation == "AR-T3-002:natural_person")
    assert "65 + 9 + 5 = 79" in describe(found)
    assert "印的是 78" in describe(found)
    assert (found.expected, found.found, found.severity) == (79, 78, Severity.ERROR)
    assert found.cells[0] == "requests.total.natural_person"


def test_a_wrong_total_of_zero_over_parts_is_an_error():
    form = form_for_edition("2019")
    report = clean_report(form).with_values({"reconsideration.total": 0})
    found = [f for f in check(report).findings if f.severity is Severity.ERROR]
    assert [f.relation for f in found] == ["AR-T4-001:reconsideration"]
    assert found[0].found == 0


def test_blanks_that_fit_as_zero_are_a_note_and_no_error():
    form = form_for_edition("2021")
    report = report_of(form, dict.fromkeys(form.cells, 0))
    blank = ("requests.rejected_repeat.natural_person", "requests.rejected_repeat.total")
    result = check(stated(form, CellState.BLANK, blank, report))
    assert [(f.code, f.severity) for f in result.findings] == [("AR-V-001", Severity.NOTE)]
    verdicts = {r.relation.instance: r.verdict for r in result.relations}
    assert verdicts["AR-T3-002:natural_person"] is Verdict.HOLDS_IF_BLANK_IS_ZERO
    assert verdicts["AR-T3-002:business"] is Verdict.HOLDS


def test_blanks_that_do_not_fit_as_zero_are_a_warning_because_they_may_stand_for_more():
    form = form_for_edition("2021")
    report = clean_report(form)
    result = check(stated(form, CellState.BLANK, ("reconsideration.upheld",), report))
    found = [f for f in result.findings if f.relation is not None]
    assert [(f.code, f.severity, f.verdict) for f in found] == [
        ("AR-T0-002", Severity.WARNING, Verdict.CANNOT_TELL)
    ]


def test_parts_that_already_exceed_the_total_prove_the_error_although_a_cell_is_missing():
    form = form_for_edition("2021")
    report = clean_report(form).with_values({"reconsideration.total": 1, "reconsideration.upheld": 5})
    torn = stated(form, CellState.MISSING, ("reconsideration.pending",), report)
    assert _fired(torn) == ["AR-T4-001:reconsideration"]
    low = torn.with_values({"reconsideration.total": 500})
    assert _fired(low) == []
    verdicts = {r.relation.instance: r.verdict for r in check(low).relations}
    assert verdicts["AR-T4-001:reconsideration"] is Verdict.CANNOT_TELL


def _with_alternate_row(report, columns_off: dict[str, int]):
    """The 2021 report with one row 其他处理 printed in place of its three."""
    form = report.form
    cells = dict(report.cells)
    for alternate in form.alternates.values():
        parts = [f"requests.{row}.{alternate.column.key}" for row in alternate.row.stands_for]
        total = sum(number(report, p) for p in parts) + columns_off.get(alternate.column.key, 0)
        cells[alternate.path] = Cell(CellState.VALUE, total, str(total))
        cells.update(dict.fromkeys(parts, Cell(CellState.MISSING)))
    return replace(report, cells=MappingProxyType(cells))


def test_one_row_of_the_older_form_counts_once_in_place_of_the_three_it_stands_for():
    report = _with_alternate_row(clean_report(form_for_edition("2021")), {})
    result = check(report)
    assert all(r.verdict is Verdict.HOLDS for r in result.relations)
    assert result.findings == ()


def test_an_error_in_the_older_row_is_told_once_for_its_row_and_once_for_its_column():
    report = _with_alternate_row(clean_report(form_for_edition("2021")), {"business": 1})
    fired = [f.code for f in check(report).findings if f.severity is Severity.ERROR]
    assert sorted(fired) == ["AR-T3-002", "AR-T3-003"]


def _torn(granted: tuple[str, ...], total: tuple[str, ...]):
    """A table of which every row from the first result on prints five of seven values."""
    form = form_for_edition("2019")
    report = report_of(form, dict.fromkeys(form.cells, 0)).with_values(
        {"requests.new.natural_person": 1, "requests.new.total": 1}
    )
    columns = [p.split(".")[2] for p in form.cells if p.startswith("requests.new.")]
    rows = dict.fromkeys(p.split(".")[1] for p in form.cells if p.startswith("requests."))
    remnants, gone = [], []
    for row in rows:
        if row in ("new", "carried_in"):
            continue
        cells = tuple(f"requests.{row}.{c}" for c in columns)
        values = {"granted": granted, "total": total}.get(row, ("0",) * 5)
        values = values[:4] if row == "other" else values
        remnants.append(Remnant(cells, values))
        gone.extend(cells)
    return replace(stated(form, CellState.MISSING, tuple(gone), report), remnants=tuple(remnants))


def test_torn_rows_that_agree_under_no_choice_of_columns_are_an_error():
    found = check(_torn(("1", "0", "0", "0", "0"), ("0", "0", "0", "0", "1"))).findings
    torn = [f for f in found if f.code == "AR-T3-004"]
    assert len(torn) == 1
    assert torn[0].severity is Severity.ERROR
    assert "requests.total.natural_person" in torn[0].cells
    assert "requests.granted.natural_person" in torn[0].cells
    assert "（七）总计：0 0 0 0 1" in describe(torn[0])
    assert "（一）予以公开：1 0 0 0 0" in describe(torn[0])


def test_torn_rows_that_agree_under_some_choice_of_columns_are_left_alone():
    found = check(_torn(("1", "0", "0", "0", "1"), ("1", "0", "0", "0", "1"))).findings
    assert [f.code for f in found if f.severity is Severity.ERROR] == []


def test_every_relation_of_every_edition_has_texts_in_both_languages():
    for form in FORMS:
        for relation in (*form.relations, *form.yearly):
            entry = catalogue()[relation.id]
            for texts in (entry.title, entry.message, entry.why, entry.mend):
                assert texts["zh"] and texts["en"]
