"""Handing over for good: whose open cases to whom, the list, and the taker's signature."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.duty import hand_over as service
from gongkai.platform.cases.duty.roster import ListChanged
from gongkai.platform.cases.models import HandOver
from gongkai.platform.cases.services.desk import NotAHandler, handlers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.views.duty.common import is_key, page_of, send


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_SEE)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """``/desk/duty/hand-over/``: hand-overs so far; with ``?giver=`` the list of what that seat holds."""
    actor, body = actor_of(request), body_of(request)
    if request.method == "GET":
        return _page(request, actor, body, request.GET.get("giver", ""), request.GET.get("taker", ""))
    actor.require(Act.DUTY_ARRANGE, body)
    giver, taker = request.POST.get("giver", ""), request.POST.get("taker", "")
    try:
        if not is_key(giver):
            raise service.NothingToHandOver(giver)
        done = service.hand_over(
            body=body, giver=giver, taker=taker, seen=request.POST.get("seen", ""), actor=actor
        )
    except ListChanged:
        problem = _("您打开这一页以后，这些案件有了变化；下面是现在的清单，请核对以后再移交。")
        return _page(request, actor, body, giver, taker, problem=problem, status=409)
    except NotAHandler:
        problem = _("请选一位在承办岗位上的、另外的人接收。")
        return _page(request, actor, body, giver, "", problem=problem, status=422)
    except service.NothingToHandOver:
        problem = _("这个岗位现在没有在办的案件，没有什么可移交，可能刚有人移交过。")
        return _page(request, actor, body, "", "", problem=problem, status=409)
    messages.success(request, _("已移交 %(n)d 件，请接收人签收。") % {"n": len(done.streams)})
    return redirect("desk:hand_over", done.pk)


def _page(
    request: HttpRequest, actor: Actor, body: Body, giver: str, taker: str, *, problem: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    may = actor.may(Act.DUTY_ARRANGE, body)
    givers = service.givers_of(body) if may else []
    chosen = next((seat for seat, _n in givers if seat.pk == giver), None)
    rows, pager = page_of(request, service.visible_hand_overs(actor))
    context: dict[str, Any] = {
        "nav": "duty", "tab": "hand_over", "sees": True, "may_arrange": may, "givers": givers,
        "giver": chosen,
        "takers": [one for one in handlers_of(body) if one.key != giver], "taker": taker, "problem": problem,
        "held": None if chosen is None else service.held_by(body=body, seat=giver, actor=actor),
        "rows": rows, "pager": pager, "errors": status != 200,
    }  # fmt: skip
    return render(request, "desk/duty/hand_overs.html", context, status=status)


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/duty/hand-over/<key>/``: one hand-over; the taker signs for it."""
    done, actor = _found(request, key), actor_of(request)
    if request.method == "POST":
        try:
            service.sign_hand_over(done=done, actor=actor)
        except service.SignedAlready:
            messages.error(request, _("已经签收过了。"))
        else:
            messages.success(request, _("已签收。"))
        return redirect("desk:hand_over", key)
    rows = service.rows_of(done, actor)
    context = {
        "nav": "duty", "tab": "hand_over", "sees": True, "done": done, "rows": rows,
        "hidden": len(done.streams) - len(rows), "may_sign": service.may_sign(done, actor),
        "may_export": actor.may(Act.CASE_EXPORT, done.body),
    }  # fmt: skip
    return render(request, "desk/duty/hand_over.html", context)


@require_GET
def export(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """``/desk/duty/hand-over/<key>/list.<form>``: the list to be signed on paper."""
    done, actor = _found(request, key), actor_of(request)
    sheet = service.sheet_of(done, service.rows_of(done, actor))
    return send(request, sheet, form, body=done.body, what=f"handover {done.pk}")


def _found(request: HttpRequest, key: str) -> HandOver:
    done = service.visible_hand_overs(actor_of(request)).filter(pk=key).first()
    if done is None:
        raise Http404
    return done
