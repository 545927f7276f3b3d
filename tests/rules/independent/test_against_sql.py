"""Every cell of 200 random lawful years, counted by the package and by plain SQL.

The two were written apart from each other, from the same written rules. Where those leave two readings, both
counts take the first, and the random years keep away from what only the second would tell:

- First instance decided in one year, appeal filed in the next: the judgment counts in the first year, for it
  was not under appeal on 31 December, and that of the second instance in the year of its own date; or it was
  never effective, and the first year counts it as pending.
- A retrial is one more instance of the same case; or a case of its own.
- One proceeding about several requests stands under one reference in the stream of each; what they say of its
  result is the same. (Were they to disagree, the decision entered first would count.)
- A judgment of the first instance that was never entered does not keep the second's from counting.
- Of two whole withdrawals, or a withdrawal dated before a reply that was entered earlier (and revoked), the
  one entered first is the outcome; or the one that is earlier in law. A correction of an entry may lead here.
- Charges: the cell shows two places of 万元, rounded half up; the rules name none.
- ``document.amended`` is a document revised and issued anew: one made, one repealed, the stock as before; or
  a mere change, which is no number of Table 2.
- Without ``opening.documents`` the stock is what was issued since, blank where nothing is known; or 0.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from tests.rules.independent.compare import differences, ledger_of, sample
from tests.rules.independent.count_sql import count_in_sql
from tests.rules.independent.years import BODY

from gongkai.rules.counting import SealedYear, count
from gongkai.rules.event import Event
from gongkai.rules.kinds import KINDS
from gongkai.rules.vocabulary import (
    SUB_KINDS,
    ApplicantKind,
    Channel,
    Instance,
    Outcome,
    RemedyKind,
    RemedyResult,
)

SEEDS = range(50)  # four years each


@pytest.mark.parametrize("seed", SEEDS)
def test_every_cell_and_what_stands_behind_it(seed: int) -> None:
    found = list(differences(sample(seed, sealing=False), count, SealedYear))
    assert found == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_where_years_were_sealed(seed: int) -> None:
    found = list(differences(sample(seed, sealing=True), count, SealedYear))
    assert found == []


def test_the_years_hold_what_the_vocabulary_knows() -> None:
    """A comparison over years in which nothing happens would prove nothing."""
    seen: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        for event in ledger_of(seed).events:
            seen["kind", event.kind] += 1
            for key in ("outcome", "sub_kind", "channel", "applicant_kind", "instance", "result", "scope"):
                if event.payload.get(key) is not None:
                    seen[key, str(event.payload[key])] += 1
            if event.kind == "remedy.filed":
                seen["block", event.payload["kind"]] += 1
            if event.kind == "entry.corrected":
                way = "replaced" if event.payload.get("replacement") else "void"
                seen["correction", way] += 1
    wanted = {("kind", kind) for kind in KINDS}
    for key, values in {
        "outcome": Outcome, "channel": Channel, "applicant_kind": ApplicantKind, "instance": Instance,
        "result": RemedyResult, "block": RemedyKind,
    }.items():  # fmt: skip
        wanted |= {(key, str(value)) for value in values}
    wanted |= {("sub_kind", name) for names in SUB_KINDS.values() for name in names}
    wanted |= {("correction", "void"), ("correction", "replaced"), ("scope", "item"), ("scope", "whole")}
    assert sorted(wanted - set(seen)) == []


def test_every_cell_is_filled_in_some_year() -> None:
    filled: set[tuple[str, str]] = set()
    cells: set[tuple[str, str]] = set()
    for seed in SEEDS:
        for (form, _year), counted in sample(seed, sealing=False).sql.items():
            cells |= {(form, path) for path in counted.cells}
            filled |= {(form, path) for path, value in counted.cells.items() if value}
    assert len(cells) == 25 * 7 + 15 + 10 + 23 * 7
    assert sorted(cells - filled) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_years_asked_for_is_without_effect(seed: int) -> None:
    ledger = ledger_of(seed)
    alone = {key: c for year in ledger.years for key, c in count_in_sql(ledger.events, [year]).items()}
    assert alone == sample(seed, sealing=False).sql


def test_the_first_instance_may_have_been_entered_last() -> None:
    """``decide`` no longer lets this in; a ledger of another hand may hold it."""
    suit = {"remedy": "m-1", "kind": "litigation_direct"}
    acts: list[tuple[str, str, dict[str, str]]] = [
        ("request.received", "2024-03-01", {"channel": "counter", "applicant_kind": "business"}),
        ("reply.issued", "2024-03-11", {"outcome": "granted"}),
        ("remedy.filed", "2024-09-01", {**suit, "instance": "second"}),
        ("remedy.decided", "2024-11-01", {**suit, "instance": "second", "result": "corrected"}),
        ("remedy.filed", "2024-04-01", {**suit, "instance": "first"}),
        ("remedy.decided", "2024-08-01", {**suit, "instance": "first", "result": "upheld"}),
    ]
    events = [
        Event(kind, date.fromisoformat(on), payload, "case-1", at, at)
        for at, (kind, on, payload) in enumerate(acts, 1)
    ]
    paths = [f"litigation_direct.{row}" for row in ("upheld", "corrected", "other", "pending", "total")]
    cells = count_in_sql(events, [2024])["2021", 2024].cells
    report = count(events, body=BODY, year=2024).report
    assert [report.value(path) for path in paths] == [cells[path] for path in paths] == [0, 1, 0, 0, 1]
