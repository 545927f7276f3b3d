"""Erase a person: what it takes, what stays, and the number typed by hand before it is done."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.erasure import CannotErase, erase_applicant, extent_of, extent_of_person
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.desk.problems import Problem
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.views.intake.incoming import letter_or_404, trail


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


@require_http_methods(["GET", "POST"])
def erase_writer(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/incoming/<ref>/erase/``: who wrote a letter that is no case; the day is typed by hand."""
    letter, actor = letter_or_404(request, ref, Act.CASE_ERASE)
    extent = extent_of_person(body=letter.body, subject=letter.subject, actor=actor)
    if extent is None:
        raise Http404(ref)
    day = letter.came_on.isoformat()
    problems: list[Problem] = []
    if request.method == "POST":
        if "".join(request.POST.get("number", "").split()) != day:
            problems.append(Problem("f-number", _("来件之日"), _("与来件之日 %(day)s 不一致") % {"day": day}))
        else:
            try:
                erase_applicant(body=letter.body, subject=extent.subject, actor=actor)
            except CannotErase as cannot:
                problems.append(Problem("f-number", "", cannot.message))
            else:
                messages.success(request, _("来件人的个人信息已经删除。"))
                return redirect("desk:letter_in", ref)
    context = {
        "nav": "letters_in", "letter": letter, "number": day, "extent": extent, "problems": problems,
        "errors": bool(problems), "crumbs": trail(ref, _("删除来件人的信息")),
    }  # fmt: skip
    return render(request, "desk/incoming/erase.html", context, status=422 if problems else 200)
