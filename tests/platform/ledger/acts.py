"""Acts for the tests of the ledger, and what somebody with the rights of the database might do to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from gongkai.platform.core.append_only import AppendOnlyTable
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.services import append, open_ledger
from gongkai.platform.ledger.triggers import EVENTS
from gongkai.rules.event import Event

START = datetime(2026, 2, 12, 1, 30, tzinfo=UTC)


def act(stream: str, seq: int) -> Event:
    """The act of a stream with this number, shaped as registered."""
    if seq == 1:
        received = {"channel": "counter", "applicant_kind": "natural_person"}
        return Event("request.received", date(2026, 2, 2), received, stream)
    if seq == 2:
        return Event("request.registered", date(2026, 2, 2), {"number": f"云公申〔2026〕{stream}号"}, stream)
    notes = ("call", "guidance", "mediation", "other")
    return Event("note.added", date(2026, 2, 3) + timedelta(days=seq), {"kind": notes[seq % 4]}, stream)


def fill(body: str = "body-a", streams: int = 3, each: int = 4) -> None:
    """A ledger of several streams, written in several appends, in turn."""
    open_ledger(body=body)
    for seq in range(1, each + 1):
        for number in range(streams):
            stream = f"case-{number}"
            append(
                body=body,
                events=[act(stream, seq)],
                expected_seq={stream: seq - 1},
                recorded_at=START + timedelta(minutes=seq * streams + number),
            )


def execute(statement: str, parameters: Sequence[Any] = ()) -> None:
    """SQL as somebody at the database's own prompt would send it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def without_triggers(table: AppendOnlyTable = EVENTS) -> None:
    """Take the triggers away, as who may alter the schema can."""
    if connection.vendor == "postgresql":
        execute(f"ALTER TABLE {table.table} DISABLE TRIGGER USER")
        return
    for name in table.sqlite():
        execute(f"DROP TRIGGER IF EXISTS {name}")


def columns(position: int, body: str = "body-a") -> dict[str, Any]:
    """A row as it stands."""
    row = LedgerEvent.objects.filter(body=body, position=position).values().get()
    row.pop("id")
    return row


def forge(position: int, in_body: str = "body-a", /, **changes: Any) -> None:
    """Change a row by hand."""
    sets = ", ".join(f"{column} = %s" for column in changes)
    execute(
        f"UPDATE ledger_ledgerevent SET {sets} WHERE body = %s AND position = %s",  # noqa: S608 - our names
        [*changes.values(), in_body, position],
    )


def insert(row: dict[str, Any]) -> None:
    """Put a row there by hand."""
    row = {**row, "recorded_at": connection.ops.adapt_datetimefield_value(row["recorded_at"])}
    names = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    execute(f"INSERT INTO ledger_ledgerevent ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608
