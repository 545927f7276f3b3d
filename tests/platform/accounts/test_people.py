"""Accounts and seats: who gives them, what excludes what, and that nobody gives themselves anything."""

from __future__ import annotations

import itertools

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from tests.platform.conftest import ROLES, Place

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import ADMINISTRATORS, AuditEntry, Person, Role, Seat
from gongkai.platform.core.passwords import one_time_password
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.services import people


def new(county: Place, system: Actor, username: str = "lu") -> Person:
    return people.create_person(username=username, name="陆远舟", body=county.body, actor=system)[0]


def test_a_new_account_has_a_one_time_password_that_must_be_changed(county: Place, system: Actor) -> None:
    person, once = people.create_person(username="lu", name="陆远舟", body=county.body, actor=system)
    assert person.check_password(once)
    assert person.must_change_password
    assert once not in AuditEntry.objects.get(act="person.created").detail


def test_every_one_time_password_meets_the_rules() -> None:
    passwords = {one_time_password() for _i in range(100)}
    assert len(passwords) == 100
    for password in passwords:
        validate_password(password)


def test_a_user_name_is_given_once(county: Place, system: Actor) -> None:
    new(county, system)
    with pytest.raises(people.UsernameTaken):
        new(county, system)


def test_accounts_are_the_system_administrators_seats_the_security_administrators(
    county: Place, system: Actor, security: Actor
) -> None:
    person = new(county, system)
    with pytest.raises(NotPermitted):
        people.create_person(username="x", name="x", body=county.body, actor=security)
    with pytest.raises(NotPermitted):
        people.reset_password(person=person, actor=security)
    with pytest.raises(NotPermitted):
        people.assign_seat(person=person, body=county.body, roles=["handler"], actor=system)
    seat = people.assign_seat(person=person, body=county.body, roles=["handler"], actor=security)
    with pytest.raises(NotPermitted):
        people.end_seat(seat=seat, actor=system)


def test_nobody_reaches_accounts_of_a_body_elsewhere_or_above(
    county: Place, department: Place, foreign: Place, system: Actor
) -> None:
    person = new(county, system)
    for place in (department, foreign):
        with pytest.raises(NotPermitted):
            people.reset_password(person=person, actor=place.actor("system_administrator"))
        with pytest.raises(NotPermitted):
            people.assign_seat(
                person=person, body=place.body, roles=["handler"], actor=place.actor("security_administrator")
            )
    below = people.create_person(username="below", name="x", body=department.body, actor=system)[0]
    assert people.reset_password(person=below, actor=system)


def test_an_account_without_body_is_for_commands_only(county: Place, system: Actor) -> None:
    person = Person.objects.create(username="old", name="x")
    with pytest.raises(NotPermitted):
        people.reset_password(person=person, actor=system)


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_an_administrator_holds_no_other_post_in_no_other_seat(
    county: Place, department: Place, system: Actor, security: Actor, administrator: str
) -> None:
    for number, other in enumerate(role for role in ROLES if role != administrator):
        person = new(county, system, f"p{number}")
        with pytest.raises(people.RolesExclude):
            people.assign_seat(person=person, body=county.body, roles=[administrator, other], actor=security)
        people.assign_seat(person=person, body=county.body, roles=[other], actor=security)
        with pytest.raises(people.RolesExclude):
            people.assign_seat(person=person, body=department.body, roles=[administrator], actor=security)
    person = new(county, system, "mover")
    seat = people.assign_seat(person=person, body=county.body, roles=["handler"], actor=security)
    people.end_seat(seat=seat, actor=security)
    assert people.assign_seat(person=person, body=department.body, roles=[administrator], actor=security)


def test_working_roles_go_together(county: Place, system: Actor, security: Actor) -> None:
    working = [role for role in ROLES if role not in ADMINISTRATORS]
    for number, pair in enumerate(itertools.combinations(working, 2)):
        person = new(county, system, f"p{number}")
        seat = people.assign_seat(person=person, body=county.body, roles=pair, actor=security)
        assert seat.roles == frozenset(pair)


def test_changed_roles_are_judged_the_same(county: Place, system: Actor, security: Actor) -> None:
    person = new(county, system)
    seat = people.assign_seat(person=person, body=county.body, roles=["handler"], actor=security)
    changed = people.change_seat(seat=seat, roles=[Role.AUDIT_ADMINISTRATOR], actor=security)
    assert changed.roles == frozenset({"audit_administrator"})
    with pytest.raises(people.RolesExclude):
        people.change_seat(seat=seat, roles=["audit_administrator", "handler"], actor=security)
    assert AuditEntry.objects.filter(act="seat.changed").count() == 1


