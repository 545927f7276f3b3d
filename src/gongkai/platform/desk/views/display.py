"""Switching a display mode: large type, high contrast. A plain form, remembered by a cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongkai.platform.core.web import public
from gongkai.platform.desk.frame import DISPLAY, MODES, modes_of
from gongkai.platform.desk.kept import next_of

_YEAR = 365 * 24 * 3600


@public
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Turn the mode ``toggle`` over and go back to ``next``; open to everybody, also before log-in."""
    wanted = {mode.key for mode in modes_of(request) if mode.on}
    toggled = request.POST.get("toggle", "")
    if toggled in MODES:
        wanted ^= {toggled}
    response = HttpResponseRedirect(next_of(request) or reverse("desk:home"))
    response.set_cookie(
        DISPLAY, ".".join(key for key in MODES if key in wanted), max_age=_YEAR, samesite="Lax",
        httponly=True, secure=request.is_secure(),
    )  # fmt: skip
    return response
