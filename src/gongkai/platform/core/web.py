"""From a request to an ``Actor``: who is logged in, in which seat, at which moment."""

from __future__ import annotations

from django.http import HttpRequest

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Seat
from gongkai.platform.core.present import present

SEAT = "seat"
"""Session key of the seat that was chosen."""


def seats_of(request: HttpRequest) -> list[Seat]:
    """The open seats of who is logged in."""
    if not request.user.is_authenticated:
        return []
    return list(
        Seat.objects.filter(person=request.user.pk, valid_until__isnull=True).select_related("body", "person")
    )


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request, worked out once; without log-in or seat one that may do nothing."""
    found: Actor | None = getattr(request, "_actor", None)
    if found is None:
        seats = seats_of(request)
        chosen = request.session.get(SEAT)
        seat = next((s for s in seats if s.key == chosen), seats[0] if seats else None)
        found = Actor(present(), seat, address=request.META.get("REMOTE_ADDR", ""))
        request._actor = found  # type: ignore[attr-defined]
    return found
