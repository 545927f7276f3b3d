"""The work list stays flat in the number of closed cases: hiding looks flags up, it never reads them all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.platform.conftest import Place

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.readers import readable
from gongkai.platform.cases.selectors.scope import visible_cases

pytestmark = pytest.mark.one_database


def test_flags_are_looked_up_by_an_index_and_cases_read_as_before(county: Place) -> None:
    actor = county.actor("handler")
    open_ones = visible_cases(actor).filter(open=True).order_by("next_due_on", "stream")
    found = open_ones.explain()
    assert connection.vendor != "sqlite" or "case_open_by_due" in found
    for line in found.splitlines():
        assert not ("SCAN" in line and "sensitive" in line), found


def test_a_job_of_the_system_reads_without_the_filter(county: Place) -> None:
    rows = CaseSummary.objects.all()
    actor = county.actor("handler")
    system = type(actor)(actor.present, system="tick")
    assert readable(rows, system) is rows


def test_one_question_is_enough_for_a_page(county: Place, django_assert_num_queries: Any) -> None:
    actor = county.actor("handler")
    list(visible_cases(actor)[:50])  # who it is, and for whom they stand in, is looked up once
    with django_assert_num_queries(1):
        list(visible_cases(actor)[:50])
