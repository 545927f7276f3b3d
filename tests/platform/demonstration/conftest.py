"""The demonstration, loaded on 1 January and lived to 31 December; what six days looked like is kept."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.conftest import made_once
from tests.platform.committed import committed_clone

from gongkai.platform.cases.selectors.conditions import group_conditions
from gongkai.platform.cases.selectors.scope import visible_cases
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.present import Present
from gongkai.platform.demonstration.days import LETTERS, set_day
from gongkai.platform.demonstration.loading import FIRST_DAY, load_demonstration

MADE_UP_SATURDAY = date(2024, 5, 11)
SIX_DAYS = (
    date(2024, 1, 2), date(2024, 3, 29), MADE_UP_SATURDAY, date(2024, 8, 15), date(2024, 11, 29),
    date(2024, 12, 31),
)  # fmt: skip
ROOT = "双鸭山市人民政府"


@dataclass
class Lived:
    """What was seen on the way."""

    clerk: dict[date, dict[str, int]] = field(default_factory=dict)
    """Of the city's own desk: groups of the work list, and how many are provisional."""
    supervisor: dict[date, dict[str, int]] = field(default_factory=dict)
    loaded_twice: bool = False


def present_on(day: date) -> Present:
    return Present(day, datetime(day.year, day.month, day.day, 2, tzinfo=UTC), day)


def actor_of(username: str, day: date) -> Actor:
    return Actor(
        present_on(day), Seat.objects.select_related("body", "person").get(person__username=username)
    )


def desk_of(username: str, day: date) -> dict[str, int]:
    actor = actor_of(username, day)
    cases = visible_cases(actor).filter(open=True)
    found = {group: cases.filter(condition).count() for group, condition in group_conditions(day).items()}
    soon = cases.filter(paused=False, next_due_on__gte=day, next_due_on__lte=day + timedelta(days=7))
    return {
        **found,
        "provisional": cases.filter(provisional=True).count(),
        "due_within_a_week": soon.count(),
    }


@pytest.fixture(scope="module")
def lived(
    migrated_database: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Lived]:
    """The demonstration on 31 December, after a year that was lived day by day."""
    made_once(tmp_path_factory, "lived year")
    with django_db_blocker.unblock(), committed_clone(tmp_path_factory.mktemp("demonstration")):
        seen = Lived()
        assert load_demonstration(day=FIRST_DAY)
        seen.loaded_twice = load_demonstration(day=SIX_DAYS[-1])
        for day in SIX_DAYS:
            letters = LETTERS if day == SIX_DAYS[-1] else 0
            assert set_day(day=day, actor=Actor(present_on(day), system="test"), letters=letters).arrived
            seen.clerk[day] = desk_of("clerk", day)
            seen.supervisor[day] = desk_of("supervisor", day)
        yield seen


@contextmanager
def undone() -> Generator[None]:
    """What is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def body_named(name: str) -> Body:
    return Body.objects.get(name=name)
