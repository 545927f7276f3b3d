"""Tasks can be verified against the ledger and built anew from it; what is kept beside them stays."""

from __future__ import annotations

from datetime import date

from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import Case, content_for
from tests.platform.tasks.conftest import Units, give

from gongkai.platform.cases.case_check import check_case
from gongkai.platform.cases.models import CaseTask, TaskState
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.tasks import Answer, answer_task, note_disagreement, remind
from gongkai.platform.cases.verifying import Wrong, rebuild_projections, verify_projections


def test_a_row_that_somebody_changed_is_found_and_written_anew(
    case: Case, units: Units, county: Place, department: Place
) -> None:
    case.save(content_for("denied_internal"))
    (task,) = give(case, units.water, kind="legal_review")
    remind(task=task, words="请抓紧", actor=county.actor("handler"))
    answer = Answer(result="理由不足", stance="disagree")
    answer_task(task=task, answer=answer, actor=department.actor("approver"))
    note_disagreement(task=task, words="已核对", actor=county.actor("approver"))
    (other,) = give(case, units.housing)
    assert verify_projections(county.body.key).ok
    CaseTask.objects.filter(pk=task.pk).update(state="open", stance="agree", ended_on=None)
    other.delete()
    found = verify_projections(county.body.key)
    assert found.wrong == 1 and found.differences[0].wrong is Wrong.TASKS
    checked = check_case(body=county.body, stream=case.stream, actor=county.actor("handler"))
    assert checked.row_differs is True
    assert rebuild_projections(county.body.key, actor=county.actor("approver")).written == 1
    task.refresh_from_db()
    assert (task.state, task.stance, task.ended_on) == ("done", "disagree", TODAY)
    assert task.noted_at is not None and task.reminders.count() == 1 and task.draft_version == 1
    assert CaseTask.objects.filter(unit=units.housing, state=TaskState.OPEN).count() == 1
    assert verify_projections(county.body.key).ok


def test_the_answer_goes_to_the_oldest_of_like_tasks_and_corrections_are_followed(
    case: Case, county: Place
) -> None:
    given = {"unit": "unit-archive", "kind": "handle"}
    case.do(Step("task.assigned", date(2026, 2, 20), {**given, "due_on": "2026-02-25"}))
    case.do(Step("task.assigned", TODAY, given), Step("task.done", TODAY, given))
    first, second = CaseTask.objects.order_by("seq")
    assert (first.state, second.state) == ("done", "open")
    assert first.unit.name == "承办单位" and not first.unit.active
    moved = {"payload": {**given, "due_on": "2026-03-05"}}
    replaced = {"seq": first.seq, "reason": "typed-wrong", "replacement": moved}
    case.do(Step("entry.corrected", TODAY, replaced), role="approver")
    first.refresh_from_db()
    assert first.due_on == date(2026, 3, 5)
    case.do(Step("entry.corrected", TODAY, {"seq": second.seq, "reason": "twice"}), role="approver")
    second.refresh_from_db()
    assert second.state == "void" and verify_projections(county.body.key).ok
