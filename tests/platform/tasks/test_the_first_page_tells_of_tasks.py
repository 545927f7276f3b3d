"""The first page tells a department what was given to it, and the office what came back."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.platform.conftest import Place
from tests.platform.letters.conftest import Case
from tests.platform.letters.pages import log_in
from tests.platform.tasks.conftest import Units, give, on

from gongkai.platform.cases.services.tasks import return_task

pytestmark = pytest.mark.one_database
GIVEN, BACK = "交给本单位的任务有", "被承办单位退回"


def first_page(client: Client) -> str:
    return client.get("/desk/").content.decode()


def test_a_department_is_told_of_its_open_tasks_and_of_those_that_are_late(
    case: Case, units: Units, department: Place, housing: Place
) -> None:
    assert GIVEN not in first_page(log_in(department, "handler"))
    give(case, units.water, due_on=date(2026, 3, 10))
    page = first_page(log_in(department, "handler"))
    assert f"{GIVEN} 1 项没有办结" in page and "/desk/tasks/?view=ours" in page
    assert "超过了内部期限" not in page
    assert GIVEN not in first_page(log_in(housing, "handler"))
    keeper = log_in(department, "approver")
    on(date(2026, 3, 20))
    assert "其中 1 项超过了内部期限" in first_page(keeper)


def test_the_office_is_told_of_a_returned_task_until_it_is_given_to_somebody_else(
    case: Case, units: Units, housing: Place, clients: dict[str, Client]
) -> None:
    task, _other = give(case, units.housing, units.water)
    assert BACK not in first_page(clients["handler"])
    return_task(task=task, reason="由水利局组织实施", actor=housing.actor("handler"))
    page = first_page(clients["handler"])
    assert f"有 1 项任务{BACK}" in page and "/desk/tasks/?view=given&amp;state=returned" in page
    assert BACK not in first_page(log_in(housing, "handler"))
    give(case, units.water, kind="assist")
    assert BACK not in first_page(clients["handler"])
