"""A pause that ended by itself is none any more in the lists, though nobody has entered anything since."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.conftest import Place
from tests.platform.lists.conftest import acted, registered

from gongkai.platform.cases.models import CaseDesk, CaseSummary
from gongkai.platform.cases.selectors.filters import WorkFilters
from gongkai.platform.cases.selectors.rows import CaseRow
from gongkai.platform.cases.selectors.work_list import work_list

LAST = date(2026, 3, 30)
"""The last of the third party's fifteen working days."""
OVER, DUE, LATE = date(2026, 3, 31), date(2026, 4, 24), date(2026, 4, 27)


@pytest.fixture
def consulted(county: Place) -> CaseSummary:
    """A case that waited for a third party, who never answered."""
    case = registered(county, date(2026, 3, 2))
    acted(county, case, "third_party.consulted", date(2026, 3, 4), party="party-1")
    acted(county, case, "third_party.delivered", date(2026, 3, 9), party="party-1")
    CaseDesk.objects.create(stream=case.stream, body=county.body, handler=county.seats["handler"])
    return case


def listed(county: Place, day: date, **filters: str) -> dict[str, list[CaseRow]]:
    found = work_list(county.actor("handler", day), WorkFilters(**filters))
    return {group.key: list(group.rows) for group in found.groups}


@pytest.mark.parametrize(
    ("day", "group", "mark"),
    [
        (LAST, "paused", "paused"),
        (OVER, "later", "running"),
        (DUE, "today", "today"),
        (LATE, "overdue", "overdue"),
    ],
)
def test_the_case_is_in_the_group_of_its_clock(
    county: Place, consulted: CaseSummary, day: date, group: str, mark: str
) -> None:
    found = listed(county, day)
    assert list(found) == [group]
    due = found[group][0].due
    assert due is not None and due.mark == mark
    if day > LAST:
        assert due.rest is not None and (due.rest.day, due.what) == (DUE, "答复期限")


def test_it_is_the_organs_turn_and_the_handlers_work(county: Place, consulted: CaseSummary) -> None:
    before, after = listed(county, LAST)["paused"][0], listed(county, OVER)["later"][0]
    assert (before.now, before.turn) == ("征求意见中", "第三方")
    assert (after.now, after.turn, after.next_step) == (
        "征求意见期满", county.seats["handler"].person.name, "期限已过，看能怎样办",
    )  # fmt: skip
    for filters in ({"group": "mine"}, {"waits": "organ"}, {"waits": "me"}, {"clock": "reply"}):
        assert not listed(county, LAST, **filters), filters
        assert listed(county, OVER, **filters), filters
    assert listed(county, LAST, waits="third_party") and not listed(county, OVER, waits="third_party")


def test_what_the_applicant_owed_is_the_organs_turn_once_it_is_over(county: Place) -> None:
    case = registered(county, date(2026, 3, 2))
    acted(county, case, "correction.requested", date(2026, 3, 4), respond_by="2026-03-25")
    waiting, over = (listed(county, day)["paused"][0] for day in (date(2026, 3, 25), date(2026, 3, 26)))
    assert (waiting.now, waiting.turn) == ("等申请人补正", "申请人")
    assert over.now == "待分办" and over.next_step == "期限已过，看能怎样办"
