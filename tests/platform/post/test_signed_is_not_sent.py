"""Signed on day 20 and posted on day 25: late; the screen warned from day 19, setting by setting."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.post.conftest import Office, SignIn
from tests.platform.post.test_sending import line, seen

from gongkai.platform.cases.posting.head import change_settings
from gongkai.platform.cases.posting.sending import send
from gongkai.platform.cases.posting.warning import unsent_of
from gongkai.platform.cases.selectors.filters import WorkFilters
from gongkai.platform.cases.selectors.work_list import work_list
from gongkai.platform.core.bases import basis_for

pytestmark = pytest.mark.one_database


def days(office: Office, stream: str) -> tuple[date, date, date, date]:
    """Days 18, 19, 20 and 25 of the reply clock."""
    calendar = basis_for(office.place.body).calendar
    received = office.case(stream).received_on
    assert received is not None
    first, second, third, fourth = (calendar.add(received, n) for n in (18, 19, 20, 25))
    return first, second, third, fourth


def test_signed_on_day_20_and_posted_on_day_25_is_late_and_day_19_warned(
    office: Office, sign_in: SignIn
) -> None:
    stream = office.register()
    day18, day19, day20, day25 = days(office, stream)
    last = f"最迟 {day20.isoformat()}"
    pages = ("/desk/", f"/desk/cases/{stream}/")
    clerk = sign_in("handler", day18)
    assert not any(f"还没有签发，{last}" in clerk.get(page).content.decode() for page in pages)
    clerk = sign_in("handler", day19)
    assert all(f"还没有签发，{last} 签发并寄出" in clerk.get(page).content.decode() for page in pages)
    letter = office.issue(stream, day20)
    clerk = sign_in("handler", day20)
    assert all(f"已签发，未寄出，{last} 寄出" in clerk.get(page).content.decode() for page in pages)
    found = work_list(office.place.actor("handler", day20), WorkFilters(group="unsent"))
    assert [row.stream for group in found.groups for row in group.rows] == [stream]
    clerk = sign_in("handler", day25)
    assert "1 件已经过了最迟寄出的日子" in clerk.get("/desk/").content.decode()
    assert f"{last} 寄出，已经过了" in clerk.get(f"/desk/cases/{stream}/").content.decode()
    late = work_list(office.place.actor("handler", day25), WorkFilters(group="overdue"))
    assert late.counts.groups["overdue"] == 1 and late.counts.groups["unsent"] == 0
    document = seen(office, letter, day25)
    assert document.last_day == day20
    send(lines=[line(document, on=day25)], actor=office.place.actor("handler", day25))
    case = office.case(stream)
    assert case.answered_late is True and case.service == "sent"
    assert unsent_of(office.place.actor("handler", day25)) is None
    assert work_list(office.place.actor("handler", day25), WorkFilters(group="sent")).groups[0].count == 1


def test_posted_on_day_20_is_in_time_and_the_office_says_how_early_it_is_warned(office: Office) -> None:
    stream = office.register()
    day18, day19, day20, _day25 = days(office, stream)
    letter = office.issue(stream, day18)
    told = unsent_of(office.place.actor("handler", day18))
    assert told is not None and (told.all, told.near, told.late) == (1, 0, 0)
    change_settings(
        body=office.place.body, fields={"warn_days": 2}, actor=office.place.actor("approver", day18)
    )
    told = unsent_of(office.place.actor("handler", day18))
    assert told is not None and (told.near, told.first) == (1, day20)
    send(lines=[line(seen(office, letter, day20), on=day20)], actor=office.place.actor("handler", day20))
    assert office.case(stream).answered_late is False
    assert day19 < day20
