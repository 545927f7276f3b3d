"""Cases with words, for the tests of search."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.registration import register_letter

Registers = Callable[..., CaseSummary]


@pytest.fixture
def registers() -> Registers:
    """Register a request at the counter of a place."""

    def register(place: Place, description: str, name: str = "陈云溪", **details: str) -> CaseSummary:
        applicant = ApplicantDetails(
            kind=details.pop("kind", "natural_person"), name=name, identity_type="resident_card",
            **{"identity_number": "演示110101", "phone": "000-1234", **details},
        )  # fmt: skip
        return register_letter(
            body=place.body, actor=place.actor("receiving_clerk"), channel="counter", came_on=TODAY,
            applicant=applicant, items=[RequestedItem(description=description)],
        ).summaries[0]  # fmt: skip

    return register
