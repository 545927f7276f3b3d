"""One document for several cases goes out for all; letters of sensitive cases are for their readers."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import ITEM, content_for
from tests.platform.letters.test_answered_together import SECOND, come, join, seen, submit
from tests.platform.post.conftest import Office
from tests.platform.post.test_exchange import stamped
from tests.platform.post.test_sending import line

from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.models import CaseSummary, OutgoingLetter, SealedCopy
from gongkai.platform.cases.posting.documents import document_of, waiting
from gongkai.platform.cases.posting.exchange import copy_of, import_copy
from gongkai.platform.cases.posting.numbers import number_register
from gongkai.platform.cases.posting.recipients import addressee_of
from gongkai.platform.cases.posting.sealing import add_seal, register_of, seal_letter
from gongkai.platform.cases.posting.sending import came_back, send
from gongkai.platform.cases.services.people import PersonDetails, add_person
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.cases.services.together import approve_together
from gongkai.platform.core.models import StoredFile


def answered_together(county: Place) -> OutgoingLetter:
    """Two cases answered in one document."""
    first, second = come(county, ITEM, SECOND)
    first.save(content_for("denied_internal"))
    join(first, second)
    submit(first)
    _done, letter = approve_together(
        body=county.body, stream=first.stream, seen=seen(first, second), actor=county.actor("approver")
    )
    return letter


def test_a_combined_reply_is_one_document_sent_and_returned_for_all_its_cases(county: Place) -> None:
    letter, actor = answered_together(county), county.actor("handler")
    (document,) = waiting(actor)
    assert len(document.cases) == 2
    assert {document_of(key=one.key, actor=actor).ref for one in OutgoingLetter.objects.all()} == {
        letter.text
    }
    half = line(document, seqs={document.lead.stream: document.lead.seq})
    with pytest.raises(ValueError, match="有人办理过"):
        send(lines=[half], actor=actor)
    assert set(CaseSummary.objects.values_list("service", flat=True)) == {"to_send"}
    send(lines=[line(document)], actor=actor)
    assert set(CaseSummary.objects.values_list("service", flat=True)) == {"sent"}
    (document,) = waiting(actor)
    seqs = {case.stream: case.seq for case in document.cases}
    came_back(key=document.key, on=TODAY, reason="查无此人", seqs=seqs, actor=actor)
    assert set(CaseSummary.objects.values_list("service", flat=True)) == {"returned"}


def test_letters_of_a_sensitive_case_are_listed_for_its_readers_alone(county: Place) -> None:
    letter, head = answered_together(county), county.actor("approver")
    clerk, reader = county.actor("receiving_clerk"), county.actor("handler")
    seal = add_seal(
        body=county.body, name="印章", kind="body", keeper="", used_from=letter.issued_on, actor=head
    )
    seal_letter(key=letter.key, seal=seal.key, copies=1, on=TODAY, actor=reader)
    assert len(waiting(clerk)) == 1
    flagging = Flagging(reason="涉及举报人", readers=[county.seats["handler"].pk])
    flag_case(body=county.body, stream=letter.stream, flagging=flagging, actor=head)
    assert not waiting(clerk) and len(waiting(reader)) == 1, "also where only one of its cases is sensitive"
    assert not register_of(body=county.body, year=2026, state="", actor=clerk)
    (row,) = number_register(body=county.body, kind="reply", year=2026, actor=clerk).rows
    assert (row.status, row.letter, row.label) == ("letter", "", "")
    for key in OutgoingLetter.objects.values_list("key", flat=True):
        with pytest.raises(NoSuchLetter):
            document_of(key=key, actor=clerk)
    wrong = line(document_of(key=letter.key, actor=reader))
    with pytest.raises(ValueError, match="没有这份文书"):
        send(lines=[wrong], actor=clerk)


def test_the_sealed_copy_goes_with_the_person_and_the_registers_stay(
    office: Office, letter: OutgoingLetter
) -> None:
    actor = office.place.actor("handler")
    import_copy(key=letter.key, content=stamped(letter), name="a.pdf", looked_at=False, actor=actor)
    send(lines=[line(document_of(key=letter.key, actor=actor), method="counter")], actor=actor)
    erase_applicant(body=office.place.body, stream=letter.stream, actor=office.place.actor("approver"))
    assert not StoredFile.objects.filter(stream=letter.stream).exists()
    copy = copy_of(document_of(key=letter.key, actor=actor))
    assert SealedCopy.objects.count() == 1 and copy is not None
    assert (copy.sha256, copy.has_file) == ("", False)
    register = number_register(body=office.place.body, kind="reply", year=2026, actor=actor)
    assert register.rows[0].letter == letter.key


def test_letters_go_to_who_receives_for_the_applicant_as_long_as_that_holds(
    office: Office, letter: OutgoingLetter
) -> None:
    actor, body = office.place.actor("handler"), office.place.body
    document = document_of(key=letter.key, actor=actor)
    named = addressee_of(document, TODAY)
    assert (named.name, named.address) == ("陈知微", "云溪县清河路8号")
    add_person(
        body=body, stream=letter.stream, actor=actor, role="agent", scope=["receive"], valid_from=TODAY,
        details=PersonDetails(name="林望", address="东街2号"), valid_until=date(2026, 12, 31),
    )  # fmt: skip
    served = addressee_of(document, TODAY)
    assert (served.name, served.address) == ("林望", "东街2号")
    assert addressee_of(document, date(2027, 1, 4)).name == "陈知微", "the authority is over"
