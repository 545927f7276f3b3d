"""Dates that a notice, a local holiday or a rule moved: listed, signed for, told to those concerned."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.duty import moved
from gongkai.platform.cases.models import BasisChange
from gongkai.platform.cases.selectors.scope import visible_bodies
from gongkai.platform.cases.services.acting import DatedInFuture, SomebodyWasFaster
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.duty import ToldForm
from gongkai.platform.desk.views.duty.common import page_of, send
from gongkai.platform.desk.views.errors import somebody_was_faster
from gongkai.platform.desk.whole import whole

STATES = {
    "": gettext_lazy("全部"),
    "unsigned": gettext_lazy("没有签收"),
    "untold": gettext_lazy("该告知，还没有告知"),
    "told": gettext_lazy("已告知"),
}


@require_GET
@needs(Act.CASE_SEE)
def changes(request: HttpRequest) -> HttpResponse:
    """``/desk/duty/moved/``: what moved dates, the newest first."""
    actor, body = actor_of(request), body_of(request)
    context = {"nav": "duty", "tab": "moved", "sees": True, "rows": moved.changes_of(body.pk, actor)}
    return render(request, "desk/duty/changes.html", context)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/duty/moved/<key>/``: the dates that one of them moved; signing for them."""
    found, actor = _found(request, key), actor_of(request)
    if request.method == "POST":
        actor.require(Act.DUTY_ARRANGE, found.body)
        return _sign(request, found, actor)
    state = request.GET.get("state", "")
    rows, pager = page_of(request, moved.with_people(moved.dates_of(found, actor, state=state)))
    unsigned = moved.dates_of(found, actor, state="unsigned")
    context: dict[str, Any] = {
        "nav": "duty", "tab": "moved", "sees": True, "change": found, "rows": moved.moved_rows(rows),
        "pager": pager, "states": STATES, "state": state, "unsigned": unsigned.count(),
        "through": max(unsigned.values_list("pk", flat=True), default=0),
        "may_sign": actor.may(Act.DUTY_ARRANGE, found.body), "may_tell": actor.may(Act.CASE_ACT, found.body),
        "may_export": actor.may(Act.CASE_EXPORT, found.body),
    }  # fmt: skip
    return render(request, "desk/duty/change.html", context)


def _found(request: HttpRequest, key: str) -> BasisChange:
    """404 where one may not see the cases of the body."""
    actor = actor_of(request)
    found = BasisChange.objects.filter(pk=key, body__in=visible_bodies(actor)).select_related("body").first()
    if found is None:
        raise Http404
    return found


def _sign(request: HttpRequest, found: BasisChange, actor: Actor) -> HttpResponse:
    seen = whole(request.POST.get("through", ""))
    try:
        n = moved.sign_dates(change=found, through=0 if seen is None else seen, actor=actor)
    except moved.NothingToSign:
        messages.error(request, _("没有等待签收的日期，可能刚有人签收。"))
    else:
        messages.success(request, _("已签收 %(n)d 个日期。") % {"n": n})
    return redirect("desk:duty_change", found.pk)


@require_GET
def export(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """``/desk/duty/moved/<key>/list.<form>``: the same list as a spreadsheet or on paper."""
    found, actor = _found(request, key), actor_of(request)
    actor.require(Act.CASE_EXPORT, found.body)
    rows = moved.moved_rows(
        moved.with_people(moved.dates_of(found, actor, state=request.GET.get("state", "")))
    )
    return send(request, moved.sheet_of(found, rows), form, body=found.body, what=f"moved {found.pk}")


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, key: str, stream: str) -> HttpResponse:
    """``/desk/duty/moved/<key>/<stream>/``: enter that the applicant of a case was told."""
    found, actor = _found(request, key), actor_of(request)
    actor.require(Act.CASE_ACT, found.body)
    dates = moved.moved_rows(moved.with_people(moved.dates_of(found, actor, stream=stream)))
    if not dates:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ToldForm(posted, auto_id="f-%s", initial={"on": actor.today})
    status = 200
    if form.is_bound:
        answer = _told(request, found, stream, form, actor)
        if answer is not None:
            return answer
        status = 422
    context = {
        "nav": "duty", "tab": "moved", "sees": True, "change": found, "rows": dates, "form": form,
        "stream": stream, "errors": status != 200, "bound": form if form.is_bound else None,
        "waits": any(row.told_on is None for row in dates),
    }  # fmt: skip
    return render(request, "desk/duty/tell.html", context, status=status)


def _told(
    request: HttpRequest, found: BasisChange, stream: str, form: ToldForm, actor: Actor
) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        moved.mark_told(change=found, stream=stream, actor=actor, **form.cleaned_data)
    except DatedInFuture:
        form.add_error("on", _("告知日不能晚于今天。"))
        return None
    except moved.ToldAlready:
        messages.error(request, _("这件已经记过告知，没有再记一次。"))
    except SomebodyWasFaster:
        return somebody_was_faster(request)
    else:
        messages.success(request, _("已记下，案件的记事里也有。"))
    return redirect("desk:duty_change", found.pk)
