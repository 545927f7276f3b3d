"""Every route × every role × every relation of bodies: who may come in, and that nothing leaks otherwise."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from tests.platform.conftest import ROLES, Place
from tests.platform.matrix.table import NOBODY, OPEN, ROWS, Places, Row, make_places, named
from tests.platform.matrix.things import THINGS, Thing

from gongkai.platform.core.models import Person, Seat
from gongkai.platform.core.permissions import Act, Relation, can
from gongkai.platform.ledger.models import LedgerEvent


@dataclass
class Made:
    """The bodies and the things in them, made once for all rows: that takes longer than the requests."""

    places: Places
    things: dict[tuple[str, Relation], Thing] = field(default_factory=dict[tuple[str, Relation], Thing])
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    """The session of everybody who logged in, by key of the person; undone with what a request did."""

    def thing(self, about: str | None, which: Relation) -> Thing | None:
        if about is None:
            return None
        if (about, which) not in self.things:
            self.things[about, which] = THINGS[about](self.places.of(which))
        return self.things[about, which]

    def client(self, seat: Seat | Person | None) -> Client:
        """A browser of its own, logged in where somebody is given."""
        client = Client()
        if seat is None:
            return client
        person, name = seat.person if isinstance(seat, Seat) else seat, settings.SESSION_COOKIE_NAME
        if person.pk not in self.cookies:
            client.force_login(person)
            self.cookies[person.pk] = client.cookies[name].value
        client.cookies[name] = self.cookies[person.pk]
        return client


@pytest.fixture(scope="module")
def made(migrated_database: None, django_db_blocker: Any) -> Generator[Made]:
    """One transaction, undone in the end. Not together with ``db``, which would close it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Made(make_places())
        transaction.set_rollback(True)


def ask(
    client: Client, row: Row, method: str, thing: Thing | None, seat: Seat | Person | None = None
) -> tuple[HttpResponse, int]:
    """One request, undone afterwards; also how many acts it wrote."""
    with transaction.atomic():
        acts = LedgerEvent.objects.count()
        address = row.address(thing)
        known = {"$seat": "" if seat is None else seat.pk, **({} if thing is None else thing.data)}
        data = {name: known.get(value, value) for name, value in row.data.items()}
        response: Any = client.get(address) if method == "GET" else client.post(address, data)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        response.read_content = content
        acts = LedgerEvent.objects.count() - acts
        transaction.set_rollback(True)
    return response, acts


ON_BOTH = frozenset(
    {"desk:cases", "desk:work_list", "desk:case", "desk:case_identity", "desk:file", "desk:figures",
     "desk:people", "desk:body", "desk:audit", "desk:register", "desk:draft_review"}
)  # fmt: skip
"""Routes whose scope is worked out in SQL, or that write: on PostgreSQL too. Who may is Python alone."""


def _on_both(row: Row) -> bool:
    return row.route in ON_BOTH or row.extra.get("kind") in ("note.added", "entry.corrected")


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=() if _on_both(row) else pytest.mark.one_database) for row in ROWS],
    ids=[named(row) for row in ROWS],
)
def test_who_may(row: Row, made: Made) -> None:
    relations = list(Relation) if row.about is not None else [Relation.OWN]
    things = {which: made.thing(row.about, which) for which in relations}
    own = things[Relation.OWN]
    wrong = [
        *with_every_role(row, made, things),
        *by_another_method(row, made, own),
        *without_log_in(row, made, own),
        *without_seat(row, made, own),
    ]
    assert not wrong, "\n".join(wrong)


def asked(row: Row, which: Relation, needs: tuple[str, ...], place: Place, made: Made) -> Iterator[Seat]:
    """The seats that ask: for the own body all, for others who may, and of who may not some, by turns.

    All of a row's refusals come from the same line of the table of permissions; the turns see to it that each
    role is refused on many pages.
    """
    turn = ROWS.index(row)
    for number, role in enumerate(ROLES):
        seat = made.places.own.seats[role]
        if which is Relation.OWN or may(seat, needs, place) or (number + turn) % 3 == 0:
            yield seat


def with_every_role(row: Row, made: Made, things: Mapping[Relation, Thing | None]) -> Iterator[str]:
    for (which, thing), (method, needs) in product(things.items(), row.methods.items()):
        place = made.places.of(which)
        for seat in asked(row, which, needs, place, made):
            expected = row.only in (None, which) and may(seat, needs, place)
            response, acts = ask(made.client(seat), row, method, thing, seat)
            who = f"{method} {'/'.join(sorted(seat.roles))} {which}"
            yield from judge(who, response, acts, expected, thing)


def may(seat: Seat, needs: tuple[str, ...], place: Place) -> bool:
    return any(need in OPEN or (need != NOBODY and can(seat, Act(need), place.body)) for need in needs)


def by_another_method(row: Row, made: Made, thing: Thing | None) -> Iterator[str]:
    """A method that the row does not name does nothing."""
    for role, method in product(ROLES[:: len(ROLES) // 3], {"GET", "POST"} - set(row.methods)):
        seat = made.places.own.seats[role]
        response, acts = ask(made.client(seat), row, method, thing, seat)
        if response.status_code not in (403, 404, 405) or acts:
            yield f"{method} {role}: {response.status_code}, although no row names the method"


def without_log_in(row: Row, made: Made, thing: Thing | None) -> Iterator[str]:
    """There is only the log-in."""
    for method, needs in row.methods.items():
        response, acts = ask(made.client(None), row, method, thing)
        status, goal = response.status_code, response.headers.get("Location", "")
        if "public" in needs:
            fine = status not in (401, 403, 404)
        else:
            fine = not acts and (status == 401 or (status == 302 and goal.startswith("/login/")))
        if not fine or ("public" not in needs and leaks(response, thing)):
            yield f"{method} without log-in: {status}"


def without_seat(row: Row, made: Made, thing: Thing | None) -> Iterator[str]:
    """There is only one's own account."""
    nobody, _new = Person.objects.get_or_create(username="nobody", name="某某", body=made.places.own.body)
    for method, needs in row.methods.items():
        response, acts = ask(made.client(nobody), row, method, thing, nobody)
        open_to_all = {"public", "account"} & set(needs)
        if (response.status_code == 403) == bool(open_to_all) or acts or leaks(response, thing):
            yield f"{method} without seat: {response.status_code}"


def judge(who: str, response: HttpResponse, acts: int, expected: bool, thing: Thing | None) -> Iterator[str]:
    status = response.status_code
    if status >= 500:
        yield f"{who}: {status}"
    elif expected and status in (401, 403, 404):
        yield f"{who}: {status}, although allowed"
    elif not expected and status not in (403, 404):
        yield f"{who}: {status}, although forbidden"
    elif not expected and acts:
        yield f"{who}: wrote {acts} acts, although forbidden"
    elif not expected and (found := leaks(response, thing)):
        yield f"{who}: {status}, and {found} can be read"


def leaks(response: HttpResponse, thing: Thing | None) -> list[str]:
    """Secrets of the thing that stand in an answer, its headers included."""
    if thing is None:
        return []
    text = response.read_content.decode("utf-8", "replace") + str(response.headers)  # type: ignore[attr-defined]
    return [secret for secret in thing.secrets if secret in text]
