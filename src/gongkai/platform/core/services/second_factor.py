"""Set up, check and take away the second factor of a log-in (TOTP, RFC 6238, and recovery codes)."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from django.db import transaction
from django_otp.oath import TOTP

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Authenticator, Person, RecoveryCode, RecoveryCodes
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.services.people import NotOneself, require_over

CODES = 10
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
KEY_BYTES = 20
"""RFC 4226, 4: at least 128 bits, 160 recommended."""


class WrongDigits(ValueError):
    """The digits do not fit the key: the app's clock may be off, or another code was scanned."""


class SetAlready(RuntimeError):
    """There is a second factor; it must be taken away first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A new key as the app takes it, shown before it is confirmed."""

    key: str
    """Base 32."""
    uri: str
    """What the QR code says."""


def new_key() -> str:
    """A random key, base 32."""
    return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode()


def offer(*, person: Person, key: str, issuer: str) -> Offer:
    """The key as the page shows it (``otpauth``, the key URI format that authenticator apps read)."""
    label = quote(f"{issuer}:{person.username}")
    return Offer(key, f"otpauth://totp/{label}?secret={key}&issuer={quote(issuer)}&digits=6&period=30")


@transaction.atomic
def set_second_factor(*, person: Person, key: str, digits: str, now: float, actor: Actor) -> list[str]:
    """Keep the key once the app has shown the right digits; return the recovery codes, shown once.

    ``now``: seconds since the epoch. Raises ``WrongDigits``, ``SetAlready``.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if Authenticator.objects.filter(user=person).exists():
        raise SetAlready
    plain = base64.b32decode(key)
    totp = TOTP(plain)
    totp.time = now
    if not (digits.isascii() and digits.isdigit()) or not totp.verify(int(digits), tolerance=1):
        raise WrongDigits
    device = Authenticator(user=person, name="app", last_step=totp.t())
    device.set_key(plain)
    device.save()
    codes = _new_codes(person)
    audit.record("second_factor.set", actor=actor, body=person.body, object=person.key)
    return codes


@transaction.atomic
def renew_codes(*, person: Person, actor: Actor) -> list[str]:
    """Ten new recovery codes in the place of the old ones, shown once."""
    codes = _new_codes(person)
    audit.record(
        "second_factor.set", actor=actor, body=person.body, object=person.key, detail={"what": "codes"}
    )
    return codes


def check_second_factor(*, person: Person, token: str, actor: Actor) -> Authenticator | RecoveryCodes | None:
    """The device that accepts the digits or the code; ``None``: wrong, or too soon after a failure.

    Each device counts failures and waits 1, 2, 4 … seconds; the row is locked, so that tries at once count.
    """
    text = "".join(token.split())
    model = Authenticator if len(text) == 6 and text.isdigit() else RecoveryCodes
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=person).first()
        accepted = device is not None and device.verify_token(text)
        audit.record(
            "second_factor.accepted" if accepted else "second_factor.failed",
            actor=actor, body=person.body, object=person.key, success=accepted,
            detail={"by": "app" if model is Authenticator else "code"},
        )  # fmt: skip
    return device if accepted else None


@transaction.atomic
def remove_second_factor(*, person: Person, actor: Actor) -> None:
    """Take away the second factor of somebody who lost it: the security administrator's, never one's own.

    Whoever resets passwords cannot do this, so that neither alone can log in as somebody else. Raises
    ``NotPermitted``, ``NotOneself``.
    """
    require_over(person, Act.SEAT_ASSIGN, actor)
    if actor.person == person.key:
        raise NotOneself
    Authenticator.objects.filter(user=person).delete()
    RecoveryCodes.objects.filter(user=person).delete()
    audit.record("second_factor.removed", actor=actor, body=person.body, object=person.key)


def has_second_factor(person: Person) -> bool:
    """Whether one is set up."""
    return Authenticator.objects.filter(user=person).exists()


def authenticator_of(person: Person) -> Authenticator:
    """The app that was set up; raises ``Authenticator.DoesNotExist``."""
    return Authenticator.objects.get(user=person)


def codes_left(person: Person) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(device__user=person).count()


def _new_codes(person: Person) -> list[str]:
    RecoveryCodes.objects.filter(user=person).delete()
    device = RecoveryCodes.objects.create(user=person, name="codes")
    codes = [
        "-".join("".join(secrets.choice(_SIGNS) for _s in range(5)) for _p in range(2)) for _c in range(CODES)
    ]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(device=device, digest=device.digest(code)) for code in codes
    )
    return codes
