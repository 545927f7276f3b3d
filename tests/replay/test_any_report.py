"""Reports of every year and size, the package's samples among them: lawful, in time, counting back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from importlib.resources import as_file
from pathlib import Path
from types import MappingProxyType

import pytest
from tests.annual.check.support import Dice, filled

from gongkai.annual.form import form_for_year
from gongkai.annual.model import Cell, CellState, Report
from gongkai.annual.read import read_path
from gongkai.annual.samples import sample_paths
from gongkai.replay import Replay, replay, unlike
from gongkai.rules.counting import count, default_rules
from gongkai.rules.law import LocalValue
from gongkai.rules.ledger.entry import envelope

from .support import CALENDAR, LAW, assert_in_time, assert_lawful, counted, counts_back, lived, streams

YEARS = (2019, 2020, 2021, 2022, 2023, 2024, 2025)
SAMPLES = {path.name: path for path in sample_paths()}


def sample(name: str) -> Report:
    """The only report of a sample."""
    with as_file(SAMPLES[name]) as path:
        (report,) = read_path(path)
    return report


def invented(year: int, seed: int, largest: int = 2) -> Report:
    """A consistent report with numbers in every row and in Table 2."""
    dice = Dice(seed)
    report = filled(form_for_year(year), dice, lambda rng: rng.randint(0, largest))
    cells = dict(report.cells)
    for path, spec in report.form.cells.items():
        if spec.grid == "proactive":
            number = dice.randint(0, 60)
            cells[path] = Cell(CellState.VALUE, number, str(number))
    return Report(form=report.form, cells=MappingProxyType(cells), year=year, body="某县")


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_counts_back(name: str) -> None:
    made = lived(sample(name))
    assert counts_back(made) == ()
    assert_lawful(made)
    assert_in_time(made)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_report_with_every_outcome_counts_back(year: int, seed: int) -> None:
    made = lived(invented(year, seed), seed)
    assert counts_back(made) == ()
    assert_lawful(made)
    assert_in_time(made)


@pytest.mark.parametrize("year", [2019, 2024])
def test_more_carried_in_than_decided_stays_open(year: int) -> None:
    report = invented(year, 1, largest=0)
    values = {"carried_in": 3, "carried_out": 3}
    report = report.with_values(
        {f"requests.{row}.{c}": n for row, n in values.items() for c in ("business", "total")}
    )
    made = lived(report)
    assert counts_back(made) == ()
    assert_lawful(made)


def bytes_of(made: Replay) -> bytes:
    """The year as a ledger would write it, without hashes."""
    lines = (json.dumps(envelope(event), sort_keys=True, ensure_ascii=False) for event in made.events)
    return "\n".join(lines).encode()


def test_the_same_seed_gives_the_same_bytes() -> None:
    report = sample("yunxi-county-2023.html")
    assert bytes_of(lived(report, 5)) == bytes_of(lived(report, 5))
    assert bytes_of(lived(report, 5)) != bytes_of(lived(report, 6))
    assert bytes_of(lived(report, 5, "甲")) != bytes_of(lived(report, 5, "乙"))


def test_numbers_are_given_once_and_in_the_order_of_receipt() -> None:
    made = lived(sample("yunxi-county-2024.docx"))
    registered = [e for e in made.events if e.kind == "request.registered" and e.occurred_on.year == 2024]
    numbers = [int(e.payload["number"].partition("〕")[2].rstrip("号")) for e in registered]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    days = [
        e.occurred_on for _n, e in sorted(zip(numbers, registered, strict=True), key=lambda pair: pair[0])
    ]
    assert days == sorted(days)
    replies = [e.payload["number"] for e in made.events if e.kind == "reply.issued"]
    assert len(replies) == len(set(replies))


def test_acts_of_people_are_on_working_days() -> None:
    made = lived(sample("yunxi-county-2023.html"))
    for event in made.events:
        if event.actor != "system" and event.kind not in ("opening.case", "opening.documents"):
            assert CALENDAR.is_workday(event.occurred_on), event


def test_what_was_withheld_for_a_third_party_rests_on_its_objection() -> None:
    made = lived(invented(2024, 3), 3)
    for events in streams(made).values():
        reply = next((e for e in events if e.kind == "reply.issued"), None)
        if (
            reply is None
            or reply.payload["outcome"] != "denied_third_party"
            or events[0].kind == "opening.case"
        ):
            continue
        if events[0].kind == "opening.case":
            continue
        before = events[: events.index(reply)]
        assert any(e.kind == "third_party.answered" and e.payload["consent"] is False for e in before)


def test_suits_after_reconsideration_follow_one() -> None:
    made = lived(invented(2024, 4), 4)
    for events in streams(made).values():
        filed = [e for e in events if e.kind == "remedy.filed"]
        for event in filed:
            if event.payload["kind"] == "litigation_after_reconsideration":
                reviewed = [f for f in filed if f.payload["kind"] == "reconsideration"]
                assert reviewed
                assert reviewed[0].occurred_on < event.occurred_on


STRICTER = {"reply_period": 10, "extension_limit": 8, "correction_notice_period": 3}
SETTINGS = {
    "fee_clock": "resume",
    "exclusion_counts_answer_day": False,
    "correction_clock_from": "request",
    "electronic_reply_ends_clock": "delivery",
    "correction_response_period": 7,
}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_body_with_periods_and_settings_of_its_own_keeps_them(seed: int) -> None:
    since, source = date(2022, 1, 1), "某机关规定"
    own = LAW.with_local(
        [
            *(LocalValue(key, value, since, source, "stricter") for key, value in STRICTER.items()),
            *(LocalValue(key, value, since, source, "setting") for key, value in SETTINGS.items()),
        ]
    )
    report = invented(2023, seed, largest=4)
    made = replay(report, seed=seed, law=own, calendar=CALENDAR, body="某机关")
    assert counts_back(made) == ()
    assert_lawful(made, own)
    assert_in_time(made, own)


def test_charges_keep_every_printed_decimal() -> None:
    report = invented(2023, 2).with_values({"proactive.fees_wan_yuan": Decimal("1234.5678")})
    made = lived(report)
    assert counts_back(made) == ()
    paid = [Decimal(e.payload["amount"]) for e in made.events if e.kind == "charges.collected"]
    assert sum(paid) == Decimal("12345678.00")
    assert len(paid) > 6


def test_a_stock_that_the_years_acts_cannot_leave_is_stated_by_a_stocktaking() -> None:
    values = {"normative_made": 9, "normative_repealed": 1, "normative_valid": 2}
    report = invented(2023, 2).with_values({f"proactive.{name}": n for name, n in values.items()})
    made = lived(report)
    assert counts_back(made) == ()
    (opening,) = [
        e for e in made.events if e.kind == "opening.documents" and e.payload["kind"] == "normative"
    ]
    assert (opening.occurred_on.isoformat(), opening.payload["in_force"]) == ("2023-12-31", 2)


def test_documents_of_this_year_are_repealed_where_the_stock_does_not_reach() -> None:
    values = {"normative_made": 20, "normative_repealed": 25, "normative_valid": 3}
    report = invented(2023, 2).with_values({f"proactive.{name}": n for name, n in values.items()})
    made = lived(report)
    assert counts_back(made) == ()
    assert_lawful(made)


def test_a_joint_row_of_other_results_counts_back_as_their_sum() -> None:
    report = invented(2023, 5)
    rows = ("other_no_correction", "other_unpaid", "other_other")
    cells = dict(report.cells)
    for column in (
        "natural_person",
        "business",
        "research",
        "public_interest",
        "legal_service",
        "other",
        "total",
    ):
        number = sum(int(report.value(f"requests.{row}.{column}") or 0) for row in rows)
        cells[f"requests.other.{column}"] = Cell(CellState.VALUE, number, str(number))
        for row in rows:
            cells[f"requests.{row}.{column}"] = Cell(CellState.MISSING)
    joint = Report(form=report.form, cells=MappingProxyType(cells), year=2023, body="某县")
    made = lived(joint)
    assert made.differences == ()
    assert made.free_cells == ()
    assert counts_back(made) == ()


def test_a_count_that_is_not_the_report_is_noticed() -> None:
    made = lived(sample("health-bureau-2024.json"))
    found = count(made.events[:-5], body="x", year=2024, rules=default_rules()).report
    assert unlike(made.target, found)
    assert not unlike(made.target, counted(made).report)


def test_the_year_does_not_depend_on_the_process() -> None:
    program = (
        "import hashlib;"
        "from tests.replay.test_any_report import bytes_of, invented;"
        "from tests.replay.support import lived;"
        "print(hashlib.sha256(bytes_of(lived(invented(2024, 9), 9))).hexdigest())"
    )
    root = Path(__file__).resolve().parents[2]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(outputs) == 1
