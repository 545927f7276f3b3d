"""``verify_ledger``: the chains in the database, judged by the verifier that judges ledger files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain as joined

from django.db.models import F, TextField
from django.db.models.functions import Cast

from gongkai.platform.ledger.lines import any_text, entry_lines, header_line, moment_of, root_lines
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.snapshots import snapshot
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
