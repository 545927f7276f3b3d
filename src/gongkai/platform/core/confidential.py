"""Which names the audit trail must not show to who reads it: an app above knows, and says so here.

Asked whenever the trail is read, never written into it: the chain stays what it was, and a case that is no
longer sensitive is shown again.
"""

from __future__ import annotations

from collections.abc import Callable

Closed = Callable[[], frozenset[str]]
"""Gives the names (cases, files, letters, records) of what only some may know of."""

_CLOSED: list[Closed] = []


def tell_closed(closed: Closed) -> None:
    """Register what knows such names (an app above does, once it is ready)."""
    if closed not in _CLOSED:
        _CLOSED.append(closed)


def closed_names() -> frozenset[str]:
    """All of them, now."""
    return frozenset().union(*(closed() for closed in _CLOSED))
