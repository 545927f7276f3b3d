"""What stands in the platform after past cases were brought in: letters, people, handlers, and what goes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.lists.conftest import registered
from tests.platform.past.conftest import brought_in, checked
from tests.platform.past.sheets import Row, book, later

from gongkai.platform.cases import past_jobs
from gongkai.platform.cases.applicants import applicant_of
from gongkai.platform.cases.due import forget_past_uploads
from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.models import (
    CaseDesk,
    CaseSummary,
    CaseText,
    IncomingLetter,
    PastFinding,
    PastImport,
    PastState,
)
from gongkai.platform.cases.past.words import WORDS
from gongkai.platform.cases.services.past import ABANDONED_AFTER, order_import
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import AuditEntry, DemonstrationDay, PrivateRecord, StoredFile
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.verifying import verify_ledger

RECEIVED = date(2023, 5, 4)


@pytest.fixture(autouse=True)
def today(db: None) -> None:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})


def case(which: int, **more: Any) -> Row:
    """A case that was answered in time."""
    replied = later(RECEIVED, 10)
    return {
        "number": f"依申请〔2023〕{which}号", "channel": "当面提交", "applicant_kind": "自然人",
        "name": "演示甲乙",
        "contact": "0000-7654321", "title": f"演示档案{which}", "received_on": RECEIVED,
        "reply_on": replied,
        "outcome": "予以公开", "method": "邮寄", "dispatched": replied,
        "delivered": later(replied, 2), **more,
    }  # fmt: skip


def kinds(place: Place, number: int) -> list[str]:
    row = CaseSummary.objects.get(body=place.body, number=f"依申请〔2023〕{number}号")
    return [event.kind for event in history(body=place.body.key, stream=row.stream).events]


def codes(past: PastImport) -> set[tuple[int, str, str]]:
    rows = PastFinding.objects.filter(past=past).exclude(field="handler")
    return set(rows.values_list("row", "field", "code"))


def test_cases_of_one_letter_share_it_and_its_receipt(county: Place) -> None:
    rows = [case(1, letter="来1"), case(2), case(3, letter="来1")]
    brought_in(county, checked(county, book(rows)))
    assert kinds(county, 1)[0] == "request.received"
    assert kinds(county, 3)[0] == "case.split"
    assert IncomingLetter.objects.count() == 2
    first, third = (CaseText.objects.get(title=f"演示档案{n}") for n in (1, 3))
    assert (first.letter, first.details) == (third.letter, third.details)
    assert (first.unit, third.unit) == (1, 2)
    assert CaseSummary.objects.get(stream=third.stream).received_on == RECEIVED


def test_rows_of_one_letter_that_do_not_agree_are_errors(county: Place) -> None:
    rows = [case(1, letter="来1"), case(2, letter="来1", channel="传真", name="演示丙")]
    past = checked(county, book(rows))
    assert codes(past) == {(3, "channel", "letter_unlike"), (3, "name", "letter_unlike")}


def test_a_number_twice_in_the_sheet_and_one_in_use_are_errors(county: Place) -> None:
    known = registered(county, date(2026, 3, 2), entered_on=TODAY)
    rows = [case(1), case(1), case(2, number=known.number)]
    past = checked(county, book(rows))
    assert codes(past) == {(3, "number", "number_twice"), (4, "number", "number_in_use")}


def test_a_number_taken_after_the_check_stops_the_import_until_it_is_free(county: Place) -> None:
    known = registered(county, date(2026, 3, 2), entered_on=TODAY)
    past = checked(county, book([case(n) for n in range(1, 61)]))
    CaseSummary.objects.filter(stream=known.stream).update(number="依申请〔2023〕55号")
    order_import(past=past, actor=county.actor("approver"))
    past_jobs.enter.call(past.key)
    past.refresh_from_db()
    assert (past.state, past.done) == (PastState.STOPPED, 50)
    assert codes(past) == {(56, "number", "number_in_use")}
    page = Client()
    page.force_login(county.seats["approver"].person, backend="django.contrib.auth.backends.ModelBackend")
    assert "停在下面这一行" in page.get(f"/desk/past/{past.key}/").content.decode()
    CaseSummary.objects.filter(stream=known.stream).update(number=known.number)
    page.post(f"/desk/past/{past.key}/", {"step": "import"})
    past_jobs.enter.call(past.key)
    past.refresh_from_db()
    assert (past.state, past.done) == (PastState.DONE, 60)
    assert not verify_ledger(body=county.body.key).damages


def test_what_was_received_before_the_regulation_is_an_opening_case(county: Place) -> None:
    early = date(2018, 3, 5)
    row = case(
        1, received_on=early, correction_asked=date(2018, 3, 9), correction_received=date(2018, 3, 20),
        reply_on=date(2018, 4, 2), dispatched=date(2018, 4, 2), delivered=date(2018, 4, 4),
    )  # fmt: skip
    past = checked(county, book([row]))
    assert codes(past) == {(2, "received_on", "opening")}
    brought_in(county, past)
    stream = CaseSummary.objects.get().stream
    events = history(body=county.body.key, stream=stream).events
    assert [event.kind for event in events] == [
        "opening.case", "request.registered", "reply.issued", "reply.dispatched", "reply.delivered",
    ]  # fmt: skip
    record = PrivateRecord.objects.get(stream=stream, kind="opening.case")
    assert "告知补正日 2018-03-09" in private.read(record)["remark"]


def test_a_case_that_was_not_answered_comes_in_open(county: Place) -> None:
    nothing = dict.fromkeys(("reply_on", "outcome", "method", "dispatched", "delivered"))
    brought_in(county, checked(county, book([case(1, received_on=date(2026, 2, 26), **nothing)])))
    row = CaseSummary.objects.get()
    assert (row.open, row.reply_due_on) == (True, later(date(2026, 2, 26), 20))


def test_the_same_person_and_the_handler_are_known_again(county: Place) -> None:
    handler = county.seats["handler"]
    rows = [case(1, handler=handler.person.name), case(2), case(3, name="演示丁", handler="从前的人")]
    brought_in(county, checked(county, book(rows)))
    texts = {text.title: text for text in CaseText.objects.all()}
    assert texts["演示档案1"].subject == texts["演示档案2"].subject != texts["演示档案3"].subject
    assert texts["演示档案1"].applicant_label == "演*"
    assert [desk.handler for desk in CaseDesk.objects.all()] == [handler]
    applicant = applicant_of(texts["演示档案1"].stream)
    assert applicant is not None
    assert applicant.phone == "0000-7654321"


def test_who_was_brought_in_can_be_erased_and_leaves_nothing(county: Place) -> None:
    past = brought_in(county, checked(county, book([case(1, remarks="演示甲乙常来"), case(2)])))
    erase_applicant(body=county.body, actor=county.actor("approver"), stream=CaseText.objects.all()[0].stream)
    assert not PrivateRecord.objects.exists()
    assert not StoredFile.objects.exists()
    assert {(text.title, text.details, text.applicant_label) for text in CaseText.objects.all()} == {
        ("", "", "")
    }
    assert not AuditEntry.objects.filter(detail__contains="演示").exists()
    assert "演示" not in str(past.preview)


def test_the_page_of_a_case_of_the_past_tells_its_story(county: Place) -> None:
    row = case(
        1, third_party="演示第三方", third_party_asked=later(RECEIVED, 2),
        third_party_delivered=later(RECEIVED, 3), third_party_answered=later(RECEIVED, 6),
        third_party_consent="同意",
        remedy_1_kind="行政复议", remedy_1_filed=later(RECEIVED, 30),
        remedy_1_decided=later(RECEIVED, 60), remedy_1_result="维持",
    )  # fmt: skip
    brought_in(county, checked(county, book([row])))
    one = Client()
    one.force_login(county.seats["handler"].person, backend="django.contrib.auth.backends.ModelBackend")
    page = one.get(f"/desk/cases/{CaseSummary.objects.get().stream}/").content.decode()
    for said in ("征求第三方意见", "第三方答复", "予以公开", "结果维持"):
        assert said in page


def test_an_upload_that_nobody_brings_in_is_deleted_after_weeks(county: Place) -> None:
    system = Actor(county.actor("approver").present, system="tick")
    past = checked(county, book([case(1)]))
    assert forget_past_uploads(system) == {"deleted": 0}
    PastImport.objects.update(created_at=system.present.moment - ABANDONED_AFTER - timedelta(days=1))
    assert forget_past_uploads(system) == {"deleted": 1}
    assert not PastImport.objects.exists()
    assert not StoredFile.objects.filter(stream=past.key).exists()


def test_no_word_means_two_things() -> None:
    for words in WORDS.values():
        assert set(words.meanings.values()) == set(words.labels)
