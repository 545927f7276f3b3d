"""A sensitive case appears to none but its readers in any list of the duty."""

from __future__ import annotations

from datetime import date

from tests.platform.conftest import TODAY, Place
from tests.platform.duty.conftest import came_in, colleague, sits
from tests.platform.letters.conftest import Case

from gongkai.platform.cases.duty.calendar import holiday_on
from gongkai.platform.cases.duty.hand_over import hand_over, held_by, rows_of
from gongkai.platform.cases.duty.holidays import holiday_list
from gongkai.platform.cases.duty.moved import changes_of, visible_dates
from gongkai.platform.cases.duty.moving import Cause, Move, note_moves
from gongkai.platform.cases.duty.orders import register_order, visible_orders
from gongkai.platform.cases.models import CaseDesk, CaseSummary
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Seat
from gongkai.platform.core.services.absences import enter_absence

BEFORE = date(2026, 4, 3)
"""The last working day before the Qingming holiday of 2026 (4 to 6 April)."""


def flagged(county: Place, case: Case) -> Seat:
    """Readers: the handler and the approver."""
    approver = county.seats["approver"]
    flagging = Flagging(readers=(approver.pk, county.seats["handler"].pk), reason="舆情")
    flag_case(body=county.body, stream=case.stream, actor=county.actor("approver"), flagging=flagging)
    return approver


def test_none_but_readers_and_their_deputies_find_it(county: Place) -> None:
    case = came_in(county, date(2026, 3, 9), handler=county.seats["handler"])  # due 2026-04-07
    number = CaseSummary.objects.get(stream=case.stream).number
    register_order(
        body=county.body, issuer_name="某市", number="1", text="请核查", received_on=TODAY,
        due_on=date(2026, 4, 7), numbers=[number],
        actor=Actor(county.actor("handler", date(2026, 3, 9)).present, system="test"),
    )  # fmt: skip
    note_moves(
        body=county.body, moves=[Move(case.stream, "reply_due_on", TODAY, BEFORE, False)],
        basis=basis_for(county.body), actor=county.actor("handler"), cause=Cause("local_holiday", "x", "节"),
    )  # fmt: skip
    approver = flagged(county, case)
    other = colleague(county, "另一位负责人", "approver", "handler")
    clerk = county.seats["receiving_clerk"]
    assert finds(county, sits(approver, BEFORE), case) == (True,) * 6
    for stranger in (other, clerk, county.seats["supervisor"]):
        assert finds(county, sits(stranger, BEFORE), case) == (False,) * 6
    enter_absence(seat=approver, deputy=other, first=BEFORE, last=BEFORE, actor=sits(approver, BEFORE))
    assert finds(county, sits(other, BEFORE), case) == (True,) * 6


def finds(county: Place, actor: Actor, case: Case) -> tuple[bool, ...]:
    basis = basis_for(county.body)
    holiday = holiday_on(basis.calendar, date(2026, 4, 5))
    assert holiday is not None
    listed = holiday_list(body=county.body, holiday=holiday, basis=basis, actor=actor)
    held = held_by(body=county.body, seat=county.seats["handler"].pk, actor=actor)
    return (
        case.stream in {row.stream for row in listed.rows},
        "某市督办" in {row.title for row in listed.rows},
        visible_dates(actor).exists(),
        bool(changes_of(county.body.pk, actor)),
        visible_orders(actor).exists(),
        case.stream in {row.stream for row in held.rows},
    )


def test_what_the_head_may_not_see_is_not_handed_over_and_the_taker_reads_what_is(county: Place) -> None:
    seen, hidden = (came_in(county, date(2026, 3, 2), handler=county.seats["handler"]) for _n in range(2))
    flagged(county, hidden)
    other, taker = colleague(county, "另一位负责人", "approver"), colleague(county, "李接收", "handler")
    giver = county.seats["handler"].pk
    held = held_by(body=county.body, seat=giver, actor=sits(other))
    assert ([row.stream for row in held.rows], held.hidden) == ([seen.stream], 1)
    hand_over(body=county.body, giver=giver, taker=taker.pk, seen=held.digest, actor=sits(other))
    assert CaseDesk.objects.get(stream=hidden.stream).handler_id == giver  # type: ignore[attr-defined]
    held = held_by(body=county.body, seat=giver, actor=county.actor("approver"))
    done = hand_over(
        body=county.body, giver=giver, taker=taker.pk, seen=held.digest, actor=county.actor("approver")
    )
    assert [row.stream for row in rows_of(done, sits(taker))] == [hidden.stream]
    assert rows_of(done, sits(other)) == ()
