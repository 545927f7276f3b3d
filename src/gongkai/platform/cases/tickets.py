"""Numbers under which letters were handed to the body (12345 tickets, petition letters)."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.platform.cases.models import CaseText, Counterpart, Direction, Referral


def tickets_of(stream: str) -> tuple[str, ...]:
    """The tickets under which a case's letter was handed to the body, for its page and its row in lists."""
    return tickets_of_cases([stream]).get(stream, ())


def tickets_of_cases(streams: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """``tickets_of`` for many cases at once."""
    letters = dict(
        CaseText.objects.filter(stream__in=list(streams), letter__isnull=False).values_list(
            "stream", "letter"
        )
    )
    if not letters:
        return {}
    found: dict[str, list[str]] = {}
    rows = Referral.objects.filter(letter__in=set(letters.values()), direction=Direction.IN)
    for row in rows.order_by("on", "key"):
        found.setdefault(row.letter_id, []).append(f"{Counterpart(row.counterpart).label} {row.number}")
    return {stream: tuple(found[letter]) for stream, letter in letters.items() if letter in found}
