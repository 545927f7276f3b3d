"""The list of tasks: filters, order, pages, and the same as a spreadsheet."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import Case
from tests.platform.letters.pages import log_in
from tests.platform.tasks.conftest import Units, give

from gongkai.platform.cases.models import CaseTask
from gongkai.platform.cases.selectors import task_list as lists
from gongkai.platform.cases.selectors.task_list import (
    GIVEN,
    PAGE,
    TaskFilters,
    read_task_filters,
    task_list,
)
from gongkai.platform.cases.services.tasks import Answer, answer_task, return_task

pytestmark = pytest.mark.one_database


def many(case: Case, units: Units, number: int) -> None:
    """Rows enough for several pages; as many acts would take a minute."""
    CaseTask.objects.bulk_create(
        CaseTask(
            key=f"task-{n:03}", body=case.place.body, stream=case.stream, seq=1000 + n, unit=units.water,
            kind="handle", assigned_on=TODAY, due_on=TODAY + timedelta(days=n),
        )
        for n in range(number)
    )  # fmt: skip


def test_long_lists_have_pages_in_their_order(case: Case, units: Units, county: Place) -> None:
    many(case, units, PAGE + 3)
    actor = county.actor("handler")
    first, second = task_list(actor, TaskFilters()), task_list(actor, TaskFilters(), page=2)
    assert (first.count, first.pages, len(first.rows), len(second.rows)) == (PAGE + 3, 2, PAGE, 3)
    assert first.rows[0].key == "task-000" and second.rows[-1].key == "task-052"
    assert task_list(actor, TaskFilters(sort="newest"), page=99).page == 2
    client = log_in(county, "handler")
    page = client.get("/desk/tasks/?page=2").content.decode()
    assert "第 2 页，共 2 页" in page and 'rel="prev"' in page and 'rel="next"' not in page
    assert client.get("/desk/tasks/?page=x&unit=%27&kind=<b>&sort=1&state=y").status_code == 200


def test_filters_find_what_is_late_returned_done_or_of_a_unit(
    case: Case, units: Units, county: Place
) -> None:
    water, housing = give(case, units.water, units.housing)
    (review,) = give(case, units.legal, kind="legal_review")
    clerk = county.actor("handler")
    return_task(task=housing, reason="不归本局", actor=clerk)
    answer_task(task=review, answer=Answer(result="同意", stance="agree"), actor=clerk)
    CaseTask.objects.filter(pk=water.pk).update(due_on=date(2026, 3, 2))

    def keys(**given: str) -> list[str]:
        filters = read_task_filters(given, default_view=GIVEN)
        return [row.key for row in task_list(clerk, filters).rows]

    assert keys() == keys(state="late") == [water.key]
    assert keys(state="returned") == [housing.key] and keys(state="done") == [review.key]
    assert keys(state="all", kind="legal_review") == [review.key]
    assert keys(state="all", unit=str(units.housing.pk)) == [housing.key]
    assert len(keys(state="all")) == 3 and keys(state="void") == []


def test_the_spreadsheet_has_the_rows_of_the_list(
    case: Case, units: Units, county: Place, clients: dict[str, Client]
) -> None:
    (task,) = give(case, units.water)
    CaseTask.objects.filter(pk=task.pk).update(due_on=date(2026, 3, 2))
    response = clients["handler"].get("/desk/tasks.xlsx?state=late")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[arg-type]
    assert sheet is not None
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert "水利局" in rows[-1] and "超过内部期限" in rows[-1] and "是" in rows[-1]
    assert "没有符合条件的交办" in clients["supervisor"].get("/desk/tasks/?state=done").content.decode()
    assert log_in(county, "report_author").get("/desk/tasks/").status_code == 403


def test_a_sheet_of_too_many_rows_is_refused_and_not_cut_off(
    case: Case, units: Units, county: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(case, units, 3)
    monkeypatch.setattr(lists, "MOST_EXPORTED", 2)
    answer = log_in(county, "handler").get("/desk/tasks.xlsx?kind=handle", follow=True)
    assert answer.redirect_chain[0][0] == "/desk/tasks/?kind=handle"
    assert "行数太多" in answer.content.decode()
