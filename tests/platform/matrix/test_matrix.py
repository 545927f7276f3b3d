"""Every route × every role × every relation of bodies: who may come in, and that nothing leaks otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse
from django.urls.resolvers import RegexPattern
from tests.platform.conftest import ROLES, TODAY, Place, make_body
from tests.platform.matrix.things import THINGS, Thing

from gongkai.platform.cases.models import CaseFile, PaperKind
from gongkai.platform.cases.services.papers import may_open
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import private_root
from gongkai.platform.core.models import DemonstrationDay, Person, Seat, StoredFile
from gongkai.platform.core.permissions import Act, Relation, can, relation
from gongkai.platform.core.present import present
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.operations.serving import server_command

TABLE: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("routes.yaml").read_text(encoding="utf-8"))
OPEN = ("public", "account", "seat")
NOBODY = "nobody"
MEMBERS = {"about", "with", "GET", "POST", "data", "only"}


@dataclass(frozen=True)
class Row:
    """One address of a route, and who may by which method."""

    route: str
    about: str | None
    extra: Mapping[str, Any]
    methods: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Any]
    only: Relation | None
    """The one relation in which anybody may at all; ``None``: as the acts say."""

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
                    assert need in (*OPEN, NOBODY) or Act(need), route
            only = Relation(row["only"]) if "only" in row else None
            yield Row(route, row.get("about"), row.get("with", {}), methods, row.get("data", {}), only)


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
    about = [row.about] if isinstance(TABLE[row.route], list) and row.about is not None else []
    return "-".join([row.route, *about, *map(str, row.extra.values()), *step])


def unlike(there: list[str]) -> list[str]:
    """What is wrong with the table, given the names of all routes."""
    return [
        *(f"two routes of one name: {name}" for name in sorted({n for n in there if there.count(n) > 1})),
        *(f"a route without a row in matrix/routes.yaml: {name}" for name in sorted({*there} - {*TABLE})),
        *(f"a row without a route: {name}" for name in sorted({*TABLE} - {*there})),
    ]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert not unlike(list(routes()))


def together(patterns: Any) -> URLResolver:
    """A resolver of these patterns."""
    return URLResolver(RegexPattern(r"^/"), patterns)


def test_a_new_route_without_a_row_is_found_wherever_it_is_put() -> None:
    def answer(_request: Any) -> HttpResponse:
        return HttpResponse()

    new: list[Any] = [
        path("api/v1/cases/", answer, name="api_cases"),
        path("files/", include(([path("<path:name>", answer, name="open")], "public_files"))),
    ]
    wrong = unlike(list(routes(together([*get_resolver().url_patterns, *new]))))
    assert [one.rpartition(" ")[2] for one in wrong] == ["api_cases", "public_files:open"]
    with pytest.raises(AssertionError, match="without name"):
        list(routes(together([path("nameless/", answer)])))


def test_what_the_server_gives_out_by_itself_is_the_styles_alone() -> None:
    """The one root that never reaches a route; what is private lies neither in it nor around it."""
    command = server_command(
        listen="127.0.0.1", port=1, workers=1, static_url=settings.STATIC_URL,
        static_root=settings.STATIC_ROOT,
    )  # fmt: skip
    mounts = [command[n + 1] for n, word in enumerate(command) if "mount" in word]
    assert mounts == [str(settings.STATIC_ROOT)]
    assert not settings.MEDIA_ROOT
    private, static = private_root(), Path(settings.STATIC_ROOT)
    assert not private.is_relative_to(static)
    assert not static.is_relative_to(private)
    assert static != Path(settings.ENVIRONMENT.home)
    served = {Path(file).suffix for one in get_finders() for file, _storage in one.list([])}
    assert served <= {".css", ".js", ".svg", ".png", ".ico", ".woff2", ".txt"}, served


def test_every_act_of_the_table_of_permissions_is_asked_for_by_a_route() -> None:
    asked = {need for row in ROWS for needs in row.methods.values() for need in needs} - {*OPEN, NOBODY}
    assert {act.value for act in Act} - asked == set()


NAMING_NOBODY = frozenset({"search_record", "original", "redacted", "other"})


def test_who_may_open_which_kind_of_paper(places: Places) -> None:
    """The routes ask for some kinds; here are all, asked of the function behind them."""
    wrong: list[str] = []
    for kind, which, role in product([*PaperKind.values, None], Relation, ROLES):
        seat, body = places.own.seats[role], places.of(which).body
        paper = None if kind is None else CaseFile(kind=kind)
        act = Act.CASE_SEE if kind in NAMING_NOBODY else Act.CASE_IDENTITY
        expected = which is Relation.OWN and can(seat, act, body)
        if may_open(Actor(present(), seat), StoredFile(body=body), paper) is not expected:
            wrong.append(f"{kind} {which} {role}")
    assert not wrong


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
        expected = row.only in (None, which) and may(seat, needs, places.of(which))
        response, acts = ask(row, method, thing, seat)
        yield from judge(f"{method} {role} {which}", response, acts, expected, thing)


def may(seat: Seat, needs: tuple[str, ...], place: Place) -> bool:
    return any(need in OPEN or (need != NOBODY and can(seat, Act(need), place.body)) for need in needs)


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
