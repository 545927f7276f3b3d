"""The fast pass gives what the fold of every case gives, on lawful and on odd ledgers, sealed or not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.counting.years import BODY, FIRST, LAST, head_on, ledger

from gongkai.annual.check import check
from gongkai.annual.findings import Verdict
from gongkai.annual.model import tables_of
from gongkai.rules.counting import Count, SealedYear, count
from gongkai.rules.counting.reference import count_by_fold
from gongkai.rules.event import Event

YEARS = range(FIRST - 1, LAST + 3)


def seals_of(events: list[Event], sealed: int) -> tuple[SealedYear, ...]:
    """The first ``sealed`` years closed on 1 March after each."""
    return tuple(SealedYear(y, head_on(events, date(y + 1, 3, 1))) for y in range(FIRST, FIRST + sealed))


def same(one: Count, other: Count) -> None:
    assert tables_of(one.report) == tables_of(other.report)
    assert dict(one.provenance) == dict(other.provenance)
    assert one.late == other.late
    assert one.fees == other.fees
    assert one.notes == other.notes
    assert one.rules_that_mattered == other.rules_that_mattered


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    odd=st.booleans(),
    sealed=st.integers(0, 3),
    year=st.sampled_from(YEARS),
    form=st.sampled_from(["2019", "2021"]),
    late=st.sampled_from(["first_open_year", "corrected_version"]),
)
def test_both_ways_give_the_same_count(seed, odd, sealed, year, form, late):
    events = ledger(seed, 25, odd=odd)
    given_: dict[str, Any] = {
        "body": BODY,
        "year": year,
        "form": form,
        "sealed": seals_of(events, sealed),
        "late": late,
    }
    same(count(events, **given_), count_by_fold(events, **given_))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    odd=st.booleans(),
    sealed=st.integers(0, 3),
    year=st.sampled_from(YEARS),
    form=st.sampled_from(["2019", "2021"]),
)
def test_every_relation_of_the_form_holds(seed, odd, sealed, year, form):
    events = ledger(seed, 25, odd=odd)
    counted = count(events, body=BODY, year=year, form=form, sealed=seals_of(events, sealed))
    result = check(counted.report)
    assert all(r.verdict is Verdict.HOLDS for r in result.relations)
    assert [f for f in result.findings if f.code.startswith("AR-T")] == []


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), odd=st.booleans(), sealed=st.integers(1, 3))
def test_carried_in_is_what_the_sealed_year_before_carried_out(seed, odd, sealed):
    events = ledger(seed, 25, odd=odd)
    seals = seals_of(events, sealed)
    for seal in seals:
        before = count(events, body=BODY, year=seal.year, sealed=seals).report
        at_sealing = count(
            events[: seal.head_position], body=BODY, year=seal.year, sealed=seals[: seal.year - FIRST]
        )
        after = count(events, body=BODY, year=seal.year + 1, sealed=seals).report
        assert tables_of(before) == tables_of(at_sealing.report)
        for path in before.form.cells:
            if path.startswith("requests.carried_out."):
                assert after.value(path.replace("carried_out", "carried_in")) == before.value(path)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), odd=st.booleans(), sealed=st.integers(0, 3), year=st.sampled_from(YEARS))
def test_every_number_is_that_of_its_entries(seed, odd, sealed, year):
    events = ledger(seed, 25, odd=odd)
    counted = count(events, body=BODY, year=year, sealed=seals_of(events, sealed))
    known = {(e.position, e.stream, e.seq) for e in events}
    for path in counted.report.form.cells:
        value = counted.report.value(path)
        if value is None:
            assert path not in counted.provenance
            continue
        ids = counted.provenance[path]
        assert len(set(ids)) == len(ids)
        assert {one[1:] for one in ids} <= known
        assert {one.body for one in ids} <= {BODY}
        if path.startswith(("requests.", "reconsideration.", "litigation_")):
            assert value == len(ids), path


@pytest.mark.parametrize("seed", range(3))
def test_no_case_has_two_results_or_is_new_twice(seed):
    events = ledger(seed, 120, odd=True)
    seals = seals_of(events, 3)
    for row in ("new", "total"):
        streams = [
            one.stream
            for year in range(FIRST - 1, LAST + 4)
            for one in count(events, body=BODY, year=year, sealed=seals).provenance[f"requests.{row}.total"]
        ]
        assert len(streams) == len(set(streams))
