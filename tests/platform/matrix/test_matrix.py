"""Every route × every role × every relation of bodies: who may come in, and that nothing leaks otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.platform.conftest import ROLES, TODAY, Place, make_body
from tests.platform.matrix.things import THINGS, Thing

from gongkai.platform.core.models import DemonstrationDay, Person, Seat
from gongkai.platform.core.permissions import Act, Relation, can, relation
from gongkai.platform.ledger.models import LedgerEvent

TABLE: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("routes.yaml").read_text(encoding="utf-8"))
OPEN = ("public", "account", "seat")
MEMBERS = {"about", "with", "GET", "POST", "data"}


@dataclass(frozen=True)
class Row:
    """One address of a route, and who may by which method."""

    route: str
    about: str | None
    extra: Mapping[str, Any]
    methods: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Any]

    def address(self, thing: Thing | None) -> str:
        return reverse(self.route, kwargs={**({} if thing is None else thing.address), **self.extra})


def rows() -> Iterator[Row]:
    for route, found in TABLE.items():
        for row in found if isinstance(found, list) else [found]:
            assert set(row) <= MEMBERS, f"{route}: {set(row) - MEMBERS}"
            methods = {
                method: tuple(row[method]) if isinstance(row[method], list) else (row[method],)
                for method in ("GET", "POST")
                if method in row
            }
            for needs in methods.values():
                for need in needs:
                    assert need in OPEN or Act(need), route
            yield Row(route, row.get("about"), row.get("with", {}), methods, row.get("data", {}))


ROWS = list(rows())


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The names of all routes, with their namespaces."""
    patterns: list[Any] = (resolver or get_resolver()).url_patterns
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"a route without name: {prefix}{pattern.pattern}"
            yield f"{prefix}{pattern.name}"
        else:
            yield from routes(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


@dataclass(frozen=True)
class Places:
    """A body with one above, one below and one elsewhere."""

    own: Place
    subordinate: Place
    superior: Place
    foreign: Place

    def of(self, which: Relation) -> Place:
        return {
            Relation.OWN: self.own, Relation.SUBORDINATE: self.subordinate,
            Relation.SUPERIOR: self.superior, Relation.FOREIGN: self.foreign,
        }[which]  # fmt: skip


@pytest.fixture
def places(db: None) -> Places:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
    city = make_body("云川市人民政府", "川公", "city")
    county = make_body("云溪县人民政府", "云公", "county", city.body)
    department = make_body("云溪县水利局", "云水公", "department", county.body)
    foreign = make_body("青石县人民政府", "青公", "county")
    found = Places(county, department, city, foreign)
    for which in Relation:
        assert relation(county.body, found.of(which).body) is which
    return found


def ask(
    row: Row, method: str, thing: Thing | None, seat: Seat | Person | None = None
) -> tuple[HttpResponse, int]:
    """One request in a browser of its own, undone afterwards; also how many acts it wrote."""
    with transaction.atomic():
        acts = LedgerEvent.objects.count()
        client, address = Client(), row.address(thing)
        if seat is not None:
            client.force_login(seat.person if isinstance(seat, Seat) else seat)
        known = {"$seat": "" if seat is None else seat.pk, **({} if thing is None else thing.data)}
        data = {name: known.get(value, value) for name, value in row.data.items()}
        response: Any = client.get(address) if method == "GET" else client.post(address, data)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        response.read_content = content
        acts = LedgerEvent.objects.count() - acts
        transaction.set_rollback(True)
    return response, acts


def named(row: Row) -> str:
    step = [row.data["step"]] if "step" in row.data else []
    return "-".join([row.route, *map(str, row.extra.values()), *step])


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    there = list(routes())
    twice = sorted({name for name in there if there.count(name) > 1})
    assert not twice, f"routes of one name: {twice}"
    missing, idle = sorted(set(there) - set(TABLE)), sorted(set(TABLE) - set(there))
    assert not missing, f"routes without a row in tests/platform/matrix/routes.yaml: {missing}"
    assert not idle, f"rows without a route: {idle}"


def test_every_act_of_the_table_of_permissions_is_asked_for_by_a_route() -> None:
    asked = {need for row in ROWS for needs in row.methods.values() for need in needs} - set(OPEN)
    assert {act.value for act in Act} - asked == set()


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_who_may(row: Row, places: Places) -> None:
    """In one test, for the bodies and the things take longer to make than the requests."""
    relations = list(Relation) if row.about is not None else [Relation.OWN]
    things = {which: THINGS[row.about](places.of(which)) if row.about else None for which in relations}
    own = things[Relation.OWN]
    wrong = [
        *with_every_role(row, places, things),
        *by_another_method(row, places, own),
        *without_log_in(row, own),
        *without_seat(row, places, own),
    ]
    assert not wrong, "\n".join(wrong)


def with_every_role(row: Row, places: Places, things: Mapping[Relation, Thing | None]) -> Iterator[str]:
    for role, (which, thing), (method, needs) in product(ROLES, things.items(), row.methods.items()):
        seat = places.own.seats[role]
        expected = any(need in OPEN or can(seat, Act(need), places.of(which).body) for need in needs)
        response, acts = ask(row, method, thing, seat)
        yield from judge(f"{method} {role} {which}", response, acts, expected, thing)


def by_another_method(row: Row, places: Places, thing: Thing | None) -> Iterator[str]:
    """A method that the row does not name does nothing."""
    for role, method in product(ROLES, {"GET", "POST"} - set(row.methods)):
        response, acts = ask(row, method, thing, places.own.seats[role])
        if response.status_code not in (403, 404, 405) or acts:
            yield f"{method} {role}: {response.status_code}, although no row names the method"


def without_log_in(row: Row, thing: Thing | None) -> Iterator[str]:
    """There is only the log-in."""
    for method, needs in row.methods.items():
        response, acts = ask(row, method, thing)
        status, goal = response.status_code, response.headers.get("Location", "")
        if "public" in needs:
            fine = status not in (401, 403, 404)
        else:
            fine = not acts and (status == 401 or (status == 302 and goal.startswith("/login/")))
        if not fine or ("public" not in needs and leaks(response, thing)):
            yield f"{method} without log-in: {status}"


def without_seat(row: Row, places: Places, thing: Thing | None) -> Iterator[str]:
    """There is only one's own account."""
    nobody = Person.objects.create(username="nobody", name="某某", body=places.own.body)
    for method, needs in row.methods.items():
        response, acts = ask(row, method, thing, nobody)
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
