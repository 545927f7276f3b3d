"""What administrators look at: bodies, people and seats of their own body and those below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, LocalHoliday, LocalRule, Person, Seat
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.rules.law import Kind, load_law
from gongkai.rules.law import LocalRule as Leeway


def bodies_under(*, actor: Actor, act: Act) -> QuerySet[Body]:
    """The bodies for which the actor may do ``act``, as a tree in order. Raises ``NotPermitted`` for none."""
    if actor.system:
        return Body.objects.all()
    own = _own(actor, act)
    actor.require(act, own)
    return Body.objects.filter(path__startswith=own.path)


def body_under(*, actor: Actor, act: Act, key: str) -> Body:
    """One of them. Raises ``Body.DoesNotExist``, ``NotPermitted``."""
    body = Body.objects.select_related("parent", "successor").get(key=key)
    actor.require(act, body)
    return body


def people_under(*, actor: Actor, find: str = "") -> QuerySet[Person]:
    """Accounts of those bodies, with their open seats; ``find``: part of the name or the user name.

    For the system administrator and the security administrator. Raises ``NotPermitted``.
    """
    bodies = bodies_under(actor=actor, act=_over_people(actor))
    found = Person.objects.filter(body__in=bodies.values("key")).select_related("body")
    if find:
        found = found.filter(Q(name__icontains=find) | Q(username__icontains=find))
    seats = Seat.objects.filter(valid_until__isnull=True).select_related("body").prefetch_related("role_rows")
    return found.prefetch_related(Prefetch("seats", seats, to_attr="open_seats")).order_by(
        "body__path", "username"
    )


def person_under(*, actor: Actor, key: str) -> Person:
    """One of them. Raises ``Person.DoesNotExist``, ``NotPermitted``."""
    person = Person.objects.select_related("body").get(key=key)
    act = _over_people(actor)
    if person.body is None:
        raise NotPermitted(act, actor.seat, Body(key=""))
    actor.require(act, person.body)
    return person


def seats_of_person(*, actor: Actor, person: Person) -> list[Seat]:
    """All seats of a person in bodies that the actor administers, the ended ones last."""
    bodies = bodies_under(actor=actor, act=_over_people(actor))
    found = Seat.objects.filter(person=person, body__in=bodies.values("key")).select_related("body", "person")
    return sorted(found, key=lambda seat: (seat.valid_until is not None, seat.body.path))


def seat_under(*, actor: Actor, key: str) -> Seat:
    """A seat whose roles the actor may change. Raises ``Seat.DoesNotExist``, ``NotPermitted``."""
    seat = Seat.objects.select_related("body", "person", "person__body").get(key=key)
    actor.require(Act.SEAT_ASSIGN, seat.body)
    return seat


@dataclass(frozen=True, slots=True)
class SettableRule:
    """A parameter that a body may set: what it is, what the law says today, what may be put in."""

    key: str
    label: str
    kind: str
    """``period``, ``number``, ``choice``, ``switch`` or ``month_day``."""
    only_stricter: bool
    law_says: str
    article: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule that a body set, in words."""

    label: str
    value: str
    from_date: date
    source: str
    here: bool
    """Set by the body itself, not by one above."""
    body: str


def settable_rules(*, today: date) -> list[SettableRule]:
    """All parameters that a body may set itself, by topic."""
    law = load_law()
    found: list[SettableRule] = []
    parameters = [law.parameter(key) for key in law.keys()]  # noqa: SIM118 - no mapping
    for parameter in parameters:
        key = parameter.key
        if parameter.local is Leeway.FIXED or parameter.kind in (Kind.LIST, Kind.SCHEDULE):
            continue
        if parameter.values[0].effective_from > today:
            continue
        choices = tuple(parameter.choices.items())
        if parameter.kind is Kind.SWITCH:
            choices = (("true", "是"), ("false", "否"))
        found.append(
            SettableRule(
                key, parameter.label_zh, parameter.kind.value, parameter.local is Leeway.STRICTER,
                value_in_words(key, law.rule(key, on=today).value), law.cite(key, on=today), choices,
            )
        )  # fmt: skip
    return found


_UNITS = {"working_day": "个工作日", "day": "日", "month": "个月", "year": "年", "percent": "%", "yuan": "元"}


def value_in_words(key: str, value: Any) -> str:
    """A value of a parameter as a page says it."""
    parameter = load_law().parameter(key)
    if value is None:
        return "不限"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{value} {_UNITS.get(parameter.unit.value, '')}".strip()
    return parameter.choices.get(str(value), str(value))


def rules_of(*, actor: Actor, body: Body) -> list[RuleRow]:
    """The rules that hold for a body: its own and those of bodies above. Raises ``NotPermitted``."""
    actor.require(Act.BODY_EDIT, body)
    rows = LocalRule.objects.filter(body__in=_keys(body)).select_related("body")
    law = load_law()
    return [
        RuleRow(
            law.parameter(row.key).label_zh, value_in_words(row.key, row.value), row.from_date, row.source,
            row.body == body, row.body.name,
        )
        for row in rows.order_by("key", "from_date", "body__path")
    ]  # fmt: skip


def holidays_of(*, actor: Actor, body: Body) -> Sequence[LocalHoliday]:
    """The local days off that hold for a body. Raises ``NotPermitted``."""
    actor.require(Act.BODY_EDIT, body)
    return list(LocalHoliday.objects.filter(body__in=_keys(body)).select_related("body").order_by("-first"))


def _keys(body: Body) -> list[str]:
    return body.path.rstrip("/").split("/")


def _own(actor: Actor, act: Act) -> Body:
    if actor.seat is None:
        raise NotPermitted(act, None, Body(key=""))
    return actor.seat.body


def _over_people(actor: Actor) -> Act:
    """Of the two administrators who look at people, the act of the one that the actor is."""
    if actor.system:
        return Act.PERSON_EDIT
    own = _own(actor, Act.PERSON_EDIT)
    return Act.SEAT_ASSIGN if actor.may(Act.SEAT_ASSIGN, own) else Act.PERSON_EDIT
