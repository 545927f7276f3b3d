"""What came in, what was answered, what lay: against a plain count, and the sum that must hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from tests.platform.boards.conftest import numbers, shown
from tests.platform.boards.office import Office
from tests.platform.conftest import TODAY

from gongkai.platform.cases.boards.tables import Value
from gongkai.platform.cases.models import CaseSummary
from gongkai.rules.vocabulary import Channel


def ended(case: CaseSummary) -> date | None:
    """The day on which a case had its result."""
    return case.replied_on or (None if case.open else case.ended_on)


def flow(cases: Iterable[CaseSummary], first: date, last: date) -> dict[str, Value]:
    rows = [case for case in cases if case.received_on is not None]
    end = min(last, TODAY)

    def within(day: date | None) -> bool:
        return day is not None and first <= day <= last

    return {
        "before": sum(case.received_on < first and not ((ended(case) or date.max) < first) for case in rows),  # type: ignore[operator]
        "received": sum(within(case.received_on) for case in rows),
        "answered": sum(within(case.replied_on) for case in rows),
        "otherwise": sum(
            case.replied_on is None and not case.open and within(case.ended_on) for case in rows
        ),
        "carried": sum(case.received_on <= end and (ended(case) or date.max) > end for case in rows),  # type: ignore[operator]
    }


SPANS = {
    "2025": ({"year": "2025"}, date(2025, 1, 1), date(2025, 12, 31)),
    "this year": ({}, date(2026, 1, 1), date(2026, 12, 31)),
    "days": ({"from": "2025-11-17", "to": "2026-02-05"}, date(2025, 11, 17), date(2026, 2, 5)),
}


@pytest.mark.parametrize("asked", list(SPANS))
def test_channels_and_months_are_counted_and_the_sum_holds(one_office: Office, asked: str) -> None:
    given, first, last = SPANS[asked]
    cases = one_office.cases(one_office.county)
    board = shown("workload", one_office.county, **given)
    channels, months = numbers(board, "channels"), numbers(board, "months")
    for channel in (*(one.value for one in Channel), ""):
        assert channels[channel or "unknown"] == flow(
            [one for one in cases if one.channel == channel], first, last
        )
    assert channels["total"] == months["total"] == flow(cases, first, last)
    for row in (*channels.values(), *months.values()):
        before, received, answered, otherwise = (
            row[name] for name in ("before", "received", "answered", "otherwise")
        )
        assert row["carried"] == before + received - answered - otherwise  # type: ignore[operator]
    assert next(iter(months)) == f"{first:%Y-%m}"
    assert list(months)[-2] == f"{min(last, TODAY):%Y-%m}"


def test_months_meet_and_the_first_and_the_last_are_cut(one_office: Office) -> None:
    cases = one_office.cases(one_office.county)
    found = numbers(
        shown("workload", one_office.county, **{"from": "2025-11-17", "to": "2026-02-05"}), "months"
    )
    assert found["2025-11"] == flow(cases, date(2025, 11, 17), date(2025, 11, 30))
    assert found["2026-02"] == flow(cases, date(2026, 2, 1), date(2026, 2, 5))
    assert found["2025-12"]["before"] == found["2025-11"]["carried"]


def test_an_area_adds_the_bodies(office: Office) -> None:
    both = office.cases(office.county, office.department)
    board = shown("workload", office.county, body="all", year="2025")
    assert numbers(board, "channels")["total"] == flow(both, date(2025, 1, 1), date(2025, 12, 31))


def test_a_time_that_has_not_begun_says_so(one_office: Office) -> None:
    table = next(
        one for one in shown("workload", one_office.county, year="2027").tables if one.key == "months"
    )
    assert table.rows == () and table.empty == "这段时间还没有开始"
