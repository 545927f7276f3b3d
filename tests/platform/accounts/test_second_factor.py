"""In production nobody works without a second factor; digits and codes are good for once."""

from __future__ import annotations

import base64
import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from tests.platform.conftest import Place

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import AuditEntry, Authenticator, Person, RecoveryCode
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.present import present
from gongkai.platform.core.services import people, second_factor

PASSWORD = "Yunxi-2026-shu"  # noqa: S105 - of a test


@pytest.fixture
def lu(county: Place, system: Actor, security: Actor, settings) -> Person:
    settings.SECOND_FACTOR_REQUIRED = True
    person, _once = people.create_person(
        username="lu", name="陆远舟", body=county.body, actor=system, password=PASSWORD
    )
    people.assign_seat(person=person, body=county.body, roles=["handler"], actor=security)
    return person


def log_in(client: Client, **more: str):
    return client.post("/login/", {"username": "lu", "password": PASSWORD, **more})


def digits(key: bytes, step: int = 0) -> str:
    return f"{totp(key, t0=-30 * step):06d}"


def set_up(client: Client) -> tuple[bytes, list[str]]:
    """Log in, set the second factor up on its page; the key and the recovery codes."""
    log_in(client)
    page = client.get("/desk/account/second-factor/set-up/").content.decode()
    shown = re.search(r'key-text">([A-Z2-7 ]+)<', page)
    assert shown is not None
    key = base64.b32decode("".join(shown[1].split()))
    done = client.post("/desk/account/second-factor/set-up/", {"token": digits(key)})
    return key, re.findall(r'code">([a-z0-9]{5}-[a-z0-9]{5})<', done.content.decode())


def test_without_a_second_factor_every_way_leads_to_setting_one_up(client: Client, lu: Person) -> None:
    assert log_in(client)["Location"] == "/"
    asked = client.get("/desk/account/")
    assert asked["Location"].startswith("/desk/account/second-factor/")
    assert client.get(asked["Location"])["Location"].startswith("/desk/account/second-factor/set-up/")
    assert client.post("/logout/").status_code == 302


def test_the_password_alone_opens_nothing_once_it_is_set(client: Client, lu: Person) -> None:
    key, codes = set_up(client)
    assert len(codes) == 10
    assert client.get("/desk/account/").status_code == 200
    client.post("/logout/")
    log_in(client, next="/desk/account/")
    for address in ("/desk/account/", "/desk/account/password/", "/desk/account/second-factor/set-up/"):
        assert client.get(address).status_code == 302
    assert client.post("/desk/account/second-factor/codes/").status_code == 401
    assert RecoveryCode.objects.count() == 10
    done = client.post("/desk/account/second-factor/", {"token": digits(key, 1), "next": "/desk/account/"})
    assert done["Location"] == "/desk/account/"
    assert client.get("/desk/account/").status_code == 200


def test_digits_are_accepted_once(client: Client, lu: Person) -> None:
    key, _codes = set_up(client)
    other = Client()
    log_in(other)
    assert other.post("/desk/account/second-factor/", {"token": digits(key)}).status_code == 422
    assert AuditEntry.objects.filter(act="second_factor.failed", success=False).count() == 1


def test_wrong_digits_slow_down_even_the_right_ones(client: Client, lu: Person) -> None:
    key, _codes = set_up(client)
    actor = Actor(present(), None, logged_in=lu.key)
    for wrong in ("000000", "000001", "000002"):
        assert second_factor.check_second_factor(person=lu, token=wrong, actor=actor) is None
    assert second_factor.check_second_factor(person=lu, token=digits(key, 1), actor=actor) is None
    Authenticator.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=60))
    assert second_factor.check_second_factor(person=lu, token=digits(key, 1), actor=actor) is not None


def test_a_recovery_code_is_good_for_one_log_in(client: Client, lu: Person) -> None:
    _key, codes = set_up(client)
    for expected in (302, 422):
        other = Client()
        log_in(other)
        answer = other.post("/desk/account/second-factor/", {"token": codes[0]})
        assert answer.status_code == expected
    assert second_factor.codes_left(lu) == 9


def test_new_codes_take_the_place_of_the_old(client: Client, lu: Person) -> None:
    _key, codes = set_up(client)
    page = client.post("/desk/account/second-factor/codes/").content.decode()
    fresh = re.findall(r'code">([a-z0-9]{5}-[a-z0-9]{5})<', page)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert second_factor.codes_left(lu) == 10


def test_the_database_holds_neither_the_key_nor_a_code(client: Client, lu: Person) -> None:
    key, codes = set_up(client)
    row = Authenticator.objects.get()
    for form in (key.hex(), base64.b32encode(key).decode(), base64.b64encode(key).decode()):
        assert form not in row.key_token
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not kept & set(codes)
    assert not kept & {code.replace("-", "") for code in codes}


def test_a_key_is_kept_only_after_the_app_has_shown_the_right_digits(client: Client, lu: Person) -> None:
    log_in(client)
    client.get("/desk/account/second-factor/set-up/")
    for wrong in ("000000", "abcdef", "", "１２３４５６"):
        assert client.post("/desk/account/second-factor/set-up/", {"token": wrong}).status_code == 422
    assert not Authenticator.objects.exists()


def test_the_qr_code_is_drawn_in_the_page_without_style_or_script(client: Client, lu: Person) -> None:
    log_in(client)
    page = client.get("/desk/account/second-factor/set-up/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert "<script" not in page


def test_only_the_security_administrator_takes_it_away_and_never_their_own(
    client: Client, lu: Person, county: Place, foreign: Place, system: Actor, security: Actor
) -> None:
    set_up(client)
    for actor in (system, county.actor("approver"), foreign.actor("security_administrator")):
        with pytest.raises(NotPermitted):
            second_factor.remove_second_factor(person=lu, actor=actor)
    assert security.seat is not None
    with pytest.raises(people.NotOneself):
        second_factor.remove_second_factor(person=security.seat.person, actor=security)
    second_factor.remove_second_factor(person=lu, actor=security)
    assert not Authenticator.objects.exists()
    # Who was logged in with it is not any more.
    assert client.get("/desk/account/").status_code == 302


def test_a_form_sent_late_waits_for_the_second_factor_too(client: Client, lu: Person) -> None:
    key, _codes = set_up(client)
    client.post("/logout/")
    kept = fields(client.post("/desk/account/seat/", {"seat": "typed"}))
    resumed = log_in(client, **kept)
    again = fields(resumed, after='action="/desk/account/seat/"')
    asked = client.post("/desk/account/seat/", again)
    assert asked.status_code == 401
    done = client.post("/desk/account/second-factor/", {**fields(asked), "token": digits(key, 1)})
    assert 'name="seat" value="typed"' in done.content.decode()


def test_it_is_off_in_the_demonstration(client: Client, lu: Person, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    log_in(client)
    assert client.get("/desk/account/").status_code == 200


def fields(response, after: str = "") -> dict[str, str]:
    page = response.content.decode()
    if after:
        page = page.split(after)[1]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if name in ("kept", "seat")}
