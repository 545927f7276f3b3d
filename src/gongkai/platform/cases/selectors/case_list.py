"""All cases, open and closed, by year of receipt; pages by key, so that old ones cost what new ones do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.selectors.conditions import handled_by, handled_by_nobody
from gongkai.platform.cases.selectors.filters import NOBODY, CaseFilters, WorkFilters
from gongkai.platform.cases.selectors.paging import Order, page_of
from gongkai.platform.cases.selectors.rows import CaseRow, case_rows
from gongkai.platform.cases.selectors.scope import visible_bodies, visible_cases
from gongkai.platform.cases.selectors.work_list import open_cases, selected
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act

PAGE = 50
COUNTED = 10_000
"""Cases are counted up to here; beyond, the list says "more than"."""
MOST_EXPORTED = 100_000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class CaseList:
    """What the page of all cases shows."""

    today: date
    filters: CaseFilters
    year: int | None
    """``None``: all years."""
    years: Sequence[int]
    """Years in which cases came in, newest first."""
    count: int
    counted_all: bool
    """``False``: there are more than ``count``."""
    rows: Sequence[CaseRow]
    before: str = ""
    after: str = ""


class TooManyRows(ValueError):
    """More cases than a spreadsheet is made of; ``most`` is how many."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} cases")
        self.most = most


def case_list(
    actor: Actor,
    filters: CaseFilters,
    *,
    streams: Sequence[str] | None = None,
    after: str = "",
    before: str = "",
) -> CaseList:
    """The cases that the actor may see, newest receipt first, a page of them.

    - without a year those received this year, or with ``streams`` (found by a search) of all years;
    - what is not received yet stands in its own state ``waiting``, and among what a search found.

    Nothing is raised: who may see no case gets an empty list.
    """
    cases, order = _selected(actor, filters, streams)
    page = page_of(cases, order, PAGE, after=after, before=before)
    count = cases.order_by()[: COUNTED + 1].count()
    return CaseList(
        today=actor.today,
        filters=filters,
        year=_year(actor, filters, streams),
        years=years_of(actor),
        count=min(count, COUNTED),
        counted_all=count <= COUNTED,
        rows=case_rows(page.rows, actor),
        before=page.before,
        after=page.after,
    )


def years_of(actor: Actor) -> list[int]:
    """The years from the first receipt to this one, newest first."""
    days = visible_cases(actor).filter(received_on__isnull=False).order_by("received_on")
    first = days.values_list("received_on", flat=True).first()
    return list(range(actor.today.year, (first.year if first is not None else actor.today.year) - 1, -1))


def _year(actor: Actor, filters: CaseFilters, streams: Sequence[str] | None) -> int | None:
    if filters.year == "all" or (not filters.year and streams is not None):
        return None
    return int(filters.year) if filters.year else actor.today.year


def _selected(
    actor: Actor, filters: CaseFilters, streams: Sequence[str] | None
) -> tuple[QuerySet[CaseSummary], Order]:
    cases = _narrowed(visible_cases(actor), filters)
    year = _year(actor, filters, streams)
    if streams is not None:
        cases = cases.filter(stream__in=streams)
    if filters.state == "waiting":
        # A case whose intake was struck out as a mistake waits for nothing.
        return cases.filter(received_on__isnull=True, open=True), Order("stream", is_date=False)
    if year is not None:
        cases = cases.filter(received_on__gte=date(year, 1, 1), received_on__lte=date(year, 12, 31))
    elif streams is None:
        cases = cases.filter(received_on__isnull=False)
    if filters.sort == "number":
        return cases.exclude(number=""), Order("number", is_date=False)
    column = "received_on"
    if streams is not None and year is None:
        column = "came_on"
        cases = cases.annotate(
            came_on=Coalesce("received_on", "submitted_on", Value(actor.today, DateField()))
        )
    return cases, Order(column, descending=filters.sort != "oldest")


def _narrowed(cases: QuerySet[CaseSummary], filters: CaseFilters) -> QuerySet[CaseSummary]:
    match filters.state:
        case "open":
            cases = cases.filter(open=True)
        case "closed":
            cases = cases.filter(open=False)
        case "late":
            cases = cases.filter(answered_late=True)
        case _other:
            pass
    exact = {name: getattr(filters, name) for name in ("phase", "outcome", "channel", "body")}
    cases = cases.filter(Q(**{name: value for name, value in exact.items() if value}))
    if filters.handler:
        cases = cases.filter(
            handled_by_nobody() if filters.handler == NOBODY else handled_by(filters.handler)
        )
    return cases


def exported_cases(
    actor: Actor, filters: CaseFilters | WorkFilters, *, streams: Sequence[str] | None = None
) -> Iterator[CaseRow]:
    """Every case of a list, in its order, for a spreadsheet; needs ``CASE_EXPORT`` for each case's body.

    Raises ``TooManyRows`` before the first is given.
    """
    if isinstance(filters, WorkFilters):
        cases = selected(open_cases(actor, filters, streams), actor, filters)
        # What has no date on which it is due comes last, on both databases.
        cases = cases.annotate(by=Coalesce("next_due_on", Value(date.max, DateField()))).order_by(
            "by", "stream"
        )
    else:
        cases, order = _selected(actor, filters, streams)
        cases = cases.order_by(f"{'-' if order.descending else ''}{order.column}", "stream")
    cases = cases.filter(body__in=visible_bodies(actor, Act.CASE_EXPORT))
    if cases.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        raise TooManyRows(MOST_EXPORTED)
    return _in_chunks(cases, actor)


def _in_chunks(cases: QuerySet[CaseSummary], actor: Actor) -> Iterator[CaseRow]:
    chunk: list[CaseSummary] = []
    for case in cases.iterator(chunk_size=_CHUNK):
        chunk.append(case)
        if len(chunk) == _CHUNK:
            yield from case_rows(chunk, actor)
            chunk = []
    yield from case_rows(chunk, actor)
