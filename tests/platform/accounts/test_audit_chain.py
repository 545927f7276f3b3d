"""Nobody changes the audit; who does it past the platform is found out."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from tests.platform.conftest import Place

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.append_only import AUDIT
from gongkai.platform.core.audit_trail import AuditProblem, AuditVerification, verify_audit
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
    assert verify_audit().problems == ()
    assert verify_audit().entries == 3


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE core_auditentry SET success = FALSE WHERE position = 2", [AuditProblem(2, "wrong_hash")]),
        ("UPDATE core_auditentry SET person = 'x' WHERE position = 3", [AuditProblem(3, "wrong_hash")]),
        ("DELETE FROM core_auditentry WHERE position = 2", [AuditProblem(3, "gap")]),
        ("DELETE FROM core_auditentry WHERE position = 3", [AuditProblem(2, "wrong_head")]),
        ("UPDATE core_auditentry SET hash = prev_hash WHERE position = 2",
         [AuditProblem(2, "wrong_hash"), AuditProblem(3, "broken_link")]),
    ],
)  # fmt: skip
def test_a_change_past_the_platform_is_found_and_named(
    three: None, statement: str, found: list[AuditProblem]
) -> None:
    without_triggers()
    execute(statement)
    assert list(verify_audit().problems) == found


def test_an_entry_is_undone_with_what_it_tells_of(county: Place, system: Actor) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("body.changed", actor=system, body=county.body)
        _ = 1 / 0
    assert AuditEntry.objects.count() == 0
    assert verify_audit().problems == ()
    assert not AuditHead.objects.exclude(position=0).exists()


def test_an_empty_trail_verifies(db: None) -> None:
    assert verify_audit() == AuditVerification(0, ())
