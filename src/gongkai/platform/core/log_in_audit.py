"""Log-ins, failures, lockouts and log-outs go into the audit, by the framework's own signals."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Person
from gongkai.platform.core.present import present


def _actor(request: HttpRequest | None, person: str = "") -> Actor:
    address = "" if request is None else str(request.META.get("REMOTE_ADDR", ""))
    return Actor(present(), None, address=address, logged_in=person)


def _known(username: object) -> str:
    """The person's key. A name that nobody has is not kept: often it is a password in the wrong field."""
    return Person.objects.filter(username=username).values_list("key", flat=True).first() or ""


def logged_in(sender: object, request: HttpRequest | None, user: Person, **_more: Any) -> None:
    """Receive ``user_logged_in``."""
    audit.record("login.succeeded", actor=_actor(request, user.key), body=user.body)


def logged_out(sender: object, request: HttpRequest | None, user: Person | None, **_more: Any) -> None:
    """Receive ``user_logged_out``."""
    if user is not None:
        audit.record("logout", actor=_actor(request, user.key), body=user.body)


def failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any
) -> None:
    """Receive ``user_login_failed``."""
    key = _known(credentials.get("username"))
    audit.record("login.failed", actor=_actor(request), object=key, success=False)


def locked_out(sender: object, request: HttpRequest, username: str | None, **_more: Any) -> None:
    """Receive ``user_locked_out``."""
    audit.record("login.locked", actor=_actor(request), object=_known(username), success=False)


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(logged_in, dispatch_uid="audit")
    user_logged_out.connect(logged_out, dispatch_uid="audit")
    user_login_failed.connect(failed, dispatch_uid="audit")
    user_locked_out.connect(locked_out, dispatch_uid="audit")
