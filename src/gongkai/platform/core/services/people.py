"""People and their seats: accounts are the system administrator's, roles the security administrator's.

Neither can take over work on cases alone: who resets a password cannot give roles nor take away a second
factor, who gives roles cannot log in as somebody else (law.md 10.1: separated administrators).
"""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import ADMINISTRATORS, Body, PasswordHistory, Person, Role, Seat, SeatRole
from gongkai.platform.core.passwords import REMEMBERED, one_time_password
from gongkai.platform.core.permissions import Act, NotPermitted


class WrongPassword(ValueError):
    """The old password is not the one that was given."""


class UsernameTaken(ValueError):
    """There is an account of that name: ``username``."""

    def __init__(self, username: str) -> None:
        super().__init__(username)
        self.username = username


class RolesExclude(ValueError):
    """Roles that one person may not hold together, in one seat or in several: ``roles``.

    Each of the three administrators excludes the other two and every other role (law.md 10.1: "a full-time
    security administrator who holds no other post").
    """

    def __init__(self, roles: Collection[str]) -> None:
        super().__init__(", ".join(sorted(roles)))
        self.roles = frozenset(roles)


class SeatTaken(ValueError):
    """The person has an open seat in that body already; its roles are changed instead."""


class NotOneself(ValueError):
    """Nobody closes their own account and nobody gives roles to themselves."""


class Ended(ValueError):
    """The account, the seat or the body is closed already."""


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str,
    body: Body,
    actor: Actor,
    password: str | None = None,
    hashed: str | None = None,
) -> tuple[Person, str]:
    """A new account in a body, and its one-time password: shown once, to be changed at the first log-in.

    With ``password`` (commands, the demonstration) that one is set, unchecked, and need not be changed;
    ``hashed`` is its hash where it is known already: making one takes as long as it is meant to.
    Raises ``NotPermitted``, ``UsernameTaken``.
    """
    actor.require(Act.PERSON_EDIT, body)
    once = password if password is not None else one_time_password()
    person = Person(username=username, name=name, body=body)
    person.must_change_password = password is None
    if hashed is None:
        person.set_password(once)
    else:
        person.password = hashed
    person.password_changed_at = actor.present.moment
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise UsernameTaken(username) from error
    _remember(person, actor)
    audit.record("person.created", actor=actor, body=body, object=person.key)
    return person, once


@transaction.atomic
def change_person(*, person: Person, name: str, actor: Actor) -> Person:
    """Another name in the same account. Raises ``NotPermitted``."""
    require_over(person, Act.PERSON_EDIT, actor)
    person.name = name
    person.save(update_fields=["name"])
    audit.record("person.changed", actor=actor, body=person.body, object=person.key, detail={"what": "name"})
    return person


@transaction.atomic
def reset_password(*, person: Person, actor: Actor) -> str:
    """A one-time password for somebody who forgot theirs; all their sessions end. Raises ``NotPermitted``."""
    require_over(person, Act.PERSON_EDIT, actor)
    once = one_time_password()
    _set(person, once, actor, must_change=True)
    audit.record("password.reset", actor=actor, body=person.body, object=person.key)
    return once


@transaction.atomic
def change_own_password(*, person: Person, old: str, new: str, actor: Actor) -> None:
    """Change one's own password. Raises ``WrongPassword``, Django's ``ValidationError`` by the rules."""
    if actor.person != person.key:
        raise WrongPassword
    if not person.check_password(old):
        raise WrongPassword
    validate_password(new, person)
    _set(person, new, actor, must_change=False)
    audit.record("password.changed", actor=actor, body=person.body, object=person.key)


@transaction.atomic
def deactivate_person(*, person: Person, actor: Actor) -> None:
    """Close an account: no log-in any more, all sessions end. What was done stays under its name.

    Raises ``NotPermitted``, ``NotOneself``, ``Ended``.
    """
    require_over(person, Act.PERSON_EDIT, actor)
    if actor.person == person.key:
        raise NotOneself
    if not person.is_active:
        raise Ended
    person.is_active = False
    person.save(update_fields=["is_active"])
    audit.record("person.deactivated", actor=actor, body=person.body, object=person.key)


@transaction.atomic
def reactivate_person(*, person: Person, actor: Actor) -> str:
    """Open a closed account again, with a one-time password. Raises ``NotPermitted``."""
    require_over(person, Act.PERSON_EDIT, actor)
    once = one_time_password()
    person.is_active = True
    person.save(update_fields=["is_active"])
    _set(person, once, actor, must_change=True)
    audit.record("person.reactivated", actor=actor, body=person.body, object=person.key)
    return once


