"""What the tests of seal and post share: a reply that was issued, and people at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED, content_for

from gongkai.platform.cases.models import CaseSummary, OutgoingLetter
from gongkai.platform.cases.services.drafts import approve_draft, save_draft, submit_draft
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.models import DemonstrationDay
from gongkai.platform.ledger.selectors import history


@dataclass
class Office:
    """A county's office with cases."""

    place: Place

    def register(self, day: date = RECEIVED, **details: Any) -> str:
        """A case received at the counter; its stream."""
        applicant = APPLICANT if not details else type(APPLICANT)(**{**_fields(), **details})
        registered = register_letter(
            body=self.place.body, actor=self.place.actor("receiving_clerk", day), channel="counter",
            came_on=day, applicant=applicant, items=[ITEM],
        )  # fmt: skip
        return registered.summaries[0].stream

    def issue(self, stream: str, day: date = TODAY) -> OutgoingLetter:
        """A reply, drafted, submitted and approved."""
        body = self.place.body
        draft = save_draft(
            body=body, stream=stream, content=content_for("denied_internal"), expected_version=0,
            expected_seq=self.seq(stream), actor=self.place.actor("handler", day),
        )  # fmt: skip
        submit_draft(
            body=body, stream=stream, expected_version=draft.version, actor=self.place.actor("handler", day)
        )
        _done, letter = approve_draft(
            body=body, stream=stream, expected_version=draft.version, expected_seq=self.seq(stream),
            actor=self.place.actor("approver", day),
        )  # fmt: skip
        return letter

    def seq(self, stream: str) -> int:
        """The number of the last entry of a case."""
        return history(body=self.place.body.key, stream=stream).seq

    def case(self, stream: str) -> CaseSummary:
        """The row of a case."""
        return CaseSummary.objects.get(stream=stream)


def _fields() -> dict[str, Any]:
    return {name: getattr(APPLICANT, name) for name in APPLICANT.__dataclass_fields__}


@pytest.fixture
def office(county: Place) -> Office:
    """The county's office."""
    return Office(county)


@pytest.fixture
def letter(office: Office) -> OutgoingLetter:
    """A reply issued on ``TODAY``."""
    return office.issue(office.register())


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(county: Place) -> SignIn:
    """A browser with somebody of the county logged in, on a day."""

    def signed_in(role: str, day: date = TODAY) -> Client:
        DemonstrationDay.objects.update_or_create(id=1, defaults={"day": day})
        client = Client()
        client.force_login(county.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
