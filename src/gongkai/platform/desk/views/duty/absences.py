"""Who is away, who stands in, what begins tomorrow, in which absence nobody stands in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.platform.cases.duty.sheet import Part, Sheet
from gongkai.platform.cases.duty.tomorrow import warnings
from gongkai.platform.cases.sheets import Column
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import ADMINISTRATORS, Absence, Body, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.services import absences as service
from gongkai.platform.core.services.people import Ended, NotOneself
from gongkai.platform.core.standing_in import Nobody, Standing, absences, is_fit, standing_on
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.duty import AbsenceForm
from gongkai.platform.desk.views.duty.common import page_of, send

STATES = {
    "": gettext_lazy("现在和以后"),
    "past": gettext_lazy("已结束"),
    "all": gettext_lazy("全部"),
}
WHY = {
    Nobody.NOT_NAMED: gettext_lazy("没有指定代理人"),
    Nobody.NO_SEAT: gettext_lazy("代理人已经没有岗位，或者账号停用了"),
    Nobody.CIRCLE: gettext_lazy("代理人又由离岗的人代理"),
}
_DAYS = {
    "backwards": ("last", gettext_lazy("最后一天早于第一天，请改。")),
    "past": ("first", gettext_lazy("第一天已经过去：代理从登记那天起才有效，请从今天或者以后开始。")),
    "long": ("last", gettext_lazy("最长 366 天，请核对年份。")),
}


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_SEE, Act.ABSENCE_ENTER)
def duty(request: HttpRequest) -> HttpResponse:
    """``/desk/duty/``: absences and deputies, and what wants somebody's eye."""
    actor = actor_of(request)
    form = _form(request, actor)
    if form is None:
        actor.require(Act.ABSENCE_ENTER, body_of(request))
        raise Http404
    if not form.is_bound:
        return _page(request, actor, form)
    if form.is_valid() and _entered(form, actor):
        messages.success(request, _("已登记。代理到第一天自动开始，最后一天以后自动结束。"))
        return redirect("desk:duty")
    return _page(request, actor, form, status=422)


def _form(request: HttpRequest, actor: Actor) -> AbsenceForm | None:
    """``None``: a seat that can be away from nothing sends something."""
    body = body_of(request)
    seats = [seat for seat in _seats(body) if service.may_enter(seat, actor)]
    if request.method == "POST" and not seats:
        return None
    deputies = [seat for seat in _seats(body) if is_fit(seat) and seat.person_id != actor.person]
    form = AbsenceForm(request.POST if request.method == "POST" else None, auto_id="f-%s")
    form.choose_from(seats, deputies)
    return form


def _seats(body: Body) -> list[Seat]:
    """The open seats of the office; administrators have no deputy."""
    rows = Seat.objects.filter(body=body, valid_until__isnull=True).select_related("person", "body")
    return [seat for seat in rows.order_by("person__name", "key") if seat.roles - ADMINISTRATORS]


def _entered(form: AbsenceForm, actor: Actor) -> bool:
    try:
        service.enter_absence(actor=actor, **form.cleaned_data)
    except service.WrongDays as wrong:
        field, word = _DAYS[wrong.why]
        form.add_error(field, str(word))
    except service.Overlaps as overlap:
        row = overlap.absence
        form.add_error(
            "first",
            _("这些天里已经登记了离岗（%(first)s 至 %(last)s）；要改，先把那一次结束或者取消。")
            % {"first": row.first.isoformat(), "last": row.last.isoformat()},
        )
    except service.Circle as circle:
        row = circle.absence
        form.add_error(
            "deputy",
            _("%(name)s 在 %(first)s 至 %(last)s 也离岗，绕回来由离岗的人代理，请换一位。")
            % {"name": row.seat.person.name, "first": row.first.isoformat(), "last": row.last.isoformat()},
        )
    except (service.UnfitDeputy, NotOneself):
        form.add_error("deputy", _("请选本机关另一位在岗的人；不能指定自己代理。"))
    except (service.NeedsNoDeputy, Ended):
        form.add_error("seat", _("这个岗位已经收回，或者不能由人代理，请重新选择。"))
    else:
        return True
    return False


