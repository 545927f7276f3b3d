"""What is open now, by body, person, turn and unit: each number against a plain count of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from tests.platform.boards.conftest import numbers, shown
from tests.platform.boards.office import Office, calendar_of, handler
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.boards.tables import Value
from gongkai.platform.cases.models import CaseDesk, CaseSummary, CaseTask, TaskState
from gongkai.platform.cases.posting.warning import warn_days_of
from gongkai.platform.cases.projection import on_a_day
from gongkai.platform.cases.task_rules import inner_period
from gongkai.platform.core.models import Body
from gongkai.platform.core.rest import rest
from gongkai.platform.core.services.absences import enter_absence

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere


def standing(case: CaseSummary) -> str:
    """Of which colour a case is, worked out row by row."""
    if on_a_day(case, TODAY).paused:
        return "paused"
    day, body = case.next_due_on, case.body
    if day is None:
        return "rest"
    left = rest(day, TODAY, calendar_of(body))
    near = left.working_days is not None and left.working_days <= warn_days_of([body])[body.key]
    return "overdue" if day < TODAY else "near" if near else "rest"


def counted(cases: Iterable[CaseSummary]) -> dict[str, Value]:
    found: dict[str, Value] = dict.fromkeys(("open", "overdue", "near", "rest", "paused"), 0)
    rows = [case for case in cases if case.open]
    for case in rows:
        found[standing(case)] = found[standing(case)] + 1  # type: ignore[operator]
    found["open"] = len(rows)
    found["oldest"] = min((case.received_on for case in rows if case.received_on), default=None)
    return found


def task_standing(task: CaseTask, body: Body) -> str:
    if task.due_on is None:
        return "rest"
    left = rest(task.due_on, TODAY, calendar_of(body))
    near = left.working_days is not None and left.working_days <= inner_period(body, TODAY).warn_days
    return "overdue" if task.due_on < TODAY else "near" if near else "rest"


def counted_tasks(tasks: Iterable[CaseTask]) -> dict[str, Value]:
    rows = [task for task in tasks if task.state == TaskState.OPEN]
    colours = [task_standing(task, task.body) for task in rows]
    found: dict[str, Value] = {name: colours.count(name) for name in ("overdue", "near", "rest")}
    return {**found, "open": len(rows), "oldest": min((task.assigned_on for task in rows), default=None)}


def test_by_person_each_open_case_is_in_one_row_and_one_colour(office: Office) -> None:
    cases = office.cases(office.county)
    holders = dict(CaseDesk.objects.values_list("stream", "handler"))
    found = numbers(shown("now", office.county), "people")
    for seat in (
        office.county.seats["handler"].pk,
        office.second.pk,
        office.county.seats["receiving_clerk"].pk,
    ):
        assert found[seat] == counted(case for case in cases if holders.get(case.stream) == seat)
    nobody = found[f"nobody.{office.county.body.key}"]
    assert nobody == counted(case for case in cases if holders.get(case.stream) is None)
    assert found["total"] == counted(cases) and len(found) == 5
    for row in found.values():
        assert row["open"] == sum(row[name] for name in ("overdue", "near", "rest", "paused"))  # type: ignore[misc]


def test_whose_turn_it_is_is_told_of_each_case_once(office: Office) -> None:
    cases = office.cases(office.county)
    found = numbers(shown("now", office.county), "turns")
    assert found["total"] == counted(cases)
    waiting = {case.stream: on_a_day(case, TODAY).waits_for for case in cases if case.open}
    for who in ("applicant", "third_party", "co_maker", "agency"):
        assert found[who] == counted(case for case in cases if waiting.get(case.stream) == who), who
    ours = [case for case in cases if waiting.get(case.stream) == "organ"]
    assert found["confirm"] == counted(case for case in ours if case.phase == "submitted")
    assert found["sent"] == counted(case for case in ours if case.service == "sent")
    assert found["send"] == counted(case for case in ours if case.service in ("to_send", "returned"))
    assert sum(row["open"] for key, row in found.items() if key != "total") == found["total"]["open"]  # type: ignore[misc]


def test_by_unit_tasks_are_told_apart_and_a_pause_does_not_apply(office: Office) -> None:
    board = shown("now", office.county)
    found = numbers(board, "units")
    tasks = office.tasks(office.county)
    for unit in {task.unit_id for task in tasks}:
        assert found[str(unit)] == counted_tasks(task for task in tasks if task.unit_id == unit)
    assert found["total"] == counted_tasks(tasks)
    # A unit with nothing to do is there with zeros, one that is out of use is not.
    assert len(found) == 4 and sorted(row["open"] == 0 for row in found.values()).count(True) >= 1
    table = next(one for one in board.tables if one.key == "units")
    assert {cell.figure.column for row in table.all_rows for cell in row.cells if not cell.applies} == {
        "paused"
    }


def test_an_area_adds_the_bodies_each_with_its_own_warning_days(office: Office) -> None:
    places = {place.body.key: place for place in (office.county, office.department)}
    board = shown("now", office.county, body="all")
    found = numbers(board, "bodies")
    assert set(found) == {*places, "total"}
    for key, place in places.items():
        assert found[key] == counted(office.cases(place))
    everything = counted(office.cases(*places.values()))
    assert (
        found["total"] == everything == numbers(board, "people")["total"] == numbers(board, "turns")["total"]
    )
    assert numbers(board, "units")["total"] == counted_tasks(office.tasks(*places.values()))
    one = shown("now", office.county, body=office.department.body.key)
    assert numbers(one, "people")["total"] == counted(office.cases(office.department))


def test_a_date_moves_from_one_colour_to_the_next_day_by_day(county: Place) -> None:
    """2026-03-03 is a Tuesday; a body without a setting warns one working day before."""
    case = CaseSummary.objects.create(
        stream="case-1", body=county.body, phase="handling", waits_for="organ", received_on=TODAY,
        last_seq=1, last_position=1,
    )  # fmt: skip
    colours = {-1: "overdue", 0: "near", 1: "near", 2: "rest"}
    for days, colour in colours.items():
        CaseSummary.objects.filter(pk=case.pk).update(next_due_on=TODAY + timedelta(days=days))
        row = numbers(shown("now", county), "people")["total"]
        assert {name for name in ("overdue", "near", "rest", "paused") if row[name]} == {colour}, days


def test_who_is_away_is_named_with_who_stands_in(county: Place) -> None:
    away, deputy = county.seats["handler"], handler(county.body, "王五")
    enter_absence(seat=away, deputy=deputy, first=TODAY, last=TODAY, actor=county.actor("approver"))
    alone = handler(county.body, "赵六")
    enter_absence(seat=alone, deputy=None, first=TODAY, last=TODAY, actor=county.actor("approver"))
    table = next(one for one in shown("now", county).tables if one.key == "people")
    subs = {row.key: row.sub for row in table.rows}
    assert subs[away.pk] == "不在岗，王五 代理"
    assert subs[alone.pk] == "不在岗，没有人代理"
    assert subs[deputy.pk] == ""


def test_a_case_of_somebody_who_left_is_still_somebody_s(county: Place) -> None:
    gone = handler(county.body, "钱七")
    gone.valid_until = TODAY
    gone.save()
    CaseSummary.objects.create(
        stream="case-1", body=county.body, phase="handling", waits_for="organ", received_on=TODAY,
        last_seq=1, last_position=1,
    )  # fmt: skip
    CaseDesk.objects.create(stream="case-1", body=county.body, handler=gone)
    table = next(one for one in shown("now", county).tables if one.key == "people")
    row = next(row for row in table.rows if row.key == gone.pk)
    assert row.sub == "已离开这个岗位" and row.cells[0].value == 1
