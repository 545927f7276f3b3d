"""The audit trail is chained: what is done to it by hand is found."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.platform.committed import CommittedDatabase, own_connection
from tests.platform.conftest import Place, make_body
from tests.platform.ledger.acts import execute, without_triggers

from gongkai.platform.core import audit
from gongkai.platform.core.append_only import AUDIT
from gongkai.platform.core.audit_chain import AuditDamage, verify_audit
from gongkai.platform.core.audit_trail import verify_audit_as
from gongkai.platform.core.models import AuditEntry, AuditHead


@pytest.fixture
def trail(county: Place) -> int:
    """Some entries; the position of the last."""
    for number in range(6):
        audit.record(
            "case.exported", actor=county.actor("handler"), body=county.body, detail={"cases": number}
        )
    without_triggers(AUDIT)
    return AuditHead.objects.get().position


def test_a_trail_as_it_was_written_is_sound(trail: int) -> None:
    found = verify_audit()
    assert (found.ok, found.entries) == (True, AuditEntry.objects.count())


def test_an_empty_trail_is_sound(db: None) -> None:
    assert verify_audit().ok


CHANGES: dict[str, str] = {
    "detail": "detail = '{\"cases\":7}'",
    "spelling": "detail = '{\"cases\": 3}'",
    "person": "person = 'person-x'",
    "success": "success = (1 = 0)",
    "act": "act = 'logout'",
    "address": "address = '10.0.0.1'",
    "at": "at = '2020-01-01 00:00:00+00:00'",
    "hash": "hash = 'x'",
    "prev_hash": "prev_hash = 'x'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_entry_is_found(trail: int, change: str) -> None:
    at = trail - 2
    execute(f"UPDATE core_auditentry SET {change} WHERE position = {at}")  # noqa: S608
    found = verify_audit()
    assert (found.damages[0].damage, found.damages[0].position) == (AuditDamage.CHANGED, at)
    assert str(at) in found.damages[0].message()


def test_a_removed_entry_and_a_cut_tail_are_found(trail: int) -> None:
    execute(f"DELETE FROM core_auditentry WHERE position = {trail - 2}")  # noqa: S608
    assert [d.damage for d in verify_audit().damages] == [AuditDamage.REMOVED]
    execute(f"DELETE FROM core_auditentry WHERE position >= {trail - 2}")  # noqa: S608
    assert [d.damage for d in verify_audit().damages] == [AuditDamage.HEAD_DIFFERS]


OTHERS: dict[str, Callable[[], object]] = {
    "head": lambda: AuditHead.objects.update(hash="0" * 64),
    "no_head": lambda: AuditHead.objects.all().delete(),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_a_changed_head_is_found(trail: int, change: Callable[[], object]) -> None:
    change()
    assert [d.damage for d in verify_audit().damages] == [AuditDamage.HEAD_DIFFERS]


def test_an_entry_put_there_by_hand_is_found(trail: int) -> None:
    entry = AuditEntry.objects.get(position=trail)
    entry.pk, entry._state.adding = None, True
    entry.position = trail + 1
    entry.save(force_insert=True)
    assert verify_audit().damages[0].position == trail + 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's columns have types")
@pytest.mark.parametrize("change", ["at = 'gestern'", "at = '2026-13-40 00:00:00'", "position = 'x'"])
def test_what_is_of_no_type_is_damage_and_no_exception(trail: int, change: str) -> None:
    execute(f"UPDATE core_auditentry SET {change} WHERE position = {trail - 1}")  # noqa: S608
    assert verify_audit().damages


def test_a_trail_is_verified_as_it_is_at_one_moment_while_others_write(
    committed_database: CommittedDatabase,
) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    actor, ended = place.actor("handler"), threading.Event()

    def write() -> None:
        with own_connection():
            while not ended.is_set():
                audit.record("case.exported", actor=actor, body=place.body)

    for _entry in range(200):
        audit.record("case.exported", actor=actor, body=place.body)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [verify_audit_as(actor=place.actor("audit_administrator")) for _time in range(20)]
    finally:
        ended.set()
        writer.join()
    assert [one for one in found if not one.ok] == []