@require_POST
@needs(Act.CASE_SEE, Act.ABSENCE_ENTER)
def end(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/duty/absences/<key>/end/``: somebody is back, or does not go."""
    absence = Absence.objects.filter(key=key, body=body_of(request)).select_related("seat__body").first()
    if absence is None:
        raise Http404
    try:
        service.end_absence(absence=absence, actor=actor_of(request))
    except Ended:
        messages.error(request, _("这次离岗已经结束或者取消了。"))
    else:
        messages.success(request, _("已结束，从今天起没有人代理。"))
    return redirect("desk:duty")


@require_GET
@needs(Act.CASE_EXPORT)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """``/desk/duty/absences/list.<form>``: the list as a spreadsheet or on paper."""
    actor, body = actor_of(request), body_of(request)
    rows = _shown(list(_rows(request, actor, body)), actor)
    columns = (
        Column(_("谁离岗"), 14), Column(_("第一天"), 12), Column(_("最后一天"), 12), Column(_("谁代理"), 14),
        Column(_("情况"), 24),
    )  # fmt: skip
    values = tuple(
        (row["name"], row["absence"].first, row["absence"].last, row["deputy"], row["word"]) for row in rows
    )
    part = Part(_("离岗和代理"), columns, values, _("没有离岗。"))
    return send(request, Sheet(body.name, _("离岗和代理清单"), (), (part,)), form, body=body, what="absences")


def _rows(request: HttpRequest, actor: Actor, body: Body) -> QuerySet[Absence]:
    rows = Absence.objects.filter(body=body).select_related("seat__person", "seat__body", "deputy__person")
    match request.GET.get("state", ""):
        case "past":
            return rows.filter(last__lt=actor.today).order_by("-first", "key")
        case "all":
            return rows.order_by("-first", "key")
        case _now:
            return rows.filter(last__gte=actor.today, cancelled_at__isnull=True).order_by("first", "key")


def _shown(rows: Sequence[Absence], actor: Actor) -> list[dict[str, Any]]:
    today = actor.today
    here = list(absences(rows[0].body, today, today)) if rows else []
    standing = {one.absence.pk: one for one in standing_on(today, here)}
    found: list[dict[str, Any]] = []
    for row in rows:
        mark, word = _state(row, standing.get(row.pk), actor)
        live = row.cancelled_at is None and row.last >= today
        found.append(
            {
                "absence": row, "name": row.seat.person.name, "mark": mark, "word": word,
                "deputy": "" if row.deputy is None else row.deputy.person.name,
                "may_end": live and service.may_enter(row.seat, actor),
            }
        )  # fmt: skip
    return found


def _state(row: Absence, standing: Standing | None, actor: Actor) -> tuple[str, str]:
    if row.cancelled_at is not None:
        return "void", _("已取消")
    if row.last < actor.today:
        return "done", _("已结束")
    if row.first > actor.today:
        return "half", _("还没有开始")
    if standing is None:
        return "void", _("岗位已收回")
    if standing.by is None:
        return "overdue", _("没有人代理")
    if standing.over:
        return "running", _("实际由 %(name)s 代理") % {"name": standing.by.person.name}
    return "running", _("正在代理")


def _page(request: HttpRequest, actor: Actor, form: AbsenceForm, status: int = 200) -> HttpResponse:
    body = body_of(request)
    rows, pager = page_of(request, _rows(request, actor, body))
    told = warnings(body, actor)
    context = {
        "nav": "duty", "tab": "absences", "rows": _shown(rows, actor), "pager": pager, "form": form,
        "states": STATES, "state": request.GET.get("state", ""), "errors": status != 200, "told": told,
        "uncovered": [(one, WHY[one.why]) for one in told.uncovered], "may_enter": form.has_choices,
        "sees": actor.may(Act.CASE_SEE, body), "may_export": actor.may(Act.CASE_EXPORT, body),
        "stands_in_for": actor.stands_in_for, "bound": form if form.is_bound else None,
    }  # fmt: skip
    return render(request, "desk/duty/absences.html", context, status=status)
