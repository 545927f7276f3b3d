"""Five published reports: each is lived, counts back cell by cell, and hides no contradiction."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.rules.independent.count_sql import count_in_sql

from gongkai.annual.model import CellState, Report
from gongkai.annual.read import read_path
from gongkai.replay import Difference, Replay
from gongkai.rules.event import Event

from .support import assert_in_time, assert_lawful, counted, counts_back, lived, streams

PINGYANG, HENGSHAN, DUCHENG, JIANGXI, SHUANGYASHAN = ("000", "001", "002", "003", "004")
ALL = (PINGYANG, HENGSHAN, DUCHENG, JIANGXI, SHUANGYASHAN)
WITHOUT_ACTS_2019 = {
    "proactive.regulations_published",
    "proactive.regulations_total",
    "proactive.normative_published",
    "proactive.normative_total",
    "proactive.fees_previous",
    "proactive.fees_change",
}


@pytest.fixture(scope="module")
def reports(real_reports: dict[str, Path]) -> dict[str, Report]:
    """The five reports as read."""
    out: dict[str, Report] = {}
    for number in ALL:
        (out[number],) = read_path(real_reports[number])
    return out


@pytest.fixture(scope="module")
def years(reports: dict[str, Report]) -> dict[str, Replay]:
    """The five reports as lived."""
    return {number: lived(report) for number, report in reports.items()}


@pytest.mark.parametrize("number", ALL)
def test_every_cell_counts_back(number: str, years: dict[str, Replay]) -> None:
    assert counts_back(years[number]) == ()


@pytest.mark.parametrize("number", ALL)
def test_a_second_count_in_plain_sql_agrees(number: str, years: dict[str, Replay]) -> None:
    made = years[number]
    edition = made.target.form.edition
    found = count_in_sql(made.events, [made.year])
    # Tables that the editions share stand there under 2021 only.
    cells = {**found["2021", made.year].cells, **found[edition, made.year].cells}
    for path, cell in made.target.cells.items():
        of_acts = path.startswith("proactive.")  # of which it does not name every cell of 2019
        if cell.value is not None and (path in cells or not of_acts):
            assert cells[path] == cell.value, path


@pytest.mark.parametrize("number", ALL)
def test_every_act_is_lawful_and_no_period_is_missed(number: str, years: dict[str, Replay]) -> None:
    assert_lawful(years[number])
    assert_in_time(years[number])


@pytest.mark.parametrize("number", [PINGYANG, HENGSHAN, SHUANGYASHAN])
def test_a_consistent_report_is_replayed_as_printed(
    number: str, reports: dict[str, Report], years: dict[str, Replay]
) -> None:
    report, made = reports[number], years[number]
    assert made.differences == ()
    assert made.filled == ()
    assert made.not_told == ()
    found = counted(made).report
    for path, cell in report.cells.items():
        if cell.state is CellState.VALUE:
            assert found.value(path) == cell.value, path


def test_pingyang_only_the_blank_number_of_documents_in_force_stays_free(years: dict[str, Replay]) -> None:
    made = years[PINGYANG]
    assert made.free_cells == ("proactive.normative_valid",)
    openings = [e.payload["kind"] for e in made.events if e.kind == "opening.documents"]
    assert openings == ["regulation"]


@pytest.mark.parametrize("number", [HENGSHAN, DUCHENG, JIANGXI, SHUANGYASHAN])
def test_nothing_else_stays_free(number: str, years: dict[str, Replay]) -> None:
    assert years[number].free_cells == ()


def test_hengshan_the_carried_case_is_an_opening_case_of_the_year_before(years: dict[str, Replay]) -> None:
    made = years[HENGSHAN]
    openings = [e for e in made.events if e.kind == "opening.case"]
    carried = [e for e in openings if not _closed_before(streams(made)[e.stream], made.year)]
    assert len(carried) == 1
    assert carried[0].payload["received_on"].startswith("2022-")


def _closed_before(events: list[Event], year: int) -> bool:
    return any(e.kind == "reply.issued" and e.occurred_on.year < year for e in events)


def test_ducheng_names_the_printed_numbers_that_contradict_the_one_request(years: dict[str, Replay]) -> None:
    made = years[DUCHENG]
    assert made.differences == (
        Difference("requests.granted.total", 0, 1),
        Difference("requests.total.natural_person", 0, 1),
        Difference("proactive.other_services_change", 20, 0),
    )
    assert made.target.value("requests.granted.natural_person") == 1
    assert made.target.value("requests.total.total") == 1


def test_ducheng_every_torn_cell_is_told(reports: dict[str, Report], years: dict[str, Replay]) -> None:
    report, made = reports[DUCHENG], years[DUCHENG]
    torn = {path for path, cell in report.cells.items() if cell.state is CellState.UNREADABLE}
    told = {filled.cell for filled in made.filled} | {difference.cell for difference in made.differences}
    assert torn
    assert torn <= told
    assert all(made.target.value(path) is not None for path in torn)


@pytest.mark.parametrize("number", [DUCHENG, JIANGXI])
def test_the_form_of_2019_has_cells_without_acts(number: str, years: dict[str, Replay]) -> None:
    assert set(years[number].not_told) == WITHOUT_ACTS_2019


def test_jiangxi_the_first_smallest_repair_is_lived(years: dict[str, Replay]) -> None:
    made = years[JIANGXI]
    assert made.differences == (
        Difference("requests.granted.natural_person", 65, 64),
        Difference("requests.granted.total", 112, 111),
    )
    assert made.ambiguous


def test_jiangxi_requests_of_before_the_regulation_come_in_as_opening_cases(years: dict[str, Replay]) -> None:
    made = years[JIANGXI]
    for events in streams(made).values():
        first = events[0]
        received = str(first.payload.get("received_on", first.occurred_on))
        assert (first.kind == "opening.case") == (received < "2019-05-15"), first


def test_shuangyashan_lives_through_every_kind_of_act(years: dict[str, Replay]) -> None:
    kinds = Counter(event.kind for event in years[SHUANGYASHAN].events)
    assert {
        "request.submitted", "request.received", "request.registered", "case.split", "correction.requested",
        "correction.received", "correction.lapsed", "third_party.consulted", "third_party.answered",
        "extension.told", "reply.issued", "reply.dispatched", "reply.delivered", "case.archived",
        "remedy.filed", "remedy.decided", "document.issued", "document.repealed", "decisions.counted",
        "charges.collected",
    } <= set(kinds)  # fmt: skip
    months = Counter(e.occurred_on.month for e in years[SHUANGYASHAN].events if e.kind == "request.received")
    assert len(months) == 12


def test_the_same_seed_gives_the_same_year_and_another_seed_another(reports: dict[str, Report]) -> None:
    first, second = lived(reports[HENGSHAN], 7), lived(reports[HENGSHAN], 7)
    assert first.events == second.events
    other = lived(reports[HENGSHAN], 8)
    assert other.events != first.events
    assert counts_back(other) == ()
