"""Whole cases through the pages, on both databases: from the letter in to the archive, and beyond.

In a real browser: ``browser/test_every_outcome.py``.
"""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.conftest import Place
from tests.platform.whole.cases import DAY, prepare
from tests.platform.whole.office import Office

from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.platform.reporting.selectors import running_figures
from gongkai.rules.vocabulary import Outcome


@pytest.fixture
def office(county: Place) -> Office:
    return Office(county, DAY)


def figure(office: Office, cell: str) -> object:
    body, actor = office.place.body, office.place.actor("supervisor", office.day)
    figures = running_figures(body=body, year=office.day.year, area=False, actor=actor)
    return {c.path: c.value for t in figures.tables for row in (*t.head, *t.rows) for c in row}[cell]


def test_a_letter_is_corrected_consulted_extended_answered_served_and_archived(office: Office) -> None:
    stream = office.register()
    assert office.case(stream).reply_due_on == date(2026, 3, 13)
    office.later(1)
    office.act(stream, "correction.requested", points="请写明年份", respond_by="2026-03-06", letter=True)
    assert office.case(stream).paused
    office.on(date(2026, 2, 24))
    office.act(stream, "correction.received", content="2025 年")
    assert office.case(stream).reply_due_on == date(2026, 3, 23)
    office.later(1)
    office.act(
        stream, "third_party.consulted", whom="new", name="云岭养护有限公司", party_kind="organisation",
        about="合同单价", method="post",
    )  # fmt: skip
    office.later(2)
    office.act(stream, "third_party.delivered", method="post")
    office.on(date(2026, 3, 6))
    office.act(stream, "third_party.answered", consent="yes", opinion="同意")
    office.on(date(2026, 3, 10))
    office.act(
        stream, "extension.told", "approver", working_days="10", reason="材料多", method="post", letter=True
    )
    extended = office.case(stream)
    assert extended.extended and extended.reply_due_on is not None
    office.give(stream, Outcome.GRANTED)
    office.serve(stream)
    assert not office.case(stream).answered_late
    office.act(stream, "case.archived", file_number="2026-1")
    row = office.case(stream)
    assert (row.phase, row.open, row.outcome) == ("archived", False, "granted")
    assert figure(office, "requests.granted.natural_person") == 1
    kinds = set(OutgoingLetter.objects.filter(stream=stream).values_list("kind", flat=True))
    assert len(kinds) >= 3
    assert not verify_ledger(office.place.body.key).damages
    assert verify_projections(office.place.body.key, known_on=office.day).ok


@pytest.mark.one_database
@pytest.mark.parametrize("outcome", list(Outcome), ids=lambda one: one.value)
def test_every_result_of_table_3_is_given_served_archived_and_counted(
    office: Office, outcome: Outcome
) -> None:
    stream = office.register()
    prepare(office, stream, outcome)
    office.give(stream, outcome)
    office.serve(stream)
    office.act(stream, "case.archived", file_number="2026-1")
    row = office.case(stream)
    assert (row.outcome, row.phase, row.open) == (outcome.value, "archived", False)
    assert figure(office, f"requests.{outcome.value}.natural_person") == 1
    assert figure(office, "requests.total.total") == 1
    letter = OutgoingLetter.objects.filter(stream=stream, number__contains="复").get()
    assert letter.docx is not None and letter.pdf is not None


def test_a_withdrawn_case_is_owed_nothing_and_counted(office: Office) -> None:
    stream = office.register()
    office.later(2)
    office.act(stream, "request.withdrawn", scope="whole", reason="已经找到")
    assert not office.case(stream).open
    assert figure(office, "requests.other_other.natural_person") == 1


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("reconsideration", "upheld"),
        ("litigation_direct", "corrected"),
        ("litigation_after_reconsideration", "other"),
    ],
)
def test_remedies_of_each_kind_are_counted_in_table_4(office: Office, kind: str, result: str) -> None:
    stream = office.register()
    office.give(stream, Outcome.UNAVAILABLE_NOT_HELD)
    office.serve(stream)
    office.later(10)
    if kind == "litigation_after_reconsideration":
        office.act(stream, "remedy.filed", which="new", kind="reconsideration", procedure="ordinary")
        office.later(30)
        office.act(stream, "remedy.decided", result="upheld")
    instance = "" if kind == "reconsideration" else "first"
    reached = office.day.isoformat()
    office.act(stream, "remedy.filed", which="new", kind=kind, instance=instance, reached_on=reached)
    assert figure(office, f"{kind}.pending") == 1
    office.later(5)
    office.act(stream, "remedy.answered")
    office.later(40)
    office.act(stream, "remedy.decided", result=result)
    assert figure(office, f"{kind}.{result}") == 1
    assert figure(office, f"{kind}.pending") == 0
