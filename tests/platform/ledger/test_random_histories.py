"""Whatever is lawful goes into the database, is verified, and comes out and in again the same."""

from __future__ import annotations

import secrets
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platform.ledger.acts import execute, without_triggers
from tests.platform.projections.histories import history

from gongkai.platform.ledger.exchange import export_ledger, import_ledger
from gongkai.platform.ledger.models import LedgerHead
from gongkai.platform.ledger.selectors import events_of
from gongkai.platform.ledger.services import append, open_ledger
from gongkai.platform.ledger.triggers import EVENTS
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.rules.event import Event
from gongkai.rules.ledger import file_name


def interleaved(seed: int, streams: int) -> list[Event]:
    """Several histories in one order of recording."""
    found = [event for number in range(streams) for event in history(seed + number, stream=f"case-{number}")]
    return sorted(found, key=lambda event: (event.recorded_at, event.stream, event.seq))


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(0, 2**32), st.integers(1, 4), st.sampled_from(["sm3", "sha256"]))
def test_random_lawful_histories_are_kept_verified_and_exchanged(
    tmp_path: Path, seed: int, streams: int, algorithm: str
) -> None:
    body, chance = f"body-{secrets.token_hex(6)}", Random(seed)  # noqa: S311
    events = interleaved(seed, streams)
    open_ledger(body=body, algorithm=algorithm)
    seqs: dict[str, int] = {}
    for moment, same in groupby(events, key=lambda event: event.recorded_at):
        batch = list(same)
        assert moment is not None
        while batch:
            some, batch = batch[: (cut := chance.randint(1, 4))], batch[cut:]
            expected = {event.stream: seqs.get(event.stream, 0) for event in some}
            entries = append(body=body, events=some, expected_seq=expected, recorded_at=moment)
            seqs.update({entry.event.stream: entry.event.seq for entry in entries})
    kept = list(events_of(body=body))
    assert [replace(event, position=0) for event in kept] == events
    assert [event.position for event in kept] == list(range(1, len(events) + 1))
    before = verify_ledger(body)
    assert before.ok

    directory = tmp_path / body
    export_ledger(directory=directory, body=body)
    first = (directory / file_name(body)).read_bytes()
    without_triggers(EVENTS)
    execute("DELETE FROM ledger_ledgerevent WHERE body = %s", [body])
    LedgerHead.objects.filter(body=body).delete()
    assert import_ledger(directory / file_name(body)).heads == before.heads
    assert verify_ledger(body).heads == before.heads
    export_ledger(directory=directory / "again", body=body)
    assert (directory / "again" / file_name(body)).read_bytes() == first
