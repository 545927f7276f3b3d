"""Cases in every state that a list tells apart, on the day ``TODAY`` (Tuesday, 2026-03-03)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import Place

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.cases.services.registration import register_letter

Registers = Callable[..., CaseSummary]
Acts = Callable[..., CaseSummary]
LogsIn = Callable[[Place, str], Client]


def registered(place: Place, came_on: date, title: str = "供水管网改造档案", **more: Any) -> CaseSummary:
    """A request that came in on a day, at the counter unless said otherwise."""
    applicant = ApplicantDetails(
        kind=more.pop("kind", "natural_person"), name=more.pop("name", "陈云溪"),
        identity_type="resident_card", identity_number="演示110101", phone="000-1234",
    )  # fmt: skip
    return register_letter(
        body=place.body, actor=place.actor("receiving_clerk", more.pop("entered_on", came_on)),
        channel=more.pop("channel", "counter"), came_on=came_on, applicant=applicant,
        items=[RequestedItem(description=f"申请公开{title}", title=title)], **more,
    ).summaries[0]  # fmt: skip


def acted(
    place: Place, case: CaseSummary, kind: str, on: date, role: str = "handler", **payload: Any
) -> CaseSummary:
    """An act on a case."""
    case.refresh_from_db()
    return perform_act(
        body=place.body, stream=case.stream, kind=kind, occurred_on=on, expected_seq=case.last_seq,
        actor=place.actor(role, on), payload=payload,
    ).summary  # fmt: skip


@pytest.fixture
def logs_in() -> LogsIn:
    """A browser with somebody of that role logged in."""

    def log_in(place: Place, role: str) -> Client:
        client = Client()
        client.force_login(place.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
