"""Reading a ledger file for a count only: lines of kinds that are not needed are not even parsed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gongkai.rules.counting.lean import NEEDED
from gongkai.rules.event import Event
from gongkai.rules.ledger import Unreadable, parse_header
from gongkai.rules.ledger.files import completed, lines_within

_KIND = b',"kind":"'
_NEEDED = frozenset(kind.encode() for kind in NEEDED)
_decode = json.JSONDecoder().raw_decode


def needed_events(path: Path) -> Iterator[Event]:
    """The events of a body's ledger file that ``count`` needs, in order, without their recording times.

    Lines are taken as canonical (keys sorted), so that the kind is found without parsing; each entry must
    stand in the line of its position. Hashes are not looked at: that is ``verify``. An append that was
    never completed is not read.

    Raises ``Unreadable``: ``LG-E-008``, ``LG-E-009`` for the header, ``LG-E-010`` for a line that is no
    entry, ``LG-E-011`` where positions have gaps; ``OSError`` as it comes.
    """
    lines = lines_within(path, completed(path)[0])
    parse_header(next(lines, b"").removesuffix(b"\n"))
    needed = _NEEDED
    day: dict[str, date] = {}
    for position, raw in enumerate(lines, 1):
        start = raw.find(_KIND) + 9
        if raw[start : raw.find(b'"', start)] not in needed:
            continue
        try:
            members = _decode(raw.decode())[0]
            text = members["occurred_on"]
            on = day.get(text)
            if on is None:
                on = day[text] = date.fromisoformat(text)
            event = Event(
                members["kind"],
                on,
                members["payload"],
                members["stream"],
                members["seq"],
                members["position"],
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable("LG-E-010", file=path.name, line=position + 1, detail=str(error)) from None
        if event.position != position:
            raise Unreadable("LG-E-011", file=path.name, line=position + 1, position=position)
        yield event
