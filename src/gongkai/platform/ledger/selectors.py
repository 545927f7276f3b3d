"""Reading the ledger: events as ``gongkai.rules`` knows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Max

from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.rules.event import Event


@dataclass(frozen=True, slots=True)
class History:
    """The events of one stream and the number of the last."""

    events: tuple[Event, ...]

    @property
    def seq(self) -> int:
        """What a writer passes on as ``expected_seq``."""
        return self.events[-1].seq if self.events else 0


def event_of(row: LedgerEvent) -> Event:
    """The event of a row."""
    return Event(
        row.kind, row.occurred_on, json.loads(row.payload), row.stream, row.seq, row.position,
        row.recorded_at, row.actor, row.schema,
    )  # fmt: skip


def history(*, body: str, stream: str) -> History:
    """Everything that was entered on a stream, in order."""
    rows = LedgerEvent.objects.filter(body=body, stream=stream).order_by("seq")
    return History(tuple(event_of(row) for row in rows))


def histories(*, body: str, streams: Iterable[str]) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Everything that was entered on several streams, stream by stream, with one query."""
    rows = LedgerEvent.objects.filter(body=body, stream__in=list(streams)).order_by("stream", "seq")
    for stream, found in groupby(rows.iterator(chunk_size=2000), key=lambda row: row.stream):
        yield stream, tuple(event_of(row) for row in found)


def events_of(*, body: str, kinds: Iterable[str] | None = None, after: int = 0) -> Iterator[Event]:
    """The events of a body in the order of recording, from behind position ``after``."""
    rows = LedgerEvent.objects.filter(body=body, position__gt=after).order_by("position")
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    for row in rows.iterator(chunk_size=2000):
        yield event_of(row)


def last_seqs(*, body: str, streams: Iterable[str]) -> dict[str, int]:
    """The last number of each stream that has entries."""
    rows = (
        LedgerEvent.objects.filter(body=body, stream__in=list(streams))
        .order_by()
        .values_list("stream")
        .annotate(last=Max("seq"))
    )
    return dict(rows)


def last_kinds(*, bodies: Iterable[str], streams: Iterable[str], kinds: Iterable[str]) -> dict[str, str]:
    """The kind of the last entry of each stream among ``kinds``; what was struck out does not count."""
    corrected = "entry.corrected"
    rows = (
        LedgerEvent.objects.filter(
            body__in=list(bodies), stream__in=list(streams), kind__in=[*kinds, corrected]
        )
        .order_by("-seq")
        .values_list("stream", "seq", "kind", "payload")
    )
    struck: set[tuple[str, int]] = set()
    last: dict[str, str] = {}
    for stream, seq, kind, payload in rows:
        if kind == corrected:
            told = json.loads(payload)
            if told.get("replacement") is None and (stream, seq) not in struck:
                struck.add((stream, told["seq"]))
        elif (stream, seq) not in struck:
            last.setdefault(stream, kind)
    return last


def head(*, body: str) -> LedgerHead | None:
    """Where a body's chain ends; ``None`` where it was not begun."""
    return LedgerHead.objects.filter(body=body).first()


def streams_with(
    *, bodies: Iterable[str], kinds: Iterable[str], first: date | None = None, last: date | None = None
) -> dict[str, dict[str, int]]:
    """The streams that have entries of some kinds, with how many of each; also those that were struck out.

    ``first`` and ``last``: only what happened on these days and between.
    """
    rows = LedgerEvent.objects.filter(body__in=list(bodies), kind__in=list(kinds))
    if first is not None:
        rows = rows.filter(occurred_on__gte=first)
    if last is not None:
        rows = rows.filter(occurred_on__lte=last)
    found: dict[str, dict[str, int]] = {}
    for stream, kind, count in rows.order_by().values_list("stream", "kind").annotate(count=Count("id")):
        found.setdefault(stream, {})[kind] = count
    return found


def has_any(*, body: str, stream: str, kinds: Iterable[str]) -> bool:
    """Whether a stream has an entry of one of some kinds, struck out or not."""
    return LedgerEvent.objects.filter(body=body, stream=stream, kind__in=list(kinds)).exists()
