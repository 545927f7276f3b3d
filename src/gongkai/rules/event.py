"""``Event``: one dated act as the ledger keeps it (``LedgerEvent`` without its hashes)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def iso_day(text: object) -> date | None:
    """The day that a text writes as ``2026-03-01``; ``None`` for anything else (also a week's day)."""
    if not isinstance(text, str) or not _DAY.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Event:
    """An act that took place.

    ``occurred_on`` is the legal date (Asia/Shanghai), ``recorded_at`` the time in UTC at which it was
    entered; ``stream`` names the case (or the body, for acts outside cases) and ``seq`` counts from 1
    within it; ``position`` counts from 1 within the body's ledger. 0, ``""`` and ``None`` in these four
    mean: not in a ledger yet.
    """

    kind: str
    occurred_on: date
    payload: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    stream: str = ""
    seq: int = 0
    position: int = 0
    recorded_at: datetime | None = None
    actor: str = ""
    schema: int = 1
