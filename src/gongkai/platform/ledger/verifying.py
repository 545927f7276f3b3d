"""``verify_ledger``: the chains in the database, judged by the verifier that judges ledger files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain as joined

from django.db.models import F, TextField
from django.db.models.functions import Cast

from gongkai.platform.core.snapshots import snapshot
from gongkai.platform.ledger.lines import any_text, entry_lines, header_line, lines_at, moment_of, root_lines
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.rules.ledger import (
    Anchor,
    Chain,
    Head,
    Kept,
    LedgerError,
    Unreadable,
    Verification,
    file_name,
    verify_chains,
)
from gongkai.rules.ledger.chain import EntryRule
from gongkai.rules.ledger.hashing import header_hash

Progress = Callable[[int], None]
"""Told how many more entries have been read."""
_STEP = 1000


def verify_ledger(
    body: str | None = None, anchor: Anchor | None = None, *, progress: Progress | None = None
) -> Verification:
    """Verify the ledger of one body, or of all with the daily roots, against themselves and the anchor.

    - Every row as the line of a file that it stands for: canonical payload, hash, chain, positions and
      numbers without gaps, times that never run backwards; kinds of a newer schema are kept;
    - the head row against the last entry; the daily roots and the anchor against the entries;
    - all at one moment (``snapshot``), while others go on writing; rows are streamed.

    A damage names the body; line *n* is entry *n* - 1, as in an exported file. Raises ``Unreadable``
    ``LG-E-023`` for a body without ledger. What a verification without an anchor cannot exclude is in
    ``cannot_exclude``.
    """
    with snapshot(), any_text():
        keys = bodies_with_a_ledger()
        if body is not None:
            if body not in keys and not _named(body, anchor):
                raise Unreadable("LG-E-023", path="", body=body)
            keys = [body]
        chains = (_chain(key, progress) for key in keys)
        return verify_chains(chains, root_lines(), anchor, whole=body is None)


@dataclass(frozen=True, slots=True)
class StreamVerification:
    """What a look at the entries of one stream found."""

    entries: int
    damaged: tuple[int, ...]
    """Numbers within the stream of entries that were changed, or whose neighbours in the chain were."""

    @property
    def ok(self) -> bool:
        """Whether every entry is as it was entered."""
        return not self.damaged


def verify_stream(*, body: str, stream: str) -> StreamVerification:
    """Verify the entries of one stream, each in its place of the body's chain.

    - each entry against its own hash, its number within the stream, and the entries before and behind it;
    - what was changed elsewhere in the chain, and a chain computed anew, only ``verify_ledger`` finds.

    At one moment; reads three rows for an entry, however long the chain is.
    """
    with snapshot(), any_text():
        head = LedgerHead.objects.filter(body=body).defer("recorded_at").first()
        rows = LedgerEvent.objects.filter(body=body, stream=stream).order_by("seq", "position")
        places = list(rows.values_list("seq", "position"))
        wanted = [at + step for _seq, at in places for step in (-1, 0, 1)]
        lines = lines_at(body, wanted)
    if head is None:
        return StreamVerification(len(places), tuple(seq for seq, _at in places))
    rule = EntryRule(head.algorithm)
    facts = {at: rule.fact(line[:-1]) for at, line in lines.items()}
    hashes = {at: fact.hash for at, fact in facts.items() if fact.ok}
    hashes[0] = header_hash(head.algorithm, header_line(body, head)[:-1])

    def sound(number: int, at: int) -> bool:
        fact, after = facts.get(at), facts.get(at + 1)
        follower = after.prev if after is not None else head.hash if head.position == at else ""
        return (
            fact is not None
            and fact.ok
            and fact.sound
            and fact.seq == number
            and fact.prev == hashes.get(at - 1)
            and fact.hash == follower
        )

    damaged = [seq for number, (seq, at) in enumerate(places, 1) if not sound(number, at)]
    return StreamVerification(len(places), tuple(damaged))


def bodies_with_a_ledger() -> list[str]:
    """Every body with a head or an entry; a head may have been taken away by hand."""
    keys = set(LedgerHead.objects.values_list("body", flat=True))
    keys |= set(LedgerEvent.objects.order_by().values_list("body", flat=True).distinct())
    return sorted(keys)


def _named(body: str, anchor: Anchor | None) -> bool:
    return anchor is not None and body in anchor.heads


def _chain(body: str, progress: Progress | None) -> Chain:
    head = LedgerHead.objects.filter(body=body).defer("recorded_at").first()
    try:
        name = file_name(body)
    except LedgerError:  # put there by hand: no body is called so, and the header will not be one
        name = ascii(body)

    def lines() -> Iterator[bytes]:
        entries = entry_lines(body)
        counted = entries if progress is None else _counted(entries, progress)
        yield from joined([header_line(body, head)], counted)

    return Chain(body, name, lines, kept=lambda: _kept(body))


def _kept(body: str) -> Kept | None:
    """The head row, read as text: whatever stands in it."""
    rows = LedgerHead.objects.filter(body=body).annotate(
        position_text=Cast(F("position"), TextField()), moment=Cast(F("recorded_at"), TextField())
    )
    for position, digest, moment in rows.values_list("position_text", "hash", "moment"):
        if not str(position).isascii() or not str(position).isdigit():
            return None
        return Kept(Head(int(position), digest), moment_of(moment) or "")
    return None


def _counted(lines: Iterator[bytes], progress: Progress) -> Iterator[bytes]:
    count = 0
    for line in lines:
        yield line
        count += 1
        if count == _STEP:
            progress(count)
            count = 0
    if count:
        progress(count)
