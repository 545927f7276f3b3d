"""The smallest repairs: all of them, exactly, in a fixed order, and never more than proposed."""

from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.findings import Verdict
from gongkai.annual.form import builtin_forms, form_for_edition, parse_form
from gongkai.annual.localise import localise
from gongkai.annual.localise.problem import problems
from gongkai.annual.model import Cell, CellState, Report
from gongkai.annual.relations import evaluate_all

from .check.support import Dice, clean_report, filled, number, report_of, stated

COLUMNS = ("natural_person", "business", "research", "public_interest", "legal_service", "other", "total")

# A published table of 2019 in which the natural persons' results add to 87 over a printed 86, and the
# totals to 158 over 157; everything else agrees.
PUBLISHED = {
    "new": (84, 1, 0, 0, 57, 13, 155),
    "carried_in": (2, 0, 0, 0, 0, 0, 2),
    "granted": (65, 0, 0, 0, 40, 7, 112),
    "partial": (9, 1, 0, 0, 5, 0, 15),
    "denied_state_secret": (5, 0, 0, 0, 8, 0, 13),
    "denied_internal": (2, 0, 0, 0, 0, 0, 2),
    "unavailable_not_held": (4, 0, 0, 0, 3, 1, 8),
    "unavailable_needs_creation": (0, 0, 0, 0, 1, 0, 1),
    "rejected_petition": (1, 0, 0, 0, 0, 5, 6),
    "rejected_repeat": (1, 0, 0, 0, 0, 0, 1),
    "total": (86, 1, 0, 0, 57, 13, 157),
}

SMALL = """
edition: "small"
label: {zh: 小表, en: small}
instrument: {number: x}
in_force: {first_year: 2031}
sections: [{id: "1", label: 总体情况}]
grids:
  - id: t
    number: 3
    section: "1"
    title: 小表
    blocks:
      - cell: t.{row}.{column}
        columns: [{key: a, labels: [甲]}, {key: b, labels: [乙]}, {key: total, labels: [总计], total: true}]
        rows: [{key: x, labels: [子]}, {key: y, labels: [丑]}, {key: total, labels: [合计], total: true}]
relations:
  - id: AR-T3-101
    title: {zh: 行, en: row}
    each: {r: [x, y, total]}
    left: ["t.{r}.total"]
    right: ["t.{r}.a", "t.{r}.b"]
  - id: AR-T3-102
    title: {zh: 列, en: column}
    each: {c: [a, b, total]}
    left: ["t.total.{c}"]
    right: ["t.x.{c}", "t.y.{c}"]
"""


def _published() -> Report:
    form = form_for_edition("2019")
    values = {f"requests.{r}.{c}": v for r, vs in PUBLISHED.items() for c, v in zip(COLUMNS, vs, strict=True)}
    return report_of(form, dict.fromkeys(form.cells, 0)).with_values(values)


def _holds(report: Report) -> bool:
    settled = (Verdict.HOLDS, Verdict.HOLDS_IF_BLANK_IS_ZERO)
    return all(e.verdict in settled for e in evaluate_all(report))


def _repaired(report: Report, repair) -> Report:
    return report.with_values({c.path: c.proposed for c in repair.changes})


def test_two_columns_off_by_one_have_seven_repairs_of_two_cells_and_are_called_ambiguous():
    result = localise(_published())
    assert (result.cells, result.ambiguous, result.complete) == (2, True, True)
    rows = ("granted", "partial", "denied_state_secret", "denied_internal", "unavailable_not_held")
    rows = (*rows, "rejected_petition", "rejected_repeat")
    assert [tuple(c.path for c in r.changes) for r in result.repairs] == [
        (f"requests.{row}.natural_person", f"requests.{row}.total") for row in rows
    ]
    assert all(c.found == c.proposed + 1 for r in result.repairs for c in r.changes)
    assert all(_holds(_repaired(_published(), r)) for r in result.repairs)


def test_the_listing_stops_at_the_limit_and_says_so():
    result = localise(_published(), limit=3)
    assert len(result.repairs) == 3
    assert (result.complete, result.ambiguous) == (False, True)


def test_a_bound_too_short_to_prove_anything_gives_no_repair():
    result = localise(_published(), seconds=0)
    assert (result.repairs, result.cells, result.complete) == ((), 0, False)


def test_two_runs_give_the_same_repairs_in_the_same_order():
    assert localise(_published()) == localise(_published())


@pytest.mark.parametrize("form", builtin_forms(), ids=lambda f: f.edition)
def test_a_report_in_which_everything_holds_needs_no_repair(form):
    result = localise(clean_report(form))
    assert (result.repairs, result.cells, result.ambiguous, result.complete) == ((), 0, False, True)


def test_one_wrong_cell_that_two_relations_cross_is_found_alone():
    report = clean_report(form_for_edition("2021"))
    value = number(report, "requests.partial.business")
    result = localise(report.with_values({"requests.partial.business": value + 30}))
    assert (result.cells, result.ambiguous) == (1, False)
    change = result.repairs[0].changes[0]
    assert (change.path, change.found, change.proposed) == ("requests.partial.business", value + 30, value)


