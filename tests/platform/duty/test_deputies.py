"""A deputy may what the absent seat may, from the first day to the last, by the dates alone, and no more."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.platform.conftest import ROLES, TODAY, Place
from tests.platform.duty.conftest import came_in, colleague, sits
from tests.platform.letters.conftest import Case

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.proposals import proposal_of
from gongkai.platform.cases.selectors.filters import WorkFilters
from gongkai.platform.cases.selectors.rows import case_rows
from gongkai.platform.cases.selectors.scope import sees_below, visible_bodies
from gongkai.platform.cases.selectors.work_list import work_list
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.drafts import OwnDraft, approve_draft, return_draft
from gongkai.platform.cases.services.extensions import propose_extension
from gongkai.platform.core.models import Absence, AuditEntry, Seat, SeatRole
from gongkai.platform.core.permissions import Act, NotPermitted, can
from gongkai.platform.core.services.absences import (
    Circle,
    NeedsNoDeputy,
    Overlaps,
    UnfitDeputy,
    WrongDays,
    end_absence,
    enter_absence,
)
from gongkai.platform.core.services.people import Ended, NotOneself
from gongkai.platform.core.standing_in import Nobody, uncovered
from gongkai.platform.ledger.selectors import history

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

DAY = timedelta(days=1)
LAST = TODAY + 3 * DAY
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")


def away(
    seat: Seat, deputy: Seat | None, first: date = TODAY, last: date = LAST, by: Seat | None = None
) -> Absence:
    return enter_absence(seat=seat, deputy=deputy, first=first, last=last, actor=sits(by or seat))


def test_a_deputy_may_from_the_first_day_to_the_last_and_nothing_has_to_run(county: Place) -> None:
    approver, deputy = county.seats["approver"], county.seats["handler"]
    away(approver, deputy, TODAY + DAY, LAST)
    for day, may in ((TODAY, False), (TODAY + DAY, True), (LAST, True), (LAST + DAY, False)):
        actor = sits(deputy, day)
        assert actor.may(Act.CASE_APPROVE, county.body) is may
        assert actor.may(Act.CASE_ACT, county.body), "what the own seat may stays"
        assert sits(approver, day).may(Act.CASE_APPROVE, county.body), "the absent one loses nothing"


@pytest.mark.parametrize("absent", [role for role in ROLES if role not in ADMINISTRATORS])
def test_a_deputy_may_exactly_what_both_seats_may(absent: str, county: Place, department: Place) -> None:
    deputy = colleague(county, "代理人", "editor")
    away(county.seats[absent], deputy)
    actor, seat = sits(deputy), county.seats[absent]
    for act in Act:
        for body in (county.body, department.body):
            expected = can(deputy, act, body) or (act != Act.ABSENCE_ENTER and can(seat, act, body))
            assert actor.may(act, body) is expected, f"{act} {body}"
    assert sees_below(actor) is (absent == "supervisor")
    assert set(visible_bodies(actor)) == {
        body for body in (county.body, department.body) if actor.may(Act.CASE_SEE, body)
    }


def test_a_deputy_is_nobody_in_a_body_elsewhere(county: Place, foreign: Place) -> None:
    away(county.seats["approver"], county.seats["handler"])
    actor = sits(county.seats["handler"])
    assert not any(actor.may(act, foreign.body) for act in Act)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_nobody_stands_in_for_an_administrator_nor_an_administrator_for_anybody(
    role: str, county: Place
) -> None:
    by = county.seats["approver"]
    with pytest.raises(NeedsNoDeputy):
        away(county.seats[role], county.seats["handler"])
    with pytest.raises(UnfitDeputy):
        away(county.seats["handler"], county.seats[role], by=by)
    away(county.seats["handler"], county.seats["editor"], by=by)
    # Whatever a seat turns into later: administrators' roles are never given on.
    SeatRole.objects.create(seat=county.seats["handler"], role=role)
    actor = sits(county.seats["editor"])
    acts = (Act.BODY_EDIT, Act.PERSON_EDIT, Act.SEAT_ASSIGN, Act.AUDIT_READ, Act.ABSENCE_ENTER)
    assert not any(actor.may(act, county.body) for act in acts)
    SeatRole.objects.create(seat=county.seats["editor"], role=role)
    assert not sits(county.seats["editor"]).stands_in_for


def test_an_act_stands_under_the_deputy_s_own_seat_and_the_audit_says_for_whom(
    county: Place, case: Case
) -> None:
    absent, deputy = county.seats["approver"], colleague(county, "李副主任", "editor")
    away(absent, deputy)
    case.submit()
    actor = sits(deputy)
    draft = work_list(actor, WorkFilters(group="mine"))
    assert draft.counts.mine == 1
    performed, _letter = approve_draft(
        body=county.body, stream=case.stream, expected_version=1, expected_seq=case.seq, actor=actor
    )
    event = history(body=county.body.key, stream=case.stream).events[-1]
    assert event.kind == "reply.issued" and event.actor == deputy.key
    assert performed.summary.replied_on == TODAY
    told = json.loads(AuditEntry.objects.filter(act="case.act").latest("position").detail)
    assert told["for"] == [absent.key]
    entry = AuditEntry.objects.filter(act="draft.approved").latest("position")
    assert entry.seat == deputy.key and json.loads(entry.detail)["for"] == [absent.key]


def test_what_a_colleague_of_the_same_role_does_in_the_absent_one_s_case_is_done_for_them(
    county: Place, case: Case
) -> None:
    other = colleague(county, "周承办", "handler")
    away(county.seats["handler"], other)
    own = came_in(county, date(2026, 2, 10), handler=other)
    noted = Step("note.added", TODAY, {"kind": "other"}, {"text": "已联系"})
    for one, expected in ((case, [county.seats["handler"].key]), (own, None)):
        Case(Place(county.body, {"handler": Seat.objects.get(pk=other.pk)}), one.stream).do(noted)
        told = json.loads(AuditEntry.objects.filter(act="case.act").latest("position").detail)
        assert told.get("for") == expected


def test_nobody_approves_an_own_draft_whoever_s_deputy_they_are(county: Place, case: Case) -> None:
    away(county.seats["approver"], county.seats["handler"])
    case.submit()
    handler = sits(county.seats["handler"])
    with pytest.raises(OwnDraft):
        approve_draft(
            body=county.body, stream=case.stream, expected_version=1, expected_seq=case.seq, actor=handler
        )
    assert work_list(handler, WorkFilters()).counts.mine == 0
    return_draft(
        body=county.body, stream=case.stream, expected_version=1, remarks="自己发现了错误", actor=handler
    )


def test_nobody_agrees_to_an_own_extension_as_a_deputy(county: Place, case: Case) -> None:
    handler = county.seats["handler"]
    away(county.seats["approver"], handler)
    propose_extension(
        body=county.body, stream=case.stream, working_days=5, reason="查阅档案", expected_seq=case.seq,
        actor=sits(handler),
    )  # fmt: skip
    shown = proposal_of(body=county.body, stream=case.stream, actor=sits(handler))
    assert shown is not None and not shown.may_decide and shown.may_withdraw
    before, told = case.seq, Step("extension.told", TODAY, {"working_days": 5, "approved_by": "x"})
    with pytest.raises(NotPermitted):
        Case(Place(county.body, {"handler": Seat.objects.get(pk=handler.pk)}), case.stream).do(told)
    assert case.seq == before
    case.do(told, role="approver")
    assert case.seq == before + 1


def test_cases_of_the_absent_one_are_in_the_deputy_s_list_with_a_mark(county: Place, case: Case) -> None:
    other = colleague(county, "周承办", "handler")
    assert work_list(sits(other), WorkFilters()).counts.mine == 0
    away(county.seats["handler"], other, TODAY, TODAY)
    actor = sits(other)
    found = work_list(actor, WorkFilters(group="mine"))
    rows = [row for group in found.groups for row in group.rows]
    assert [(row.stream, row.stands_in_for) for row in rows] == [(case.stream, "云公handler")]
    assert work_list(sits(other, TODAY + DAY), WorkFilters()).counts.mine == 0
    (row,) = case_rows([CaseSummary.objects.get(stream=case.stream)], sits(county.seats["approver"]))
    assert row.stands_in_for == ""


def test_who_may_enter_an_absence_of_whom(county: Place) -> None:
    handler, deputy = county.seats["handler"], county.seats["receiving_clerk"]
    for role in ROLES:
        by = county.seats[role]
        if role in ("handler", "approver", "security_administrator"):
            absence = away(handler, deputy, by=by)
            assert absence.entered_by == by
            end_absence(absence=absence, actor=sits(by))
        elif role == "receiving_clerk":
            with pytest.raises(NotPermitted):
                away(handler, colleague(county, "另一人", "handler"), by=by)
        else:
            with pytest.raises(NotPermitted):
                away(handler, deputy, by=by)
    own = away(handler, deputy)
    for role in ("receiving_clerk", "supervisor", "system_administrator"):
        with pytest.raises(NotPermitted):
            end_absence(absence=own, actor=sits(county.seats[role]))


def test_a_deputy_prolongs_nothing_and_nobody_names_themselves(county: Place) -> None:
    approver, deputy = county.seats["approver"], county.seats["handler"]
    away(approver, deputy)
    with pytest.raises(NotPermitted):
        away(county.seats["receiving_clerk"], county.seats["editor"], by=deputy)
    with pytest.raises(NotPermitted):
        away(approver, county.seats["editor"], LAST + DAY, LAST + DAY, by=deputy)
    with pytest.raises(NotOneself):
        away(county.seats["receiving_clerk"], approver, by=approver)


def test_the_deputy_must_be_somebody_else_of_the_office_with_an_open_seat(
    county: Place, department: Place
) -> None:
    handler = county.seats["handler"]
    gone, closed = (colleague(county, name, "handler") for name in ("走", "停"))
    Seat.objects.filter(pk=gone.pk).update(valid_until=TODAY)
    closed.person.is_active = False
    closed.person.save()
    empty = colleague(county, "没有角色")
    for unfit in (handler, department.seats["handler"], gone, closed, empty):
        with pytest.raises(UnfitDeputy):
            away(handler, unfit)
    with pytest.raises(Ended):
        away(gone, handler, by=county.seats["approver"])


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [(TODAY, TODAY - DAY, "backwards"), (TODAY - DAY, TODAY, "past"), (TODAY, TODAY + 366 * DAY, "long")],
)
def test_days_that_cannot_be(first: date, last: date, why: str, county: Place) -> None:
    with pytest.raises(WrongDays) as wrong:
        away(county.seats["handler"], county.seats["receiving_clerk"], first, last)
    assert wrong.value.why == why


def test_absences_of_a_seat_do_not_overlap(county: Place) -> None:
    handler, deputy = county.seats["handler"], county.seats["receiving_clerk"]
    first = away(handler, deputy)
    for begin, end in ((TODAY, TODAY), (LAST, LAST + DAY), (TODAY, LAST + 9 * DAY)):
        with pytest.raises(Overlaps) as overlap:
            away(handler, deputy, begin, end)
        assert overlap.value.absence == first
    away(handler, deputy, LAST + DAY, LAST + 2 * DAY)


def test_the_deputy_of_a_deputy_who_is_away_stands_in_for_both(county: Place) -> None:
    a, b, c = (colleague(county, name, "handler") for name in "甲乙丙")
    away(a, b)
    away(b, c, TODAY + DAY, LAST)
    assert [seat.pk for seat in sits(b).stands_in_for] == [a.pk]
    later = TODAY + DAY
    assert sits(b, later).stands_in_for == ()
    assert {seat.pk for seat in sits(c, later).stands_in_for} == {a.pk, b.pk}


def test_no_circle_of_deputies_on_any_day(county: Place) -> None:
    a, b, c = (colleague(county, name, "handler") for name in "甲乙丙")
    away(a, b)
    away(b, c, LAST, LAST + 3 * DAY)
    with pytest.raises(Circle) as circle:
        away(c, a, LAST, LAST)
    assert circle.value.absence.deputy == c
    away(c, a, LAST + DAY, LAST + 2 * DAY)  # a is back by then: no circle


def test_a_deputy_without_seat_or_account_stands_in_for_nobody_and_that_is_listed(county: Place) -> None:
    handler, deputy = county.seats["handler"], colleague(county, "代理人", "editor")
    away(handler, deputy, TODAY + DAY, LAST)
    away(county.seats["approver"], None)
    assert [(one.absence.seat, one.day, one.why) for one in uncovered(county.body, TODAY)] == [
        (county.seats["approver"], TODAY, Nobody.NOT_NAMED)
    ]
    Seat.objects.filter(pk=deputy.pk).update(valid_until=TODAY)
    found = {one.absence.seat: (one.day, one.why) for one in uncovered(county.body, TODAY)}
    assert found[handler] == (TODAY + DAY, Nobody.NO_SEAT)
    assert not sits(deputy, TODAY + DAY).may(Act.CASE_ACT, county.body)


def test_who_is_back_early_is_stood_in_for_no_more(county: Place) -> None:
    handler, deputy = county.seats["handler"], county.seats["editor"]
    running, planned = away(handler, deputy), away(handler, deputy, LAST + DAY, LAST + 2 * DAY)
    back = TODAY + 2 * DAY
    end_absence(absence=running, actor=sits(handler, back))
    end_absence(absence=planned, actor=sits(handler, back))
    running.refresh_from_db()
    planned.refresh_from_db()
    assert running.last == TODAY + DAY and running.cancelled_at is None
    assert planned.cancelled_at is not None
    assert sits(deputy, TODAY + DAY).may(Act.CASE_ACT, county.body)
    for day in (back, LAST, LAST + DAY):
        assert not sits(deputy, day).may(Act.CASE_ACT, county.body)
    for over in (running, planned):
        with pytest.raises(Ended):
            end_absence(absence=over, actor=sits(handler, back))
