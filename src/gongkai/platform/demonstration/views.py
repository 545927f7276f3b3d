"""Pages of the demonstration: who can log in, which day it is, what was published; and robots.txt."""

from __future__ import annotations

import time
from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.web import actor_of, public
from gongkai.platform.demonstration.bodies import PASSWORD, demo_bodies, logins
from gongkai.platform.demonstration.days import GoesBack, dropped_acts, set_day
from gongkai.platform.demonstration.loading import FIRST_DAY, LAST_DAY
from gongkai.platform.demonstration.models import PublishedReport
from gongkai.platform.demonstration.playing import SYSTEM
from gongkai.platform.demonstration.reports import checked

SECONDS = 8.0
"""A request goes forward for so long at most; the page then offers to go on."""
MOST_DROPPED = 100


class DayForm(forms.Form):
    """The day that it shall be."""

    day = forms.DateField(
        label=gettext_lazy("演示的今天"),
        help_text=gettext_lazy("例如 2024-06-18。只能往后，不能早于现在的日期。"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["day"].widget.attrs.update({"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()})

    def clean_day(self) -> date:
        """A day that the demonstration can have."""
        day: date = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(
                _("应在 {first} 至 {last} 之间。").format(first=FIRST_DAY, last=LAST_DAY)
            )
        return day


@public
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest) -> HttpResponse:
    """Log-ins, bodies, reports, and for who is logged in the form that sets the day."""
    today = actor_of(request).today
    wanted = request.GET.get("day") or today.isoformat()
    form = DayForm(request.POST if request.method == "POST" else None, initial={"day": wanted})
    may_set = request.user.is_authenticated
    status = 200
    if request.method == "POST":
        if not may_set:
            return redirect("desk:login")
        answer = _go(request, form) if form.is_valid() else None
        if answer is not None:
            return answer
        status = 422
    context = {
        "form": form,
        "may_set": may_set,
        "today": today,
        "first": FIRST_DAY,
        "last": LAST_DAY,
        "password": PASSWORD,
        "bodies": [(body, logins(body)) for body in demo_bodies()],
        "reports": PublishedReport.objects.select_related("body").order_by("-year"),
        "dropped": dropped_acts()[:MOST_DROPPED] if may_set else [],
        "errors": form.errors,
    }
    return render(request, "demonstration/day.html", context, status=status)


def _go(request: HttpRequest, form: DayForm) -> HttpResponse | None:
    """Go forward for a while; ``None`` where the day lies behind, which the form then says."""
    wanted, begun = form.cleaned_data["day"], time.monotonic()
    who = actor_of(request)
    actor = who if who.seat is not None else Actor(who.present, system=SYSTEM, address=who.address)
    try:
        done = set_day(day=wanted, actor=actor, enough=lambda: time.monotonic() - begun > SECONDS)
    except GoesBack:
        form.add_error("day", _("早于现在的日期：已发生的事不能倒回，只能重建（见下）。"))
        return None
    if done.arrived:
        messages.success(
            request, _("今天是 {day}，演出了 {n} 项办理。").format(day=done.day, n=done.performed)
        )
        return redirect("demonstration:day")
    messages.warning(
        request,
        _("已到 {day}，演出了 {n} 项办理，还有 {left} 项。请再按一次“设为今天”，直到 {wanted}。").format(
            day=done.day, n=done.performed, left=done.left, wanted=wanted
        ),
    )
    return redirect(f"{request.path}?day={wanted.isoformat()}")


@require_safe
def report(request: HttpRequest, body: str, year: int) -> HttpResponse:
    """The figures of a published report and what the check finds in them; public data for every log-in."""
    found = PublishedReport.objects.select_related("body").filter(body=body, year=year).first()
    if found is None:
        raise Http404
    return render(request, "demonstration/report.html", {"published": found, "report": checked(found)})


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is to be indexed."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
