"""Whose cases somebody may see: the own body's, and for a supervisor those of the bodies below.

Of these a sensitive case is seen by its readers alone. Every list starts at ``visible_cases``, or is narrowed
by ``readable``; one case, or what belongs to it, is asked for by ``may_read``. docs/adr/0026.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.readers import (
    NoSuchCase,
    is_mixed,
    may_read,
    may_read_file,
    readable,
    readable_letters,
    require_reader,
    unreadable_among,
    unreadable_flags,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.platform.core.permissions import Act, Relation

__all__ = [
    "NoSuchCase",
    "is_mixed",
    "may_read",
    "may_read_file",
    "readable",
    "readable_letters",
    "require_reader",
    "sees_below",
    "unreadable_among",
    "unreadable_flags",
    "visible_bodies",
    "visible_cases",
]


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
