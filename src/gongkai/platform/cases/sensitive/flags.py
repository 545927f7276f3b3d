"""What is kept of a sensitive case: the flag in force, its readers, who may be one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.platform.cases.models import CaseDesk, SensitiveFlag, SensitiveReader
from gongkai.platform.cases.readers import may_read
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel, Seat
from gongkai.platform.core.permissions import Act, can


@dataclass(frozen=True, slots=True)
class ReaderView:
    """Somebody who reads a case, or may be chosen to."""

    seat: str
    name: str
    title: str
    roles: tuple[str, ...]
    approves: bool
    chosen: bool = False
    fixed: bool = False
    """Who handles the case always reads it."""


@dataclass(frozen=True, slots=True)
class FlagView:
    """The flag of a sensitive case as its readers see it."""

    since: date
    until: date | None
    reason: str
    levels: int
    by: str
    at: datetime
    confirmed_by: str
    readers: tuple[ReaderView, ...]
    seen: str
    """What a form must carry: whoever changed the flag since is not overwritten."""

    @property
    def confirmed(self) -> bool:
        """Whether an approver stands behind it; in force it is either way."""
        return bool(self.confirmed_by)


@dataclass(frozen=True, slots=True)
class PastFlag:
    """A flag that was lifted."""

    since: date
    reason: str
    lifted_at: datetime
    lifted_by: str
    """Empty where its last day was over."""
    why: str


def flag_in_force(stream: str) -> SensitiveFlag | None:
    """The flag of a sensitive case; ``None`` for any other."""
    return SensitiveFlag.objects.filter(stream=stream, lifted_at__isnull=True).first()


def readers_of(flag: SensitiveFlag) -> list[Seat]:
    """The readers' seats that are still held."""
    seats = Seat.objects.filter(
        pk__in=SensitiveReader.objects.filter(flag=flag).values("seat"), valid_until__isnull=True
    )
    return list(seats.select_related("person", "body").order_by("person__name", "pk"))


def approvers_among(seats: Iterable[Seat], body: Body) -> frozenset[str]:
    """The persons who may approve for a body, by these seats."""
    return frozenset(
        seat.person_id for seat in seats if seat.person.is_active and can(seat, Act.CASE_APPROVE, body)
    )


def seats_that_may(body: Body) -> list[Seat]:
    """The seats of a body and of its offices that may see its cases: out of these readers are chosen."""
    bodies = [body.pk, *Body.objects.filter(parent=body, level=BodyLevel.OFFICE).values_list("pk", flat=True)]
    seats = Seat.objects.filter(body__in=bodies, valid_until__isnull=True, person__is_active=True)
    found = seats.select_related("person", "body__parent").order_by("person__name", "pk")
    return [seat for seat in found if can(seat, Act.CASE_SEE, body)]


def reader_choices(*, body: Body, stream: str, chosen: Iterable[str] = ()) -> tuple[ReaderView, ...]:
    """Who can be made a reader; who handles the case already is one."""
    handler = CaseDesk.objects.filter(stream=stream).values_list("handler", flat=True).first()
    wanted = set(chosen)
    return tuple(
        _reader(seat, body, chosen=seat.pk in wanted or seat.pk == handler, fixed=seat.pk == handler)
        for seat in seats_that_may(body)
    )


def flag_view(*, body: Body, stream: str, actor: Actor) -> FlagView | None:
    """The flag of a case for one of its readers; ``None`` for a case without, and for everybody else."""
    flag = flag_in_force(stream)
    if flag is None or not actor.may(Act.CASE_SEE, body) or not may_read(actor, stream):
        return None
    kept = private.read_many([flag.reason]).get(flag.reason, {})
    return FlagView(
        since=flag.since,
        until=flag.until,
        reason=str(kept.get("reason", "")),
        levels=flag.levels,
        by=_name(flag.flagged_by),
        at=flag.flagged_at,
        confirmed_by=_name(flag.confirmed_by),
        readers=tuple(_reader(seat, body, chosen=True) for seat in readers_of(flag)),
        seen=seen_of(flag),
    )


def past_flags(*, body: Body, stream: str, actor: Actor) -> tuple[PastFlag, ...]:
    """The flags of a case that were lifted, oldest first; for who may read the applicant's affairs."""
    if not actor.may(Act.CASE_IDENTITY, body) or not may_read(actor, stream):
        return ()
    flags = list(SensitiveFlag.objects.filter(stream=stream, lifted_at__isnull=False))
    kept = private.read_many([one for flag in flags for one in (flag.reason, flag.lifting) if one])
    return tuple(
        PastFlag(
            flag.since, str(kept.get(flag.reason, {}).get("reason", "")), flag.lifted_at,
            _name(flag.lifted_by), str(kept.get(flag.lifting, {}).get("reason", "")),
        )
        for flag in flags
        if flag.lifted_at is not None
    )  # fmt: skip


def seen_of(flag: SensitiveFlag) -> str:
    """A short mark of how a flag stands now, for forms."""
    readers = sorted(SensitiveReader.objects.filter(flag=flag).values_list("seat", flat=True))
    said = [flag.key, str(flag.levels), str(flag.until), str(flag.confirmed_at is not None), *readers]
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


def same_readers(stream: str, others: Iterable[str]) -> list[str]:
    """Those of ``others`` that are read by exactly who reads this case, or by everybody as this one is."""
    streams = [stream, *others]
    flags = SensitiveFlag.objects.filter(stream__in=streams, lifted_at__isnull=True).prefetch_related(
        "readers"
    )
    readers = {flag.stream: frozenset(one.seat_id for one in flag.readers.all()) for flag in flags}
    return [one for one in streams[1:] if readers.get(one) == readers.get(stream)]


def _name(seat: Seat | None) -> str:
    return seat.person.name if seat is not None else ""


def _reader(seat: Seat, body: Body, *, chosen: bool = False, fixed: bool = False) -> ReaderView:
    return ReaderView(
        seat=seat.pk,
        name=seat.person.name,
        title=seat.title,
        roles=tuple(sorted(seat.roles)),
        approves=can(seat, Act.CASE_APPROVE, body),
        chosen=chosen,
        fixed=fixed,
    )
