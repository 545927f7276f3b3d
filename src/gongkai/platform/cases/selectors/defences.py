"""The calendar of defences: the proceedings against replies, by what is due next; filters, pages, counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import Appointment, CaseSummary
from gongkai.platform.cases.proceedings import Proceeding, all_proceedings, years_decided
from gongkai.platform.cases.selectors.scope import visible_bodies, visible_cases
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Seat
from gongkai.rules.vocabulary import RemedyKind, RemedyResult

PAGE = 50
SOON = timedelta(days=7)
KINDS = {one.value: one.label_zh for one in RemedyKind}
RESULTS = {one.value: one.label_zh for one in RemedyResult}
STANDINGS: Mapping[str, tuple[Any, Callable[[Proceeding, date], bool]]] = {
    "owing": (_("还没有答复"), lambda one, _today: one.owes_answer),
    "overdue": (_("逾期未答复"), lambda one, _today: one.owes_answer and one.mark == "overdue"),
    "soon": (_("快到期"), lambda one, _today: one.owes_answer and one.mark in ("today", "soon")),
    "answered": (_("已答复，等结果"), lambda one, _today: one.answered_on is not None),
    "unreached": (_("还没有收到材料"), lambda one, _today: one.reached_on is None),
    "appointed": (_("有日程"), lambda one, _today: one.next_appointment is not None),
}
"""How far the organ is; by its key in the address."""
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class DefenceFilters:
    """What the page was asked for; empty values mean all."""

    year: str = ""
    """A year: what was decided in it; empty: what is not decided."""
    kind: str = ""
    standing: str = ""
    result: str = ""
    handler: str = ""
    body: str = ""


def read_filters(given: Mapping[str, Any], years: Sequence[int]) -> DefenceFilters:
    """The filters of an address; what is not known is left out."""

    def one_of(name: str, known: Mapping[str, Any]) -> str:
        value = str(given.get(name, ""))
        return value if value in known else ""

    year = one_of("year", {str(year): None for year in years})
    return DefenceFilters(
        year=year, kind=one_of("kind", KINDS), standing="" if year else one_of("standing", STANDINGS),
        result=one_of("result", RESULTS) if year else "", handler=str(given.get("handler", ""))[:60],
        body=str(given.get("body", ""))[:60],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DefenceList:
    """A page of the calendar."""

    today: date
    filters: DefenceFilters
    years: Sequence[int]
    rows: Sequence[Proceeding]
    count: int
    page: int
    pages: int
    counts: Mapping[str, int]
    """By standing, of all that are not decided and under the other filters."""


def asked_for(actor: Actor, given: Mapping[str, Any], years: Sequence[int]) -> DefenceFilters:
    """The filters of an address, of people and bodies only those that the actor may know of."""
    filters, bodies = read_filters(given, years), visible_bodies(actor)
    if not bodies.filter(key=filters.body).exists():
        filters = replace(filters, body="")
    if filters.handler != NOBODY and not Seat.objects.filter(key=filters.handler, body__in=bodies).exists():
        filters = replace(filters, handler="")
    return filters


def query_of(filters: DefenceFilters) -> str:
    """The filters as an address has them; it holds keys alone, so that the audit may note it."""
    return urlencode({name: value for name, value in asdict(filters).items() if value})


def defence_list(actor: Actor, given: Mapping[str, Any], *, page: int = 1) -> DefenceList:
    """The proceedings of the cases that the actor may see; what is due first stands first."""
    years = years_decided(actor)
    filters = asked_for(actor, given, years)
    found, counts = _filtered(actor, filters)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    return DefenceList(
        actor.today, filters, years, found[(page - 1) * PAGE : page * PAGE], len(found), page, pages, counts
    )


def defences(actor: Actor, given: Mapping[str, Any]) -> tuple[list[Proceeding], DefenceFilters]:
    """All of them under the filters, for a sheet or a calendar file; and which filters these are."""
    filters = asked_for(actor, given, years_decided(actor))
    return _filtered(actor, filters)[0], filters


def _filtered(actor: Actor, filters: DefenceFilters) -> tuple[list[Proceeding], dict[str, int]]:
    decided_in = int(filters.year) if filters.year else None
    found = [one for one in all_proceedings(actor, decided_in=decided_in) if _fits(one, filters)]
    counts = {key: sum(fits(one, actor.today) for one in found) for key, (_word, fits) in STANDINGS.items()}
    if filters.standing:
        fits = STANDINGS[filters.standing][1]
        found = [one for one in found if fits(one, actor.today)]
    if decided_in is not None:
        found.sort(key=lambda one: (one.decided_on or date.min, one.stream), reverse=True)
    else:
        found.sort(key=lambda one: (next_day(one) or date.max, one.stream, one.key))
    return found, counts


def _fits(one: Proceeding, filters: DefenceFilters) -> bool:
    if filters.handler and one.handler_key != ("" if filters.handler == NOBODY else filters.handler):
        return False
    wanted = ((filters.kind, one.kind), (filters.result, one.result), (filters.body, one.body.key))
    return all(not asked or asked == there for asked, there in wanted)


def next_day(one: Proceeding) -> date | None:
    """By what an open proceeding stands in the calendar: its answer's due date, or the next appointment."""
    days = [one.due.day] if one.due is not None and one.owes_answer else []
    if one.next_appointment is not None:
        days.append(one.next_appointment.on)
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Warned:
    """What the work list says of proceedings."""

    owed: int
    overdue: int
    first_due: date | None
    appointments: int
    """Within the next seven days."""


def defences_ahead(actor: Actor) -> Warned | None:
    """What is ahead in the proceedings of the cases that the actor may see; ``None``: nothing is."""
    cases = visible_cases(actor).filter(challenged=True)
    told = cases.order_by().aggregate(
        owed=Count("stream", filter=Q(defence_due_on__isnull=False)),
        overdue=Count("stream", filter=Q(defence_due_on__lt=actor.today)),
        first=Min("defence_due_on"),
    )
    days = (actor.today, actor.today + SOON)
    streams = CaseSummary.objects.filter(pk__in=cases.values("pk")).values("stream")
    soon = Appointment.objects.filter(stream__in=streams, on__range=days, cancelled_at__isnull=True).count()
    if not told["owed"] and not soon:
        return None
    return Warned(told["owed"], told["overdue"], told["first"], soon)
