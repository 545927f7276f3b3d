"""Who reads what: a sensitive case is there for its readers alone. docs/adr/0026.

Every list of cases starts at ``selectors.scope.visible_cases``; rows beside them are narrowed by
``readable``; one case, or what belongs to it, is asked for by ``may_read``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from gongkai.platform.cases.models import (
    CaseText,
    OutgoingLetter,
    SealedCopy,
    SensitiveFlag,
    SensitiveReader,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import StoredFile

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
