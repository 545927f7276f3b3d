"""``Event``: one dated act as the ledger keeps it (``LedgerEvent`` without its hashes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any


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
