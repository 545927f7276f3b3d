"""Golden events: what was once written under a schema number stays readable, and its bytes stay the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gongkai.rules.kinds import KINDS, SCHEMA, check
from gongkai.rules.ledger import canonical

GOLDEN = Path(__file__).parent / "golden"
LINES = {
    number: (GOLDEN / f"schema-{number}.jsonl").read_text(encoding="utf-8").splitlines()
    for number in range(1, SCHEMA + 1)
}
EVENTS = [
    pytest.param(line, number, id=f"{number}-{json.loads(line)['kind']}")
    for number, lines in LINES.items()
    for line in lines
]


@pytest.mark.parametrize(("line", "number"), EVENTS)
def test_what_was_written_is_accepted_and_written_the_same(line: str, number: int) -> None:
    event: dict[str, Any] = json.loads(line)
    assert event["schema"] == number
    check(event["kind"], event["payload"], event["schema"])
    assert canonical(event).decode() == line


def test_every_kind_of_the_present_schema_has_a_golden_event() -> None:
    assert {json.loads(line)["kind"] for line in LINES[SCHEMA]} == set(KINDS)


def test_every_key_of_a_payload_stands_in_some_golden_event() -> None:
    shown: dict[str, set[str]] = {}
    for line in LINES[SCHEMA]:
        event = json.loads(line)
        shown.setdefault(event["kind"], set()).update(event["payload"])
    for kind in KINDS.values():
        assert set(kind.required) <= shown[kind.name]
