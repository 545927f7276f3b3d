"""Boards stay fast with many closed cases: only open ones and those of the period are looked at."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from tests.platform.boards.conftest import scope_of
from tests.platform.conftest import Place
from tests.platform.lists.test_plans import archive, plans, whole_table_read

from gongkai.platform.cases.boards.boards import behind, board
from gongkai.platform.cases.models import CaseSummary

__all__ = ["archive"]


@pytest.fixture
def answered(archive: Place) -> Place:
    """The same, all closed cases answered over the years, so that a period has few of them."""
    cases = list(CaseSummary.objects.filter(open=False))
    for n, case in enumerate(cases):
        case.replied_on = date(2019, 5, 15) + timedelta(days=n % 2400)
        case.ended_on, case.answered_late, case.channel = case.replied_on, n % 9 == 0, "counter"
    CaseSummary.objects.bulk_update(
        cases, ["replied_on", "ended_on", "answered_late", "channel"], batch_size=500
    )
    return archive


def test_what_is_open_now_is_told_without_a_closed_case(answered: Place) -> None:
    for told in (
        plans(lambda: board("now", scope_of(answered, "approver"))),
        plans(
            lambda: behind("now", "people", "total", "overdue", scope_of(answered, "approver")).page(0, 50)
        ),
    ):
        assert told
        for sql, plan in told:
            assert not whole_table_read(plan), f"{sql}\n{plan}"
            assert not re.search(r"case_by_receipt|case_by_number|case_by_reply", plan), f"{sql}\n{plan}"


def test_a_period_is_looked_up_by_the_days_of_receipt_and_reply(answered: Place) -> None:
    for key in ("punctuality", "workload"):
        told = plans(lambda key=key: board(key, scope_of(answered, "approver", part="m02")))
        assert any("case_by_reply" in plan for _sql, plan in told)
        for sql, plan in told:
            assert not whole_table_read(plan), f"{sql}\n{plan}"
            # By the days of receipt of the period alone, never all that had come in by its end.
            by_receipt = "received_on" in sql and "BETWEEN" in sql and "replied_on" not in sql
            index = "case_by_receipt" if by_receipt else "case_by_reply|case_open_by_due|_pkey|autoindex"
            assert re.search(index, plan), f"{sql}\n{plan}"
