"""Writing down dates that another calendar or rule moved, in the transaction that moves them.

Every row of the lists that is worked out anew is compared with what stood there: by the worker after a local
holiday or rule, by the daily work after a notice came in, by a rebuild, and before an act on the case. Worked
out twice, the second time finds nothing more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.models import (
    BasisChange,
    CalendarSeen,
    CaseSummary,
    ChangeKind,
    MovedClock,
    MovedDate,
    OutgoingLetter,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.rules.workdays import Notice, WorkCalendar

CLOCKS = tuple(MovedClock.values)
TELLING_LETTERS = ("registration_receipt", "correction_notice", "extension_notice", "delay_notice")
"""Letters that tell the applicant a date, or by when an answer comes."""
_TELLING_ACTS = ("extension.told",)


@dataclass(frozen=True, slots=True)
class Cause:
    """What moved dates: ``ref`` tells one from another within a body, ``title`` says it."""

    kind: str
    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Move:
    """A date of an open case: as it stood, and as it is now."""

    stream: str
    clock: str
    before: date | None
    after: date | None
    was_provisional: bool


def moves_of(stored: CaseSummary, fields: Mapping[str, Any]) -> list[Move]:
    """What another basis moved in a row; ``fields``: the same entries worked out now.

    Of open cases alone: what is owed by nobody any more moves nobody.
    """
    if not (stored.open and fields["open"]) or stored.last_seq != fields["last_seq"]:
        return []
    return [
        Move(stored.stream, clock, getattr(stored, clock), fields[clock], stored.provisional)
        for clock in CLOCKS
        if getattr(stored, clock) != fields[clock]
    ]


def note_moves(
    *, body: Body, moves: Sequence[Move], basis: Basis, actor: Actor, cause: Cause | None = None
) -> int:
    """Write down what moved, in the transaction that moves it; how many dates.

    Without ``cause`` it is found out: the notice that the dates were not yet worked out by, else the newest
    local change.
    """
    if not moves:
        return 0
    told = _told({move.stream for move in moves}, body)
    seen = CalendarSeen.objects.filter(body=body).values_list("years", flat=True).first()
    changes: dict[Cause, BasisChange] = {}
    rows: list[MovedDate] = []
    for move in moves:
        why = cause or _cause(move, basis.calendar, seen, body, actor.today)
        if why not in changes:
            changes[why] = change_of(body=body, cause=why, actor=actor)
        rows.append(
            MovedDate(
                change=changes[why], body=body, stream=move.stream, clock=move.clock, before=move.before,
                after=move.after, had_been_told=move.stream in told, found_at=actor.present.moment,
            )
        )  # fmt: skip
    MovedDate.objects.bulk_create(rows)
    return len(rows)


def change_of(*, body: Body, cause: Cause, actor: Actor) -> BasisChange:
    """The change of a body by a cause; made where it was not known yet."""
    change, _new = BasisChange.objects.get_or_create(
        body=body, cause=cause.ref,
        defaults={"key": opaque("change"), "kind": cause.kind, "title": cause.title[:300],
                  "found_at": actor.present.moment, "found_on": actor.today},
    )  # fmt: skip
    return change


def calendar_years(calendar: WorkCalendar) -> dict[str, str]:
    """A digest of the notice of each year: by it a new or amended one is found."""
    return {str(notice.year): _digest(notice) for notice in calendar.notices}


def calendar_is_new(body: Body, calendar: WorkCalendar) -> bool:
    """Whether the open cases of a body have still to be worked out by this calendar."""
    seen = CalendarSeen.objects.filter(body=body).values_list("years", flat=True).first()
    return seen != calendar_years(calendar)


def calendar_is_seen(body: Body, calendar: WorkCalendar) -> None:
    """Note that all open cases of a body have been worked out by this calendar."""
    CalendarSeen.objects.update_or_create(body=body, defaults={"years": calendar_years(calendar)})


def cause_of_notice(notice: Notice) -> Cause:
    """A holiday notice; another one where it was amended within the year."""
    title = notice.title
    if notice.amended_by:
        title = _("{title}（经《{amending}》调整）").format(title=title, amending=notice.amended_by[-1][0])
    return Cause(ChangeKind.NOTICE, f"notice:{notice.year}:{_digest(notice)[:12]}", title)


def _digest(notice: Notice) -> str:
    said = [(f.name, f.first, f.last, f.worked) for f in notice.festivals]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _cause(
    move: Move, calendar: WorkCalendar, seen: Mapping[str, str] | None, body: Body, today: date
) -> Cause:
    years = calendar_years(calendar)
    new = [] if seen is None else [int(year) for year, digest in years.items() if seen.get(year) != digest]
    days = [day for day in (move.after, move.before) if day is not None]
    touched = [year for year in new if any(day.year in (year, year + 1) for day in days)]
    if not touched and move.was_provisional:
        touched = [day.year for day in days if str(day.year) in years]
    notice = calendar.notice(max(touched)) if touched else None
    if notice is not None:
        return cause_of_notice(notice)
    local = BasisChange.objects.filter(body=body, kind__in=(ChangeKind.LOCAL_HOLIDAY, ChangeKind.LOCAL_RULE))
    newest = local.order_by("-found_at", "key").first()
    if newest is not None:
        return Cause(newest.kind, newest.cause, newest.title)
    title = _("重新计算（{day}）").format(day=today.isoformat())
    return Cause(ChangeKind.UNKNOWN, f"unknown:{today.isoformat()}", title)


def _told(streams: Iterable[str], body: Body) -> frozenset[str]:
    """Cases whose applicant had a letter that names a date."""
    wanted = list(streams)
    letters = OutgoingLetter.objects.filter(body=body, stream__in=wanted, kind__in=TELLING_LETTERS)
    acts = LedgerEvent.objects.filter(body=body.key, stream__in=wanted, kind__in=_TELLING_ACTS)
    return frozenset(letters.values_list("stream", flat=True)) | frozenset(
        acts.values_list("stream", flat=True)
    )
