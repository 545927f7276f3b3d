"""The count of ``gongkai.rules.counting`` beside that of ``count.sql``, difference by difference."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from tests.rules.independent.count_sql import Counted, count_in_sql
from tests.rules.independent.years import BODY, Ledger, lawful_ledger

from gongkai.rules.event import Event


@dataclass(frozen=True)
class Sample:
    """A ledger with its SQL count; ``sealed``: year -> last position that its report knew."""

    seed: int
    ledger: Ledger
    sealed: Mapping[int, int]
    sql: Mapping[tuple[str, int], Counted]


@dataclass(frozen=True)
class Difference:
    """One cell, or one figure beside the tables, on which the two counts disagree."""

    seed: int
    form: str
    year: int
    what: str
    sql: object
    counted: object


@cache
def ledger_of(seed: int) -> Ledger:
    return lawful_ledger(seed)


@cache
def sample(seed: int, *, sealing: bool) -> Sample:
    """The ledger of that seed, most of its years but the last sealed in the spring after, or none."""
    ledger = ledger_of(seed)
    sealed = dict(_seals(seed, ledger)) if sealing else {}
    return Sample(seed, ledger, sealed, count_in_sql(ledger.events, ledger.years, sealed))


_TELLING = (
    "opening.case",
    "case.split",
    "request.received",
    "request.withdrawn",
    "reply.issued",
    "entry.corrected",
)


def _seals(seed: int, ledger: Ledger) -> Iterator[tuple[int, int]]:
    """Sealings in spring, each right behind an entry that counts, as likely as not of a corrected stream."""
    rng = random.Random(seed)  # noqa: S311
    corrected = {e.stream for e in ledger.events if e.kind == "entry.corrected"}
    head = 1
    for year in ledger.years[:-1]:
        month, picky = rng.randint(1, 4), rng.random() < 0.5
        if rng.random() < 0.8:
            known = [e for e in ledger.events if _entered(e) < (year + 1, month)]
            telling = [e for e in known if e.kind in _TELLING and (e.stream in corrected or not picky)]
            head = max(head, *(e.position for e in telling or known))
            yield year, head


def _entered(event: Event) -> tuple[int, int]:
    at = event.recorded_at
    assert at is not None
    return (at.year, at.month)


def differences(
    one: Sample, count: Callable[..., Any], sealed_year: Callable[..., Any]
) -> Iterator[Difference]:
    """Every cell of every year and form that differs, with what stands behind it, and section six."""
    seals = [sealed_year(year, head) for year, head in one.sealed.items()]
    kept = {(e.stream, e.seq): e for e in one.ledger.events}
    for (form, year), sql in one.sql.items():
        found = count(one.ledger.events, body=BODY, year=year, form=form, sealed=seals)

        def differ(what: str, theirs: object, ours: object, form: str = form, year: int = year) -> Difference:
            return Difference(one.seed, form, year, what, theirs, ours)

        for path, value in sql.cells.items():
            counted = found.report.value(path)
            if path == "proactive.fees_wan_yuan" and value is not None:
                # The rules say nothing of places: the exact sum is compared, and what two places make of it.
                if found.exact[path] != value * 10_000:
                    yield differ(f"{path} (exact)", value, found.exact[path] / 10_000)
                value = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
            if counted != value:
                yield differ(path, value, counted)
        for path, value in sql.cells.items():
            if not path.startswith("proactive.") or path.endswith(("_made", "_repealed")):
                ids = [i for i in found.provenance.get(path, ()) if i.body == BODY]
                things = sorted(_thing(path, kept[i.stream, i.seq]) for i in ids)
                if tuple(things) != sql.behind.get(path, ()) or len(set(things)) != (value or 0):
                    yield differ(f"{path} (behind)", sql.behind.get(path, ()), tuple(things))
        fees = found.fees
        ours = (fees.notices, fees.notified, fees.payments, fees.paid)
        if ours != sql.fees:
            yield differ("section six", sql.fees, ours)
        if form == "2021":
            beside = {} if one.sealed else dict(_beside(found.notes))
            late = [act.kind for act in found.late if act.why == "recorded_after_sealing"]
            for name, kinds in _LATE.items():
                if number := sum(kind in kinds for kind in late):
                    beside[name] = number
            if beside != sql.beside:
                yield differ("beside", sql.beside, beside)


def _beside(notes: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """The notes that the counting rules ask for, by the names that they have in SQL."""
    for note in notes:
        if note.code == "CT-N-005":
            yield f"lapsed_{note.values['row']}", note.values["documents"]
        elif (named := _NOTES.get(note.code)) is not None:
            yield named[0], note.values[named[1]]


_LATE = {
    "late_receipts": {"opening.case", "request.received", "case.split"},
    "late_endings": {"reply.issued", "request.withdrawn"},
}
_NOTES = {
    "CT-N-001": ("submitted_unconfirmed", "cases"),
    "CT-N-002": ("dispatched_later", "replies"),
    "CT-N-003": ("rehandled", "cases"),
}


def _thing(path: str, event: Event) -> str:
    """What an entry behind a cell stands for: its case, its proceeding, or itself."""
    if path.startswith("requests."):
        return event.stream
    return f"{event.stream}#{event.seq}" if path.startswith("proactive.") else str(event.payload["remedy"])
