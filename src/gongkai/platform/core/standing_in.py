"""Who stands in for whom on a day (代理): worked out from the absences alone, whenever somebody asks.

No job starts or ends it. Who is named as deputy and is away, too, is stood in for by their own deputy, and so
on; nobody comes round to an absent seat again. A deputy without seat or account stands in for nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from gongkai.platform.core.models import ADMINISTRATORS, Absence, Body, Seat

AHEAD = 60
"""So many days ahead it is looked whether somebody stands in."""

Responsible = Callable[[str], str]
"""From what an audit entry is about to the key of the seat that answers for it; empty for none."""

_RESPONSIBLE: list[Responsible] = []


class Nobody(StrEnum):
    """Why nobody stands in."""

    NOT_NAMED = "not_named"
    NO_SEAT = "no_seat"
    """The deputy has no seat in the office any more, or the account is closed."""
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class Standing:
    """An absence on a day: who really stands in, over which deputies that are away themselves."""

    absence: Absence
    by: Seat | None
    over: tuple[Seat, ...] = ()
    why: Nobody | None = None
    """Why nobody does."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An absence in which from a day on nobody stands in."""

    absence: Absence
    day: date
    why: Nobody


def tell_responsible(who: Responsible) -> None:
    """Register what knows who answers for a thing (an app above does, once it is ready)."""
    if who not in _RESPONSIBLE:
        _RESPONSIBLE.append(who)


def responsible_for(thing: str) -> frozenset[str]:
    """The seats that answer for what an audit entry is about."""
    return frozenset(filter(None, (who(thing) for who in _RESPONSIBLE if thing)))


def absences(body: Body | str, first: date, last: date) -> QuerySet[Absence]:
    """The absences of a body that touch some days; cancelled ones are none."""
    rows = Absence.objects.filter(body=body, first__lte=last, last__gte=first, cancelled_at__isnull=True)
    return rows.select_related("seat__person", "seat__body", "deputy__person", "deputy__body").order_by(
        "first", "key"
    )


def is_fit(deputy: Seat) -> bool:
    """Whether somebody in this seat can stand in for anybody: an open seat of the office, an open account."""
    return (
        deputy.valid_until is None
        and deputy.person.is_active
        and bool(deputy.roles)
        and deputy.roles.isdisjoint(ADMINISTRATORS)
    )


def standing_on(day: date, rows: Iterable[Absence]) -> tuple[Standing, ...]:
    """What each absence comes to on a day; ``rows``: the absences of one body."""
    away = {row.seat_id: row for row in rows if row.first <= day <= row.last}
    return tuple(_follow(row, away) for row in away.values() if row.seat.valid_until is None)


def _follow(row: Absence, away: Mapping[str, Absence]) -> Standing:
    over: list[Seat] = []
    seen, at = {row.seat_id}, row
    while True:
        deputy = at.deputy
        if deputy is None:
            return Standing(row, None, tuple(over), Nobody.NOT_NAMED)
        if deputy.pk in seen:
            return Standing(row, None, tuple(over), Nobody.CIRCLE)
        if not is_fit(deputy):
            return Standing(row, None, tuple(over), Nobody.NO_SEAT)
        if deputy.pk not in away:
            return Standing(row, deputy, tuple(over))
        over.append(deputy)
        seen.add(deputy.pk)
        at = away[deputy.pk]


def stood_in_for(seat: Seat, day: date) -> tuple[Seat, ...]:
    """The seats that ``seat`` stands in for on a day; one query where nobody of the body is away."""
    standings = standing_on(day, absences(seat.body_id, day, day))
    return tuple(one.absence.seat for one in standings if one.by is not None and one.by.pk == seat.pk)


def uncovered(body: Body, today: date) -> tuple[Uncovered, ...]:
    """The absences of the days ahead in which nobody stands in, with the first such day."""
    end = today + timedelta(days=AHEAD)
    rows = list(absences(body, today, end))
    found: dict[str, Uncovered] = {}
    last = max((min(row.last, end) for row in rows), default=today)
    for ahead in range((last - today).days + 1):
        day = today + timedelta(days=ahead)
        for one in standing_on(day, rows):
            if one.why is not None and one.absence.key not in found:
                found[one.absence.key] = Uncovered(one.absence, day, one.why)
    return tuple(found.values())
