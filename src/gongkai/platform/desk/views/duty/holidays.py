"""Before a long holiday: what falls due, who is on duty, the signature; on the page, as a sheet, on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.duty.calendar import AROUND, Holiday, holiday_on, holidays, next_of
from gongkai.platform.cases.duty.holidays import HolidayList, columns, holiday_list, roster_digest
from gongkai.platform.cases.duty.roster import (
    Entry,
    ListChanged,
    NotOfTheBody,
    set_days_after,
    set_roster,
    sign_list,
)
from gongkai.platform.cases.models import RosterPost
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.services.people import Ended
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.duty import DaysAfterForm
from gongkai.platform.desk.views.duty.common import send


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_SEE)
def holidays_page(request: HttpRequest) -> HttpResponse:
    """``/desk/duty/holidays/?on=2024-10-01``: the list of the holiday of a day; without one, of the next."""
    actor, body = actor_of(request), body_of(request)
    basis = basis_for(body, known_on=actor.present.known_on)
    holiday = _holiday(request, basis, actor)
    if request.method == "POST":
        actor.require(Act.DUTY_ARRANGE, body)
        return _done(request, actor, body, basis, holiday)
    return _page(request, actor, body, basis, holiday)


@require_GET
@needs(Act.CASE_EXPORT)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """``/desk/duty/holidays/list.<form>``: the same list as a spreadsheet or on paper."""
    actor, body = actor_of(request), body_of(request)
    basis = basis_for(body, known_on=actor.present.known_on)
    holiday = _holiday(request, basis, actor)
    if holiday is None:
        messages.error(request, _("放假安排里没有三天以上的假期，没有清单可以导出。"))
        return redirect("desk:duty_holidays")
    found = holiday_list(body=body, holiday=holiday, basis=basis, actor=actor)
    return send(request, found.sheet, form, body=body, what=f"holiday {holiday.first.isoformat()}")


def _holiday(request: HttpRequest, basis: Basis, actor: Actor) -> Holiday | None:
    """The holiday that is asked for; 404 for a day that belongs to none."""
    wanted = request.GET.get("on", "")
    if not wanted:
        return next_of(holidays(basis.calendar, actor.today, actor.today + AROUND), actor.today)
    try:
        found = holiday_on(basis.calendar, date.fromisoformat(wanted))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _done(
    request: HttpRequest, actor: Actor, body: Body, basis: Basis, holiday: Holiday | None
) -> HttpResponse:
    if holiday is None:
        raise Http404
    seen = request.POST.get("seen", "")
    match request.POST.get("step", ""):
        case "sign":
            return _sign(request, actor, body, basis, holiday, seen)
        case "roster":
            return _roster(request, actor, body, basis, holiday, seen)
        case "setting":
            form = DaysAfterForm(request.POST, auto_id="f-%s")
            if not form.is_valid():
                return _page(request, actor, body, basis, holiday, setting=form, status=422)
            set_days_after(body=body, days=form.cleaned_data["days"], actor=actor)
            messages.success(request, _("已设置。"))
            return _back(holiday)
        case _:
            raise Http404


def _sign(
    request: HttpRequest, actor: Actor, body: Body, basis: Basis, holiday: Holiday, seen: str
) -> HttpResponse:
    try:
        sign_list(body=body, holiday=holiday, basis=basis, seen=seen, actor=actor)
    except ListChanged:
        problem = _("您打开这一页以后，清单有了变化；请看过现在的清单，再签收。")
        return _page(request, actor, body, basis, holiday, problem=problem, status=409)
    except Ended:
        messages.error(request, _("假期已经过去，不再签收。"))
    else:
        messages.success(request, _("已签收。"))
    return _back(holiday)


def _roster(
    request: HttpRequest, actor: Actor, body: Body, basis: Basis, holiday: Holiday, seen: str
) -> HttpResponse:
    entries: dict[tuple[date, str], Entry] = {}
    for day in holiday.days:
        for post in RosterPost.values:
            name = f"{post}-{day.isoformat()}"
            phone = "".join(sign for sign in request.POST.get(f"phone-{name}", "")[:50] if sign.isprintable())
            entries[day, post] = Entry(request.POST.get(f"seat-{name}", ""), phone)
    try:
        set_roster(body=body, holiday=holiday, entries=entries, seen=seen, actor=actor)
    except ListChanged:
        problem = _("您打开这一页以后，有人改过值班表；下面是现在的，请核对以后再改。")
        return _page(request, actor, body, basis, holiday, problem=problem, status=409)
    except NotOfTheBody as strangers:
        days = "、".join(day.isoformat() for day in strangers.days)
        problem = _("%(days)s 的值班人已经不在本机关的岗位上，请重新选。") % {"days": days}
        return _page(request, actor, body, basis, holiday, problem=problem, status=422)
    messages.success(request, _("值班表已保存。"))
    return _back(holiday)


def _back(holiday: Holiday) -> HttpResponse:
    return redirect(f"{reverse('desk:duty_holidays')}?on={holiday.first.isoformat()}")


def _page(
    request: HttpRequest,
    actor: Actor,
    body: Body,
    basis: Basis,
    holiday: Holiday | None,
    *,
    setting: DaysAfterForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    found = None if holiday is None else holiday_list(body=body, holiday=holiday, basis=basis, actor=actor)
    around = holidays(basis.calendar, actor.today - AROUND, actor.today + AROUND)
    context: dict[str, Any] = {
        "nav": "duty", "tab": "holidays", "sees": True, "found": found, "problem": problem,
        "errors": status != 200, "columns": [column.heading for column in columns()],
        "coming": [one for one in around if one.last >= actor.today],
        "past": [one for one in reversed(around) if one.last < actor.today],
        "may_arrange": actor.may(Act.DUTY_ARRANGE, body), "may_export": actor.may(Act.CASE_EXPORT, body),
    }  # fmt: skip
    if found is not None:
        context |= _arranging(found, setting)
    return render(request, "desk/duty/holidays.html", context, status=status)


def _arranging(found: HolidayList, setting: DaysAfterForm | None) -> dict[str, Any]:
    seats = Seat.objects.filter(body=found.body, valid_until__isnull=True, person__is_active=True)
    return {
        "seats": [
            (seat.pk, seat.person.name)
            for seat in seats.select_related("person").order_by("person__name", "key")
        ],
        "roster_seen": roster_digest(found.roster),
        "setting": setting or DaysAfterForm(initial={"days": found.days_after}, auto_id="f-%s"),
        "bound": setting,
    }
