"""A ledger written by hand, entry by entry, for tests that say one rule each."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongkai.annual.model import Number
from gongkai.rules.counting import Count, count
from gongkai.rules.event import Event
from gongkai.rules.kinds import check


class Book:
    """Entries in the order in which they are made; ``head`` is the position of the last one."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    @property
    def head(self) -> int:
        return len(self.events)

    def enter(self, stream: str, kind: str, on: str, /, **payload: Any) -> int:
        """Enter an act; returns its number within the stream."""
        check(kind, payload)
        seq = 1 + sum(event.stream == stream for event in self.events)
        self.events.append(Event(kind, date.fromisoformat(on), payload, stream, seq, self.head + 1))
        return seq

    def receive(self, stream: str, on: str, applicant: str = "natural_person", **payload: Any) -> int:
        return self.enter(
            stream, "request.received", on, channel="counter", applicant_kind=applicant, **payload
        )

    def reply(self, stream: str, on: str, outcome: str = "granted", **payload: Any) -> int:
        return self.enter(stream, "reply.issued", on, outcome=outcome, **payload)

    def count(self, year: int, **settings: Any) -> Count:
        return count(self.events, body="yunxi", year=year, **settings)


def numbers(counted: Count, table: str = "") -> dict[str, Number]:
    """Cells of that table that hold a number other than 0, totals of columns left out."""
    found: dict[str, Number] = {}
    for path, spec in counted.report.form.cells.items():
        value = counted.report.value(path)
        if path.startswith(table) and value is not None and value != 0 and not spec.column.total:
            found[path] = value
    return found


def codes(counted: Count) -> set[str]:
    return {note.code for note in counted.notes}
