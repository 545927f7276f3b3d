"""Of a sensitive case a unit reads what the office wrote to it, and nothing of the case; it can answer."""

from __future__ import annotations

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import ITEM, Case
from tests.platform.letters.pages import log_in
from tests.platform.tasks.conftest import Units, give

from gongkai.platform.cases.case_view import NoSuchCase
from gongkai.platform.cases.models import CaseSummary, CaseTask
from gongkai.platform.cases.selectors.task_list import GIVEN, OURS, TaskFilters, exported_tasks, task_list
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.cases.services.tasks import Search, note_disagreement, record_search, remind

pytestmark = pytest.mark.one_database


def test_a_unit_answers_without_reading_the_case(
    case: Case, units: Units, county: Place, department: Place
) -> None:
    (task,) = give(case, units.water, wanted="请核对所附清单")
    flagging = Flagging(reason="涉及重大项目", readers=[county.seats["approver"].key])
    flag_case(body=county.body, stream=case.stream, flagging=flagging, actor=county.actor("approver"))
    number = CaseSummary.objects.get(stream=case.stream).number
    client, url = log_in(department, "handler"), f"/desk/tasks/{task.key}/"
    for shown in (client.get(url), client.get("/desk/tasks/?view=ours")):
        text = shown.content.decode()
        assert ITEM.description not in text and number not in text
    assert "请核对所附清单" in client.get(url).content.decode()
    assert "限定了知悉范围" in client.get(url).content.decode()
    (row,) = exported_tasks(department.actor("handler"), TaskFilters(view=OURS))
    assert (row.title, row.number) == ("", "")
    client.post(url, {"step": "answer", "result": "已核对"})
    task.refresh_from_db()
    assert task.state == "done" and task.signed_by == department.seats["handler"]


def test_who_is_no_reader_sees_no_task_of_it_and_does_nothing_with_it(
    case: Case, units: Units, county: Place
) -> None:
    (task,) = give(case, units.water)
    flagging = Flagging(reason="涉及重大项目", readers=[county.seats["approver"].key])
    flag_case(body=county.body, stream=case.stream, flagging=flagging, actor=county.actor("approver"))
    other = county.actor("receiving_clerk")
    assert task_list(other, TaskFilters(view=GIVEN)).count == 0
    assert task_list(county.actor("approver"), TaskFilters(view=GIVEN)).count == 1
    client = log_in(county, "receiving_clerk")
    assert client.get(f"/desk/tasks/{task.key}/").status_code == 404
    assert client.post(f"/desk/tasks/{task.key}/", {"step": "remind"}).status_code == 404
    search = Search(
        on=TODAY, found="nothing", where="档案室", how="翻阅", terms="合同", by_whom="何建", result="没有"
    )
    with pytest.raises(NoSuchCase):
        remind(task=task, words="请办", actor=other)
    with pytest.raises(NoSuchCase):
        record_search(body=county.body, stream=case.stream, search=search, actor=other)
    CaseTask.objects.filter(pk=task.pk).update(state="done", stance="disagree")
    note_disagreement(task=task, words="已核对", actor=county.actor("approver"))
