"""From a request to an ``Actor``: who is logged in, in which seat, at which moment; and what a view is for.

Every view needs a log-in and a seat (``desk.middleware.Doorkeeper``). A view that does not says so with one
of the two marks here and has a row in the permission matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, Person, Seat
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.core.present import present

SEAT = "seat"
"""Session key of the seat that was chosen."""

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Mark a view that needs no log-in."""
    view.login_required = False  # type: ignore[attr-defined]
    return view


def account_page(view: View) -> View:
    """Mark a view that needs a log-in but no seat: one's own account."""
    view.needs_no_seat = True  # type: ignore[attr-defined]
    return view


def needs(*acts: Act) -> Callable[[View], View]:
    """Refuse a view where the seat may do none of ``acts`` for its own body.

    For pages that are about no body in particular; services and selectors ask for the body of a thing.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor, body = actor_of(request), body_of(request)
            if not any(actor.may(act, body) for act in acts):
                raise NotPermitted(acts[0], actor.seat, body)
            return view(request, *args, **kwargs)

        return inner

    return mark


def person_of(request: HttpRequest) -> Person:
    """Who is logged in; raises ``LookupError`` where nobody is."""
    user: object = request.user
    if not request.user.is_authenticated:
        raise LookupError("nobody is logged in")
    return cast(Person, user)


def is_verified(request: HttpRequest) -> bool:
    """Whether the second factor was given in this session (``django_otp.middleware``)."""
    return cast(Any, request.user).is_verified()


def seats_of(request: HttpRequest) -> list[Seat]:
    """The open seats of who is logged in; looked up once a request."""
    found: list[Seat] | None = getattr(request, "_seats", None)
    if found is None:
        found = []
        if request.user.is_authenticated:
            found = list(
                Seat.objects.filter(person=request.user.pk, valid_until__isnull=True).select_related(
                    "body", "person"
                )
            )
        request._seats = found  # type: ignore[attr-defined]
    return found


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request, worked out once; without log-in or seat one that may do nothing."""
    found: Actor | None = getattr(request, "_actor", None)
    if found is None:
        seats = seats_of(request)
        chosen = request.session.get(SEAT)
        seat = next((s for s in seats if s.key == chosen), seats[0] if seats else None)
        found = Actor(
            present(),
            seat,
            address=request.META.get("REMOTE_ADDR", ""),
            logged_in=str(request.user.pk) if request.user.is_authenticated else "",
        )
        request._actor = found  # type: ignore[attr-defined]
    return found


def body_of(request: HttpRequest) -> Body:
    """The body of the seat. Views without mark always have one; raises ``LookupError`` elsewhere."""
    seat = actor_of(request).seat
    if seat is None:
        raise LookupError("no seat")
    return seat.body


def choose_seat(request: HttpRequest, key: str) -> Seat:
    """Work in another of one's own seats from now on; raises ``LookupError`` for any other."""
    seat = next((s for s in seats_of(request) if s.key == key), None)
    if seat is None:
        raise LookupError(key)
    request.session[SEAT] = seat.key
    request._actor = None  # type: ignore[attr-defined]
    return seat