def test_nobody_gives_or_takes_their_own_roles_nor_closes_their_own_account(
    county: Place, system: Actor, security: Actor
) -> None:
    assert security.seat is not None and system.seat is not None
    own = Seat.objects.get(pk=security.seat.pk)
    with pytest.raises(people.NotOneself):
        people.change_seat(seat=own, roles=["handler"], actor=security)
    with pytest.raises(people.NotOneself):
        people.end_seat(seat=own, actor=security)
    with pytest.raises(people.NotOneself):
        people.deactivate_person(person=Seat.objects.get(pk=system.seat.pk).person, actor=system)


def test_a_seat_has_roles_and_a_person_one_seat_a_body(county: Place, system: Actor, security: Actor) -> None:
    person = new(county, system)
    for nothing in ([], ["king"]):
        with pytest.raises(ValueError, match=r"role|Role"):
            people.assign_seat(person=person, body=county.body, roles=nothing, actor=security)
    people.assign_seat(person=person, body=county.body, roles=["handler"], actor=security)
    with pytest.raises(people.SeatTaken):
        people.assign_seat(person=person, body=county.body, roles=["approver"], actor=security)


def test_a_closed_account_cannot_log_in_nor_get_a_seat(
    client, county: Place, system: Actor, security: Actor
) -> None:
    person = new(county, system)
    client.force_login(person)
    people.deactivate_person(person=person, actor=system)
    assert client.get("/desk/account/").status_code == 302
    with pytest.raises(people.Ended):
        people.assign_seat(person=person, body=county.body, roles=["handler"], actor=security)
    once = people.reactivate_person(person=person, actor=system)
    assert client.post("/login/", {"username": "lu", "password": once}).status_code == 302


def test_a_reset_ends_every_session_and_asks_for_a_password_of_ones_own(
    client, county: Place, system: Actor
) -> None:
    person = new(county, system)
    client.force_login(person)
    once = people.reset_password(person=person, actor=system)
    assert "/login/" in client.get("/desk/account/")["Location"]
    client.post("/login/", {"username": "lu", "password": once})
    assert client.get("/desk/account/")["Location"].startswith("/desk/account/password/")
    done = client.post(
        "/desk/account/password/?next=/desk/account/",
        {"old_password": once, "new_password": "Qinghe-26-an", "again": "Qinghe-26-an"},
    )
    assert done["Location"] == "/desk/account/"
    assert client.get("/desk/account/").status_code == 200


@pytest.mark.parametrize("bad", ["Ab1-", "abcdefgh1", "ABCDEFGH1", "Password1!", "12345678", "luyuan-lu"])
def test_a_weak_password_is_refused(county: Place, system: Actor, bad: str) -> None:
    person, once = people.create_person(username="luyuan", name="陆远舟", body=county.body, actor=system)
    mine = Actor(system.present, None, logged_in=person.key)
    with pytest.raises(ValidationError):
        people.change_own_password(person=person, old=once, new=bad, actor=mine)


def test_none_of_the_last_five_passwords_comes_back(county: Place, system: Actor) -> None:
    person, old = people.create_person(username="lu", name="陆远舟", body=county.body, actor=system)
    mine = Actor(system.present, None, logged_in=person.key)
    used = [f"Qinghe-26-{n}x" for n in range(6)]
    for new_one in used:
        people.change_own_password(person=person, old=old, new=new_one, actor=mine)
        old = new_one
    for again in used[1:]:
        with pytest.raises(ValidationError):
            people.change_own_password(person=person, old=old, new=again, actor=mine)
    people.change_own_password(person=person, old=old, new=used[0], actor=mine)


def test_only_oneself_changes_ones_own_password_and_only_with_the_old_one(
    county: Place, system: Actor
) -> None:
    person, once = people.create_person(username="lu", name="陆远舟", body=county.body, actor=system)
    mine = Actor(system.present, None, logged_in=person.key)
    for actor, old in ((system, once), (mine, "wrong")):
        with pytest.raises(people.WrongPassword):
            people.change_own_password(person=person, old=old, new="Qinghe-26-an", actor=actor)


def test_a_password_that_is_too_old_is_changed_first(client, county: Place, system: Actor, settings) -> None:
    person, _once = people.create_person(
        username="lu",
        name="陆远舟",
        body=county.body,
        actor=system,
        password="Qinghe-26-an",  # noqa: S106
    )
    client.force_login(person)
    assert client.get("/desk/account/").status_code == 200
    settings.PASSWORD_DAYS = 90
    assert client.get("/desk/account/")["Location"].startswith("/desk/account/password/")
