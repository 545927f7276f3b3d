"""Every number opens exactly what it counts, to each as far as they may read."""

from __future__ import annotations

import pytest
from tests.platform.boards.conftest import numbers, scope_of, shown
from tests.platform.boards.office import Office, hide
from tests.platform.conftest import Place

from gongkai.platform.cases.boards.boards import BOARDS, NoSuchFigure, behind, board
from gongkai.platform.cases.boards.scope import BadFilters, Scope
from gongkai.platform.cases.models import CaseSummary, CaseTask
from gongkai.platform.core.permissions import Act, NotPermitted

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere


def opened(key: str, scope: Scope) -> dict[str, tuple[object, int]]:
    """Of the numbers of a board that can be opened: value, and how many things the list has.

    Of each table the total and the first row: the others are made as these are.
    """
    found: dict[str, tuple[object, int]] = {}
    for table in board(key, scope).tables:
        for row in (*table.rows[:1], *table.all_rows[-1:]):
            for cell in row.cells:
                if cell.opens:
                    listed = behind(key, table.key, row.key, cell.figure.column, scope)
                    assert listed.number == listed.shown == len(list(listed.found)) and not listed.hidden
                    found[f"{table.key} {row.key} {cell.figure.id}"] = (cell.value, listed.number)
    return found


@pytest.mark.parametrize("key", ["now", "punctuality", "workload"])
def test_a_count_opens_as_many_as_it_says(one_office: Office, key: str) -> None:
    found = opened(key, scope_of(one_office.county, body="all", part="q1"))
    assert len(found) > 10
    for name, (value, listed) in found.items():
        if name.rpartition(".")[2] not in ("oldest", "rate", "mean", "longest"):
            assert listed == value, name
        else:
            assert listed, name


def test_what_is_worked_out_opens_what_it_is_worked_out_from(one_office: Office) -> None:
    scope = scope_of(one_office.county, year="2025")
    row = numbers(board("punctuality", scope), "units")["total"]

    def listed(column: str) -> int:
        return behind("punctuality", "units", "total", column, scope).number

    assert listed("mean") == listed("longest") == row["in_time"] + row["late"]  # type: ignore[operator]
    assert listed("rate") == row["in_time"] + row["late"] + row["open_late"]  # type: ignore[operator]


def test_a_sensitive_case_is_counted_for_all_and_listed_to_its_reader(one_office: Office) -> None:
    county = one_office.county
    case = CaseSummary.objects.filter(body=county.body, open=True).first()
    assert case is not None
    before = numbers(shown("now", county), "people")["total"]["open"]
    hide(case, county.seats["approver"])
    scope = scope_of(county)
    assert numbers(board("now", scope), "people")["total"]["open"] == before
    listed = behind("now", "people", "total", "open", scope)
    assert (listed.number, listed.hidden) == (before, 1)
    assert case.stream not in {row.stream for row in listed.page(0, 1000)}  # type: ignore[union-attr]
    reader = behind("now", "people", "total", "open", scope_of(county, "approver"))
    assert reader.hidden == 0 and case.stream in {row.stream for row in reader.page(0, 1000)}  # type: ignore[union-attr]


def test_tasks_of_a_sensitive_case_are_counted_and_not_listed(one_office: Office) -> None:
    county = one_office.county
    task = CaseTask.objects.filter(body=county.body, state="open").first()
    assert task is not None
    hide(CaseSummary.objects.get(stream=task.stream), county.seats["approver"])
    of_case = CaseTask.objects.filter(stream=task.stream, state="open").count()
    listed = behind("now", "units", "total", "open", scope_of(county))
    assert listed.hidden == of_case and task.key not in {row.key for row in listed.page(0, 1000)}  # type: ignore[union-attr]


def test_who_sees_the_own_body_alone_asks_for_no_other(one_office: Office) -> None:
    county, department, foreign = one_office.county, one_office.department, one_office.foreign
    for role in ("receiving_clerk", "handler", "approver", "report_author"):
        assert shown("now", county, role).scope.bodies == (county.body,)
        with pytest.raises(BadFilters) as bad:
            scope_of(county, role, body=department.body.key)
        assert list(bad.value.errors) == ["body"]
        assert [body.key for body in scope_of(county, role, body="all").bodies] == [county.body.key]
    for other in (foreign.body.key, "body-none"):
        with pytest.raises(BadFilters):
            scope_of(county, body=other)
    with pytest.raises(BadFilters):
        scope_of(department, body=county.body.key)


@pytest.mark.parametrize("role", ["editor", "audit_administrator", "system_administrator"])
def test_who_may_see_no_case_sees_no_board(one_office: Office, role: str) -> None:
    with pytest.raises(BadFilters):
        scope_of(one_office.county, role)
    somebody = one_office.county.actor(role)
    known = scope_of(one_office.county)
    for key in BOARDS:
        with pytest.raises(NotPermitted):
            board(key, Scope(somebody, known.bodies, known.area, known.period))


def test_numbers_that_there_are_not_open_nothing(county: Place) -> None:
    scope = scope_of(county)
    for key, table, row, column in (
        ("nothing", "people", "total", "open"), ("now", "nothing", "total", "open"),
        ("now", "people", "nobody-at-all", "open"), ("now", "people", "total", "nothing"),
        ("now", "units", "total", "paused"), ("revocations", "causes", "nothing", "all"),
    ):  # fmt: skip
        with pytest.raises(NoSuchFigure):
            behind(key, table, row, column, scope, act=Act.CASE_EXPORT)
