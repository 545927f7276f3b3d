"""A case is flagged, confirmed, changed, lifted; nobody is locked out, and no day moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import APPLICANT, ITEM
from tests.platform.letters.conftest import content_for
from tests.platform.sensitive.conftest import Office

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.case_view import find_case
from gongkai.platform.cases.erasure import CannotErase, erase_applicant, extent_of
from gongkai.platform.cases.models import CaseSummary, SensitiveFlag, SensitiveReader
from gongkai.platform.cases.readers import NoSuchCase, may_read
from gongkai.platform.cases.selectors import case_rows, visible_cases
from gongkai.platform.cases.selectors.conditions import waits_for_me
from gongkai.platform.cases.sensitive.flags import flag_view, past_flags, seen_of
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.cases.services.desk import assign_handler
from gongkai.platform.cases.services.drafts import OwnDraft, approve_draft
from gongkai.platform.cases.services.registration import register_letter, split_case
from gongkai.platform.cases.services.sensitive import (
    CannotFlag,
    FlagChanged,
    Flagging,
    change_flag,
    confirm_flag,
    flag_case,
    flag_letter,
    let_nobody_be_locked_out,
    lift_flag,
    lift_what_ended,
)
from gongkai.platform.cases.services.signing import sign_reply
from gongkai.platform.cases.services.together import Seen
from gongkai.platform.core import private
from gongkai.platform.core.models import Absence, AuditEntry, PrivateRecord, Seat
from gongkai.platform.core.permissions import NotPermitted


def sees(office: Office, seat: Seat) -> bool:
    return visible_cases(office.actor(seat)).filter(stream=office.case.stream).exists()


def of_case(office: Office) -> dict[str, Any]:
    return {"body": office.place.body, "stream": office.case.stream}


def test_only_its_readers_see_a_flagged_case(office: Office) -> None:
    seats = office.place.seats
    assert sees(office, seats["receiving_clerk"])
    office.flag()
    assert sees(office, seats["approver"])
    assert sees(office, seats["handler"])
    for role in ("receiving_clerk", "supervisor", "report_author"):
        assert not sees(office, seats[role])
        with pytest.raises(NoSuchCase):
            find_case(stream=office.case.stream, actor=office.actor(seats[role]))


def test_the_clerk_proposes_and_it_holds_at_once_until_an_approver_confirms_or_lifts(office: Office) -> None:
    approver = office.place.seats["approver"]
    flag = office.flag(role="receiving_clerk", readers=[approver])
    assert flag.confirmed_at is None
    assert not sees(office, office.second)
    confirm_flag(**of_case(office), seen=seen_of(flag), actor=office.actor(approver))
    flag.refresh_from_db()
    assert flag.confirmed_by == approver
    with pytest.raises(FlagChanged):
        confirm_flag(**of_case(office), seen=seen_of(flag), actor=office.actor(approver))


def test_who_may_neither_approve_nor_register_does_not_flag(office: Office) -> None:
    for role in ("handler", "supervisor", "report_author", "audit_administrator"):
        with pytest.raises(NotPermitted):
            office.flag(role=role)
    with pytest.raises(NotPermitted):
        flag_letter(
            body=office.place.body, ref="letter-x", actor=office.place.actor("handler"),
            flagging=Flagging(reason="涉及举报人", readers=[]),
        )  # fmt: skip
    assert not SensitiveFlag.objects.exists()


def test_only_an_approver_who_reads_it_confirms_changes_or_lifts(office: Office) -> None:
    flag = office.flag(role="receiving_clerk", readers=[office.place.seats["approver"]])
    stranger, clerk = office.actor(office.second), office.place.actor("receiving_clerk")
    for actor, refused in ((stranger, NoSuchCase), (clerk, NotPermitted)):
        with pytest.raises(refused):
            confirm_flag(**of_case(office), seen=seen_of(flag), actor=actor)
        with pytest.raises(refused):
            lift_flag(**of_case(office), seen=seen_of(flag), reason="不再需要", actor=actor)
        with pytest.raises(refused):
            change_flag(
                **of_case(office), seen=seen_of(flag), actor=actor, flagging=Flagging(reason="", readers=[])
            )


@pytest.mark.parametrize(
    ("levels", "approvers", "fine"), [(0, 0, False), (0, 1, True), (1, 1, False), (1, 2, True), (2, 2, False)]
)
def test_nobody_locks_the_office_out(office: Office, levels: int, approvers: int, fine: bool) -> None:
    readers = [*office.approvers(approvers), office.place.seats["handler"]]
    if fine:
        office.flag(role="receiving_clerk", levels=levels, readers=readers)
        return
    with pytest.raises(CannotFlag) as refused:
        office.flag(role="receiving_clerk", levels=levels, readers=readers)
    assert refused.value.field == "readers"
    assert not SensitiveFlag.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"levels": 3}, "levels"),
        ({"levels": -1}, "levels"),
        ({"until": TODAY - timedelta(days=1)}, "until"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(office: Office, given: dict[str, Any], field: str) -> None:
    with pytest.raises(CannotFlag) as refused:
        flag_case(
            **of_case(office), actor=office.place.actor("approver"),
            flagging=replace(Flagging(reason="涉及举报人", readers=[]), **given),
        )  # fmt: skip
    assert refused.value.field == field


def test_a_seat_elsewhere_is_no_reader(office: Office, department: Place) -> None:
    with pytest.raises(CannotFlag) as refused:
        office.flag(readers=[office.place.seats["approver"], department.seats["handler"]])
    assert refused.value.field == "readers"


def test_flagged_twice_at_once_is_flagged_once(office: Office) -> None:
    office.flag()
    with pytest.raises(FlagChanged):
        office.flag()
    assert SensitiveFlag.objects.count() == 1


def test_a_stale_form_changes_nothing(office: Office) -> None:
    flag = office.flag()
    shown, actor = seen_of(flag), office.place.actor("approver")
    both = Flagging(reason="", readers=[seat.pk for seat in office.approvers(2)])
    change_flag(**of_case(office), seen=shown, flagging=both, actor=actor)
    for again in (
        lambda: change_flag(**of_case(office), seen=shown, flagging=replace(both, readers=[]), actor=actor),
        lambda: lift_flag(**of_case(office), seen=shown, reason="不再需要", actor=actor),
    ):
        with pytest.raises(FlagChanged):
            again()
    assert sees(office, office.second)


def test_lifted_everybody_sees_it_again_and_the_records_keep_it(office: Office) -> None:
    flag, actor = office.flag(), office.place.actor("approver")
    with pytest.raises(CannotFlag):
        lift_flag(**of_case(office), seen=seen_of(flag), reason=" ", actor=actor)
    lift_flag(**of_case(office), seen=seen_of(flag), reason="举报已经办结", actor=actor)
    assert sees(office, office.place.seats["receiving_clerk"])
    (past,) = past_flags(**of_case(office), actor=office.place.actor("handler"))
    assert (past.reason, past.why) == ("涉及举报人", "举报已经办结")
    acts = list(AuditEntry.objects.filter(act__startswith="sensitive.").values_list("act", flat=True))
    assert acts == ["sensitive.flagged", "sensitive.lifted"]
    office.flag()
    assert SensitiveFlag.objects.count() == 2


def test_after_its_last_day_it_is_lifted_by_itself(office: Office) -> None:
    office.flag(until=TODAY + timedelta(days=2))
    assert lift_what_ended(actor=office.place.actor("approver", TODAY + timedelta(days=2))) == 0
    later = office.place.actor("approver", TODAY + timedelta(days=3))
    assert lift_what_ended(actor=replace(later, seat=None, system="tick")) == 1
    assert lift_what_ended(actor=later) == 0
    assert sees(office, office.place.seats["receiving_clerk"])
    (past,) = past_flags(**of_case(office), actor=office.place.actor("handler"))
    assert past.lifted_by == ""


def test_the_reason_is_in_no_audit_entry_and_no_ledger(office: Office) -> None:
    flag = office.flag()
    assert private.read_many([flag.reason])[flag.reason] == {"reason": "涉及举报人"}
    assert not AuditEntry.objects.filter(detail__contains="举报").exists()


def test_whoever_is_given_the_case_becomes_a_reader(office: Office) -> None:
    office.flag()
    clerk = office.place.seats["receiving_clerk"]
    assert not sees(office, clerk)
    assign_handler(**of_case(office), handler=clerk.pk, actor=office.place.actor("approver"))
    assert sees(office, clerk)
    with pytest.raises(NoSuchCase):
        assign_handler(**of_case(office), handler=clerk.pk, actor=office.actor(office.second))


def test_who_handles_it_stays_a_reader_whoever_is_chosen(office: Office) -> None:
    handler = office.place.seats["handler"]
    assign_handler(**of_case(office), handler=handler.pk, actor=office.place.actor("approver"))
    office.flag(readers=[])
    assert sees(office, handler)


def test_where_every_approver_left_the_others_become_readers(office: Office) -> None:
    flag = office.flag(readers=[office.place.seats["approver"]])
    system = replace(office.place.actor("handler"), seat=None, system="tick")
    assert let_nobody_be_locked_out(actor=system) == 0
    Seat.objects.filter(pk=office.place.seats["approver"].pk).update(valid_until=TODAY)
    assert let_nobody_be_locked_out(actor=system) == 1
    assert sees(office, office.second)
    assert AuditEntry.objects.filter(act="sensitive.changed", object=office.case.stream).count() == 1
    assert let_nobody_be_locked_out(actor=system) == 0
    assert SensitiveReader.objects.filter(flag=flag).count() == 3


def test_no_day_moves(office: Office) -> None:
    before = CaseSummary.objects.filter(stream=office.case.stream).values().get()
    flag = office.flag(levels=2)
    lift_flag(**of_case(office), seen=seen_of(flag), reason="不再需要", actor=office.place.actor("approver"))
    assert CaseSummary.objects.filter(stream=office.case.stream).values().get() == before


def test_services_refuse_who_is_no_reader_as_if_there_were_no_case(office: Office) -> None:
    office.flag()
    clerk = office.place.actor("receiving_clerk")
    with pytest.raises(NoSuchCase):
        perform_act(
            **of_case(office), kind="note.added", occurred_on=TODAY, payload={"kind": "other"},
            texts={"text": "看看"}, expected_seq=office.case.seq, actor=clerk,
        )  # fmt: skip


def letter(place: Place, *descriptions: str) -> list[CaseSummary]:
    done = register_letter(
        body=place.body, actor=place.actor("receiving_clerk"), channel="counter", came_on=TODAY,
        applicant=APPLICANT, items=[replace(ITEM, description=one) for one in descriptions],
    )  # fmt: skip
    return list(done.summaries)


def test_a_whole_letter_is_flagged_and_its_cases_lifted_one_by_one(office: Office) -> None:
    first, second = letter(office.place, "工程合同", "监理合同")
    clerk, approver = office.place.actor("receiving_clerk"), office.place.actor("approver")
    flagging = Flagging(reason="涉及未成年人", readers=[office.place.seats["approver"].pk])
    flags = flag_letter(body=office.place.body, ref=first.letter, flagging=flagging, actor=clerk)
    assert {flag.stream for flag in flags} == {first.stream, second.stream}
    with pytest.raises(FlagChanged):
        flag_letter(body=office.place.body, ref=first.letter, flagging=flagging, actor=approver)
    lift_flag(
        body=office.place.body, stream=second.stream, seen=seen_of(flags[1]), reason="误标", actor=approver
    )
    handler = office.place.actor("handler")
    assert set(visible_cases(handler).filter(letter=first.letter)) == {second}
    assert not may_read(handler, first.letter)


def test_a_case_split_from_it_is_as_sensitive(office: Office) -> None:
    office.flag(role="receiving_clerk", levels=0, readers=[office.place.seats["approver"]])
    (new,) = split_case(
        **of_case(office), actor=office.place.actor("receiving_clerk"), expected_seq=office.case.seq,
        items=[RequestedItem(description="监理合同")],
    )  # fmt: skip
    assert not visible_cases(office.place.actor("handler")).filter(stream=new.stream).exists()
    assert visible_cases(office.place.actor("approver")).filter(stream=new.stream).exists()


def test_a_person_is_erased_by_who_reads_all_cases_and_the_reasons_go_too(office: Office) -> None:
    flag = office.flag(readers=[office.place.seats["approver"]])
    text = PrivateRecord.objects.get(ref=flag.reason)
    CaseSummary.objects.update(open=False)
    (other,) = letter(office.place, "监理合同")
    CaseSummary.objects.update(open=False)
    stranger = office.actor(office.second)
    extent = extent_of(body=office.place.body, stream=other.stream, actor=stranger)
    assert extent is not None
    assert (len(extent.cases), extent.closed) == (1, 1)
    with pytest.raises(CannotErase):
        erase_applicant(body=office.place.body, stream=other.stream, actor=stranger)
    erase_applicant(**of_case(office), actor=office.place.actor("approver"))
    assert not PrivateRecord.objects.filter(pk=text.pk).exists()
    shown = flag_view(**of_case(office), actor=office.place.actor("approver"))
    assert shown is not None
    assert shown.reason == ""


def test_a_proposed_flag_waits_for_the_approver_and_says_so_in_the_list(office: Office) -> None:
    approver = office.place.actor("approver")

    def waits() -> bool:
        rows = visible_cases(approver).filter(waits_for_me(approver), stream=office.case.stream)
        return rows.exists()

    assert not waits()
    flag = office.flag(role="receiving_clerk", readers=[office.place.seats["approver"]])
    assert waits()
    (row,) = case_rows([office.summary()], approver)
    assert row.due is not None
    assert "敏感案件，标记待确认" in row.due.more
    confirm_flag(**of_case(office), seen=seen_of(flag), actor=approver)
    assert not waits()


def test_who_stands_in_for_a_reader_reads_meanwhile_and_signs_only_once(office: Office) -> None:
    away, deputy = office.place.seats["approver"], office.second
    office.flag(readers=[away, office.third, office.place.seats["handler"]], levels=1)
    assert not sees(office, deputy)
    Absence.objects.create(
        body=office.place.body, seat=away, deputy=deputy, first=TODAY, last=TODAY,
        entered_at=office.place.actor("approver").present.moment,
    )  # fmt: skip
    assert sees(office, deputy)
    draft = office.case.submit(content_for("granted"))
    seen = {office.case.stream: Seen(draft.version, office.case.seq)}
    sign_reply(**of_case(office), seen=seen, expected_signed=0, actor=office.actor(deputy))
    with pytest.raises(OwnDraft):
        approve_draft(
            **of_case(office), expected_version=draft.version, expected_seq=office.case.seq,
            actor=office.actor(deputy),
        )  # fmt: skip
    later = office.actor(deputy, TODAY + timedelta(days=1))
    assert not visible_cases(later).filter(stream=office.case.stream).exists()
