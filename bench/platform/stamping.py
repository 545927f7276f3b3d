"""Stamping cases from lives and writing their rows past the services."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import AutoField

from bench.platform.stories import LETTER, NUMBER, Life, closed_lives, open_lives
from bench.platform.words import applicant, words
from gongkai.platform.cases import search
from gongkai.platform.cases.models import CaseDesk, CaseSummary, CaseText, IncomingLetter, NumberSequence
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import (
    BlindIndex,
    Body,
    DemonstrationDay,
    Person,
    PrivateRecord,
    Seat,
    SeatRole,
    Subject,
)
from gongkai.platform.core.private import keyring
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.services import open_ledger
from gongkai.rules.event import Event
from gongkai.rules.ledger import SM3, canonical, seal
from gongkai.rules.ledger.hashing import TAG_ENTRY, chain_hash

TODAY = date(2026, 11, 24)
CLOSED_LIVES, OPEN_LIVES = 1200, 300
BATCH = 20_000
PASSWORD = "bench-password-1"  # noqa: S105 - of an invented installation
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class Table:
    """A buffer of rows; written by ``executemany`` on SQLite, by ``COPY`` on PostgreSQL."""

    def __init__(self, model: Any, *columns: str) -> None:
        others = [
            field
            for field in model._meta.concrete_fields
            if field.column not in columns and not field.null and not isinstance(field, AutoField)
        ]
        self.name, self.columns = model._meta.db_table, (*columns, *(field.column for field in others))
        self.defaults = [field.get_default() for field in others]
        self.rows: list[Sequence[Any]] = []

    def add(self, *row: Any) -> None:
        self.rows.append((*row, *self.defaults))
        if len(self.rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is buffered."""
        if not self.rows:
            return
        names = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                    for row in self.rows:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" * len(self.columns))
                # The driver's own cursor: Django's would rewrite every row's placeholders.
                connection.connection.executemany(
                    f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})',  # noqa: S608 - our own names
                    self.rows,
                )
        self.rows = []


@dataclass
class Office:
    """A body in the making: its chain's end, its numbers, who works there."""

    body: Body
    seats: Mapping[str, Seat]
    position: int = 0
    hash: str = ""
    last: datetime | None = None
    numbers: dict[int, int] = field(default_factory=dict)

    def next_number(self, year: int) -> str:
        self.numbers[year] = self.numbers.get(year, 0) + 1
        return f"{self.body.short_name}申〔{year}〕{self.numbers[year]}号"


@dataclass(frozen=True, slots=True)
class Stamp:
    """An event of a life, ready to be written: everything but position, stream, number and letter."""

    event: Event
    start: str
    payload: str
    end: str
    occurred_on: str
    recorded_at: str

    @classmethod
    def of(cls, event: Event) -> Stamp:
        recorded = event.recorded_at
        assert recorded is not None  # noqa: S101 - lives are recorded
        iso = recorded.strftime("%Y-%m-%dT%H:%M:%SZ")
        stored = recorded.strftime("%Y-%m-%d %H:%M:%S") + ("+00" if connection.vendor == "postgresql" else "")
        on = event.occurred_on.isoformat()
        return cls(
            event,
            f'","kind":"{event.kind}","occurred_on":"{on}","payload":',
            canonical(dict(event.payload)).decode(),
            f',"recorded_at":"{iso}","schema":1,"seq":{event.seq},"stream":"',
            on,
            stored,
        )


