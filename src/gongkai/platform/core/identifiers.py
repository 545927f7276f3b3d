"""Opaque identifiers: they say nothing of a person, a date or a number, and name ledgers and streams."""

from __future__ import annotations

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter or digit that is read for another."""


def opaque(prefix: str, length: int = 12) -> str:
    """A new identifier such as ``body-7k2m…``; 12 signs of 31 are 59 bits."""
    return f"{prefix}-{''.join(secrets.choice(_LETTERS) for _ in range(length))}"


def new_body_key() -> str:
    """Names a body, and its ledger."""
    return opaque("body")


def new_seat_key() -> str:
    """Names a seat: the actor of the acts done in it."""
    return opaque("seat")


def new_person_key() -> str:
    """Names a person who works with the platform."""
    return opaque("person")
