"""States entered into a database, who meets them there, and what a refused act may not leave behind."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction
from tests.platform.conftest import Place
from tests.platform.states.reach import BASIS, Reached

from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import AuditEntry, AuditHead, Seat
from gongkai.platform.core.present import Present
from gongkai.rules.cases.state import Phase, phase

NUMBER = "云公申〔2026〕900号"
"""The number of every case of a walk; entered, each gets its own."""


@dataclass(frozen=True)
class Entered:
    """A state as a case of a body: its stream and the number of its last entry."""

    reached: Reached
    stream: str
    seq: int


def on_day(day: date) -> Present:
    """Ten in the morning of a day in Shanghai, in a demonstration."""
    return Present(day, datetime(day.year, day.month, day.day, 2, tzinfo=UTC), day)


def job(day: date) -> Actor:
    """Somebody who may do every act: who may is another question."""
    return Actor(on_day(day), system="test")


def sitting(seat: Seat, day: date) -> Actor:
    """Somebody in a seat on a day."""
    return Actor(on_day(day), seat)


def enter(place: Place, reached: Reached, number: int) -> Entered:
    """Enter a state's history as case ``number`` of a body."""
    steps = [_numbered(step, number) for step in reached.history]
    stream = f"case-{number}"
    done = perform_acts(
        body=place.body, stream=stream, steps=steps, expected_seq=0, actor=job(reached.today), basis=BASIS
    )
    return Entered(reached, stream, done.events[-1].seq)


def enter_all(place: Place, states: Iterable[Reached]) -> list[Entered]:
    """Enter several states, each as a case of its own."""
    return [enter(place, one, number) for number, one in enumerate(states, start=1)]


def _numbered(step: Step, number: int) -> Step:
    if step.kind != "request.registered":
        return step
    return Step(step.kind, step.occurred_on, {**step.payload, "number": f"云公申〔2026〕{number}号"})


def of_phase(states: Iterable[Reached], wanted: Phase) -> list[Reached]:
    """The states in a phase."""
    return [one for one in states if phase(one.state) is wanted]


@contextmanager
def undone() -> Generator[None]:
    """What happens here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Traces:
    """The tables of the database but those in which a refusal may stand: the audit, and who is logged in."""

    def __init__(self) -> None:
        mayhap = {AuditEntry._meta.db_table, AuditHead._meta.db_table, "django_session"}
        self.tables = sorted(set(connection.introspection.table_names()) - mayhap)
        counts = ", ".join(f'(SELECT count(*) FROM "{one}")' for one in self.tables)  # noqa: S608
        self._counting = f"SELECT {counts}"
        self._head = "SELECT body, position, hash FROM ledger_ledgerhead ORDER BY body"

    def light(self) -> list[Any]:
        """How many rows each table has, and the head of every chain."""
        with connection.cursor() as cursor:
            cursor.execute(self._counting)
            counts = cursor.fetchall()
            cursor.execute(self._head)
            return [*counts, *cursor.fetchall()]

    def whole(self) -> dict[str, str]:
        """All that stands in every table, as a hash."""
        found: dict[str, str] = {}
        with connection.cursor() as cursor:
            for table in self.tables:
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                rows = sorted(repr(row) for row in cursor.fetchall())
                found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found
