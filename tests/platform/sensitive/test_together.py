"""One document for several cases is read with each: a sensitive one goes together with none of others."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.conftest import TODAY
from tests.platform.letters.conftest import APPLICANT, ITEM, content_for
from tests.platform.sensitive.conftest import Office

from gongkai.platform.cases.letter_list import letters_of
from gongkai.platform.cases.models import OutgoingLetter, ReplyDraft
from gongkai.platform.cases.services.papers import read_file
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.cases.services.together import (
    CannotJoin,
    Seen,
    approve_together,
    candidates,
    join_drafts,
    submit_together,
)
from gongkai.platform.core.models import StoredFile
from gongkai.platform.ledger.selectors import history


@pytest.fixture
def other(office: Office) -> str:
    """Another case of the same applicant."""
    done = register_letter(
        body=office.place.body, actor=office.place.actor("receiving_clerk"), channel="counter",
        came_on=TODAY, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    return done.summaries[0].stream


def join(office: Office, other: str) -> None:
    draft = office.case.save(content_for("granted"))
    join_drafts(
        body=office.place.body, stream=office.case.stream, streams=[other],
        expected_version=draft.version, actor=office.place.actor("handler"),
    )  # fmt: skip


def flag(office: Office, stream: str) -> None:
    """Read by its approver alone."""
    flag_case(
        body=office.place.body, stream=stream, actor=office.place.actor("approver"),
        flagging=Flagging(reason="涉及举报人", readers=[]),
    )  # fmt: skip


def offered(office: Office, stream: str, role: str) -> set[str]:
    found = candidates(body=office.place.body, stream=stream, actor=office.place.actor(role))
    return {one.summary.stream for one in found}


def test_a_flagged_case_leaves_the_document(office: Office, other: str) -> None:
    join(office, other)
    flag(office, other)
    assert ReplyDraft.objects.get(stream=other).together == ""
    assert offered(office, office.case.stream, "handler") == set()


def test_a_sensitive_case_is_offered_to_none_but_those_read_by_the_same_people(
    office: Office, other: str
) -> None:
    assert offered(office, office.case.stream, "approver") == {other}
    flag(office, other)
    assert offered(office, office.case.stream, "approver") == set()
    flag(office, office.case.stream)
    assert offered(office, office.case.stream, "approver") == {other}


def test_by_hand_it_is_not_joined_either(office: Office, other: str) -> None:
    flag(office, other)
    with pytest.raises(CannotJoin):
        join(office, other)


def test_a_letter_that_answered_both_is_closed_to_who_reads_but_one(office: Office, other: str) -> None:
    join(office, other)
    where: dict[str, Any] = {"body": office.place.body, "stream": office.case.stream}
    handler = office.place.actor("handler")
    submit_together(**where, expected_version=1, actor=handler)
    seen = {
        stream: Seen(1, history(body=office.place.body.key, stream=stream).seq)
        for stream in (office.case.stream, other)
    }
    approve_together(**where, seen=seen, actor=office.place.actor("approver"))
    assert [one.number for one in letters_of(**where, actor=handler) if one.number]
    pdf = OutgoingLetter.objects.exclude(number="").filter(stream=office.case.stream).latest("key").pdf
    assert pdf is not None
    assert read_file(actor=handler, ref=pdf.ref)[0].ref == pdf.ref
    flag(office, other)
    assert not [one.number for one in letters_of(**where, actor=handler) if one.number]
    with pytest.raises(StoredFile.DoesNotExist):
        read_file(actor=handler, ref=pdf.ref)
    assert letters_of(**where, actor=office.place.actor("approver"))
    assert read_file(actor=office.place.actor("approver"), ref=pdf.ref)[0].ref == pdf.ref
