"""``append`` is the one door into the ledger: in order, without gaps, all or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.platform.ledger.acts import START, act, fill

from gongkai.platform.ledger.models import AppendOnly, LedgerEvent, LedgerHead, LedgerRoot
from gongkai.platform.ledger.selectors import events_of, head, history
from gongkai.platform.ledger.services import append, open_ledger, write_root
from gongkai.rules.event import Event
from gongkai.rules.kinds import UnlawfulShape
from gongkai.rules.ledger import Header, LedgerError, NotCanonical, StaleWriter, Unreadable

pytestmark = pytest.mark.django_db


def test_positions_and_numbers_have_no_gaps_and_each_entry_names_the_one_before() -> None:
    fill(streams=3, each=4)
    rows = list(LedgerEvent.objects.filter(body="body-a"))
    assert [row.position for row in rows] == list(range(1, 13))
    assert [row.prev_hash for row in rows] == [Header("body-a").hash, *(row.hash for row in rows[:-1])]
    for stream in ("case-0", "case-1", "case-2"):
        assert [event.seq for event in history(body="body-a", stream=stream).events] == [1, 2, 3, 4]
    last = head(body="body-a")
    assert last is not None
    assert (last.position, last.hash, last.recorded_at) == (12, rows[-1].hash, rows[-1].recorded_at)


def test_bodies_have_chains_of_their_own() -> None:
    fill("body-a", streams=1, each=2)
    fill("body-b", streams=1, each=3)
    assert [row.position for row in LedgerEvent.objects.filter(body="body-b")] == [1, 2, 3]
    assert len(list(events_of(body="body-a"))) == 2


def test_several_acts_of_several_streams_are_entered_all_or_none() -> None:
    open_ledger(body="body-a")
    good = [act("case-1", 1), act("case-2", 1), act("case-1", 2)]
    bad = Event("note.added", date(2026, 2, 3), {"kind": "call", "text": "陈先生来电"}, "case-2")
    with pytest.raises(UnlawfulShape):
        append(body="body-a", events=[*good, bad], expected_seq={"case-1": 0, "case-2": 0}, recorded_at=START)
    assert not LedgerEvent.objects.exists()
    entries = append(body="body-a", events=good, expected_seq={"case-1": 0, "case-2": 0}, recorded_at=START)
    assert [(e.event.stream, e.event.seq, e.event.position) for e in entries] == [
        ("case-1", 1, 1), ("case-2", 1, 2), ("case-1", 2, 3),
    ]  # fmt: skip


def test_nothing_to_append_changes_nothing() -> None:
    fill(streams=1, each=1)
    assert append(body="body-a", events=[], expected_seq={}, recorded_at=START) == ()
    assert LedgerHead.objects.get().position == 1


def test_who_has_not_seen_the_last_entry_is_told() -> None:
    fill(streams=1, each=3)
    with pytest.raises(StaleWriter) as stale:
        append(body="body-a", events=[act("case-0", 3)], expected_seq={"case-0": 2}, recorded_at=START)
    assert (stale.value.values["expected"], stale.value.values["found"]) == (2, 3)
    assert LedgerEvent.objects.count() == 3


def test_a_new_stream_is_expected_to_be_new() -> None:
    open_ledger(body="body-a")
    with pytest.raises(StaleWriter):
        append(body="body-a", events=[act("case-0", 1)], expected_seq={"case-0": 1}, recorded_at=START)


def test_a_stream_without_expected_number_is_refused() -> None:
    open_ledger(body="body-a")
    with pytest.raises(LedgerError, match="LG-E-014"):
        append(body="body-a", events=[act("case-0", 1)], expected_seq={}, recorded_at=START)


def test_a_number_that_is_not_the_next_is_refused() -> None:
    fill(streams=1, each=2)
    event = Event("note.added", date(2026, 2, 3), {"kind": "call"}, "case-0", seq=4)
    with pytest.raises(LedgerError, match="LG-E-015"):
        append(body="body-a", events=[event], expected_seq={"case-0": 2}, recorded_at=START)


def test_a_payload_without_canonical_form_is_refused() -> None:
    open_ledger(body="body-a")
    event = Event(
        "opening.case",
        date(2026, 2, 3),
        {"received_on": "2018-01-01", "applicant_kind": "natural_person", "facts": {"a": 2**60}},
        "case-0",
    )
    with pytest.raises(NotCanonical):
        append(body="body-a", events=[event], expected_seq={"case-0": 0}, recorded_at=START)
    assert not LedgerEvent.objects.exists()


def test_the_time_of_recording_never_runs_backwards_and_has_whole_seconds() -> None:
    fill(streams=1, each=1)
    first = LedgerHead.objects.get().recorded_at
    assert first is not None
    early = first - timedelta(hours=1)
    append(body="body-a", events=[act("case-0", 2)], expected_seq={"case-0": 1}, recorded_at=early)
    later = datetime(2026, 5, 1, 1, 2, 3, 456, tzinfo=UTC)
    append(body="body-a", events=[act("case-0", 3)], expected_seq={"case-0": 2}, recorded_at=later)
    assert [row.recorded_at for row in LedgerEvent.objects.all()] == [
        first, first, later.replace(microsecond=0),
    ]  # fmt: skip


def test_a_ledger_that_was_not_opened_takes_nothing() -> None:
    with pytest.raises(LedgerHead.DoesNotExist):
        append(body="body-x", events=[act("case-0", 1)], expected_seq={"case-0": 0}, recorded_at=START)


def test_a_ledger_is_opened_once() -> None:
    fill(streams=1, each=1)
    assert open_ledger(body="body-a").position == 1


def test_models_and_querysets_refuse_every_other_way() -> None:
    fill(streams=1, each=1)
    row = LedgerEvent.objects.get()
    write_root(date(2026, 2, 12))
    root = LedgerRoot.objects.get()
    for act_ in (
        row.save, row.delete, LedgerEvent.objects.all().delete, LedgerEvent.objects.all().update,
        root.save, root.delete, LedgerRoot.objects.all().delete, LedgerRoot.objects.all().update,
    ):  # fmt: skip
        with pytest.raises(AppendOnly):
            act_()


def test_a_root_is_written_once_a_day_and_never_for_an_earlier_one() -> None:
    fill(streams=1, each=1)
    first = write_root(date(2026, 2, 12))
    second = write_root(date(2026, 2, 13))
    assert second.prev_root == first.root
    for day in (date(2026, 2, 13), date(2026, 2, 11)):
        with pytest.raises(LedgerError, match="LG-E-022"):
            write_root(day)


def test_there_is_no_root_over_nothing() -> None:
    with pytest.raises(Unreadable):
        write_root(date(2026, 2, 12))
