"""The second factor: an authenticator app (RFC 6238) and recovery codes, on django-otp's devices.

django-otp's own plug-ins keep keys and codes in clear; here the key is encrypted with the installation's keys
and codes are kept as keyed hashes, so that a copy of the database is no second factor (law.md 10.1: storage).
"""

from __future__ import annotations

import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from gongkai.platform.core.keys import Keyring, keys_path, load_keys


def _keyring() -> Keyring:
    return load_keys(keys_path(settings.ENVIRONMENT.home))


class Authenticator(ThrottlingMixin, Device):  # type: ignore[misc]
    """An app that shows six digits, new every thirty seconds; one a person."""

    user_id: str
    key_token = models.TextField()
    last_step = models.BigIntegerField(default=-1)
    """The time step of the last digits that were accepted: none are accepted twice."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user"], name="one_authenticator_a_person")]

    def set_key(self, key: bytes) -> None:
        """Encrypt and keep the shared key."""
        self.key_token = _keyring().encrypt(key, bound_to=f"authenticator:{self.user_id}")

    def key(self) -> bytes:
        """The shared key."""
        return _keyring().decrypt(self.key_token, bound_to=f"authenticator:{self.user_id}")

    def verify_token(self, token: str) -> bool:  # type: ignore[override]
        """Accept the digits of now, of the step before or the one after, once; wrong ones slow down."""
        allowed, _why = self.verify_is_allowed()
        if not allowed:
            return False
        if token.isascii() and token.isdigit() and len(token) == 6:
            totp = TOTP(self.key())
            totp.time = time.time()
            if totp.verify(int(token), tolerance=1, min_t=self.last_step + 1):
                self.last_step = totp.t()
                self.throttle_reset(commit=False)
                self.save()
                return True
        self.throttle_increment()
        return False

    def get_throttle_factor(self) -> float:
        """Seconds to wait after the first failure; doubled by each further one."""
        return 1


class RecoveryCodes(ThrottlingMixin, Device):  # type: ignore[misc]
    """Ten codes on paper, each good for one log-in, for when the app is lost."""

    user_id: str
    codes: models.Manager[RecoveryCode]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user"], name="one_set_of_codes_a_person")]

    def digest(self, code: str) -> str:
        """The keyed hash under which a code is kept; dashes do not matter."""
        return _keyring().blind(f"recovery:{self.user_id}", code.replace("-", ""))

    def verify_token(self, token: str) -> bool:  # type: ignore[override]
        """Accept a code that was not used, and use it up; wrong ones slow down."""
        allowed, _why = self.verify_is_allowed()
        if not allowed:
            return False
        used, _rows = self.codes.filter(digest=self.digest(token)).delete()
        if used:
            self.throttle_reset()
        else:
            self.throttle_increment()
        return bool(used)

    def get_throttle_factor(self) -> float:
        """As the authenticator's."""
        return 1


class RecoveryCode(models.Model):
    """One code that was not used yet."""

    device = models.ForeignKey(RecoveryCodes, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest[:8]
