"""With the triggers gone, whatever is done to rows by hand is found and named with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from tests.platform.ledger.acts import START, columns, execute, fill, forge, insert, without_triggers

from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.selectors import event_of
from gongkai.platform.ledger.services import open_ledger, write_root
from gongkai.platform.ledger.triggers import ROOTS
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.rules.ledger import SHA256, Anchor, Header, Unreadable, Verification, canonical, parse_anchor
from gongkai.rules.ledger import errors as codes
from gongkai.rules.ledger.entry import envelope
from gongkai.rules.ledger.hashing import SM3, TAG_ENTRY, chain_hash

pytestmark = pytest.mark.django_db
DIGEST = chain_hash(SM3, TAG_ENTRY)


def named(found: Verification) -> list[tuple[str, int | None]]:
    assert all(damage.message("zh") and damage.message("en") for damage in found.damages)
    return [(damage.code, damage.position) for damage in found.damages]


def compute_anew(first: int, body: str = "body-a") -> None:
    """Give every entry from a position on the hash that its content has now, and the head, too."""
    row = LedgerEvent.objects.filter(body=body, position=first - 1).first()
    previous = Header(body).hash if row is None else row.hash
    for row in LedgerEvent.objects.filter(body=body, position__gte=first).order_by("position"):
        digest = DIGEST(previous, canonical(envelope(event_of(row))))
        forge(row.position, body, prev_hash=previous, hash=digest)
        previous = digest
    LedgerHead.objects.filter(body=body).update(hash=previous)


def test_a_sound_ledger_has_no_damage_and_tells_what_cannot_be_excluded() -> None:
    fill("body-a")
    fill("body-b", streams=1, each=2)
    open_ledger(body="body-c", algorithm=SHA256)
    write_root(date(2026, 2, 12))
    found = verify_ledger()
    assert found.ok
    assert (found.bodies, found.entries, found.roots) == (("body-a", "body-b", "body-c"), 14, 1)
    assert found.cannot_exclude == ("LG-V-001", "LG-V-002")
    assert found.heads["body-a"].position == 12


def test_one_body_is_verified_by_itself() -> None:
    fill("body-a", streams=1, each=2)
    fill("body-b", streams=1, each=2)
    write_root(date(2026, 2, 12))
    without_triggers()
    forge(1, "body-b", actor="x")
    assert verify_ledger("body-a").ok
    assert named(verify_ledger("body-b")) == [(codes.CHANGED, 1)]
    with pytest.raises(Unreadable):
        verify_ledger("body-x")


CHANGES: dict[str, dict[str, object]] = {
    "payload": {"payload": '{"applicant_kind":"natural_person","channel":"fax"}'},
    "payload_with_a_space": {"payload": '{"applicant_kind": "natural_person","channel":"counter"}'},
    "payload_that_adds_a_member": {"payload": '{},"position":1'},
    "payload_with_a_newline": {"payload": '{"applicant_kind":"natural_person",\n"channel":"counter"}'},
    "no_payload": {"payload": ""},
    "actor": {"actor": "seat-x"},
    "kind": {"kind": "opening.case"},
    "day": {"occurred_on": "2026-02-01"},
    "time": {"recorded_at": "2026-02-12 01:00:00+00"},
    "schema": {"schema": 2},
    "hash": {"hash": "0" * 64},
    "no_hash": {"hash": "x"},
    "prev_hash": {"prev_hash": "0" * 64},
    "stream": {"stream": "case-9"},
    "seq": {"seq": 9},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("position", [1, 5, 12])
def test_a_changed_row_is_found(position: int, changes: dict[str, object]) -> None:
    fill()
    without_triggers()
    forge(position, **changes)
    found = verify_ledger()
    assert found.damages
    assert found.damages[0].file == "body-a"
    assert found.damages[0].position in {position, position + 1, None}


@pytest.mark.parametrize("position", [1, 6])
def test_a_dropped_row_is_found(position: int) -> None:
    fill()
    without_triggers()
    execute("DELETE FROM ledger_ledgerevent WHERE position = %s", [position])
    assert named(verify_ledger()) == [(codes.REMOVED, position)]


def test_dropped_last_rows_are_told_by_the_head() -> None:
    fill()
    without_triggers()
    execute("DELETE FROM ledger_ledgerevent WHERE position > 10")
    found = verify_ledger()
    assert named(found) == [(codes.TRUNCATED, 10)]
    assert found.damages[0].values["expected"] == 12


def test_all_rows_of_a_body_dropped_are_told_by_the_head() -> None:
    fill()
    without_triggers()
    execute("DELETE FROM ledger_ledgerevent")
    assert named(verify_ledger()) == [(codes.TRUNCATED, 0)]


def test_a_row_put_behind_the_last_is_found() -> None:
    fill()
    insert({**columns(12), "position": 13, "seq": 5})
    assert verify_ledger().damages[0].position == 13


def test_a_forged_row_that_follows_the_last_is_found_by_the_head() -> None:
    fill()
    row = LedgerEvent.objects.get(position=12)
    event = event_of(row)
    forged = {**columns(12), "position": 13, "seq": event.seq + 1, "prev_hash": row.hash}
    members = envelope(event) | {"position": 13, "seq": event.seq + 1}
    forged["hash"] = DIGEST(row.hash, canonical(members))
    insert(forged)
    assert named(verify_ledger()) == [(codes.HEAD_DIFFERS, 13)]


def test_a_row_inserted_in_the_middle_is_found() -> None:
    fill()
    without_triggers()
    for position in range(12, 5, -1):
        forge(position, position=position + 1)
    insert({**columns(5), "position": 6, "stream": "case-8", "seq": 1})
    assert verify_ledger().damages[0].position == 6


def test_swapped_rows_are_found() -> None:
    fill()
    without_triggers()
    for old, new in ((4, 100), (5, 4), (100, 5)):
        forge(old, position=new)
    found = verify_ledger()
    assert found.damages[0].position == 4


def test_rows_whose_contents_changed_places_are_found() -> None:
    fill()
    without_triggers()
    first, second = columns(4), columns(5)
    forge(4, stream="aside")
    for at, other in ((5, first), (4, second)):
        forge(at, **{k: v for k, v in other.items() if k not in ("body", "position")})
    found = verify_ledger()
    assert found.damages[0].position == 4


def test_a_row_moved_to_another_body_is_missed_in_one_and_found_in_the_other() -> None:
    fill("body-a")
    fill("body-b", streams=1, each=1)
    without_triggers()
    forge(12, body="body-b")
    found = verify_ledger()
    assert {damage.file for damage in found.damages} == {"body-a", "body-b"}


@pytest.mark.parametrize(
    "changes",
    [
        {"position": 11}, {"hash": "0" * 64}, {"recorded_at": START + timedelta(days=400)},
        {"recorded_at": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_changed_head_is_found(changes: dict[str, object]) -> None:
    fill()
    LedgerHead.objects.update(**changes)
    assert named(verify_ledger()) == [(codes.HEAD_DIFFERS, 12)]


def test_a_head_beyond_the_last_entry_and_one_of_another_algorithm_are_found() -> None:
    fill()
    LedgerHead.objects.update(position=13)
    assert named(verify_ledger()) == [(codes.TRUNCATED, 12)]
    LedgerHead.objects.update(position=12, algorithm="sha256")
    assert named(verify_ledger())[0] == (codes.HEADER_CHANGED, None)
    LedgerHead.objects.update(algorithm="md5")
    assert named(verify_ledger())[0] == (codes.HEADER_CHANGED, None)


def test_a_missing_head_is_found() -> None:
    fill()
    LedgerHead.objects.all().delete()
    assert named(verify_ledger()) == [(codes.HEAD_DIFFERS, 12)]


def test_rows_of_a_body_that_cannot_be_are_found() -> None:
    fill()
    insert({**columns(1), "body": "\u0001"})
    assert verify_ledger().damages[0].code == codes.HEADER_CHANGED


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's columns have types")
@pytest.mark.parametrize(
    "changes",
    [
        {"occurred_on": "2026-02-31"}, {"occurred_on": "gestern"}, {"recorded_at": "2026-02-12 99:00:00"},
        {"recorded_at": "2026-02-12 01:33:00.5"}, {"position": "three"}, {"seq": "x"}, {"schema": "x"},
        {"payload": b"\xff\xfe"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_of_no_type_is_damage_and_no_exception(changes: dict[str, object]) -> None:
    fill()
    without_triggers()
    forge(3, **changes)
    assert verify_ledger().damages


def test_a_chain_computed_anew_is_found_by_a_root_and_by_an_anchor_alone() -> None:
    fill()
    before = verify_ledger()
    anchor = Anchor(before.heads)
    without_triggers()
    forge(5, actor="seat-x")
    compute_anew(5)
    assert verify_ledger().ok  # as it says: without an anchor it cannot be excluded
    found = verify_ledger(anchor=anchor)
    assert named(found) == [(codes.COMPUTED_ANEW, 12)]
    assert "LG-V-003" in found.cannot_exclude


def test_a_chain_computed_anew_is_found_by_the_daily_roots() -> None:
    fill()
    write_root(date(2026, 2, 12))
    without_triggers()
    forge(5, actor="seat-x")
    compute_anew(5)
    assert named(verify_ledger()) == [(codes.COMPUTED_ANEW, 12)]


def test_a_cut_tail_with_its_head_is_found_by_an_anchor() -> None:
    fill()
    last = LedgerEvent.objects.get(position=12)
    without_triggers()
    execute("DELETE FROM ledger_ledgerevent WHERE position > 10")
    kept = LedgerEvent.objects.get(position=10)
    LedgerHead.objects.update(position=10, hash=kept.hash, recorded_at=kept.recorded_at)
    assert verify_ledger().ok
    assert named(verify_ledger(anchor=parse_anchor(f"body-a:12:{last.hash}"))) == [(codes.TRUNCATED, 12)]


def test_a_body_that_was_taken_away_is_missed_by_the_roots() -> None:
    fill("body-a", streams=1, each=1)
    fill("body-b", streams=1, each=1)
    write_root(date(2026, 2, 12))
    without_triggers()
    execute("DELETE FROM ledger_ledgerevent WHERE body = 'body-b'")
    LedgerHead.objects.filter(body="body-b").delete()
    assert [damage.code for damage in verify_ledger().damages] == [codes.FILE_MISSING]


ROOT_CHANGES: dict[str, Callable[[], None]] = {
    "changed": lambda: execute("UPDATE ledger_ledgerroot SET heads = '{}' WHERE day = '2026-02-13'"),
    "dropped": lambda: execute("DELETE FROM ledger_ledgerroot WHERE day = '2026-02-13'"),
    "moved": lambda: execute("UPDATE ledger_ledgerroot SET day = '2026-02-20' WHERE day = '2026-02-13'"),
}


@pytest.mark.parametrize("change", ROOT_CHANGES.values(), ids=ROOT_CHANGES)
def test_what_is_done_to_a_root_is_found(change: Callable[[], None]) -> None:
    fill()
    for day in (12, 13, 14):
        write_root(date(2026, 2, day))
    without_triggers(ROOTS)
    change()
    assert "roots.jsonl" in {damage.file for damage in verify_ledger().damages}


def test_a_cut_root_is_found_by_an_anchor() -> None:
    fill()
    write_root(date(2026, 2, 12))
    root = write_root(date(2026, 2, 13))
    without_triggers(ROOTS)
    execute("DELETE FROM ledger_ledgerroot WHERE day = '2026-02-13'")
    anchor = parse_anchor(root.content().decode())
    assert named(verify_ledger(anchor=anchor)) == [(codes.ROOT_MISSING, None)]


def test_what_a_newer_schema_wrote_is_kept() -> None:
    fill(streams=1, each=1)
    row = LedgerEvent.objects.get()
    event = event_of(row)
    members = envelope(event) | {
        "position": 2, "seq": 2, "kind": "hearing.held", "schema": 9, "payload": {"place": "room-1"},
    }  # fmt: skip
    digest = DIGEST(row.hash, canonical(members))
    insert(
        {
            **columns(1), "position": 2, "seq": 2, "kind": "hearing.held", "schema": 9,
            "payload": '{"place":"room-1"}', "prev_hash": row.hash, "hash": digest,
        }
    )  # fmt: skip
    LedgerHead.objects.update(position=2, hash=digest)
    assert verify_ledger().ok


def test_progress_is_told() -> None:
    fill()
    told: list[int] = []
    verify_ledger(progress=told.append)
    assert sum(told) == 12
