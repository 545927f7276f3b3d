"""``append``: the one door into the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from django.db import transaction

from gongkai.platform.ledger.models import LedgerEvent, LedgerHead, LedgerRoot
from gongkai.platform.ledger.selectors import last_seqs
from gongkai.rules import kinds
from gongkai.rules.event import Event
from gongkai.rules.ledger import (
    NO_ROOT,
    SM3,
    Entry,
    Head,
    Header,
    LedgerError,
    Root,
    StaleWriter,
    Unreadable,
    canonical,
    seal,
)


def open_ledger(*, body: str, algorithm: str = SM3) -> LedgerHead:
    """Begin the ledger of a body; the one that is there where it was begun already."""
    head, _created = LedgerHead.objects.get_or_create(
        body=body, defaults={"algorithm": algorithm, "hash": Header(body, algorithm).hash}
    )
    return head


@transaction.atomic(savepoint=False)
def lock(*, body: str) -> LedgerHead:
    """The head of a body's chain, locked until the transaction ends: facts read under it stay true.

    One lock per transaction. On SQLite the transaction is IMMEDIATE, so that there is one writer anyway.
    Raises ``LedgerHead.DoesNotExist`` where the ledger was not opened.
    """
    return LedgerHead.objects.select_for_update().get(body=body)


@transaction.atomic
def append(
    *,
    body: str,
    events: Sequence[Event],
    expected_seq: Mapping[str, int],
    recorded_at: datetime,
) -> tuple[Entry, ...]:
    """Append events, all or none, and return them in their places.

    - ``events`` come without position; where they have a ``seq`` it must be the next of their stream;
    - ``expected_seq`` has for each stream the last number that the writer saw, 0 for a new one;
    - ``recorded_at`` is the clock's time in UTC; it is moved up to that of the last entry where it lies
      before it, for a chain's time never runs backwards.

    Raises ``StaleWriter`` ``LG-E-013`` where somebody else wrote to a stream since, ``LedgerError``
    ``LG-E-014`` for a stream without expected number, ``LG-E-015`` for numbers that are not the next,
    ``UnlawfulShape`` for a payload that is not registered, ``NotCanonical``.
    """
    head = lock(body=body)
    if not events:
        return ()
    streams = {event.stream for event in events}
    seqs = last_seqs(body=body, streams=streams)
    for stream in streams:
        if stream not in expected_seq:
            raise LedgerError("LG-E-014", stream=stream)
        if seqs.get(stream, 0) != expected_seq[stream]:
            raise StaleWriter(
                "LG-E-013", stream=stream, expected=expected_seq[stream], found=seqs.get(stream, 0)
            )
    moment = recorded_at.replace(microsecond=0)
    if head.recorded_at is not None:
        moment = max(moment, head.recorded_at)
    position, previous = head.position, head.hash
    entries: list[Entry] = []
    for event in events:
        position, seq = position + 1, seqs.get(event.stream, 0) + 1
        if event.seq not in (0, seq):
            raise LedgerError("LG-E-015", stream=event.stream, seq=event.seq, position=position)
        kinds.check(event.kind, event.payload, event.schema)
        numbered = replace(event, position=position, seq=seq, recorded_at=moment)
        entry, _line = seal(numbered, previous, algorithm=head.algorithm)
        entries.append(entry)
        previous, seqs[event.stream] = entry.hash, seq
    LedgerEvent.objects.bulk_create([row_of(body, entry) for entry in entries], batch_size=500)
    head.position, head.hash, head.recorded_at = position, previous, moment
    head.save(update_fields=["position", "hash", "recorded_at"])
    return tuple(entries)


def row_of(body: str, entry: Entry) -> LedgerEvent:
    """The row of a sealed entry."""
    event = entry.event
    return LedgerEvent(
        body=body,
        position=event.position,
        stream=event.stream,
        seq=event.seq,
        kind=event.kind,
        occurred_on=event.occurred_on,
        recorded_at=event.recorded_at,
        actor=event.actor,
        payload=canonical(event.payload).decode(),
        schema=event.schema,
        prev_hash=entry.prev_hash,
        hash=entry.hash,
    )


@transaction.atomic
def write_root(day: date, *, algorithm: str = SM3) -> Root:
    """Write the day's root over the heads of all bodies, chained to the root before; on no day twice.

    It holds what a file's ``roots.jsonl`` holds for the same day. Raises ``LedgerError`` ``LG-E-022`` where
    there is a root of that day or a later one, ``Unreadable`` ``LG-E-023`` where no ledger was begun,
    ``IntegrityError`` for the one of two writers who was slower.
    """
    last = LedgerRoot.objects.order_by("-day").first()
    if last is not None and last.day >= day:
        raise LedgerError("LG-E-022", date=day.isoformat(), last=last.day.isoformat())
    heads = {head.body: Head(head.position, head.hash) for head in LedgerHead.objects.order_by("body")}
    if not heads:
        raise Unreadable("LG-E-023", path="", body="")
    blank = Root(day, algorithm, MappingProxyType(heads), NO_ROOT if last is None else last.root, NO_ROOT)
    root = replace(blank, root=blank.computed())
    LedgerRoot.objects.bulk_create([row_of_root(root)])
    return root


def row_of_root(root: Root) -> LedgerRoot:
    """The row of a root."""
    heads = {body: {"hash": head.hash, "position": head.position} for body, head in root.heads.items()}
    return LedgerRoot(
        day=root.date,
        algorithm=root.algorithm,
        heads=canonical(heads).decode(),
        prev_root=root.prev_root,
        root=root.root,
    )
