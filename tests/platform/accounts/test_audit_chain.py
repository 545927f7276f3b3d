"""Nobody changes the audit; who does it past the platform is found out."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.platform.conftest import Place

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.append_only import AUDIT
from gongkai.platform.core.audit_chain import verify_audit
from gongkai.platform.core.models import AuditEntry, AuditHead
from gongkai.platform.core.models.audit import AuditIsAppendOnly


@pytest.fixture
def three(county: Place, system: Actor) -> None:
    for number in range(3):
        audit.record(
            "body.changed", actor=system, body=county.body, object=f"o{number}", detail={"n": number}
        )


def without_triggers() -> None:
    with connection.cursor() as cursor:
        for name in AUDIT.postgresql() if connection.vendor == "postgresql" else AUDIT.sqlite():
            on = f" ON {AUDIT.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_unknown_act_is_refused(system: Actor) -> None:
    with pytest.raises(KeyError):
        audit.record("body.burnt", actor=system)


def test_the_model_refuses_changes(three: None) -> None:
    entry = AuditEntry.objects.get(position=2)
    for attempt in (
        entry.save, entry.delete, AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(act="x"),
        lambda: AuditEntry.objects.bulk_update([entry], ["act"]),
    ):  # fmt: skip
        with pytest.raises(AuditIsAppendOnly):
            attempt()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET act = 'x' WHERE position = 2",
        "DELETE FROM core_auditentry WHERE position = 2",
    ],
)
def test_the_database_refuses_changes(three: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        execute(statement)


def test_an_untouched_chain_verifies(three: None) -> None:
    assert verify_audit().ok
    assert verify_audit().entries == 3


def test_the_audit_administrator_is_told_of_a_change_past_the_platform(
    client: Client, county: Place, three: None
) -> None:
    without_triggers()
    execute("UPDATE core_auditentry SET person = 'x' WHERE position = 2")
    client.force_login(county.seats["audit_administrator"].person)
    page = client.post("/desk/audit/verify/").content.decode()
    assert "审计第 2 条与散列值不符" in page
    assert AuditEntry.objects.filter(act="audit.verified", success=False).count() == 1


def test_an_entry_is_undone_with_what_it_tells_of(county: Place, system: Actor) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("body.changed", actor=system, body=county.body)
        _ = 1 / 0
    assert AuditEntry.objects.count() == 0
    assert verify_audit().ok
    assert not AuditHead.objects.exclude(position=0).exists()
