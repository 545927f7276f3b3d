"""Rosters of holidays, the signature under the list of a holiday, and how far that list looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from gongkai.platform.cases.duty.calendar import Holiday
from gongkai.platform.cases.duty.holidays import (
    MOST_AFTER,
    HolidayList,
    holiday_list,
    roster_digest,
    roster_of,
)
from gongkai.platform.cases.models import DutySetting, HolidaySignature, RosterDay, RosterPost
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.services.people import Ended
from gongkai.platform.core.standing_in import absences


class ListChanged(RuntimeError):
    """The list or the roster is another than the one that was looked at."""


class NotOfTheBody(ValueError):
    """Somebody on the roster has no open seat in the body: ``days``."""

    def __init__(self, days: tuple[date, ...]) -> None:
        super().__init__(", ".join(day.isoformat() for day in days))
        self.days = days


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is on duty, by which telephone; an empty seat takes the post away."""

    seat: str
    phone: str = ""


@transaction.atomic
def set_roster(
    *, body: Body, holiday: Holiday, entries: Mapping[tuple[date, str], Entry], seen: str, actor: Actor
) -> None:
    """Set the whole roster of a holiday; ``seen``: the digest of the roster that was looked at.

    Raises ``NotPermitted``, ``ListChanged``, ``NotOfTheBody``; ``ValueError`` for a day outside the holiday
    or an unknown post.
    """
    actor.require(Act.DUTY_ARRANGE, body)
    Body.objects.select_for_update().get(pk=body.pk)
    if roster_digest(roster_of(body, holiday, list(absences(body, holiday.first, holiday.last)))) != seen:
        raise ListChanged
    wanted = {place: entry for place, entry in entries.items() if entry.seat}
    for day, post in wanted:
        if day not in holiday.days:
            raise ValueError(f"{day} is no day of the holiday")
        RosterPost(post)
    seats = Seat.objects.filter(body=body, valid_until__isnull=True, person__is_active=True).in_bulk()
    strangers = sorted({day for (day, _post), entry in wanted.items() if entry.seat not in seats})
    if strangers:
        raise NotOfTheBody(tuple(strangers))
    RosterDay.objects.filter(body=body, day__gte=holiday.first, day__lte=holiday.last).delete()
    RosterDay.objects.bulk_create(
        RosterDay(body=body, day=day, post=post, seat=seats[entry.seat], phone=entry.phone.strip())
        for (day, post), entry in sorted(wanted.items())
    )
    audit.record(
        "duty.roster_set", actor=actor, body=body, object=holiday.first.isoformat(),
        detail={"posts": len(wanted), "last": holiday.last.isoformat()},
    )  # fmt: skip


@transaction.atomic
def sign_list(*, body: Body, holiday: Holiday, basis: Basis, seen: str, actor: Actor) -> HolidaySignature:
    """Sign for the list of a holiday as it was looked at (``seen``: its digest).

    Raises ``NotPermitted``, ``ListChanged``, ``Ended`` once the holiday is over.
    """
    actor.require(Act.DUTY_ARRANGE, body)
    Body.objects.select_for_update().get(pk=body.pk)
    if actor.seat is None or holiday.last < actor.today:
        raise Ended
    found: HolidayList = holiday_list(body=body, holiday=holiday, basis=basis, actor=actor)
    if found.digest != seen:
        raise ListChanged
    signed = HolidaySignature.objects.create(
        body=body, first=holiday.first, last=holiday.last, rows=len(found.rows), digest=found.digest,
        signed_by=actor.seat, signed_at=actor.present.moment, signed_on=actor.today,
    )  # fmt: skip
    audit.record(
        "duty.list_signed", actor=actor, body=body, object=holiday.first.isoformat(),
        detail={"rows": signed.rows, "digest": signed.digest},
    )  # fmt: skip
    return signed


@transaction.atomic
def set_days_after(*, body: Body, days: int, actor: Actor) -> DutySetting:
    """How many working days after a holiday its list looks at. Raises ``NotPermitted``, ``ValueError``."""
    actor.require(Act.DUTY_ARRANGE, body)
    if not 1 <= days <= MOST_AFTER:
        raise ValueError(f"1 to {MOST_AFTER} working days, not {days}")
    setting, _new = DutySetting.objects.update_or_create(body=body, defaults={"days_after": days})
    audit.record("duty.setting_changed", actor=actor, body=body, detail={"days_after": days})
    return setting