def fill(cases: int, open_cases: int, bodies: int, seed: int) -> str:
    """Make the bodies and all rows, in one transaction; what was made, in words."""
    rng = Random(seed)  # noqa: S311 - invented data
    _go_fast()
    with transaction.atomic():
        offices = make_offices(bodies)
        DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
        writer = Writer(offices, rng)
        writer.write(cases, min(open_cases, cases // 5))
    search.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _go_safe()
    return f"{cases:,} cases, {writer.entries:,} entries"


def make_offices(bodies: int) -> list[Office]:
    """A county with departments below it, and a seat of every working role in each."""
    offices: list[Office] = []
    password = make_password(PASSWORD)
    for number in range(bodies):
        parent = offices[0].body if offices else None
        body = Body(
            name="云溪县人民政府" if parent is None else f"云溪县第{number}局",
            short_name="云公" if parent is None else f"云{number}公",
            level="county" if parent is None else "department",
            parent=parent,
            working_body="云溪县人民政府办公室",
        )
        body.path = f"{'' if parent is None else parent.path}{body.key}/"
        body.save()
        seats: dict[str, Seat] = {}
        roles = {
            "clerk": "receiving_clerk",
            "handler": "handler",
            "approver": "approver",
            "supervisor": "supervisor",
        }
        for name, role in roles.items():
            username = name if parent is None else f"{name}{number}"
            person = Person.objects.create(
                username=username, name=f"{body.short_name}{name}", password=password, body=body
            )
            seats[name] = Seat.objects.create(person=person, body=body)
            SeatRole.objects.create(seat=seats[name], role=role)
        head = open_ledger(body=body.key)
        offices.append(Office(body, seats, hash=head.hash))
    return offices


class Writer:
    """Draws cases, and writes their rows in the order of their entries' days."""

    def __init__(self, offices: list[Office], rng: Random) -> None:
        self.offices, self.rng, self.ring = offices, rng, keyring()
        self.digest = chain_hash(SM3, TAG_ENTRY)
        self.entries = 0
        self.moment = _stored(datetime(2026, 1, 1, 2, tzinfo=UTC))
        self.ledger = Table(
            LedgerEvent, "body", "position", "stream", "seq", "kind", "occurred_on", "recorded_at", "actor",
            "payload", "schema", "prev_hash", "hash",
        )  # fmt: skip
        self.columns = [f.column for f in CaseSummary._meta.concrete_fields]
        self.summary = Table(CaseSummary, *self.columns)
        self.subject = Table(Subject, "key", "body_id", "created_at")
        self.private = Table(
            PrivateRecord, "ref", "body_id", "stream", "subject_id", "kind", "token", "created_at"
        )
        self.blind = Table(BlindIndex, "record_id", "body_id", "field", "digest")
        self.letter = Table(
            IncomingLetter, "ref", "body_id", "subject_id", "channel", "came_on", "registered_at"
        )
        self.text = Table(
            CaseText, "stream", "body_id", "subject_id", "title", "description", "applicant_label", "details"
        )
        self.desk = Table(CaseDesk, "stream", "body_id", "handler_id")

    def write(self, cases: int, open_cases: int) -> None:
        """All cases."""
        basis = basis_for(self.offices[0].body)
        lives = [
            *closed_lives(CLOSED_LIVES, basis, TODAY, self.rng),
            *open_lives(OPEN_LIVES, basis, TODAY, self.rng),
        ]
        stamps = [[Stamp.of(event) for event in life.events] for life in lives]
        rows = [self._prepared(life) for life in lives]
        drawn = array("I", (self._draw(n < open_cases) for n in range(cases)))
        self.rng.shuffle(drawn)
        days: dict[int, array[int]] = defaultdict(lambda: array("Q"))
        for case, life in enumerate(drawn):
            for index, event in enumerate(lives[life].events):
                days[event.occurred_on.toordinal()].append(case << 8 | index)
        streams, numbers = [""] * cases, [""] * cases
        share = len(self.offices) - 1
        for day in sorted(days):
            for packed in days.pop(day):
                case, index = packed >> 8, packed & 255
                # The county has every other case.
                office = self.offices[0 if case % 2 or not share else 1 + case // 2 % share]
                if index == 0:
                    streams[case] = f"case-{self._opaque()}"
                stamp = stamps[drawn[case]][index]
                if stamp.event.kind == "request.registered":
                    numbers[case] = office.next_number(stamp.event.occurred_on.year)
                self._entry(office, stamp, streams[case], numbers[case])
                if index == len(stamps[drawn[case]]) - 1:
                    self._case(office, rows[drawn[case]], streams[case], numbers[case])
        self._finish()

    def _draw(self, is_open: bool) -> int:
        return CLOSED_LIVES + self.rng.randrange(OPEN_LIVES) if is_open else self.rng.randrange(CLOSED_LIVES)

    def _opaque(self, length: int = 12) -> str:
        return "".join(self.rng.choices(_SIGNS, k=length))

    def _entry(self, office: Office, stamp: Stamp, stream: str, number: str) -> None:
        event, payload = stamp.event, stamp.payload
        if event.kind == "request.registered":
            payload = payload.replace(NUMBER, number)
        elif event.kind == "request.received":
            payload = payload.replace(LETTER, f"letter-{stream[5:]}")
        actor = office.seats["clerk"].key
        office.position += 1
        self.entries += 1
        content = (
            f'{{"actor":"{actor}{stamp.start}{payload},"position":{office.position}{stamp.end}{stream}"}}'
        )
        hashed = self.digest(office.hash, content.encode())
        if self.entries % 1000 == 1:
            self._compare(event, office, stream, payload, actor, hashed)
        self.ledger.add(
            office.body.key, office.position, stream, event.seq, event.kind, stamp.occurred_on,
            stamp.recorded_at, actor, payload, 1, office.hash, hashed,
        )  # fmt: skip
        office.hash, office.last = hashed, event.recorded_at

    def _compare(
        self, event: Event, office: Office, stream: str, payload: str, actor: str, hashed: str
    ) -> None:
        whole = replace(
            event, stream=stream, position=office.position, payload=json.loads(payload), actor=actor
        )
        if seal(whole, office.hash)[0].hash != hashed:
            raise SystemExit(f"entry {self.entries}: not the hash that the ledger would give")

    def _prepared(self, life: Life) -> dict[str, Any]:
        """The list row's columns, as the database takes them."""
        columns = {f.attname: f.column for f in CaseSummary._meta.concrete_fields}
        return {
            columns[name]: value.isoformat() if isinstance(value, date) else value
            for name, value in life.summary.items()
        }

    def _case(self, office: Office, row: dict[str, Any], stream: str, number: str) -> None:
        body, key = office.body.key, stream[5:]
        mine = {
            **row, "stream": stream, "body_id": body, "number": number, "letter": f"letter-{key}",
            "last_position": office.position,
        }  # fmt: skip
        self.summary.add(*(mine[column] for column in self.columns))
        who = applicant(self.rng)
        title, description = words(self.rng)
        subject, ref = f"subject-{key}", f"ref-{self._opaque(16)}"
        self.subject.add(subject, body, self.moment)
        token = self.ring.encrypt(who.details().encode(), bound_to=ref)
        self.private.add(ref, body, stream, subject, "applicant", token, self.moment)
        self.blind.add(ref, body, "name", self.ring.blind("name", who.name))
        self.blind.add(ref, body, "phone", self.ring.blind("phone", who.phone))
        self.letter.add(f"letter-{key}", body, subject, row["channel"], row["received_on"], self.moment)
        self.text.add(stream, body, subject, title, description, f"{who.name[0]}*", ref)
        self.desk.add(stream, body, office.seats["handler"].key)

    def _finish(self) -> None:
        tables: Iterable[Table] = (
            self.ledger, self.subject, self.private, self.blind, self.letter, self.text, self.desk,
            self.summary,
        )  # fmt: skip
        for table in tables:
            table.flush()
        for office in self.offices:
            LedgerHead.objects.filter(body=office.body.key).update(
                position=office.position, hash=office.hash, recorded_at=office.last
            )
            for year, last in office.numbers.items():
                NumberSequence.objects.create(body=office.body, year=year, kind="request", last=last)


def _stored(moment: datetime) -> str:
    zone = "+00" if connection.vendor == "postgresql" else ""
    return moment.strftime("%Y-%m-%d %H:%M:%S") + zone


def _go_fast() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The home is thrown away where this is broken off.
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-4000000")
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA journal_mode=OFF")
        else:
            cursor.execute("SET synchronous_commit = off")


def _go_safe() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
    connection.close()
