"""The case page: everything on one page; who somebody is only when asked for, and that is audited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.platform.cases.case_check import check_case
from gongkai.platform.cases.case_view import CaseFound, NoSuchCase, case_view, find_case
from gongkai.platform.cases.services.desk import NotAHandler, assign_handler, handlers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.panels import (
    after,
    archive,
    duty,
    extension,
    intake,
    letters,
    papers,
    post,
    reply,
    sensitive,
    similar,
    tasks,
)

PANELS = {
    "reply": reply.context,
    "papers": papers.context,
    "letters": letters.context,
    "intake": intake.context,
    "similar": similar.context,
    "extension": extension.context,
    "duty": duty.context,
    "tasks": tasks.context,
    "after": after.context,
    "archive": archive.context,
    "sensitive": sensitive.context,
    "post": post.context,
}


def found_or_404(request: HttpRequest, stream: str) -> tuple[CaseFound, Actor]:
    """The case and who asks; 404 where it may not even be known."""
    actor = actor_of(request)
    try:
        return find_case(stream=stream, actor=actor), actor
    except NoSuchCase as missing:
        raise Http404 from missing


def crumbs(number: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The path to a case's page."""
    from_list = [(_("待办"), "/desk/")]
    return [*from_list, *more, (number, "")]


@require_GET
def case(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/``: the case."""
    return _page(request, stream, reveal=False)


@require_POST
def identity(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/identity/``: the same page with who the applicant is. Audited."""
    return _page(request, stream, reveal=True)


def _page(request: HttpRequest, stream: str, *, reveal: bool) -> HttpResponse:
    found, actor = found_or_404(request, stream)
    view = case_view(body=found.body, stream=stream, actor=actor, reveal=reveal)
    context: dict[str, Any] = {
        "view": view,
        "case": found.summary,
        "nav": "cases",
        "crumbs": crumbs(view.number or _("案件")),
        "handlers": handlers_of(found.body) if view.may_assign else (),
        "foreign": actor.seat is not None and actor.seat.body_id != found.body.key,
    }
    for panel, of_panel in PANELS.items():
        context |= {f"{panel}_panel": of_panel(request, actor, found.summary)}
        context |= context[f"{panel}_panel"]
    return render(request, "desk/case/case.html", context)


@require_GET
def verify(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/verify/``: is the case what was entered? Looked at anew with every request."""
    found, actor = found_or_404(request, stream)
    number = found.summary.number or _("案件")
    context = {
        "case": found.summary, "nav": "cases",
        "check": check_case(body=found.body, stream=stream, actor=actor),
        "crumbs": crumbs(_("验证台账链"), (number, reverse("desk:case", args=[stream]))),
    }  # fmt: skip
    return render(request, "desk/case/verified.html", context)


@require_http_methods(["POST"])
def assign(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/handler/``: give the case to somebody."""
    found, actor = found_or_404(request, stream)
    try:
        desk = assign_handler(
            body=found.body, stream=stream, handler=request.POST.get("handler", ""), actor=actor
        )
    except NotAHandler:
        messages.error(request, _("这个人不在本机关的承办岗位上，请重新选择。"))
    else:
        name = desk.handler.person.name if desk.handler is not None else _("（没有人）")
        messages.success(request, _("承办人：%(name)s") % {"name": name})
    return redirect("desk:case", stream)
