"""A review is signed by the unit's own people where it has any; nobody waves their own draft through."""

from __future__ import annotations

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import Case, content_for
from tests.platform.letters.pages import log_in
from tests.platform.tasks.conftest import Units, give

from gongkai.platform.cases.models import CaseTask, LetterPerson
from gongkai.platform.cases.requirements import unmet
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.cases.services.people import PersonDetails, add_person
from gongkai.platform.cases.services.tasks import Answer, answer_task, note_disagreement
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.services.absences import enter_absence
from gongkai.platform.ledger.selectors import history

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("usual")]
YES = Answer(result="依据充分", stance="agree", signer="水利局")


def missing(case: Case) -> list[str]:
    found = unmet(body=case.place.body, stream=case.stream, outcome="denied_internal", sub_kind="", on=TODAY)
    return [one.words for one in found]


def test_the_office_signs_no_review_for_a_unit_that_has_people_of_its_own(
    case: Case, units: Units, department: Place
) -> None:
    case.save(content_for("denied_internal"))
    (task,) = give(case, units.water, kind="legal_review")
    with pytest.raises(NotPermitted):
        answer_task(task=task, answer=YES, actor=case.place.actor("handler"))
    page = log_in(case.place, "handler").get(f"/desk/tasks/{task.key}/").content.decode()
    assert 'value="answer"' not in page
    answer_task(task=task, answer=YES, actor=department.actor("handler"))
    assert not missing(case)


def test_nor_does_it_count_where_it_was_entered_as_an_act_on_the_case(case: Case, units: Units) -> None:
    case.save(content_for("denied_internal"))
    (task,) = give(case, units.water, kind="legal_review")
    seq = history(body=case.place.body.key, stream=case.stream).seq
    perform_act(
        body=case.place.body, stream=case.stream, kind="task.done", occurred_on=TODAY, expected_seq=seq,
        actor=case.place.actor("handler"), payload={"unit": units.water.key, "kind": "legal_review"},
        texts={"result": "依据充分", "stance": "agree"},
    )  # fmt: skip
    task.refresh_from_db()
    assert (task.state, task.stance) == ("done", "agree")
    (words,) = missing(case)
    assert "水利局" in words


def test_who_wrote_the_draft_takes_no_note_of_a_disagreement_as_a_deputy(case: Case, units: Units) -> None:
    county = case.place
    case.save(content_for("denied_internal"))
    (task,) = give(case, units.legal, kind="legal_review")
    no = Answer(result="理由不足", stance="disagree", signer="周法制")
    task = answer_task(task=task, answer=no, actor=county.actor("handler"))
    enter_absence(
        seat=county.seats["approver"], deputy=county.seats["handler"], first=TODAY, last=TODAY,
        actor=county.actor("approver"),
    )  # fmt: skip
    with pytest.raises(NotPermitted):
        note_disagreement(task=task, words="仍按原结果", actor=county.actor("handler"))
    page = log_in(county, "handler").get(f"/desk/tasks/{task.key}/").content.decode()
    assert 'value="note"' not in page


def test_an_opinion_is_about_the_draft_that_was_shown(case: Case, units: Units, department: Place) -> None:
    version = case.save(content_for("denied_internal")).version
    (task,) = give(case, units.water, kind="legal_review")
    client, url = log_in(department, "handler"), f"/desk/tasks/{task.key}/"
    assert f'name="draft" value="{version}"' in client.get(url).content.decode()
    case.save(content_for("denied_process"), version=version)
    sent = {"step": "answer", "stance": "agree", "result": "依据充分", "draft": str(version)}
    answer = client.post(url, sent)
    assert answer.status_code == 409
    assert "依据充分" in answer.content.decode()
    assert CaseTask.objects.get(pk=task.pk).state == "open"
    assert client.post(url, {**sent, "draft": str(version + 1)}).status_code == 302


def test_who_stands_beside_the_applicant_stays_covered_too(
    case: Case, units: Units, department: Place
) -> None:
    add_person(
        body=case.place.body, stream=case.stream, role="co_applicant", actor=case.place.actor("handler"),
        details=PersonDetails(name="欧阳明远", phone="13711112222", address="东街 2 号"),
    )  # fmt: skip
    assert LetterPerson.objects.count() == 1
    case.save(content_for("denied_internal"))
    (task,) = give(case, units.water, kind="legal_review", wanted="请看欧阳明远（13711112222）要的")
    page = log_in(department, "handler").get(f"/desk/tasks/{task.key}/").content.decode()
    assert "欧阳明远" not in page and "13711112222" not in page
