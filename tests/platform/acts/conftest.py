"""A received case, and somebody at the desk of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import DemonstrationDay

STREAM = "case-1"
RECEIVED = (
    Step("request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "natural_person"}),
    Step("request.registered", date(2026, 2, 9), {"number": "云公申〔2026〕1号"}),
)


def set_day(day: date) -> None:
    """The demonstration's day, by which the pages go."""
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": day})


def doing(place: Place, day: date = TODAY) -> Actor:
    """Somebody of the office who may do every act: the tests of permission are others."""
    return Actor(place.actor("handler", day).present, system="test")


def perform(
    place: Place, steps: Sequence[Step], stream: str = STREAM, seq: int = 0, day: date = TODAY
) -> int:
    """Perform acts and give the number of the last entry."""
    done = perform_acts(
        body=place.body, stream=stream, steps=steps, expected_seq=seq, actor=doing(place, day)
    )
    return done.events[-1].seq


@pytest.fixture
def received(county: Place) -> str:
    """A case that was received and registered."""
    set_day(TODAY)
    perform(county, RECEIVED)
    return STREAM


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Log somebody in by role."""

    def as_role(place: Place, role: str) -> Client:
        person = place.seats[role].person
        person.password_changed_at = timezone.now()
        person.must_change_password = False
        person.save()
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_role


@pytest.fixture
def handler(county: Place, sign_in: SignIn) -> Client:
    """The county's handler, logged in."""
    return sign_in(county, "handler")


@pytest.fixture
def approver(county: Place, sign_in: SignIn) -> Client:
    """The county's approver, logged in."""
    return sign_in(county, "approver")


def later(day: date, days: int) -> date:
    """Some days on."""
    return day + timedelta(days=days)


def answers(**given: Any) -> dict[str, str]:
    """Form data."""
    return {key: str(value) for key, value in given.items()}
