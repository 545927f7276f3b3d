"""Rules for passwords (law.md 10.1): at least eight signs of three classes, none of the last five again."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.core.models import PasswordHistory, Person

REMEMBERED = 5
"""So many passwords back may not be used again."""
_LOWER, _UPPER, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"

RULE = gettext_lazy("至少 8 位；大写字母、小写字母、数字、符号中至少有三类；不能与最近 5 个口令相同。")


class ClassesValidator:
    """Capital letters, small letters, digits, other signs: at least three of the four."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for fewer."""
        classes = {
            "upper" if c.isupper() else "lower" if c.islower() else "digit" if c.isdigit() else "other"
            for c in password
        }
        if len(classes) < 3:
            raise ValidationError(
                _("口令中大写字母、小写字母、数字、符号至少要有三类。"), code="password_too_few_classes"
            )

    def get_help_text(self) -> str:
        """For Django's own forms."""
        return _("大写字母、小写字母、数字、符号中至少有三类。")


class ReuseValidator:
    """None of the last five."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for one of them."""
        if not isinstance(user, Person) or user._state.adding:
            return
        past = PasswordHistory.objects.filter(person=user).order_by("-id")[:REMEMBERED]
        if any(check_password(password, row.password) for row in past):
            raise ValidationError(_("这个口令最近用过，请换一个。"), code="password_used_before")

    def get_help_text(self) -> str:
        """For Django's own forms."""
        return _("不能与最近 5 个口令相同。")


def one_time_password() -> str:
    """A random password that meets the rules, easy to read out: shown once, to be changed at first log-in."""
    groups = ["".join(secrets.choice(alphabet) for _i in range(4)) for alphabet in (_UPPER, _LOWER, _DIGITS)]
    groups.append("".join(secrets.choice(_LOWER + _DIGITS) for _i in range(4)))
    return "-".join(groups)


def must_change(person: Person, now: datetime) -> bool:
    """Whether the password must be changed before anything else: it was given, or it is too old."""
    if person.must_change_password:
        return True
    days: int = settings.PASSWORD_DAYS
    if not days:
        return False
    return person.password_changed_at is None or now - person.password_changed_at > timedelta(days=days)
