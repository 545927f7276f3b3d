"""Which report is lived where the printed one is torn, blank or contradictory; what cannot be lived."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest
from tests.annual.check.support import clean_report, number

from gongkai.annual.form import form_for_edition
from gongkai.annual.model import Cell, CellState, Remnant, Report
from gongkai.replay import CannotReplay, Difference, target_of

from .support import lived

COLUMNS = ("natural_person", "business", "research", "public_interest", "legal_service", "other", "total")
FORM = form_for_edition("2021")


def torn(report: Report, row: str, kept: tuple[int, ...]) -> Report:
    """The report with only those values of a row printed, in no certain columns."""
    paths = tuple(f"requests.{row}.{column}" for column in COLUMNS)
    values = tuple(str(report.value(paths[at])) for at in kept)
    cells = {**report.cells, **dict.fromkeys(paths, Cell(CellState.UNREADABLE, None, " | ".join(values)))}
    remnants = (*report.remnants, Remnant(paths, values))
    return replace(report, cells=MappingProxyType(cells), remnants=remnants)


def dated(seed: int = 1) -> Report:
    """A consistent report of 2023."""
    return replace(clean_report(FORM, seed=seed), year=2023)


def test_a_consistent_report_is_its_own_target() -> None:
    report = dated()
    target = target_of(report)
    assert (target.differences, target.filled, target.free_cells) == ((), (), ())
    assert target.report.cells == report.cells


KEPT = [(0, 1, 2, 3, 6), (0, 2, 3, 5, 6), (1, 2, 3, 4, 5)]


@pytest.mark.parametrize("kept", KEPT)
def test_a_torn_row_is_put_where_nothing_contradicts_itself(kept: tuple[int, ...]) -> None:
    report = dated()
    target = target_of(torn(report, "granted", kept))
    assert target.differences == ()
    assert not target.ambiguous
    for column in COLUMNS:
        path = f"requests.granted.{column}"
        assert target.report.value(path) == report.value(path), path
    assert [filled.cell for filled in target.filled] == [f"requests.granted.{column}" for column in COLUMNS]


@pytest.mark.parametrize("kept", KEPT)
def test_torn_rows_lost_the_same_columns_and_their_parts_are_open(kept: tuple[int, ...]) -> None:
    report = dated()
    target = target_of(torn(torn(report, "granted", kept), "partial", kept))
    assert target.differences == ()
    assert target.ambiguous
    for at, column in enumerate(COLUMNS):
        granted, partial = (f"requests.{row}.{column}" for row in ("granted", "partial"))
        now, then = target.report, report
        if at in kept:
            assert (now.value(granted), now.value(partial)) == (then.value(granted), then.value(partial))
        assert number(now, granted) + number(now, partial) == number(then, granted) + number(then, partial)


def test_a_cell_that_was_not_printed_is_worked_out() -> None:
    report = dated()
    path = "requests.granted.business"
    missing = replace(report, cells=MappingProxyType({**report.cells, path: Cell(CellState.MISSING)}))
    target = target_of(missing)
    assert target.report.value(path) == report.value(path)
    (filled,) = target.filled
    assert (filled.cell, filled.state) == (path, CellState.MISSING)


def test_blanks_of_requests_are_zero_and_of_documents_stay_free() -> None:
    zeros = {f"requests.{row}.{c}": 0 for row in ("new", "carried_in") for c in COLUMNS}
    report = dated().with_values(dict.fromkeys(FORM.cells, 0) | zeros)
    blank = report.with_values({"requests.granted.business": None, "proactive.normative_valid": None})
    target = target_of(blank)
    assert [filled.cell for filled in target.filled] == ["requests.granted.business"]
    assert target.report.value("requests.granted.business") == 0
    assert target.free_cells == ("proactive.normative_valid",)


def test_a_wrong_total_is_named_and_replaced() -> None:
    report = dated()
    right = int(report.value("requests.total.total") or 0)
    target = target_of(report.with_values({"requests.total.total": right + 1}))
    assert target.differences == (Difference("requests.total.total", right + 1, right),)


def test_a_blank_that_must_hold_a_number_is_a_difference() -> None:
    report = dated()
    path = "reconsideration.upheld"
    target = target_of(report.with_values({path: None}))
    assert len(target.differences) == 1
    (difference,) = target.differences
    assert difference.cell.startswith("reconsideration.")


def test_a_report_without_year_cannot_be_lived() -> None:
    with pytest.raises(CannotReplay) as caught:
        lived(replace(dated(), year=None))
    assert caught.value.code == "no_year"


def test_a_year_without_law_cannot_be_lived() -> None:
    with pytest.raises(CannotReplay) as caught:
        lived(replace(dated(), year=1990))
    assert caught.value.code == "no_rule"


def test_half_a_decision_cannot_be_lived() -> None:
    with pytest.raises(CannotReplay) as caught:
        lived(dated().with_values({"proactive.licensing": Decimal("2.5")}))
    assert caught.value.code == "not_whole"
    assert caught.value.values["cell"] == "proactive.licensing"
