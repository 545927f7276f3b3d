"""Absences and deputies: entered by who is away, by the head of the office or the security administrator."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import ADMINISTRATORS, Absence, Body, Seat
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.core.services.people import Ended, NotOneself
from gongkai.platform.core.standing_in import absences, is_fit

LONGEST = 366
"""Days of one absence: a mistyped year must not let somebody stand in for good."""


class NeedsNoDeputy(ValueError):
    """An administrator's seat: nobody may stand in for it (law.md 10.1)."""


class WrongDays(ValueError):
    """The absence ends before it begins, begins in the past, or lasts longer than ``LONGEST``: ``why``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnfitDeputy(ValueError):
    """The deputy is the same person, sits in another body, has no seat of the office, or a closed account."""


class Overlaps(ValueError):
    """The seat is away on some of these days already: ``absence``."""

    def __init__(self, absence: Absence) -> None:
        super().__init__(absence.key)
        self.absence = absence


class Circle(ValueError):
    """The deputy, or theirs, is away at the same time and stood in for by who is away now: ``absence``."""

    def __init__(self, absence: Absence) -> None:
        super().__init__(absence.key)
        self.absence = absence


@transaction.atomic
def enter_absence(*, seat: Seat, deputy: Seat | None, first: date, last: date, actor: Actor) -> Absence:
    """Enter that a seat is away from ``first`` to ``last``, and who stands in; in force by the dates alone.

    - by who sits there, by the head of the office, or by the security administrator; never by a deputy in
      the name of another, nor with oneself as deputy;
    - without a deputy the absence is listed as one in which nobody stands in.

    Raises ``NotPermitted``, ``Ended``, ``NeedsNoDeputy``, ``WrongDays``, ``UnfitDeputy``, ``NotOneself``,
    ``Overlaps``, ``Circle``.
    """
    _may(seat, actor)
    # One after the other in a body: of two entered at once, each may close the other's circle.
    Body.objects.select_for_update().get(pk=seat.body_id)
    seat = Seat.objects.select_related("body", "person").get(pk=seat.pk)
    if seat.valid_until is not None:
        raise Ended
    if not seat.roles - ADMINISTRATORS:
        raise NeedsNoDeputy
    _check_days(first, last, actor.today)
    if deputy is not None:
        deputy = Seat.objects.select_related("body", "person").get(pk=deputy.pk)
        _check_deputy(seat, deputy, actor)
    rows = list(absences(seat.body, first, last))
    for row in rows:
        if row.seat_id == seat.pk:
            raise Overlaps(row)
    if deputy is not None:
        _check_circle(seat, deputy, first, last, rows)
    absence = Absence.objects.create(
        body=seat.body, seat=seat, deputy=deputy, first=first, last=last, entered_by=actor.seat,
        entered_at=actor.present.moment,
    )  # fmt: skip
    audit.record(
        "absence.entered", actor=actor, body=seat.body, object=seat.key,
        detail={"first": first.isoformat(), "last": last.isoformat(),
                "deputy": "" if deputy is None else deputy.key},
    )  # fmt: skip
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, actor: Actor) -> Absence:
    """Somebody is back before the last day, or does not go: from today on nobody stands in.

    Raises ``NotPermitted``, and ``Ended`` for one that is over or cancelled already.
    """
    found = Absence.objects.select_for_update().select_related("seat__body", "body").get(pk=absence.pk)
    _may(found.seat, actor)
    if found.cancelled_at is not None or found.last < actor.today:
        raise Ended
    yesterday = actor.today - timedelta(days=1)
    if found.first <= yesterday:
        found.last = yesterday
    else:
        found.cancelled_at = actor.present.moment
    found.save(update_fields=["last", "cancelled_at"])
    audit.record(
        "absence.ended", actor=actor, body=found.body, object=found.seat_id,
        detail={"first": found.first.isoformat(), "last": found.last.isoformat(),
                "cancelled": found.cancelled_at is not None},
    )  # fmt: skip
    return found


def may_enter(seat: Seat, actor: Actor) -> bool:
    """Whether this actor may enter or end absences of a seat."""
    own = actor.seat is not None and actor.seat.pk == seat.pk
    return own or actor.may(Act.ABSENCE_ENTER, seat.body)


def _may(seat: Seat, actor: Actor) -> None:
    if not may_enter(seat, actor):
        raise NotPermitted(Act.ABSENCE_ENTER, actor.seat, seat.body)


def _check_days(first: date, last: date, today: date) -> None:
    if last < first:
        raise WrongDays("backwards")
    if first < today:
        raise WrongDays("past")
    if (last - first).days >= LONGEST:
        raise WrongDays("long")


def _check_deputy(seat: Seat, deputy: Seat, actor: Actor) -> None:
    if deputy.body_id != seat.body_id or deputy.person_id == seat.person_id or not is_fit(deputy):
        raise UnfitDeputy(deputy.key)
    if actor.person and deputy.person_id == actor.person:
        raise NotOneself


def _check_circle(seat: Seat, deputy: Seat, first: date, last: date, rows: list[Absence]) -> None:
    """On no day may the deputies lead back to the seat."""
    ways = [(deputy.pk, first, last)]
    while ways:
        at, begin, end = ways.pop()
        for row in rows:
            begins, ends = max(begin, row.first), min(end, row.last)
            if row.seat_id != at or begins > ends or row.deputy_id is None:
                continue
            if row.deputy_id == seat.pk:
                raise Circle(row)
            ways.append((row.deputy_id, begins, ends))
