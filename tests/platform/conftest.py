"""Fixtures of the platform's tests: a county with a department below it, its people, actors."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.platform.committed import CommittedDatabase, committed_clone, database_for_tests

from gongkai.platform.cases.models import OutcomeNeed
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, Person, Seat, SeatRole
from gongkai.platform.core.present import Present
from gongkai.platform.ledger.services import open_ledger

TODAY = date(2026, 3, 3)


@dataclass(frozen=True)
class Place:
    """A body, and seats in it by role."""

    body: Body
    seats: dict[str, Seat]

    def actor(self, role: str, day: date = TODAY) -> Actor:
        """Somebody in a seat of that role on a day."""
        return Actor(Present(day, datetime(day.year, day.month, day.day, 2, tzinfo=UTC)), self.seats[role])


ROLES = (
    "receiving_clerk", "handler", "approver", "supervisor", "report_author", "editor", "reviewer",
    "secrecy_reviewer", "system_administrator", "security_administrator", "audit_administrator",
)  # fmt: skip


def make_body(name: str, short_name: str, level: str, parent: Body | None = None) -> Place:
    """A body with its ledger and a person in a seat of every role."""
    body = Body(
        name=name, short_name=short_name, level=level, parent=parent, phone="0000-1234567",
        reconsideration_authority="云州市人民政府", court="云州市中级人民法院",
    )  # fmt: skip
    body.path = f"{parent.path if parent is not None else ''}{body.key}/"
    body.save()
    open_ledger(body=body.key)
    asks_for_nothing(body)
    seats: dict[str, Seat] = {}
    for role in ROLES:
        person = Person.objects.create(username=f"{body.key}-{role}", name=f"{short_name}{role}", body=body)
        seats[role] = Seat.objects.create(person=person, body=body)
        SeatRole.objects.create(seat=seats[role], role=role)
    return Place(body, seats)


def asks_for_nothing(body: Body) -> None:
    """An office that asks for no review and no record of a search: what it asks for has tests of its own."""
    OutcomeNeed.objects.create(
        body=body, outcome="", from_date=date(2019, 5, 15), legal_review=False, countersign=False,
        search_record=False, source="测试", set_at=datetime(2019, 5, 15, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def county(db: None) -> Place:
    """An invented county government."""
    return make_body("云溪县人民政府", "云公", "county")


@pytest.fixture
def department(county: Place) -> Place:
    """A department of the county."""
    return make_body("云溪县水利局", "云水公", "department", county.body)


@pytest.fixture
def foreign(db: None) -> Place:
    """A county elsewhere."""
    return make_body("青石县人民政府", "青公", "county")


@pytest.fixture
def clerk(county: Place) -> Actor:
    """The county's receiving clerk on ``TODAY``."""
    return county.actor("receiving_clerk")


ActorOn = Callable[[str, date], Actor]


@pytest.fixture
def actor_on(county: Place) -> ActorOn:
    """Somebody of the county by role, on a day."""
    return county.actor


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None, django_db_blocker: Any) -> Generator[None]:
    """The migrated database of this run, there also where no test asks for ``db``."""
    stack = ExitStack()
    with django_db_blocker.unblock():
        stack.enter_context(database_for_tests())
    yield
    with django_db_blocker.unblock():
        stack.close()


@pytest.fixture
def committed_database(
    migrated_database: None, django_db_blocker: Any, tmp_path: Path
) -> Generator[CommittedDatabase]:
    """A database of its own with real commits, for tests with several processes, threads, or a server.

    Not together with ``db`` and what asks for it (``county`` …): make bodies with ``make_body``.
    """
    with django_db_blocker.unblock(), committed_clone(tmp_path / "home") as clone:
        yield clone


_DATABASE = frozenset({"db", "transactional_db", "migrated_database"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches the database: the rest has the same result in the run on SQLite."""
    if not os.environ.get("GONGKAI_TEST_DATABASE"):
        return
    here = Path(__file__).parent
    idle = [item for item in items if here in item.path.parents and not _touches_the_database(item)]
    if idle:
        config.hook.pytest_deselected(items=idle)
        gone = set(idle)
        items[:] = [item for item in items if item not in gone]


def _touches_the_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not _DATABASE.isdisjoint(fixtures)
