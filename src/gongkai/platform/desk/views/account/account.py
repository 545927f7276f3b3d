"""One's own account: what it is, which seats it has, in which one works now."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongkai.platform.core import audit
from gongkai.platform.core.services import second_factor
from gongkai.platform.core.web import account_page, actor_of, choose_seat, person_of, seats_of
from gongkai.platform.desk.kept import next_of


@account_page
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The account page."""
    person = person_of(request)
    context = {
        "person": person,
        "seats": seats_of(request),
        "seat": actor_of(request).seat,
        "has_second_factor": second_factor.has_second_factor(person),
        "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
        "codes_left": second_factor.codes_left(person),
        "password_days": settings.PASSWORD_DAYS,
    }
    return render(request, "desk/account/account.html", context)


@account_page
@require_POST
def switch_seat(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own seats from now on."""
    try:
        seat = choose_seat(request, request.POST.get("seat", ""))
    except LookupError:
        raise Http404 from None
    audit.record("seat.chosen", actor=actor_of(request), body=seat.body, object=seat.key)
    return redirect(next_of(request) or "desk:home")
