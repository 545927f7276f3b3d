"""The triggers that keep the ledger, its roots and the audit trail append only; ``health`` asks for them."""

from __future__ import annotations

from gongkai.platform.core.append_only import AUDIT, AppendOnlyTable

EVENTS = AppendOnlyTable(
    "ledger_ledgerevent",
    "ledger entries are append only",
    (("id",), ("body", "position"), ("body", "stream", "seq")),
)
ROOTS = AppendOnlyTable("ledger_ledgerroot", "daily roots are append only", (("day",), ("prev_root",)))
APPEND_ONLY = (EVENTS, ROOTS, AUDIT)


def missing_triggers() -> tuple[str, ...]:
    """Names of triggers that are missing, switched off, or changed, in the connected database."""
    return tuple(name for table in APPEND_ONLY for name in table.wrong_triggers())
