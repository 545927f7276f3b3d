"""Erase a person: what it takes, what stays, and the number typed by hand before it is done."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.erasure import CannotErase, erase_applicant, extent_of
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.desk.problems import Problem
from gongkai.platform.desk.views.case import crumbs, found_or_404


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/erase/``: by the approver, once every case of the person is closed."""
    found, actor = found_or_404(request, stream)
    if not actor.may(Act.CASE_ERASE, found.body):
        raise NotPermitted(Act.CASE_ERASE, actor.seat, found.body)
    extent = extent_of(body=found.body, stream=stream, actor=actor)
    if extent is None:
        raise Http404(stream)
    number = found.summary.number or stream
    problems: list[Problem] = []
    if request.method == "POST":
        typed = "".join(request.POST.get("number", "").split())
        if typed != number:
            problems.append(
                Problem("f-number", _("编号"), _("与本案编号 %(number)s 不一致") % {"number": number})
            )
        else:
            try:
                erase_applicant(body=found.body, stream=stream, actor=actor)
            except CannotErase as cannot:
                problems.append(Problem("f-number", "", cannot.message))
            else:
                messages.success(request, _("申请人的个人信息已经删除。"))
                return redirect("desk:case", stream)
    to_case = (number, reverse("desk:case", args=[stream]))
    context = {
        "nav": "cases", "case": found.summary, "number": number, "extent": extent, "problems": problems,
        "errors": bool(problems), "crumbs": crumbs(_("删除申请人的信息"), to_case),
    }  # fmt: skip
    return render(request, "desk/intake/erase.html", context, status=422 if problems else 200)
