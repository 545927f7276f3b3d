"""After each step of a log-in: the next step, the form that was not accepted, or the page asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import account_page, actor_of
from gongkai.platform.desk.kept import holds_anothers, kept_in, next_of

_FIRST_PAGES = (
    (Act.CASE_SEE, "desk:work_list"),
    (Act.FIGURES_SEE, "desk:work_list"),
    (Act.BODY_EDIT, "desk:bodies"),
    (Act.SEAT_ASSIGN, "desk:people"),
    (Act.AUDIT_READ, "desk:audit"),
)
"""Where work begins, by what the seat may do; the first that fits."""


def go_on(request: HttpRequest) -> HttpResponse:
    """Where to now. A kept form is offered for sending again, with a fresh mark against forgery.

    A further step (second factor, change of password) is asked for by the doorkeeper on the next request; the
    kept form travels on, for its page posts to where the form was going.
    """
    kept = kept_in(request)
    if kept is not None:
        return render(request, "desk/account/resume.html", {"kept": kept})
    if holds_anothers(request):
        return render(request, "desk/account/anothers_form.html")
    return redirect(next_of(request) or "desk:home")


@account_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where the work of the seat begins; to one's account where there is none."""
    actor = actor_of(request)
    for act, name in _FIRST_PAGES:
        if actor.seat is not None and actor.may(act, actor.seat.body):
            try:
                return redirect(reverse(name))
            except NoReverseMatch:
                continue
    return redirect("desk:account")