@transaction.atomic
def assign_seat(*, person: Person, body: Body, roles: Collection[str], actor: Actor, title: str = "") -> Seat:
    """Give a person a seat with roles in a body, from today on.

    Raises ``NotPermitted``, ``NotOneself``, ``RolesExclude``, ``SeatTaken``, ``Ended``, ``ValueError`` for no
    role or an unknown one.
    """
    _may_assign(person, body, actor)
    wanted = _checked(person, roles, other_than=None)
    if not person.is_active or body.valid_until is not None:
        raise Ended
    try:
        with transaction.atomic():
            seat = Seat.objects.create(person=person, body=body, title=title, valid_from=actor.today)
    except IntegrityError as error:
        raise SeatTaken from error
    SeatRole.objects.bulk_create(SeatRole(seat=seat, role=role) for role in sorted(wanted))
    audit.record("seat.assigned", actor=actor, body=body, object=seat.key, detail=_detail(person, wanted))
    return seat


@transaction.atomic
def change_seat(*, seat: Seat, roles: Collection[str], actor: Actor, title: str | None = None) -> Seat:
    """Other roles in the same seat; the audit keeps which there were. Raises as ``assign_seat``."""
    _may_assign(seat.person, seat.body, actor)
    if seat.valid_until is not None:
        raise Ended
    wanted = _checked(seat.person, roles, other_than=seat)
    seat.role_rows.all().delete()
    SeatRole.objects.bulk_create(SeatRole(seat=seat, role=role) for role in sorted(wanted))
    if title is not None:
        seat.title = title
        seat.save(update_fields=["title"])
    seat.refresh_from_db()
    audit.record(
        "seat.changed", actor=actor, body=seat.body, object=seat.key, detail=_detail(seat.person, wanted)
    )
    return seat


@transaction.atomic
def end_seat(*, seat: Seat, actor: Actor) -> Seat:
    """Take a seat away, from now on. Raises ``NotPermitted``, ``NotOneself``, ``Ended``."""
    _may_assign(seat.person, seat.body, actor)
    if seat.valid_until is not None:
        raise Ended
    seat.valid_until = actor.today
    seat.save(update_fields=["valid_until"])
    audit.record("seat.ended", actor=actor, body=seat.body, object=seat.key)
    return seat


def exclusion(roles: Collection[str]) -> frozenset[str]:
    """Of roles of one person, those that may not stand beside the others; empty where all is well."""
    held = frozenset(roles)
    return held if len(held) > 1 and held & ADMINISTRATORS else frozenset()


def _checked(person: Person, roles: Collection[str], *, other_than: Seat | None) -> frozenset[str]:
    wanted = frozenset(Role(role).value for role in roles)
    if not wanted:
        raise ValueError("a seat has at least one role")
    # The lock makes two assignments at once see each other.
    Person.objects.select_for_update().get(pk=person.pk)
    held = SeatRole.objects.filter(seat__person=person, seat__valid_until__isnull=True)
    if other_than is not None:
        held = held.exclude(seat=other_than)
    together = wanted | frozenset(held.values_list("role", flat=True))
    if exclusion(together):
        raise RolesExclude(together)
    return wanted


def _may_assign(person: Person, body: Body, actor: Actor) -> None:
    actor.require(Act.SEAT_ASSIGN, body)
    require_over(person, Act.SEAT_ASSIGN, actor)
    if actor.person == person.key:
        raise NotOneself


def require_over(person: Person, act: Act, actor: Actor) -> None:
    """An account belongs to a body; accounts of bodies elsewhere are nobody's business here."""
    if actor.system:
        return
    if person.body is None:
        seat = actor.seat
        raise NotPermitted(act, seat, seat.body if seat is not None else Body(key=""))
    actor.require(act, person.body)


def _set(person: Person, password: str, actor: Actor, *, must_change: bool) -> None:
    person.set_password(password)
    person.password_changed_at = actor.present.moment
    person.must_change_password = must_change
    person.save(update_fields=["password", "password_changed_at", "must_change_password"])
    _remember(person, actor)


def _remember(person: Person, actor: Actor) -> None:
    PasswordHistory.objects.create(person=person, password=person.password, set_at=actor.present.moment)
    old = PasswordHistory.objects.filter(person=person).order_by("-id").values_list("id", flat=True)
    PasswordHistory.objects.filter(id__in=list(old[REMEMBERED:])).delete()


def _detail(person: Person, roles: Collection[str]) -> dict[str, object]:
    return {"person": person.key, "roles": sorted(roles)}
