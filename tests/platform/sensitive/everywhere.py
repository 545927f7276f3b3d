"""A sensitive case behind every route: made as the permission matrix makes its things, then hidden."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from tests.platform.conftest import ROLES, TODAY, Place
from tests.platform.matrix.table import ROWS, Places, Row, make_places
from tests.platform.matrix.things import APPLICANT, THINGS, Thing, letter_in

from gongkai.platform.cases.letters.facts import sample_values
from gongkai.platform.cases.models import CaseSummary, CaseText, SensitiveFlag
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, Person, Seat, SeatRole
from gongkai.platform.core.permissions import TABLE, Relation
from gongkai.platform.core.present import Present

OFFICE = ("receiving_clerk", "handler", "approver")


def somebody(body: Body, name: str, roles: Iterable[str]) -> Seat:
    """A person with these roles in a body."""
    person = Person.objects.create(username=f"{name}-{body.pk}", name=name, body=body)
    seat = Seat.objects.create(person=person, body=body)
    SeatRole.objects.bulk_create(SeatRole(seat=seat, role=role) for role in roles)
    return seat


@dataclass
class Hidden:
    """Four bodies; of the own one every thing of the matrix, and each case that came with it sensitive."""

    places: Places
    open_case: CaseSummary
    """An ordinary case, which lists do show."""
    things: dict[str, Thing] = field(default_factory=dict[str, Thing])
    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By thing, what tells which case it is."""
    readers: dict[str, Seat] = field(default_factory=dict[str, Seat])
    clients: dict[str, Client] = field(default_factory=dict[str, Client])

    @property
    def everything(self) -> tuple[str, ...]:
        """What tells which case, of all sensitive ones."""
        return tuple(sorted({secret for found in self.secrets.values() for secret in found}))

    @property
    def names_of_cases(self) -> tuple[str, ...]:
        """Streams and numbers alone: the same person and words stand elsewhere, too."""
        return tuple(one for one in self.everything if one.startswith("case-") or "〔" in one)

    def every_seat(self) -> Iterator[tuple[str, Seat]]:
        """Who reads none of them: every role of the own body, and of those above whose roles reach down."""
        yield from ((f"own {role}", self.places.own.seats[role]) for role in ROLES)
        reaching = {str(role) for by in TABLE.values() for role in by.get(Relation.SUBORDINATE, ())}
        above = self.places.superior.seats
        yield from ((f"above {role}", above[role]) for role in ROLES if role in reaching)

    def seats(self) -> Iterator[tuple[str, Seat]]:
        """The same in few seats: more roles never see less. The office alone: asked otherwise in SQL.

        Who is below or elsewhere has no right at all to the bodies of others; one of them stands for both.
        """
        yield "own office", self._with("own office", self.places.own, OFFICE)
        yield "own", self._with("own", self.places.own, ROLES)
        yield "above", self._with("above", self.places.superior, ROLES)
        yield "elsewhere", self._with("elsewhere", self.places.foreign, ROLES)

    def _with(self, name: str, place: Place, roles: Iterable[str]) -> Seat:
        if name not in self.readers:
            self.readers[name] = somebody(place.body, f"诸职{name}", roles)
        return self.readers[name]

    def reader(self, body: Body) -> Seat:
        """Who reads the sensitive cases of a body."""
        if body.pk not in self.readers:
            self.readers[body.pk] = somebody(body, "阅卷人", OFFICE)
        return self.readers[body.pk]

    def client(self, seat: Seat) -> Client:
        """A browser in which this seat is logged in."""
        if seat.pk not in self.clients:
            self.clients[seat.pk] = Client(raise_request_exception=False)
            self.clients[seat.pk].force_login(seat.person)
        return self.clients[seat.pk]

    def ask(self, seat: Seat, method: str, address: str, data: Any = None, **more: Any) -> Answer:
        """One request, undone afterwards."""
        client = self.client(seat)
        logged_in = copy(client.cookies)
        with transaction.atomic():
            asked = client.get if method == "GET" else client.post
            response: Any = asked(address, data or {}, **more)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        client.cookies = logged_in  # a session that was made anew meanwhile is undone, too
        assert response.status_code != 401, f"{address}: logged out"
        assert not response.headers.get("Location", "").startswith("/login/?next"), f"{address}: logged out"
        # A page leads back to the address that was asked for; who asked knew that.
        return Answer(response.status_code, _words(content, response).replace(address.partition("?")[0], ""))


@dataclass(frozen=True)
class Answer:
    """What came back: all that can be read in it, its headers too."""

    status: int
    words: str

    def tells(self, secrets: Iterable[str]) -> list[str]:
        return [secret for secret in secrets if secret in self.words]


def _words(content: bytes, response: HttpResponse) -> str:
    found = content.decode("utf-8", "replace")
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            found = "\n".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return f"{found}\n{response.headers}"


def make_hidden() -> Hidden:
    """Every thing of the matrix that brings a case, in the own body, and each of these cases sensitive."""
    places = make_places()
    ordinary = letter_in(places.own).summaries[0]
    CaseText.objects.filter(stream=ordinary.stream).update(
        title="食堂菜谱的公示情况", description="食堂菜谱的公示情况", applicant_label="外事**"
    )
    hidden = Hidden(places, ordinary)
    for about, make in THINGS.items():
        before = set(CaseSummary.objects.values_list("stream", flat=True))
        hidden.things[about] = make(places.own)
        cases = list(CaseSummary.objects.exclude(stream__in=before).select_related("body"))
        for case in cases:
            SensitiveFlag.objects.filter(stream=case.stream).delete()
            seat = hidden.reader(case.body)
            flag_case(
                body=case.body, stream=case.stream, actor=Actor(now(), seat),
                flagging=Flagging(reason="涉及举报人，勿外传", readers=[seat.pk]),
            )  # fmt: skip
        if cases:
            hidden.secrets[about] = secrets_of(cases)
    return hidden


def secrets_of(cases: Iterable[CaseSummary]) -> tuple[str, ...]:
    """What tells which cases they are."""
    found = {APPLICANT.name, APPLICANT.phone, "涉及举报人，勿外传"}
    for case in cases:
        text = CaseText.objects.get(stream=case.stream)
        found |= {case.stream, case.number, text.title, text.description, text.applicant_label}
    # The number that stands as an example beside every template is nobody's secret.
    return tuple(sorted(one for one in found if one and one not in sample_values().values()))


def now() -> Present:
    """The moment of the tests."""
    return Present(TODAY, datetime(TODAY.year, TODAY.month, TODAY.day, 2, tzinfo=UTC))


def rows_of(about: str | None) -> list[Row]:
    """The rows of the matrix about a thing."""
    return [row for row in ROWS if row.about == about]
