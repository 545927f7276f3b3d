"""Whose cases somebody may see: the own body's, and for a supervisor those of the bodies below."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.platform.core.permissions import TABLE, Act, Relation


def _has(actor: Actor, act: Act, relation: Relation) -> bool:
    seat = actor.seat
    return seat is not None and not TABLE[act].get(relation, frozenset()).isdisjoint(seat.roles)


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
        return CaseSummary.objects.filter(body=actor.seat.body)
    return CaseSummary.objects.filter(body__in=visible_bodies(actor, act))
