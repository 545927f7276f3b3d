"""All open cases of a seat go to another, with a list that the taker signs for."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.duty.conftest import SignsIn, came_in, colleague, sits
from tests.platform.duty.test_before_long_holidays import squeezed, tables_of
from tests.platform.letters.conftest import Case

from gongkai.platform.cases.duty.hand_over import (
    NothingToHandOver,
    SignedAlready,
    hand_over,
    held_by,
    rows_of,
    sign_hand_over,
)
from gongkai.platform.cases.duty.roster import ListChanged
from gongkai.platform.cases.models import CaseDesk, HandOver
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.desk import NotAHandler, assign_handler
from gongkai.platform.core.models import AuditEntry, Seat
from gongkai.platform.core.permissions import NotPermitted

AT = "/desk/duty/hand-over/"


@pytest.fixture
def cases(county: Place) -> list[Case]:
    """Two open cases and one that has ended, all of the handler."""
    found = [came_in(county, date(2026, 2, 9), handler=county.seats["handler"]) for _n in range(3)]
    found[2].do(Step("request.withdrawn", TODAY))
    return found


def of(seat: Seat) -> set[str]:
    return set(CaseDesk.objects.filter(handler=seat).values_list("stream", flat=True))


def test_the_open_cases_go_to_the_taker_who_signs(
    county: Place, cases: list[Case], signs_in: SignsIn
) -> None:
    giver, taker = county.seats["handler"], colleague(county, "李接收", "handler")
    Seat.objects.filter(pk=giver.pk).update(valid_until=TODAY)  # has left already
    approver, receiver = signs_in(county.seats["approver"]), signs_in(taker)
    page = approver.get(f"{AT}?giver={giver.pk}&taker={taker.pk}").content.decode()
    assert "岗位已收回" in page and "全部移交（2 件）" in page
    seen = held_by(body=county.body, seat=giver.pk, actor=sits(county.seats["approver"])).digest
    sent = {"giver": giver.pk, "taker": taker.pk, "seen": seen}
    assert receiver.post(AT, sent).status_code == 403
    assert approver.post(AT, {**sent, "seen": "x"}).status_code == 409
    assert approver.post(AT, {**sent, "taker": giver.pk}).status_code == 422
    assert of(taker) == set()
    assert approver.post(AT, sent).status_code == 302
    assert of(taker) == {case.stream for case in cases[:2]} and of(giver) == {cases[2].stream}
    told = AuditEntry.objects.filter(act="case.assigned", object=cases[0].stream, detail__contains=taker.pk)
    assert told.count() == 1
    assert approver.post(AT, sent).status_code == 409
    done = HandOver.objects.get()
    at = f"{AT}{done.pk}/"
    assert approver.post(at, {}).status_code == 403
    rows = rows_of(done, sits(taker))
    (on_paper,) = tables_of(approver.get(f"{at}list.pdf").content)
    assert (
        on_paper == [[squeezed(str(value or "")) for value in row.values] for row in rows] and len(rows) == 2
    )
    assert "我已接收，签收" in receiver.get(at).content.decode()
    assert receiver.post(at, {}).status_code == 302
    done.refresh_from_db()
    assert done.signed_on == TODAY
    assert "已经签收过了" in receiver.post(at, {}, follow=True).content.decode()
    acts = list(AuditEntry.objects.filter(act__startswith="duty.hand").values_list("act", flat=True))
    assert sorted(acts) == ["duty.hand_over_signed", "duty.handed_over"]


def test_what_cannot_be_handed_over(county: Place, department: Place, cases: list[Case]) -> None:
    giver, taker = county.seats["handler"], colleague(county, "李接收", "handler")
    actor = county.actor("approver")
    seen = held_by(body=county.body, seat=giver.pk, actor=actor).digest

    def give(to: Seat, by: str = "approver", digest: str = seen, whose: Seat = giver) -> HandOver:
        return hand_over(body=county.body, giver=whose.pk, taker=to.pk, seen=digest, actor=county.actor(by))

    for role in ("handler", "receiving_clerk", "supervisor", "security_administrator"):
        with pytest.raises(NotPermitted):
            give(taker, by=role)
    for unfit in (department.seats["handler"], county.seats["supervisor"], giver):
        with pytest.raises(NotAHandler):
            give(unfit)
    with pytest.raises(NothingToHandOver):
        give(giver, whose=taker)
    assign_handler(body=county.body, stream=cases[0].stream, handler="", actor=actor)
    with pytest.raises(ListChanged):
        give(taker)
    assert of(taker) == set() and not HandOver.objects.exists()


def test_only_the_taker_signs_and_once(county: Place, foreign: Place, cases: list[Case]) -> None:
    giver, taker = county.seats["handler"], colleague(county, "李接收", "handler")
    seen = held_by(body=county.body, seat=giver.pk, actor=county.actor("approver")).digest
    done = hand_over(
        body=county.body, giver=giver.pk, taker=taker.pk, seen=seen, actor=county.actor("approver")
    )
    for other in (giver, county.seats["approver"], foreign.seats["handler"]):
        with pytest.raises(NotPermitted):
            sign_hand_over(done=done, actor=sits(other))
    sign_hand_over(done=done, actor=sits(taker))
    with pytest.raises(SignedAlready):
        sign_hand_over(done=done, actor=sits(taker))
