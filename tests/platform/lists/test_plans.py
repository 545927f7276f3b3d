"""The lists stay fast with many closed cases: what the databases say of how they look for the rows."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from tests.platform.conftest import TODAY, Place, make_body

from gongkai.platform.cases.models import CaseDesk, CaseSummary
from gongkai.platform.cases.selectors.case_list import case_list
from gongkai.platform.cases.selectors.filters import CaseFilters, WorkFilters
from gongkai.platform.cases.selectors.work_list import work_list

CLOSED, OPEN, OTHERS = 6000, 40, 6


@pytest.fixture
def archive(county: Place) -> Place:
    """A county with many closed cases and few open ones, beside others like it."""
    bodies = [county.body, *(make_body(f"第{n}县", f"第{n}", "county").body for n in range(OTHERS))]
    CaseSummary.objects.bulk_create(
        (
            CaseSummary(
                stream=f"case-{number}-{n:05}", body=body, phase="handling" if n < OPEN else "archived",
                number=f"{n}号", waits_for="organ" if n < OPEN else "", open=n < OPEN,
                received_on=TODAY - timedelta(days=n % 2000),
                next_due_on=TODAY + timedelta(days=n - 20) if n < OPEN else None,
                reply_due_on=TODAY + timedelta(days=n - 20) if n < OPEN else None,
                last_seq=2, last_position=n + 1,
            )
            for number, body in enumerate(bodies) for n in range(CLOSED // len(bodies))
        ),
        batch_size=500,
    )  # fmt: skip
    # Somebody handled them all: who works for long has many closed cases behind them.
    CaseDesk.objects.bulk_create(
        CaseDesk(stream=case.stream, body_id=case.body_id, handler=county.seats["handler"])
        for case in CaseSummary.objects.filter(body=county.body)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return county


def plans(run: Any) -> list[tuple[str, str]]:
    """Each query on the list rows with the database's plan for it."""
    with CaptureQueriesContext(connection) as captured:
        run()
    found: list[tuple[str, str]] = []
    for one in list(captured):
        sql = one["sql"]
        if 'FROM "cases_casesummary"' not in sql:
            continue
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # Django shows the parameters in the text, which SQLite reads again.
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = "\n".join(str(row[3]) for row in cursor.fetchall())
            else:
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
        found.append((sql, plan))
    return found


def whole_table_read(plan: str) -> bool:
    if connection.vendor == "sqlite":
        return re.search(r"SCAN cases_casesummary(?! USING (COVERING )?INDEX case_open)", plan) is not None
    return "Seq Scan on cases_casesummary" in plan


@pytest.mark.parametrize("group", ["", "overdue", "later", "paused", "mine"])
def test_the_work_list_never_reads_closed_cases(archive: Place, group: str) -> None:
    for role in ("handler", "receiving_clerk", "approver"):
        actor = archive.actor(role)
        told = plans(lambda actor=actor: work_list(actor, WorkFilters(group=group)))
        assert told
        for sql, plan in told:
            assert not whole_table_read(plan), f"{sql}\n{plan}"
            # Open cases by their own index, or single ones by name; never all of a body's.
            assert not re.search(r"case_by_receipt|case_by_number|casesummary_body_id", plan), (
                f"{sql}\n{plan}"
            )
            assert re.search(r"case_open_by_due|_pkey|_like|autoindex", plan), f"{sql}\n{plan}"


def test_pages_of_all_cases_are_read_along_the_index_of_receipt(archive: Place) -> None:
    actor = archive.actor("handler")
    first = case_list(actor, CaseFilters(year="all"))
    for after in ("", first.after):
        told = plans(lambda after=after: case_list(actor, CaseFilters(year="all"), after=after))
        assert told
        for sql, plan in told:
            assert not whole_table_read(plan), f"{sql}\n{plan}"


def test_a_number_is_looked_up_in_its_index(archive: Place) -> None:
    found: QuerySet[CaseSummary] = CaseSummary.objects.filter(body=archive.body, number="77号")
    for sql, plan in plans(lambda: list(found)):
        assert "case_by_number" in plan, f"{sql}\n{plan}"


def test_the_day_is_the_actor_s(archive: Place) -> None:
    early = work_list(archive.actor("handler", date(2026, 1, 5)), WorkFilters())
    assert early.counts.groups["overdue"] == 0 and early.counts.all == OPEN