def test_a_total_is_suspected_before_the_parts_among_repairs_of_one_size():
    report = clean_report(form_for_edition("2021"))
    total = number(report, "reconsideration.total")
    result = localise(report.with_values({"reconsideration.total": total + 2}))
    assert [r.changes[0].path for r in result.repairs] == [
        "reconsideration.total",
        "reconsideration.upheld",
        "reconsideration.corrected",
        "reconsideration.other",
        "reconsideration.pending",
    ]


def test_no_repair_makes_a_count_negative():
    form = form_for_edition("2021")
    report = report_of(form, dict.fromkeys(form.cells, 0)).with_values({"reconsideration.upheld": 3})
    result = localise(report)
    assert {c.path for r in result.repairs for c in r.changes} == {
        "reconsideration.total",
        "reconsideration.upheld",
    }


def test_a_blank_may_be_what_is_wrong_and_is_proposed_like_any_cell():
    form = form_for_edition("2021")
    report = clean_report(form)
    blank = stated(form, CellState.BLANK, ("requests.partial.business",), report)
    result = localise(blank)
    assert result.cells == 1
    change = result.repairs[0].changes[0]
    assert (change.path, change.found) == ("requests.partial.business", None)
    assert change.proposed == number(report, "requests.partial.business")


def test_missing_cells_take_what_is_lacking_and_nothing_is_proposed_for_them():
    form = form_for_edition("2021")
    gone = ("requests.partial.business", "requests.granted.research", "reconsideration.total")
    result = localise(stated(form, CellState.MISSING, gone, clean_report(form)))
    assert (result.repairs, result.cells, result.complete) == ((), 0, True)


def test_independent_errors_are_combined_into_whole_repairs():
    report = clean_report(form_for_edition("2021"))
    report = report.with_values(
        {
            "reconsideration.total": number(report, "reconsideration.total") + 1,
            "requests.partial.business": number(report, "requests.partial.business") + 7,
        }
    )
    result = localise(report)
    assert result.cells == 2
    assert len(result.repairs) == 5
    assert all("requests.partial.business" in [c.path for c in r.changes] for r in result.repairs)
    assert all(_holds(_repaired(report, r)) for r in result.repairs)


def test_the_alternate_row_takes_part_in_place_of_the_rows_it_stands_for():
    report = clean_report(form_for_edition("2021"))
    cells = dict(report.cells)
    for alternate in report.form.alternates.values():
        parts = [f"requests.{row}.{alternate.column.key}" for row in alternate.row.stands_for]
        cells[alternate.path] = Cell(CellState.VALUE, sum(number(report, p) for p in parts))
        cells.update(dict.fromkeys(parts, Cell(CellState.MISSING)))
    printed = replace(report, cells=MappingProxyType(cells))
    assert localise(printed).cells == 0
    wrong = printed.with_values({"requests.other.business": number(printed, "requests.other.business") + 2})
    assert [c.path for c in localise(wrong).repairs[0].changes] == ["requests.other.business"]


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), form=st.sampled_from(builtin_forms()), errors=st.integers(1, 4))
def test_every_repair_of_a_damaged_report_makes_every_relation_hold(seed, form, errors):
    rng = Dice(seed)
    report = filled(form, rng, lambda r: r.choice((0, 0, 0, 1, 3, 40)))
    paths = sorted(p for r in form.relations for p in r.cells)
    damaged = report.with_values({p: rng.randint(0, 60) for p in rng.sample(paths, errors)})
    result = localise(damaged, limit=5)
    assert result.cells <= errors
    assert (result.cells == 0) is _holds(damaged)
    for repair in result.repairs:
        assert len(repair.changes) == result.cells
        assert all(c.found != c.proposed for c in repair.changes)
        assert _holds(_repaired(damaged, repair))


def _all_smallest_by_trying(report: Report) -> set[frozenset[str]]:
    """Every smallest set of cells that can be given small numbers so that all holds, by brute force."""
    from itertools import product

    paths = list(report.form.cells)
    for size in range(len(paths) + 1):
        found = set()
        for chosen in combinations(paths, size):
            for values in product(range(9), repeat=size):
                if _holds(report.with_values(dict(zip(chosen, values, strict=True)))):
                    found.add(frozenset(chosen))
                    break
        if found:
            return found
    return set()


@settings(max_examples=8, deadline=None)
@given(
    parts=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    errors=st.dictionaries(st.integers(0, 8), st.integers(0, 3), max_size=2),
)
def test_on_a_small_table_exactly_the_repairs_found_by_trying_all_are_listed(parts, errors):
    form = parse_form(SMALL, name="small.yaml")
    a, b, c, d = parts
    values = [a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d]
    for index, value in errors.items():
        values[index] = value
    report = Report(form, {p: Cell(CellState.VALUE, v) for p, v in zip(form.cells, values, strict=True)})
    result = localise(report, limit=200)
    assert result.complete
    listed = [frozenset(c.path for c in r.changes) for r in result.repairs] or [frozenset[str]()]
    assert len(set(listed)) == len(listed)
    assert set(listed) == _all_smallest_by_trying(report)


def test_components_without_a_fault_are_not_solved():
    report = clean_report(form_for_edition("2021")).with_values({"reconsideration.total": 999})
    found = list(problems(report))
    assert len(found) == 1
    assert {v.path.split(".")[0] for v in found[0].variables} == {"reconsideration"}
