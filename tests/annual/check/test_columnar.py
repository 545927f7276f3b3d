"""The relations over columns give the same verdicts as the check of one report, and do so fast."""

import json
import time
from dataclasses import replace
from types import MappingProxyType

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.check.columnar import verdicts
from gongkai.annual.form import Form, builtin_forms, form_for_edition
from gongkai.annual.model import Cell, CellState, Report
from gongkai.annual.relations import evaluate_all

from .support import Dice, clean_report, filled, number

EMPTY_STATES = (CellState.BLANK, CellState.MISSING, CellState.UNREADABLE, CellState.NOT_APPLICABLE)


def _frame(reports: list[Report]) -> pl.DataFrame:
    """Reports as rows of a corpus file: a column a cell, and the states of cells without a number."""
    paths = dict.fromkeys(p for f in builtin_forms() for p in (*f.cells, *f.alternates))
    rows = []
    for index, report in enumerate(reports):
        known = (*report.form.cells, *(p for p in report.form.alternates if p in report.cells))
        states = {p: report.cell(p).state.value for p in known if report.cell(p).value is None}
        values = {p: c.value for p, c in report.cells.items()}
        rows.append(
            {"source": str(index), "form": report.form.edition, "cell_states": json.dumps(states)}
            | {p: values.get(p) for p in paths}
        )
    schema = {"source": pl.String, "form": pl.String, "cell_states": pl.String} | dict.fromkeys(
        paths, pl.Int64
    )
    return pl.DataFrame(rows, schema=schema)


def _scalar(report: Report) -> dict[str, str]:
    return {e.relation.instance: e.verdict.value for e in evaluate_all(report)}


def _damaged(form: Form, seed: int) -> Report:
    """A consistent report with some cells changed, emptied, or replaced by the older form's row."""
    rng = Dice(seed)
    report = filled(form, rng, lambda r: r.choice((0, 0, 1, 5)))
    cells = dict(report.cells)
    if rng.random() < 0.5:
        for alternate in form.alternates.values():
            parts = [f"requests.{row}.{alternate.column.key}" for row in alternate.row.stands_for]
            total = sum(number(report, p) for p in parts)
            state = rng.choice((CellState.VALUE, CellState.VALUE, *EMPTY_STATES))
            value = total if state is CellState.VALUE else None
            cells[alternate.path] = Cell(state, value)
            if rng.random() < 0.9:
                cells.update(dict.fromkeys(parts, Cell(CellState.MISSING)))
    for path in rng.sample(sorted(cells), rng.choice((0, 1, 3, 20))):
        state = rng.choice((CellState.VALUE, *EMPTY_STATES))
        cells[path] = Cell(state, rng.randint(0, 9) if state is CellState.VALUE else None)
    return replace(report, cells=MappingProxyType(cells))


@settings(max_examples=15, deadline=None)
@given(seeds=st.lists(st.integers(0, 10**6), min_size=4, max_size=12), form=st.sampled_from(builtin_forms()))
def test_columns_and_single_reports_give_the_same_verdict_for_every_relation(seeds, form):
    reports = [_damaged(form, seed) for seed in seeds]
    result = verdicts(_frame(reports), form).to_dicts()
    for row, report in zip(result, reports, strict=True):
        assert {k: v for k, v in row.items() if k != "source"} == _scalar(report)


def test_only_reports_of_the_edition_are_evaluated_and_keys_are_kept():
    old, new = form_for_edition("2019"), form_for_edition("2021")
    frame = _frame([clean_report(old), clean_report(new), clean_report(old, seed=5)])
    result = verdicts(frame, old, keys=("source", "form"))
    assert result["source"].to_list() == ["0", "2"]
    assert result.columns == ["source", "form", *(r.instance for r in old.relations)]


def test_a_column_that_the_file_lacks_counts_as_missing_cells():
    form = form_for_edition("2021")
    frame = _frame([clean_report(form)]).drop("reconsideration.pending")
    assert verdicts(frame, form)["AR-T4-001:reconsideration"].to_list() == ["cannot_tell"]


@pytest.mark.parametrize("form", builtin_forms(), ids=lambda f: f.edition)
def test_a_hundred_thousand_reports_take_seconds(form: Form):
    wrong = clean_report(form).with_values({"reconsideration.total": 999})
    frame = _frame([clean_report(form), wrong])
    many = frame[[0, 1] * 50_000]
    started = time.perf_counter()
    result = verdicts(many, form)
    elapsed = time.perf_counter() - started
    assert (result["AR-T4-001:reconsideration"] == "fails").sum() == 50_000
    # Generous: it takes about one second on a small machine.
    assert elapsed < 15, elapsed
