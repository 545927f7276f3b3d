"""How punctual units and bodies were: each number against a plain count of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import pytest
from tests.platform.boards.conftest import numbers, shown
from tests.platform.boards.office import Office, calendar_of
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.boards.tables import Value
from gongkai.platform.cases.models import CaseSummary, CaseTask, Unit

PERIODS = {
    "2025": (date(2025, 1, 1), date(2025, 12, 31)),
    "q1": (date(2026, 1, 1), date(2026, 3, 31)),
    "m02": (date(2026, 2, 1), date(2026, 2, 28)),
    "days": (date(2025, 12, 20), date(2026, 1, 10)),
}
ASKED = {
    "2025": {"year": "2025"}, "q1": {"part": "q1"}, "m02": {"year": "2026", "part": "m02"},
    "days": {"from": "2025-12-20", "to": "2026-01-10"},
}  # fmt: skip


def plain(tasks: Iterable[CaseTask], span: tuple[date, date]) -> dict[str, Value]:
    live = [one for one in tasks if one.state != "void" and one.due_on and span[0] <= one.due_on <= span[1]]
    done = [one for one in live if one.state == "done"]
    took = [calendar_of(one.body).count(one.assigned_on, one.ended_on or TODAY) for one in done]
    in_time = sum(one.ended_on <= one.due_on for one in done)  # type: ignore[operator]
    still = [one for one in live if one.state == "open"]
    over = sum(one.due_on < TODAY for one in still)  # type: ignore[operator]
    told = len(done) + over
    return {
        "due": len(live), "in_time": in_time, "late": len(done) - in_time, "open_late": over,
        "returned": sum(one.state == "returned" for one in live), "open": len(still) - over,
        "rate": Fraction(in_time, told) if told else None,
        "mean": Fraction(sum(took), len(took)) if took else None, "longest": max(took, default=None),
    }  # fmt: skip


def answered(cases: Iterable[CaseSummary], span: tuple[date, date]) -> dict[str, Value]:
    found = [
        one for one in cases if one.received_on and one.replied_on and span[0] <= one.replied_on <= span[1]
    ]
    in_time = sum(one.answered_late is False for one in found)
    late = sum(one.answered_late is True for one in found)
    return {
        "answered": len(found), "in_time": in_time, "late": late, "untold": len(found) - in_time - late,
        "rate": Fraction(in_time, in_time + late) if in_time + late else None,
    }  # fmt: skip


@pytest.mark.parametrize("period", list(PERIODS))
def test_tasks_and_answers_of_a_period_are_counted_by_their_days(one_office: Office, period: str) -> None:
    span, office = PERIODS[period], one_office
    board = shown("punctuality", office.county, **ASKED[period])
    tasks, found = office.tasks(office.county), numbers(board, "units")
    for unit in Unit.objects.filter(body=office.county.body, active=True):
        assert found[str(unit.pk)] == plain([one for one in tasks if one.unit_id == unit.pk], span)
    assert found["total"] == plain(tasks, span)
    key = office.county.body.key
    assert numbers(board, "bodies") == {key: answered(office.cases(office.county), span)}


def test_an_area_tells_of_each_body_and_of_all(office: Office) -> None:
    span = PERIODS["2025"]
    board = shown("punctuality", office.county, body="all", year="2025")
    found = numbers(board, "bodies")
    for place in (office.county, office.department):
        assert found[place.body.key] == answered(office.cases(place), span)
    assert found["total"] == answered(office.cases(office.county, office.department), span)
    assert numbers(board, "units")["total"] == plain(office.tasks(office.county, office.department), span)


def test_columns_add_up_to_the_first(office: Office) -> None:
    board = shown("punctuality", office.county, body="all", year="2025")
    for row in numbers(board, "units").values():
        parts = ("in_time", "late", "returned", "open_late", "open")
        assert row["due"] == sum(row[name] for name in parts)  # type: ignore[misc]
    for row in numbers(board, "bodies").values():
        assert row["answered"] == row["in_time"] + row["late"] + row["untold"]  # type: ignore[operator]


def test_nothing_to_tell_from_is_blank_and_a_counted_nothing_is_zero(county: Place) -> None:
    Unit.objects.create(body=county.body, key="unit-1", name="水利科")
    table = shown("punctuality", county).tables[0]
    cells = {cell.figure.column: cell for cell in table.rows[0].cells}
    assert cells["due"].value == 0 and cells["due"].is_zero and cells["due"].text == "0"
    for name in ("rate", "mean", "longest"):
        assert cells[name].value is None and cells[name].text == "" and not cells[name].is_zero
        assert not cells[name].opens


def test_a_task_done_on_its_day_took_no_working_day_and_weekends_are_none(county: Place) -> None:
    unit = Unit.objects.create(body=county.body, key="unit-1", name="水利科")
    for n, (given, ended) in enumerate(
        [
            (date(2026, 3, 2), date(2026, 3, 2)),
            (date(2026, 1, 9), date(2026, 1, 12)),
            (date(2026, 1, 9), date(2026, 1, 10)),
        ]
    ):
        CaseTask.objects.create(
            key=f"task-{n}", body=county.body, stream="case-1", seq=n + 1, unit=unit, kind="handle",
            state="done", assigned_on=given, ended_on=ended, due_on=date(2026, 3, 2),
        )  # fmt: skip
    row = numbers(shown("punctuality", county), "units")[str(unit.pk)]
    assert row["mean"] == Fraction(1, 3) and row["longest"] == 1
    cells = {one.figure.column: one for one in shown("punctuality", county).tables[0].rows[0].cells}
    assert cells["mean"].text == "0.3" and cells["rate"].text == "100.0%"


def test_days_that_no_calendar_knows_leave_mean_and_longest_blank(county: Place) -> None:
    unit = Unit.objects.create(body=county.body, key="unit-1", name="水利科")
    CaseTask.objects.create(
        key="task-1", body=county.body, stream="case-1", seq=1, unit=unit, kind="handle", state="done",
        assigned_on=date(1990, 1, 5), ended_on=date(2026, 1, 5), due_on=date(2026, 1, 9),
    )  # fmt: skip
    row = numbers(shown("punctuality", county), "units")[str(unit.pk)]
    assert row["in_time"] == 1 and row["mean"] is None and row["longest"] is None
