"""The work list: what is open, by when it is due, in groups from overdue to paused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.selectors.conditions import (
    group_conditions,
    handled_by,
    handled_by_nobody,
    notice_conditions,
    reply_clock_runs,
    waits_for,
    waits_for_me,
)
from gongkai.platform.cases.selectors.filters import GROUPS, NOBODY, WorkFilters
from gongkai.platform.cases.selectors.paging import Order, Page, page_of
from gongkai.platform.cases.selectors.rows import CaseRow, case_rows
from gongkai.platform.cases.selectors.scope import visible_cases
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import known_calendar
from gongkai.rules.cases.state import Phase

FIRST = {
    "overdue": 50, "unsent": 50, "today": 50, "week": 50, "later": 20, "paused": 20, "undated": 20,
    "sent": 20,
}  # fmt: skip
"""So many cases of a group are listed before one asks for the whole group."""
PAGE = 50
BY_DUE = Order("next_due_on")
BY_NOTICE = Order("notice_due_on")
BY_WAIT = Order("sorted_by")
"""By the last day of what a paused case waits for; those without one come last.

Cases without any date go by it too: by ``stream`` alone PostgreSQL would walk through all closed cases.
"""


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """A group of the list: how many cases are in it, and the first of them."""

    key: str
    label: Any
    count: int
    rows: Sequence[CaseRow]

    @property
    def listed(self) -> int:
        """How many of them are shown."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Counts:
    """Open cases under the other filters: all, by group, and those that wait for this seat."""

    all: int
    groups: dict[str, int]
    mine: int
    unconfirmed: int
    """Came in, and the receipt is not confirmed with the applicant yet."""


@dataclass(frozen=True, slots=True)
class WorkList:
    """What the page of the work list shows."""

    today: date
    filters: WorkFilters
    counts: Counts
    groups: Sequence[WorkGroup]
    before: str = ""
    after: str = ""
    notice: str = ""
    """The title of the holiday notice by which days of this year are counted; empty: there is none yet."""


def open_cases(
    actor: Actor, filters: WorkFilters, streams: Sequence[str] | None = None
) -> QuerySet[CaseSummary]:
    """The open cases under all filters but the group.

    ``streams``: only these, as found by a search.
    """
    cases = visible_cases(actor).filter(open=True)
    if streams is not None:
        cases = cases.filter(stream__in=streams)
    if filters.body:
        cases = cases.filter(body=filters.body)
    if filters.channel:
        cases = cases.filter(channel=filters.channel)
    if filters.phase:
        cases = cases.filter(phase=filters.phase)
    if filters.handler:
        cases = cases.filter(
            handled_by_nobody() if filters.handler == NOBODY else handled_by(filters.handler)
        )
    if filters.waits == "me":
        cases = cases.filter(waits_for_me(actor))
    elif filters.waits:
        cases = cases.filter(waits_for(filters.waits, actor.today))
    if filters.clock == "notice":
        cases = cases.filter(notice_due_on__gte=actor.today)
    elif filters.clock == "reply":
        cases = cases.filter(reply_clock_runs(actor.today))
    return cases


def conditions_of(filters: WorkFilters, today: date) -> dict[str, Q]:
    """The groups of the clock that the list goes by."""
    return notice_conditions(today) if filters.clock == "notice" else group_conditions(today)


def selected(cases: QuerySet[CaseSummary], actor: Actor, filters: WorkFilters) -> QuerySet[CaseSummary]:
    """Only the chosen group, or what waits for this seat."""
    if filters.group == "mine":
        return cases.filter(waits_for_me(actor))
    if filters.group:
        return cases.filter(conditions_of(filters, actor.today).get(filters.group, Q(pk__in=[])))
    return cases


def work_list(
    actor: Actor,
    filters: WorkFilters,
    *,
    streams: Sequence[str] | None = None,
    after: str = "",
    before: str = "",
) -> WorkList:
    """The open cases that the actor may see, grouped by ``actor.today``.

    - each open case is in exactly one group; ``counts`` has their sizes under the other filters;
    - without a chosen group the first cases of each are listed, with one that whole group in pages;
    - only open cases are ever looked at, so that the number of closed ones does not matter.

    Nothing is raised: who may see no case gets an empty list.
    """
    cases = open_cases(actor, filters, streams)
    counts = _counts(cases, actor, filters)
    cases = cases.annotate(sorted_by=Coalesce("next_due_on", Value(date.max, DateField())))
    conditions = conditions_of(filters, actor.today)
    before_place = after_place = ""
    pages: list[tuple[str, Any, int, Sequence[CaseSummary]]] = []
    if filters.group == "mine":
        rows = cases.filter(waits_for_me(actor))
        for key, condition in conditions.items():
            size = rows.filter(condition).count() if counts.mine else 0
            if size:
                found = page_of(rows.filter(condition), _order(key, filters), FIRST[key]).rows
                pages.append((key, GROUPS[key], size, found))
    elif filters.group in conditions:
        page: Page[CaseSummary] = page_of(
            cases.filter(conditions[filters.group]), _order(filters.group, filters), PAGE,
            after=after, before=before,
        )  # fmt: skip
        before_place, after_place = page.before, page.after
        if page.rows:
            size = counts.groups[filters.group]
            pages.append((filters.group, GROUPS[filters.group], size, page.rows))
    elif not filters.group:
        for key, condition in conditions.items():
            if counts.groups[key]:
                found = page_of(cases.filter(condition), _order(key, filters), FIRST[key]).rows
                pages.append((key, GROUPS[key], counts.groups[key], found))
    rows_by_stream = {
        row.stream: row for row in case_rows([case for page in pages for case in page[3]], actor)
    }
    return WorkList(
        today=actor.today,
        filters=filters,
        counts=counts,
        groups=[
            WorkGroup(key, label, size, [rows_by_stream[case.stream] for case in found])
            for key, label, size, found in pages
        ],
        before=before_place,
        after=after_place,
        notice=_notice(actor),
    )


def _order(group: str, filters: WorkFilters) -> Order:
    if filters.clock == "notice":
        return BY_NOTICE
    return BY_WAIT if group in ("undated", "paused", "unsent", "sent") else BY_DUE


def _counts(cases: QuerySet[CaseSummary], actor: Actor, filters: WorkFilters) -> Counts:
    conditions = conditions_of(filters, actor.today)
    waiting = Q(phase__in=[Phase.SUBMITTED.value, Phase.NOT_RECEIVED.value])
    found = cases.order_by().aggregate(
        all=Count("stream"),
        unconfirmed=Count("stream", filter=waiting),
        **{f"in_{key}": Count("stream", filter=condition) for key, condition in conditions.items()},
    )
    return Counts(
        all=found["all"],
        groups={key: found.get(f"in_{key}", 0) for key in GROUPS},
        mine=cases.order_by().filter(waits_for_me(actor)).count(),
        unconfirmed=found["unconfirmed"],
    )


def _notice(actor: Actor) -> str:
    notice = known_calendar(actor.present.known_on).notice(actor.today.year)
    return notice.title if notice is not None else ""
