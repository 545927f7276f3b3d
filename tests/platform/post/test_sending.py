"""Letters are handed to the post, several at once, all or none; those that came back are served again."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import filled
from tests.platform.post.conftest import Office, SignIn

from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.models import OutgoingLetter, Posting
from gongkai.platform.cases.posting.documents import Document, document_of, waiting
from gongkai.platform.cases.posting.head import change_settings
from gongkai.platform.cases.posting.history import steps_of
from gongkai.platform.cases.posting.recipients import addressee_of, mend_address
from gongkai.platform.cases.posting.sending import Line, LinesRefused, came_back, send
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.cases.services.letters import issue_letter
from gongkai.platform.core.models import AuditEntry, PrivateRecord
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent

LATER = date(2026, 3, 10)


def line(document: Document, **given: object) -> Line:
    usual = {
        "key": document.key, "method": "post", "on": TODAY, "proof": "XA1", "turn": document.turns,
        "seqs": {case.stream: case.seq for case in document.cases},
    }  # fmt: skip
    return Line(**{**usual, **given})  # type: ignore[arg-type]


def seen(office: Office, letter: OutgoingLetter, day: date = TODAY) -> Document:
    return document_of(key=letter.key, actor=office.place.actor("handler", day))


def refusal(office: Office, *lines: Line, day: date = TODAY) -> dict[int, str]:
    with pytest.raises(LinesRefused) as refused:
        send(lines=lines, actor=office.place.actor("handler", day))
    return dict(refused.value.errors)


def test_several_letters_go_out_in_one_form_and_none_where_one_is_wrong(office: Office) -> None:
    first, second = (office.issue(office.register()) for _ in range(2))
    actor = office.place.actor("handler")
    rows = [line(one) for one in waiting(actor)]
    wrong = [rows[0], line(waiting(actor)[1], on=date(2026, 3, 2), proof="XA2")]
    acts = LedgerEvent.objects.count()
    errors = refusal(office, *wrong)
    assert set(errors) == {1} and "早于签发" in errors[1]
    assert LedgerEvent.objects.count() == acts and not Posting.objects.exists()
    same = refusal(office, *rows)
    assert set(same) == {1} and "第 1 行" in same[1]
    assert send(lines=[rows[0], line(waiting(actor)[1], proof="XA2")], actor=actor) == 2
    assert {office.case(one.stream).service for one in (first, second)} == {"sent"}
    assert {one.state for one in waiting(actor)} == {"sent"}


def test_what_was_entered_since_or_is_sent_already_is_refused(office: Office, letter: OutgoingLetter) -> None:
    row = line(seen(office, letter))
    perform_act(
        body=office.place.body, stream=letter.stream, kind="note.added", occurred_on=TODAY,
        expected_seq=office.seq(letter.stream), actor=office.place.actor("handler"), payload={"kind": "call"},
    )  # fmt: skip
    assert "有人办理过" in refusal(office, row)[0]
    again = line(seen(office, letter))
    send(lines=[again], actor=office.place.actor("handler"))
    assert "已经登记寄出" in refusal(office, again)[0]
    assert Posting.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"on": None}, "日期"),
        ({"on": date(2026, 3, 4)}, "今天"),
        ({"method": "pigeon"}, "送达方式"),
        ({"method": "public_notice"}, "最后的办法"),
        ({"proof": "X" * 61}, "最多 60"),
        ({"key": "letter-none"}, "没有这份文书"),
    ],
)
def test_a_row_says_what_is_wrong(
    office: Office, letter: OutgoingLetter, given: dict[str, object], told: str
) -> None:
    assert told in refusal(office, line(seen(office, letter), **given))[0]


def test_where_the_office_wants_the_seal_first_nothing_goes_out_without(
    office: Office, letter: OutgoingLetter
) -> None:
    head = office.place.actor("approver")
    change_settings(body=office.place.body, fields={"needs_seal": True}, actor=head)
    assert seen(office, letter).state == "to_seal"
    assert "用印" in refusal(office, line(seen(office, letter)))[0]


def test_who_only_looks_on_sends_nothing(office: Office, letter: OutgoingLetter, foreign: Place) -> None:
    row = line(seen(office, letter))
    with pytest.raises(NotPermitted):
        send(lines=[row], actor=office.place.actor("approver"))
    with pytest.raises(LinesRefused):
        send(lines=[row], actor=foreign.actor("handler"))


def test_a_letter_that_came_back_is_served_again_and_a_timely_first_posting_stays_timely(
    office: Office, letter: OutgoingLetter
) -> None:
    actor = office.place.actor("handler", LATER)
    send(lines=[line(seen(office, letter))], actor=actor)
    found = seen(office, letter)
    seqs = {case.stream: case.seq for case in found.cases}
    with pytest.raises(LinesRefused):
        came_back(key=letter.key, on=date(2026, 3, 2), reason="拒收", seqs=seqs, actor=actor)
    came_back(key=letter.key, on=date(2026, 3, 6), reason="迁移新址不明", seqs=seqs, actor=actor)
    back = seen(office, letter)
    assert back.state == "returned" and office.case(letter.stream).service == "returned"
    with pytest.raises(LinesRefused):
        came_back(key=letter.key, on=LATER, reason="再退", seqs=seqs, actor=actor)
    mend_address(key=letter.key, name="陈知微", address="云溪县新城路9号", postcode="650001", actor=actor)
    assert addressee_of(back, LATER).address == "云溪县新城路9号"
    send(lines=[line(seen(office, letter), on=LATER, proof="XA9")], actor=actor)
    again = seen(office, letter)
    assert again.state == "sent" and again.turns == 2
    told = [(step.what, step.said) for step in steps_of(again, actor)]
    assert told == [("寄出、发出", "邮寄，XA1"), ("退回", "迁移新址不明"), ("寄出、发出", "邮寄，XA9")]
    case = office.case(letter.stream)
    assert case.answered_late is False and case.open


def test_what_is_handed_over_at_the_counter_is_delivered(office: Office, letter: OutgoingLetter) -> None:
    send(
        lines=[line(seen(office, letter), method="counter", proof="本人")],
        actor=office.place.actor("handler"),
    )
    assert seen(office, letter).state == "done" and not office.case(letter.stream).open


def test_other_letters_are_listed_until_they_are_sent(office: Office) -> None:
    stream, actor = office.register(), office.place.actor("handler")
    issue_letter(
        body=office.place.body, stream=stream, kind="disclosure_told", actor=actor,
        fields={**filled(LETTERS["disclosure_told"]), "name": "云溪县某公司"},
    )  # fmt: skip
    (found,) = waiting(actor)
    assert found.state == "to_send" and not found.is_reply and found.last_day is None
    assert addressee_of(found, TODAY).name == "云溪县某公司"
    acts = LedgerEvent.objects.count()
    send(lines=[line(found)], actor=actor)
    assert LedgerEvent.objects.count() == acts and not waiting(actor)


def test_no_address_stands_in_ledger_or_audit_and_it_goes_with_the_person(
    office: Office, letter: OutgoingLetter
) -> None:
    actor = office.place.actor("handler")
    mend_address(key=letter.key, name="陈知微", address="云溪县新城路9号", postcode="", actor=actor)
    send(lines=[line(seen(office, letter), method="counter", proof="甲子山签收")], actor=actor)
    for text in ("新城路", "甲子山", "陈知微"):
        assert not LedgerEvent.objects.filter(payload__contains=text).exists()
        assert not AuditEntry.objects.filter(detail__contains=text).exists()
    kinds = ("post.address", "post.sent")
    assert PrivateRecord.objects.filter(kind__in=kinds).count() == 2
    erase_applicant(body=office.place.body, stream=letter.stream, actor=office.place.actor("approver"))
    assert not PrivateRecord.objects.filter(kind__in=kinds).exists()
    assert addressee_of(seen(office, letter), TODAY).address == ""
    assert [step.said for step in steps_of(seen(office, letter), actor)] == ["当面送达"]


@pytest.mark.one_database
def test_the_form_keeps_what_was_typed_and_marks_the_row(
    office: Office, letter: OutgoingLetter, sign_in: SignIn
) -> None:
    clerk = sign_in("handler")
    assert clerk.get("/desk/post/send/").status_code == 302
    page = clerk.get(f"/desk/post/send/?letter={letter.key}&letter=nothing")
    assert page.status_code == 200 and letter.number in page.content.decode()
    seq = office.seq(letter.stream)
    data = {
        "rows": "1", "letter-0": letter.key, "turn-0": "0", "seq-0": f"{letter.stream}|{seq}", "take-0": "1",
        "method-0": "post", "on-0": "三月三日", "proof-0": "XA77", "remark-0": "",
    }  # fmt: skip
    wrong = clerk.post("/desk/post/send/", data)
    assert wrong.status_code == 422
    assert "XA77" in wrong.content.decode() and "三月三日" in wrong.content.decode()
    assert "第 1 行" in wrong.content.decode()
    unticked = {name: value for name, value in data.items() if name != "take-0"}
    assert clerk.post("/desk/post/send/", unticked).status_code == 302 and not Posting.objects.exists()
    done = clerk.post("/desk/post/send/", {**data, "on-0": TODAY.isoformat()}, follow=True)
    assert "已登记寄出 1 份" in done.content.decode()
