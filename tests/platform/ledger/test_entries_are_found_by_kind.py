"""What asks a body's ledger for acts of a kind in a year looks them up; it never reads the whole chain."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from tests.platform.conftest import Place

from gongkai.platform.cases.services.numbers import entries_with_numbers
from gongkai.platform.ledger.models import LedgerEvent

pytestmark = pytest.mark.one_database


def test_acts_of_a_kind_and_entries_with_numbers_are_looked_up(county: Place) -> None:
    of_a_year = LedgerEvent.objects.filter(
        body__in=[county.body.key], kind__in=["remedy.decided"], occurred_on__gte=date(2025, 1, 1),
        occurred_on__lte=date(2025, 12, 31),
    )  # fmt: skip
    numbered = entries_with_numbers(county.body).filter(payload__contains="〔2026〕")
    for rows in (of_a_year.order_by(), numbered.order_by()):
        assert connection.vendor != "sqlite" or "ledger_kind_day" in rows.explain()
