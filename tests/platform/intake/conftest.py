"""What the tests of intake share: an applicant, what is asked for, and a letter that comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.services.registration import Registered, register_letter

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
