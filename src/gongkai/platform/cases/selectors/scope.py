"""Whose cases somebody may see: the own body's, and for a supervisor those of the bodies below.

Of these a sensitive case is seen by its readers alone. Every list starts at ``visible_cases``, or is narrowed
by ``readable``; one case, or what belongs to it, is asked for by ``may_read``. docs/adr/0026.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    OutgoingLetter,
    SealedCopy,
    SensitiveFlag,
    SensitiveReader,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel, StoredFile
from gongkai.platform.core.permissions import Act, Relation


def _has(actor: Actor, act: Act, relation: Relation) -> bool:
    return actor.seat is not None and actor.may_to(act, relation)


def sees_below(actor: Actor, act: Act = Act.CASE_SEE) -> bool:
    """Whether the seat may do ``act`` for the bodies below its own."""
    return bool(actor.system) or _has(actor, act, Relation.SUBORDINATE)


def visible_bodies(actor: Actor, act: Act = Act.CASE_SEE) -> QuerySet[Body]:
    """The bodies for which the actor may do ``act``; the same as asking ``can`` for each of them."""
    if actor.system:
        return Body.objects.all()
    if actor.seat is None:
        return Body.objects.none()
    own = actor.seat.body
    mine = Q(key=own.key) | Q(parent=own, level=BodyLevel.OFFICE)
    wanted = Q(pk__in=[])
    if _has(actor, act, Relation.OWN):
        wanted |= mine
    if _has(actor, act, Relation.SUBORDINATE):
        wanted |= Q(path__startswith=own.path) & ~mine
    return Body.objects.filter(wanted)


T = TypeVar("T", bound=Model)


class NoSuchCase(LookupError):
    """There is no case of this name, or the actor may not know of it: the same to whoever asks."""


def unreadable_flags(actor: Actor) -> QuerySet[SensitiveFlag]:
    """The flags of sensitive cases of which the actor is no reader; a job of the system reads all.

    Who stands in for a reader who is away reads meanwhile, or the case would lie there.
    """
    flags = SensitiveFlag.objects.filter(lifted_at__isnull=True)
    if actor.system:
        return flags.none()
    if actor.seat is None:
        return flags
    seats = [actor.seat.pk, *(away.pk for away in actor.stands_in_for)]
    own = SensitiveReader.objects.filter(flag=OuterRef("pk"), seat__in=seats)
    return flags.filter(~Exists(own))


def readable(rows: QuerySet[T], actor: Actor, column: str = "stream") -> QuerySet[T]:
    """Of rows that name a case in ``column``, those that are not of a sensitive one of others.

    One anti-join: the flags are few, and looked up by the index of those in force.
    """
    if actor.system:
        return rows
    return rows.filter(~Exists(unreadable_flags(actor).filter(stream=OuterRef(column)).order_by()))


def may_read(actor: Actor, stream: str) -> bool:
    """Whether no sensitive flag keeps the actor from a case, or from a letter, by its reference.

    Papers of a letter speak of all its cases: one sensitive case closes them to who is not its reader.
    What the seat may do at all is not asked here.
    """
    if actor.system:
        return True
    flags = unreadable_flags(actor)
    if flags.filter(stream=stream).exists():
        return False
    of_letter = CaseText.objects.filter(stream=OuterRef("stream"), letter=stream)
    return not flags.filter(Exists(of_letter)).exists()


def readable_letters(letters: QuerySet[OutgoingLetter], actor: Actor) -> QuerySet[OutgoingLetter]:
    """Of letters out, those that tell of no sensitive case of others: one document may answer several."""
    if actor.system:
        return letters
    closed = Exists(unreadable_flags(actor).filter(stream=OuterRef("stream")).order_by())
    same = OutgoingLetter.objects.filter(closed, text=OuterRef("text")).order_by()
    return letters.filter(~Exists(same))


def may_read_file(actor: Actor, file: StoredFile) -> bool:
    """``may_read`` for a file: by its case or letter, and by every case that it answers as a letter out."""
    if not may_read(actor, file.stream):
        return False
    sealed = Q(text__in=SealedCopy.objects.filter(file=file).values("document"))
    letters = OutgoingLetter.objects.filter(Q(docx=file) | Q(pdf=file) | sealed)
    return letters.count() == readable_letters(letters, actor).count()


def is_mixed(letter: str, stream: str) -> bool:
    """Whether a letter holds a sensitive case beside this one, which is none: its papers speak of both."""
    flags = SensitiveFlag.objects.filter(lifted_at__isnull=True)
    of_letter = CaseText.objects.filter(stream=OuterRef("stream"), letter=letter)
    return not flags.filter(stream=stream).exists() and flags.filter(Exists(of_letter)).exists()


def require_reader(actor: Actor, stream: str) -> None:
    """Raise ``NoSuchCase`` where ``may_read`` says no."""
    if not may_read(actor, stream):
        raise NoSuchCase(stream)


def unreadable_among(actor: Actor, streams: Iterable[str]) -> frozenset[str]:
    """Those of ``streams`` that the actor may not read."""
    found = unreadable_flags(actor).filter(stream__in=list(streams)).values_list("stream", flat=True)
    return frozenset(found)


def visible_cases(actor: Actor, act: Act = Act.CASE_SEE) -> QuerySet[CaseSummary]:
    """The cases for which the actor may do ``act``. Every list, search and export starts here.

    A body's own cases are asked for by its key alone, so that the index leads straight to them.
    """
    if actor.system:
        return CaseSummary.objects.all()
    if actor.seat is None:
        return CaseSummary.objects.none()
    if not sees_below(actor, act):
        if not _has(actor, act, Relation.OWN):
            return CaseSummary.objects.none()
        return readable(CaseSummary.objects.filter(body=actor.seat.body), actor)
    return readable(CaseSummary.objects.filter(body__in=visible_bodies(actor, act)), actor)
