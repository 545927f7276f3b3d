"""Every route has a row in the matrix; what stands beside the routes: styles, kinds of papers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.urls.resolvers import RegexPattern
from tests.platform.conftest import ROLES
from tests.platform.matrix.table import NOBODY, OPEN, ROWS, TABLE, Places, make_places

from gongkai.platform.cases.models import CaseFile, PaperKind
from gongkai.platform.cases.services.papers import may_open
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import private_root
from gongkai.platform.core.models import StoredFile
from gongkai.platform.core.permissions import Act, Relation, can
from gongkai.platform.core.present import present
from gongkai.platform.operations.serving import server_command


@pytest.fixture
def places(db: None) -> Places:
    return make_places()


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The names of all routes, with their namespaces."""
    patterns: list[Any] = (resolver or get_resolver()).url_patterns
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"a route without name: {prefix}{pattern.pattern}"
            yield f"{prefix}{pattern.name}"
        else:
            yield from routes(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


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
