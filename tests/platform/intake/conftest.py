"""What the tests of intake share: an applicant, what is asked for, and a letter that comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.services.registration import Registered, register_letter
from gongkai.platform.core.models import DemonstrationDay

APPLICANT = ApplicantDetails(
    kind="natural_person", name="陈知微", identity_type="resident_card", identity_number="110101199003070011",
    phone="13800001234", address="云溪县清河路 8 号", postcode="000000",
)  # fmt: skip
ITEM = RequestedItem(
    description="2025 年清河社区电梯更新项目的施工合同", form_wanted="paper", way_wanted="post"
)


@pytest.fixture
def come_in(county: Place) -> Callable[..., Registered]:
    """Register a letter at the county; everything may be given otherwise."""

    def come(day: date = TODAY, **given: Any) -> Registered:
        role = given.pop("role", "receiving_clerk")
        place = given.pop("place", county)
        usual: dict[str, Any] = {
            "body": county.body, "actor": place.actor(role, day), "channel": "counter", "came_on": day,
            "applicant": APPLICANT, "items": [ITEM],
        }  # fmt: skip
        return register_letter(**{**usual, **given})

    return come


Come = Callable[..., Registered]
SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Log somebody in by role, on ``TODAY``."""

    def as_role(place: Place, role: str) -> Client:
        DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
        client = Client()
        client.force_login(place.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_role


@pytest.fixture
def at_desk(county: Place, sign_in: SignIn) -> Client:
    """The county's receiving clerk, logged in."""
    return sign_in(county, "receiving_clerk")


def typed(**given: Any) -> dict[str, Any]:
    """The form of a letter as a clerk fills it in."""
    usual: dict[str, Any] = {
        "channel": "counter", "came_on": TODAY.isoformat(), "kind": "natural_person", "name": "陈知微",
        "phone": "13800001234", "items": ["0"], "item-0-description": "清河社区电梯更新项目的施工合同",
        "item-0-form_wanted": "paper", "item-0-way_wanted": "post", "do": "check",
    }  # fmt: skip
    return {**usual, **given}
