"""The database itself refuses to change what is append only, and it is told where it no longer does."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from tests.platform.conftest import Place
from tests.platform.ledger.acts import columns, execute, fill, insert, without_triggers

from gongkai.platform.core import audit
from gongkai.platform.core.append_only import AppendOnlyTable
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.models import LedgerEvent, LedgerRoot
from gongkai.platform.ledger.services import write_root
from gongkai.platform.ledger.triggers import APPEND_ONLY, EVENTS, missing_triggers

MODELS = {"ledger_ledgerevent": LedgerEvent, "ledger_ledgerroot": LedgerRoot, "core_auditentry": AuditEntry}
COLUMN = {"ledger_ledgerevent": "actor", "ledger_ledgerroot": "algorithm", "core_auditentry": "object"}


@pytest.fixture
def filled(county: Place) -> None:
    fill("body-a", streams=1, each=2)
    write_root(date(2026, 2, 12))
    audit.record("case.exported", actor=county.actor("handler"), body=county.body)


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        execute(statement)


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.table)
def test_no_row_is_changed_or_deleted(filled: None, table: AppendOnlyTable) -> None:
    model = MODELS[table.table]
    before = list(model.objects.values_list())
    assert before
    refused(f"UPDATE {table.table} SET {COLUMN[table.table]} = 'x'")  # noqa: S608 - our own names
    refused(f"DELETE FROM {table.table}")  # noqa: S608
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table.table}")
        refused(f"TRUNCATE {table.table} CASCADE")
    assert list(model.objects.values_list()) == before


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.table)
def test_no_row_is_replaced(filled: None, table: AppendOnlyTable) -> None:
    model = MODELS[table.table]
    before = list(model.objects.values_list())
    name = table.table
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}")  # noqa: S608
        refused(f"REPLACE INTO {name} SELECT * FROM {name}")  # noqa: S608
    else:
        key = table.keys[0][0]
        refused(
            f"INSERT INTO {name} SELECT * FROM {name} "  # noqa: S608
            f"ON CONFLICT ({key}) DO UPDATE SET {COLUMN[name]} = 'x'"
        )
    assert list(model.objects.values_list()) == before


def test_every_key_of_an_entry_is_guarded_against_replacing(filled: None) -> None:
    row = columns(2)
    for changes in ({"seq": 7}, {"position": 7}):  # meets the other key alone
        clash = {**row, **changes}
        verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
        names, marks = ", ".join(clash), ", ".join(["%s"] * len(clash))
        with pytest.raises(DatabaseError), transaction.atomic():
            execute(f"{verb} INTO ledger_ledgerevent ({names}) VALUES ({marks})", list(clash.values()))
    assert columns(2) == row


def test_an_entry_behind_the_last_is_the_database_s_to_take(filled: None) -> None:
    insert({**columns(2), "position": 3, "seq": 3})
    assert LedgerEvent.objects.filter(body="body-a").count() == 3


def test_the_triggers_are_there(db: None) -> None:
    assert missing_triggers() == ()


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.table)
def test_missing_triggers_are_named(db: None, table: AppendOnlyTable) -> None:
    without_triggers(table)
    names = table.postgresql() if connection.vendor == "postgresql" else table.sqlite()
    assert missing_triggers() == tuple(names)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's triggers have no modes")
def test_triggers_that_fire_on_replicas_alone_are_named(db: None) -> None:
    for name in EVENTS.postgresql():
        execute(f"ALTER TABLE {EVENTS.table} ENABLE REPLICA TRIGGER {name}")
    assert missing_triggers() == tuple(EVENTS.postgresql())


def test_a_trigger_of_the_same_name_that_refuses_nothing_is_named(db: None) -> None:
    name = EVENTS.table
    if connection.vendor == "postgresql":
        execute(
            f"CREATE OR REPLACE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$"
        )
        assert missing_triggers() == tuple(EVENTS.postgresql())
        return
    execute(f"DROP TRIGGER {name}_no_update")
    execute(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} BEGIN SELECT 1; END")
    assert missing_triggers() == (f"{name}_no_update",)
