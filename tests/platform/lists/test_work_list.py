"""The work list puts every open case into one group, by the actor's day and the body's calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.lists.conftest import acted, registered

from gongkai.platform.cases.models import CaseDesk, CaseSummary, DraftStep, ReplyDraft
from gongkai.platform.cases.selectors.conditions import group_conditions, notice_conditions
from gongkai.platform.cases.selectors.filters import GROUPS, WorkFilters
from gongkai.platform.cases.selectors.work_list import FIRST, PAGE, WorkList, work_list
from gongkai.platform.core.actor import Actor


def groups(found: WorkList) -> dict[str, list[str]]:
    return {group.key: [row.stream for row in group.rows] for group in found.groups}


def seen(actor: Actor, **filters: str) -> WorkList:
    return work_list(actor, WorkFilters(**filters))


@pytest.fixture
def year(county: Place) -> dict[str, CaseSummary]:
    """One case of each group on ``TODAY``, and a closed one."""
    cases = {
        "overdue": registered(county, date(2026, 1, 27)),
        "today": registered(county, date(2026, 1, 28)),
        "week": registered(county, date(2026, 1, 29)),
        "later": registered(county, date(2026, 2, 25)),
        "paused": registered(county, date(2026, 2, 24)),
        "undated": registered(county, date(2026, 3, 2), channel="fax"),
        "closed": registered(county, date(2026, 2, 2)),
    }
    acted(county, cases["paused"], "correction.requested", date(2026, 2, 26))
    acted(county, cases["paused"], "correction.delivered", date(2026, 2, 26))
    acted(county, cases["closed"], "request.withdrawn", date(2026, 2, 26))
    return cases


def test_every_open_case_is_in_its_group_and_no_closed_one(
    county: Place, year: dict[str, CaseSummary]
) -> None:
    for key in ("unsent", "sent"):
        year[key] = registered(county, date(2026, 2, 25))
        reply = {"outcome": "denied_internal", "method": "post"}
        acted(county, year[key], "reply.issued", date(2026, 3, 2), "approver", **reply)
    acted(county, year["sent"], "reply.dispatched", date(2026, 3, 2), method="post")
    found = seen(county.actor("handler"))
    assert groups(found) == {key: [year[key].stream] for key in GROUPS}
    assert found.counts.all == 8
    assert found.counts.groups == dict.fromkeys(GROUPS, 1)
    assert found.counts.unconfirmed == 1


def test_the_rest_is_told_in_working_days(county: Place, year: dict[str, CaseSummary]) -> None:
    rows = {group.key: group.rows[0] for group in seen(county.actor("handler")).groups}
    told = {key: (row.due.mark, row.due.rest and row.due.rest.words) for key, row in rows.items() if row.due}
    assert told == {
        "overdue": ("overdue", "过了 1 个工作日"),
        "today": ("today", "就在今天"),
        "week": ("soon", "还有 1 个工作日"),
        "later": ("running", "还有 15 个工作日"),
        "paused": ("paused", told["paused"][1]),
        "undated": ("void", None),
    }
    assert (rows["paused"].due and rows["paused"].due.word) == "暂停，等补正"
    assert rows["undated"].now == "待与申请人确认收到"


def test_the_same_cases_move_between_the_groups_with_the_day(
    county: Place, year: dict[str, CaseSummary]
) -> None:
    sunday = groups(work_list(county.actor("handler", date(2026, 3, 8)), WorkFilters()))
    assert sunday["overdue"] == [year[key].stream for key in ("overdue", "today", "week")]
    # Four days of the week after the holiday, the made-up Saturday 02-28, and the Monday.
    saturday = work_list(county.actor("handler", date(2026, 2, 14)), WorkFilters())
    rest = {row.stream: row.due and row.due.rest for group in saturday.groups for row in group.rows}
    found = rest[year["overdue"].stream]
    assert found is not None and (found.day, found.working_days) == (date(2026, 3, 2), 6)


def test_the_last_day_for_a_correction_stands_among_todays(county: Place) -> None:
    case = registered(county, date(2026, 2, 13))
    last = CaseSummary.objects.get(stream=case.stream).notice_due_on
    assert last is not None
    for day, group in (
        (last - timedelta(days=1), "later"),
        (last, "today"),
        (last + timedelta(days=1), "later"),
    ):
        found = work_list(county.actor("handler", day), WorkFilters())
        assert [one.key for one in found.groups] == [group], day
    row = work_list(county.actor("handler", last), WorkFilters()).groups[0].rows[0]
    assert row.due is not None and row.due.what == "告知补正的期限"
    assert row.due.more[0].startswith("答复期限 ")


def test_the_list_can_go_by_the_last_day_for_a_correction(
    county: Place, year: dict[str, CaseSummary]
) -> None:
    found = seen(county.actor("handler"), clock="notice")
    assert groups(found) == {"week": [year["later"].stream]}
    assert found.counts.groups["overdue"] == 0


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2026, 3, 8), date(2026, 12, 31), date(2026, 2, 14)])
def test_the_groups_are_a_partition_of_the_open_cases(
    county: Place, year: dict[str, CaseSummary], day: date
) -> None:
    # Every combination of dates around the day, and none.
    near = [None, *(day + timedelta(days=shift) for shift in (-8, -1, 0, 1, 3, 6, 9))]
    CaseSummary.objects.bulk_create(
        CaseSummary(
            stream=f"case-{n}-{m}-{place}", body=county.body, phase="handling", next_due_on=due,
            notice_due_on=notice, paused=place > 0, paused_through=through, last_seq=1, last_position=1,
        )
        for n, due in enumerate(near) for m, notice in enumerate(near)
        for place, through in enumerate((None, None, day - timedelta(days=1), day))
    )  # fmt: skip
    cases = CaseSummary.objects.filter(body=county.body, open=True)
    streams = [
        set(cases.filter(one).values_list("stream", flat=True)) for one in group_conditions(day).values()
    ]
    assert sum(map(len, streams)) == cases.count() == len(set().union(*streams))
    noticed = [cases.filter(one).count() for one in notice_conditions(day).values()]
    assert sum(noticed) == cases.filter(notice_due_on__gte=day).count()


def test_filters_narrow_list_and_counts(county: Place, year: dict[str, CaseSummary]) -> None:
    actor = county.actor("handler")
    CaseDesk.objects.create(stream=year["week"].stream, body=county.body, handler=county.seats["handler"])
    assert groups(seen(actor, channel="fax")) == {"undated": [year["undated"].stream]}
    assert groups(seen(actor, waits="applicant")) == {"paused": [year["paused"].stream]}
    assert groups(seen(actor, phase="awaiting_correction")) == {"paused": [year["paused"].stream]}
    assert groups(seen(actor, handler=county.seats["handler"].key)) == {"week": [year["week"].stream]}
    assert "week" not in groups(seen(actor, handler="none"))
    assert groups(seen(actor, group="today")) == {"today": [year["today"].stream]}
    assert seen(actor, group="today").counts.all == 6
    assert seen(actor, channel="fax").counts.all == 1
    assert groups(seen(actor, clock="reply")).keys() == {"overdue", "today", "week", "later"}
    assert groups(seen(actor, channel="email")) == {}


def test_what_waits_for_me_depends_on_my_seat(county: Place, year: dict[str, CaseSummary]) -> None:
    handler, clerk, approver = (county.actor(role) for role in ("handler", "receiving_clerk", "approver"))
    assert seen(handler).counts.mine == 0
    # The clerk: what nobody handles, and the fax whose receipt is to be confirmed.
    mine = {stream for streams in groups(seen(clerk, group="mine")).values() for stream in streams}
    assert mine == {year[key].stream for key in ("overdue", "today", "week", "later", "undated")}
    CaseDesk.objects.create(stream=year["week"].stream, body=county.body, handler=county.seats["handler"])
    assert groups(seen(handler, group="mine")) == {"week": [year["week"].stream]}
    assert seen(clerk).counts.mine == 4
    ReplyDraft.objects.create(
        key="draft-1", body=county.body, stream=year["week"].stream, state="submitted", outcome="granted",
        author=county.seats["handler"], base_seq=2,
    )  # fmt: skip
    assert seen(handler).counts.mine == 0
    assert groups(seen(approver, group="mine")) == {"week": [year["week"].stream]}
    row = seen(approver, group="mine").groups[0].rows[0]
    assert (row.now, row.turn, row.next_step) == ("答复稿在审批", "审批人", "看审批")


def test_nobody_approves_a_draft_of_their_own(county: Place, year: dict[str, CaseSummary]) -> None:
    ReplyDraft.objects.create(
        key="draft-1", body=county.body, stream=year["week"].stream, state="submitted", outcome="granted",
        author=county.seats["approver"], base_seq=2,
    )  # fmt: skip
    assert seen(county.actor("approver")).counts.mine == 0
    ReplyDraft.objects.update(author=county.seats["handler"])
    assert seen(county.actor("approver")).counts.mine == 1
    DraftStep.objects.create(
        draft=ReplyDraft.objects.get(), move="submitted", version=1, seat=county.seats["approver"],
        at=county.actor("handler").present.moment,
    )  # fmt: skip
    assert seen(county.actor("approver")).counts.mine == 0, "who submitted it may not either"


def test_a_supervisor_sees_the_bodies_below_and_others_do_not(
    county: Place, department: Place, foreign: Place
) -> None:
    for place in (county, department, foreign):
        registered(place, date(2026, 2, 25))
    assert seen(county.actor("supervisor")).counts.all == 2
    assert seen(county.actor("supervisor"), body=department.body.key).counts.all == 1
    assert seen(county.actor("supervisor"), body=foreign.body.key).counts.all == 0
    for role in ("handler", "receiving_clerk", "approver", "report_author"):
        assert seen(county.actor(role)).counts.all == 1
    for role in ("editor", "reviewer", "security_administrator"):
        assert seen(county.actor(role)).counts.all == 0
    assert seen(department.actor("supervisor")).counts.all == 1


def test_a_long_group_is_cut_and_a_chosen_one_comes_in_pages(county: Place) -> None:
    CaseSummary.objects.bulk_create(
        CaseSummary(
            stream=f"case-{n:03}", body=county.body, phase="handling",
            next_due_on=TODAY + timedelta(days=20 + n % 7), received_on=TODAY, last_seq=1,
            last_position=n + 1,
        )
        for n in range(2 * PAGE + 5)
    )  # fmt: skip
    actor = county.actor("handler")
    whole = seen(actor).groups[0]
    assert (whole.count, whole.listed) == (2 * PAGE + 5, FIRST["later"])
    order = list(
        CaseSummary.objects.filter(body=county.body)
        .order_by("next_due_on", "stream")
        .values_list("stream", flat=True)
    )
    pages, after = [], ""
    while True:
        found = work_list(actor, WorkFilters(group="later"), after=after)
        pages.append([row.stream for row in found.groups[0].rows])
        if not found.after:
            break
        after = found.after
    assert list(chain.from_iterable(pages)) == order and len(pages) == 3
    back = work_list(actor, WorkFilters(group="later"), before=found.before)
    assert [row.stream for row in back.groups[0].rows] == pages[1]
    assert not work_list(actor, WorkFilters(group="later"), before=back.before).before
