"""What begins tomorrow, and what wants somebody's eye: for the page of the duty and for the daily work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gongkai.platform.cases.duty.calendar import AROUND, Holiday, holidays, next_of
from gongkai.platform.cases.duty.orders import visible_orders
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Absence, Body
from gongkai.platform.core.standing_in import Uncovered, absences, uncovered

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Warnings:
    """What a body must know today."""

    absences: tuple[Absence, ...]
    """Those that begin tomorrow."""
    holiday: Holiday | None
    """The long holiday that begins tomorrow."""
    uncovered: tuple[Uncovered, ...]
    orders_overdue: int

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.absences or self.holiday or self.uncovered or self.orders_overdue)


def warnings(body: Body, actor: Actor) -> Warnings:
    """The warnings of a body on the actor's day."""
    tomorrow = actor.today + DAY
    calendar = basis_for(body, known_on=actor.present.known_on).calendar
    coming = next_of(holidays(calendar, actor.today, actor.today + AROUND), tomorrow)
    overdue = visible_orders(actor).filter(body=body, answered_on__isnull=True, due_on__lt=actor.today)
    return Warnings(
        tuple(row for row in absences(body, tomorrow, tomorrow) if row.first == tomorrow),
        coming if coming is not None and coming.first == tomorrow else None,
        uncovered(body, actor.today),
        overdue.count(),
    )
