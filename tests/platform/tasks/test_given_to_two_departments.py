"""An application given to two departments: one is late, one returns it with a reason; all on the pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, Case
from tests.platform.letters.pages import log_in
from tests.platform.tasks.conftest import Units, give, on

from gongkai.platform.cases.models import CaseTask, CaseText, TaskReminder
from gongkai.platform.cases.services.acting import Step, perform_act
from gongkai.platform.cases.services.tasks import Answer, GivenAlready, TaskOver, answer_task, return_task
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.selectors import history

pytestmark = pytest.mark.one_database
DUE = "2026-03-06"


def words(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_one_department_is_late_and_one_returns_the_application_with_a_reason(
    case: Case, units: Units, department: Place, housing: Place, clients: dict[str, Client]
) -> None:
    handler, form = clients["handler"], f"/desk/cases/{case.stream}/tasks/"
    page = words(handler, form)
    assert "水利局" in page and "住建局" in page and 'value="2026-03-10"' in page
    sent = {
        "kind": "handle", "units": [units.water.pk, units.housing.pk], "wanted": "请找施工合同",
        "due_on": DUE, "expected_seq": case.seq,
    }  # fmt: skip
    assert "至少选一个单位" in handler.post(form, {**sent, "units": []}).content.decode()
    assert "不能早于今天" in handler.post(form, {**sent, "due_on": "2026-03-02"}).content.decode()
    stale = handler.post(form, {**sent, "expected_seq": 1})
    assert stale.status_code == 409 and "请找施工合同" in stale.content.decode()
    assert "已交办 2 项" in handler.post(form, sent, follow=True).content.decode()
    again = handler.post(form, {**sent, "expected_seq": case.seq})
    assert again.status_code == 422 and "已经有这样一项没有办结" in again.content.decode()
    water, built = CaseTask.objects.order_by("seq")

    clerk = log_in(housing, "handler")
    listed = words(clerk, "/desk/tasks/")
    assert "县中医院迁建项目施工合同" in listed and "云溪县人民政府" in listed and DUE in listed
    one = words(clerk, f"/desk/tasks/{built.key}/")
    assert "请找施工合同" in one and "县中医院迁建项目施工合同" in one and "3 个工作日" in one
    assert APPLICANT.name not in one and "陈*" not in one and APPLICANT.phone not in one
    assert f"/desk/cases/{case.stream}/" not in one
    assert clerk.get(f"/desk/cases/{case.stream}/").status_code == 404
    assert clerk.get(f"/desk/tasks/{water.key}/").status_code == 404
    empty = clerk.post(f"/desk/tasks/{built.key}/", {"step": "return", "reason": " "})
    assert empty.status_code == 422
    back = {"step": "return", "reason": "项目由水利局组织实施"}
    assert "已退回" in clerk.post(f"/desk/tasks/{built.key}/", back, follow=True).content.decode()
    entry = history(body=case.place.body.key, stream=case.stream).events[-1]
    assert entry.kind == "task.returned" and entry.actor == housing.seats["handler"].key
    assert "项目由水利局组织实施" not in str(entry.payload)

    on(date(2026, 3, 9))
    case_page = words(handler, f"/desk/cases/{case.stream}/")
    assert "超过内部期限" in case_page and "已退回" in case_page and "项目由水利局组织实施" in case_page
    assert "过了 1 个工作日" in words(handler, "/desk/tasks/?state=late")
    reminded = handler.post(
        f"/desk/tasks/{water.key}/", {"step": "remind", "words": "请今天办结"}, follow=True
    )
    assert "催办 1 次" in reminded.content.decode()

    keeper = log_in(department, "approver")
    on(date(2026, 3, 9))
    assert "请今天办结" in words(keeper, f"/desk/tasks/{water.key}/")
    done = keeper.post(
        f"/desk/tasks/{water.key}/", {"step": "answer", "result": "合同已找到，见附件"}, follow=True
    )
    assert "已办结，晚于内部期限" in done.content.decode()
    late = words(handler, "/desk/tasks/?state=late")
    assert "晚于内部期限" in late and "住建局" not in late.split("<tbody>")[1]
    timeline = words(handler, f"/desk/cases/{case.stream}/")
    assert "合同已找到，见附件" in timeline and "水利局" in timeline
    assert handler.get("/desk/tasks.xlsx?state=all").status_code == 200


def test_the_people_of_a_unit_answer_their_own_open_task_and_nothing_else(
    case: Case, units: Units, department: Place, housing: Place, foreign: Place
) -> None:
    (task,) = give(case, units.water)
    answer = Answer(result="见附件")
    for actor in (housing.actor("handler"), foreign.actor("approver"), department.actor("editor")):
        with pytest.raises(NotPermitted):
            answer_task(task=task, answer=answer, actor=actor)
        with pytest.raises(NotPermitted):
            return_task(task=task, reason="不归我们", actor=actor)
    own = department.actor("handler")
    other = {"unit": units.housing.key, "kind": "handle"}
    for kind, payload in (
        ("task.done", other), ("note.added", {"kind": "call"}), ("task.assigned", other),
        ("request.withdrawn", {"scope": "whole"}), ("task.done", {"unit": task.unit.key, "kind": "assist"}),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            perform_act(
                body=case.place.body, stream=case.stream, kind=kind, occurred_on=TODAY, payload=payload,
                expected_seq=case.seq, actor=own,
            )  # fmt: skip
    seq = case.seq
    answer_task(task=task, answer=answer, actor=own)
    assert case.seq == seq + 1
    with pytest.raises(TaskOver):
        answer_task(task=task, answer=answer, actor=own)
    with pytest.raises(NotPermitted):
        perform_act(
            body=case.place.body, stream=case.stream, kind="task.done", occurred_on=TODAY,
            payload={"unit": task.unit.key, "kind": "handle"}, expected_seq=case.seq, actor=own,
        )  # fmt: skip


def test_two_who_answer_at_once_are_told_and_nothing_is_lost(
    case: Case, units: Units, department: Place
) -> None:
    (task,) = give(case, units.water)
    client = log_in(department, "handler")
    answer_task(task=task, answer=Answer(result="先办了"), actor=department.actor("approver"))
    late = client.post(f"/desk/tasks/{task.key}/", {"step": "return", "reason": "我认为不归本局"})
    text = late.content.decode()
    assert late.status_code == 409 and "我认为不归本局" in text and "先办了" in text
    assert client.post(f"/desk/tasks/{task.key}/", {"step": "x"}).status_code == 404


def test_a_task_is_not_given_twice_while_it_is_open(case: Case, units: Units) -> None:
    give(case, units.water)
    with pytest.raises(GivenAlready) as given:
        give(case, units.housing, units.water)
    assert given.value.names == ("水利局",) and CaseTask.objects.count() == 1
    units.water.active = False
    units.water.save()
    with pytest.raises(ValueError, match="in use"):
        give(case, units.water, kind="assist")


def test_a_task_entered_on_the_case_page_registers_its_unit(case: Case, units: Units) -> None:
    case.do(Step("task.assigned", TODAY, {"unit": "unit-new", "kind": "assist"}, {"name": "档案馆"}))
    task = CaseTask.objects.get()
    assert (task.unit.name, task.unit.of, task.state) == ("档案馆", None, "open")
    case.do(Step("task.done", TODAY, {"unit": "unit-new", "kind": "assist"}, {"result": "查过"}))
    task.refresh_from_db()
    assert task.state == "done" and task.ended_on == TODAY


def test_a_body_below_is_a_unit_by_its_own_key_and_no_other_body_is(
    case: Case, department: Place, foreign: Place
) -> None:
    for place in (department, foreign):
        case.do(Step("task.assigned", TODAY, {"unit": place.body.key, "kind": "handle"}))
    own, elsewhere = CaseTask.objects.order_by("seq")
    assert (own.unit.of, own.unit.name) == (department.body, "云溪县水利局")
    assert (elsewhere.unit.of, elsewhere.unit.name) == (None, "青石县人民政府")
    answer_task(task=own, answer=Answer(result="见附件"), actor=department.actor("handler"))
    with pytest.raises(NotPermitted):
        answer_task(task=elsewhere, answer=Answer(result="见附件"), actor=foreign.actor("handler"))


def test_an_entry_that_is_struck_through_takes_its_task_back(
    case: Case, units: Units, clients: dict[str, Client]
) -> None:
    (task,) = give(case, units.water)
    correction = {"seq": task.seq, "reason": "given-by-mistake"}
    case.do(Step("entry.corrected", TODAY, correction), role="approver")
    task.refresh_from_db()
    assert task.state == "void"
    assert "已作废" in words(clients["handler"], f"/desk/tasks/{task.key}/")


def test_what_a_unit_looked_at_is_in_the_audit_without_names(
    case: Case, units: Units, department: Place
) -> None:
    (task,) = give(case, units.water)
    log_in(department, "handler").get(f"/desk/tasks/{task.key}/")
    entry = AuditEntry.objects.get(act="task.seen")
    assert entry.object == task.key and entry.body == case.place.body.key
    assert TaskReminder.objects.count() == 0


def test_a_name_in_the_words_of_the_request_is_covered_for_the_unit(
    case: Case, units: Units, department: Place, clients: dict[str, Client]
) -> None:
    CaseText.objects.filter(stream=case.stream).update(
        title=f"{APPLICANT.name}的拆迁补偿协议", description=f"{APPLICANT.name}（{APPLICANT.phone}）的协议"
    )
    (task,) = give(case, units.water, wanted=f"请与{APPLICANT.name}一户核对")
    client = log_in(department, "handler")
    for url in (f"/desk/tasks/{task.key}/", "/desk/tasks/"):
        shown = words(client, url)
        assert "某某的拆迁补偿协议" in shown
        assert APPLICANT.name not in shown and APPLICANT.phone not in shown
    assert APPLICANT.name in words(clients["handler"], f"/desk/tasks/{task.key}/")
