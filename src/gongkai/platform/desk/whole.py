"""Whole numbers out of hidden fields and addresses, which anybody can write."""

from __future__ import annotations

_LONGEST = 15
"""Digits: more than any entry, version or page needs; a database takes 18, Python's ``int`` 4300."""


def whole(text: str) -> int | None:
    """The number that ``text`` is in ASCII digits; ``None`` for anything else, and for a longer one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
