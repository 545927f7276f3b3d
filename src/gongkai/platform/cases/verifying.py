"""``verify_projections``, ``rebuild_projections``: the rows of the lists against the ledger they come from.

Both go through a body in chunks of cases and hold no more than one chunk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby, islice
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from gongkai.platform.cases.duty.moving import (
    CLOCKS,
    Cause,
    Move,
    calendar_is_seen,
    moves_of,
    note_moves,
)
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.projection import summary_fields
from gongkai.platform.cases.task_rows import differing, rebuild_tasks, tasks_that_differ
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.snapshots import snapshot
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.selectors import event_of, history
from gongkai.platform.ledger.services import lock
from gongkai.rules.event import Event
from gongkai.rules.kinds import BODY_KINDS, CASE_KINDS
from gongkai.rules.law import NoRuleInForce

Progress = Callable[[int], None]
"""Told how many more cases have been looked at."""

CHUNK = 100
MOST_KEPT = 100
"""So many differences are kept; the others are counted."""

_BEGINNINGS = sorted(CASE_KINDS - BODY_KINDS)
"""With these a stream begins that is a case; acts outside cases have a stream of the body."""
DATES = ("reply_due_on", "notice_due_on", "waits_until", "paused_through", "due_after_pause")


class Wrong(StrEnum):
    """How a row differs from the ledger."""

    DIFFERS = "differs"
    MISSING = "missing"
    """The ledger has the case, the lists have not."""
    SURPLUS = "surplus"
    """The lists have a case that the ledger has not."""
    TASKS = "tasks"
    """The tasks of a case are not what its entries give; the columns are the numbers of the entries."""
    UNREADABLE = "unreadable"
    """The entries do not fold to a case: the ledger is damaged."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what its events give: column → (as it stands, as it should be)."""

    body: str
    stream: str
    wrong: Wrong
    columns: Mapping[str, tuple[Any, Any]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A date of an open case that another basis moved: a holiday notice, a local rule or holiday."""

    body: str
    stream: str
    number: str
    column: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class ProjectionVerification:
    """What a comparison found; ``differences`` are the first of ``wrong``."""

    cases: int
    wrong: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Every row is what its events give."""
        return self.wrong == 0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: cases looked at, rows written and taken away, dates that moved (the first)."""

    cases: int
    written: int
    removed: int
    moved: tuple[MovedDate, ...]
    unreadable: tuple[str, ...]
    """Streams whose entries do not fold; their rows were left as they are."""


def verify_projections(
    body: str | None = None, *, known_on: date | None = None, progress: Progress | None = None
) -> ProjectionVerification:
    """Work every case of a body, or of all, out anew and compare; nothing is written.

    ``known_on``: the demonstration's day, ``None`` outside it. Each chunk is read at one moment, so people
    may go on working.
    """
    cases, wrong = 0, 0
    kept: list[Difference] = []
    for one in _bodies(body):
        for looked_at, found in _compare(one, known_on):
            cases, wrong = cases + looked_at, wrong + len(found)
            kept += found[: MOST_KEPT - len(kept)]
            if progress is not None and looked_at:
                progress(looked_at)
    return ProjectionVerification(cases, wrong, tuple(kept))


def moved_dates(body: str | None = None, *, known_on: date | None = None) -> Iterator[MovedDate]:
    """The dates of open cases that would move if rows were rebuilt now, for instance after a new notice."""
    for one in _bodies(body):
        for _looked_at, found in _compare(one, known_on):
            for difference in found:
                yield from _moved(difference)


def rebuild_projections(
    body: str | None = None,
    *,
    actor: Actor,
    progress: Progress | None = None,
    cause: Cause | None = None,
    basis: Basis | None = None,
) -> Rebuilt:
    """Write every row of a body, or of all, that is not what its events give; take away surplus ones.

    A chunk is a transaction under the lock of the body's chain: people may go on working, and after a crash
    it can simply be done again. Audited with numbers alone. The basis is that of the actor's present, unless
    one is given. Dates that move are written down with their ``cause`` (``cases.duty.moving``).
    """
    cases, written, removed = 0, 0, 0
    moved: list[MovedDate] = []
    unreadable: list[str] = []
    for one in _bodies(body):
        before = (written, removed)
        by = basis or basis_for(one, known_on=actor.present.known_on)
        for streams in _chunks(one.key):
            with transaction.atomic():
                lock(body=one.key)
                found = _compare_chunk(one.key, streams, by)
                note_moves(body=one, moves=_moves(found), basis=by, actor=actor, cause=cause)
                _write(found)
            for difference in found:
                moved += list(_moved(difference))[: MOST_KEPT - len(moved)]
            broken = [d.stream for d in found if d.wrong is Wrong.UNREADABLE]
            unreadable += broken[: MOST_KEPT - len(unreadable)]
            cases, written = cases + len(streams), written + len(found) - len(broken)
            if progress is not None:
                progress(len(streams))
        calendar_is_seen(one, by.calendar)
        removed += _surplus(one.key).delete()[0]
        if (written, removed) != before:
            audit.record(
                "case.projected", actor=actor, body=one,
                detail={"written": written - before[0], "removed": removed - before[1]},
            )  # fmt: skip
    return Rebuilt(cases, written, removed, tuple(moved), tuple(unreadable))


def _bodies(body: str | None) -> Iterator[Body]:
    """The bodies that keep a ledger, by key; one whose body is gone has no cases either (a foreign key)."""
    keys = LedgerHead.objects.order_by("body").values_list("body", flat=True)
    rows = Body.objects.filter(key__in=[body] if body is not None else list(keys))
    yield from rows.order_by("key")


def _compare(body: Body, known_on: date | None) -> Iterator[tuple[int, list[Difference]]]:
    """For each chunk how many cases it has and which rows differ; surplus rows come last."""
    basis = basis_for(body, known_on=known_on)
    for streams in _chunks(body.key):
        with snapshot():
            found = _compare_chunk(body.key, streams, basis)
        yield len(streams), found
    surplus = (
        _surplus(body.key).order_by("stream").values_list("stream", flat=True).iterator(chunk_size=CHUNK)
    )
    while batch := list(islice(surplus, CHUNK)):
        yield 0, [Difference(body.key, stream, Wrong.SURPLUS) for stream in batch]


def _chunks(body: str) -> Iterator[list[str]]:
    """The streams of a body that are cases, some at a time."""
    last = ""
    while True:
        rows = LedgerEvent.objects.filter(body=body, seq=1, kind__in=_BEGINNINGS, stream__gt=last)
        streams = list(rows.order_by("stream").values_list("stream", flat=True)[:CHUNK])
        if not streams:
            return
        yield streams
        last = streams[-1]


def _surplus(body: str) -> Any:
    events = LedgerEvent.objects.filter(
        body=OuterRef("body_id"), stream=OuterRef("stream"), seq=1, kind__in=_BEGINNINGS
    )
    return CaseSummary.objects.filter(body=body).filter(~Exists(events))


def _histories(body: str, streams: Sequence[str]) -> Iterator[tuple[str, tuple[Event, ...] | None]]:
    """The events of each stream; ``None`` where a row cannot be read."""
    rows = LedgerEvent.objects.filter(body=body, stream__in=streams).order_by("stream", "seq")
    for stream, found in groupby(rows.iterator(chunk_size=2000), key=lambda row: row.stream):
        entries = list(found)
        try:
            yield stream, tuple(event_of(row) for row in entries)
        except json.JSONDecodeError:
            yield stream, None


def _compare_chunk(body: str, streams: Sequence[str], basis: Basis) -> list[Difference]:
    stored = CaseSummary.objects.in_bulk(streams)
    found: list[Difference] = []
    histories: dict[str, tuple[Event, ...]] = {}
    for stream, events in _histories(body, streams):
        fields = None if events is None else _fields(body, events, basis)
        row = stored.get(stream)
        if fields is None:
            found.append(Difference(body, stream, Wrong.UNREADABLE))
            continue
        histories[stream] = events or ()
        columns = {
            name: (None if row is None else getattr(row, name), value)
            for name, value in fields.items()
            if row is None or getattr(row, name) != value
        }
        if columns:
            wrong = Wrong.MISSING if row is None else Wrong.DIFFERS
            found.append(Difference(body, stream, wrong, MappingProxyType(columns)))
    for stream, seqs in tasks_that_differ(Body.objects.get(key=body), histories).items():
        entries = {str(seq): (None, seq) for seq in seqs}
        found.append(Difference(body, stream, Wrong.TASKS, MappingProxyType(entries)))
    return found


def _fields(body: str, events: tuple[Event, ...], basis: Basis) -> dict[str, Any] | None:
    """The columns; ``None`` where the entries do not fold, as only damaged ones do."""
    try:
        return summary_fields(body, events, basis)
    except (ValueError, KeyError, TypeError, AttributeError, NoRuleInForce):
        return None


def row_differs(body: Body, stream: str, events: tuple[Event, ...], basis: Basis) -> bool | None:
    """Whether the row of one case is another than its events give; ``None`` where they do not fold."""
    fields = _fields(body.key, events, basis)
    if fields is None:
        return None
    stands = CaseSummary.objects.filter(stream=stream, **fields).exists()
    return not stands or any(True for _one in differing(body, stream, events))


def _write(found: Sequence[Difference]) -> None:
    """Write what should be; each difference has it."""
    missing: list[CaseSummary] = []
    for difference in found:
        columns = {name: should for name, (_stands, should) in difference.columns.items()}
        if difference.wrong is Wrong.MISSING:
            missing.append(CaseSummary(stream=difference.stream, **columns))
        elif difference.wrong is Wrong.DIFFERS:
            CaseSummary.objects.filter(stream=difference.stream).update(**columns)
        elif difference.wrong is Wrong.TASKS:
            events = history(body=difference.body, stream=difference.stream).events
            rebuild_tasks(Body.objects.get(key=difference.body), difference.stream, events)
    CaseSummary.objects.bulk_create(missing)


def _moves(found: Sequence[Difference]) -> list[Move]:
    """What moves in rows that are those of the last entry."""
    differing = [one for one in found if one.wrong is Wrong.DIFFERS and "last_seq" not in one.columns]
    rows = CaseSummary.objects.in_bulk([one.stream for one in differing])
    moves: list[Move] = []
    for one in differing:
        row = rows[one.stream]
        stands = {name: getattr(row, name) for name in (*CLOCKS, "open", "last_seq")}
        now = stands | {name: should for name, (_stands, should) in one.columns.items()}
        moves += moves_of(row, now)
    return moves


def _moved(difference: Difference) -> Iterator[MovedDate]:
    """The dates that another basis moved: of a row that is that of the last entry."""
    if difference.wrong is not Wrong.DIFFERS or "last_seq" in difference.columns:
        return
    number = CaseSummary.objects.filter(stream=difference.stream).values_list("number", flat=True).first()
    for column in DATES:
        if column in difference.columns:
            before, after = difference.columns[column]
            yield MovedDate(difference.body, difference.stream, number or "", column, before, after)
