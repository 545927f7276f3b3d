"""What holds for every request, whatever screen it is for: addresses, headers, the idle time limit."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]

TOUCHED = "touched"
"""Session key: when somebody was last seen, by the wall's clock."""


def trust_proxies(get_response: Handler) -> Handler:
    """Read the address of who asks past our own reverse proxies (``GONGKAI_PROXIES``).

    Each proxy appends the address it was asked from to ``X-Forwarded-For``: of the list's end, as many
    entries as there are proxies can be believed. Anything before was sent by the client and is not looked at.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        count: int = settings.TRUSTED_PROXIES
        if count:
            chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            if len(chain) >= count and chain[-count]:
                request.META["REMOTE_ADDR"] = chain[-count][:45]
        return get_response(request)

    return handle


def quiet_headers(get_response: Handler) -> Handler:
    """Nothing here is for search engines, and a page asks the browser for none of its devices."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def limit_idle_time(get_response: Handler) -> Handler:
    """Move a session's end on with its use, at most every twentieth of the idle time: not a write a page.

    A session thus ends after 95 to 100 % of ``GONGKAI_IDLE_MINUTES`` without a request (law.md 10.1).
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now, last = time.time(), request.session.get(TOUCHED)
            if last is None or not 0 <= now - last < settings.SESSION_COOKIE_AGE / 20:
                request.session[TOUCHED] = now
        return get_response(request)

    return handle
