"""A count of a ledger file read for counting only is the count of all its events."""

from __future__ import annotations

import pytest
from tests.rules.counting.years import BODY, ledger

from gongkai.rules.counting import count
from gongkai.rules.counting.lean import NEEDED
from gongkai.rules.counting.lines import needed_events
from gongkai.rules.ledger import Header, Unreadable, read_events, seal


def written(folder, events):
    header = Header(BODY)
    lines, previous = [header.content() + b"\n"], header.hash
    for event in events:
        entry, line = seal(event, previous)
        previous = entry.hash
        lines.append(line)
    path = folder / "body.jsonl"
    path.write_bytes(b"".join(lines))
    return path, lines


def test_the_count_is_that_of_all_events(tmp_path):
    path, _ = written(tmp_path, ledger(3, 60, odd=True))
    found = list(needed_events(path))
    assert {event.kind for event in found} <= NEEDED
    assert len(found) < sum(1 for _ in read_events(path))
    for year in (2022, 2023, 2024):
        assert count(found, body=BODY, year=year) == count(read_events(path), body=BODY, year=year)


def test_a_missing_or_broken_line_is_refused(tmp_path):
    path, lines = written(tmp_path, ledger(3, 5))
    path.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    with pytest.raises(Unreadable):
        list(needed_events(path))
    path.write_bytes(b"".join([*lines[:2], b'{"actor":"","kind":"reply.issued","occurred_on":1}\n']))
    with pytest.raises(Unreadable):
        list(needed_events(path))
    path.write_bytes(b"")
    with pytest.raises(Unreadable):
        list(needed_events(path))
