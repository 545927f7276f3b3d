"""A case that is handled, colleagues beside the seats of every role, browsers of any of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, Case

from gongkai.platform.cases.services.desk import assign_handler
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import DemonstrationDay, Person, Seat, SeatRole

SignsIn = Callable[[Seat], Client]


def colleague(place: Place, name: str, *roles: str) -> Seat:
    """One more person in the office."""
    person = Person.objects.create(username=f"{place.body.key}-{name}", name=name, body=place.body)
    seat = Seat.objects.create(person=person, body=place.body)
    for role in roles:
        SeatRole.objects.create(seat=seat, role=role)
    return seat


def sits(seat: Seat, day: date = TODAY) -> Actor:
    """Somebody in a seat on a day; looked up anew, as with every request."""
    present = Place(seat.body, {"it": seat}).actor("it", day).present
    return Actor(present, Seat.objects.select_related("body", "person").get(pk=seat.pk))


def came_in(place: Place, on: date, *, handler: Seat | None = None) -> Case:
    """A case received on a day, with who handles it."""
    clerk = place.actor("receiving_clerk", on)
    registered = register_letter(
        body=place.body, actor=clerk, channel="counter", came_on=on, applicant=APPLICANT, items=[ITEM]
    )
    stream = registered.summaries[0].stream
    if handler is not None:
        assign_handler(body=place.body, stream=stream, handler=handler.key, actor=clerk)
    return Case(place, stream)


@pytest.fixture
def case(county: Place) -> Case:
    """A case of 9 February that the handler handles."""
    return came_in(county, RECEIVED, handler=county.seats["handler"])


@pytest.fixture
def signs_in(db: None) -> SignsIn:
    """A browser of somebody; the demonstration's day is ``TODAY`` unless it was set."""
    DemonstrationDay.objects.get_or_create(id=1, defaults={"day": TODAY})

    def sign_in(seat: Seat) -> Client:
        client = Client()
        client.force_login(seat.person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def set_day(day: date) -> None:
    """Live on another day in the demonstration."""
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": day})
