"""An extension proposed by who handles the case, decided by the head of the office on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.proposals import proposal_of
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster
from gongkai.platform.cases.services.extensions import (
    NoProposal,
    ProposedAlready,
    propose_extension,
    return_proposal,
    withdraw_proposal,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.desk.forms.extensions import ProposeForm, RemarksForm
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.views.errors import somebody_was_faster
from gongkai.platform.desk.whole import whole


@require_http_methods(["GET", "POST"])
def extension(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/extension/``: propose, take back, agree (by the act itself) or not."""
    found, actor = found_or_404(request, stream)
    if not actor.may(Act.CASE_APPROVE, found.body):
        actor.require(Act.CASE_ACT, found.body)
    if request.method == "GET":
        return _page(request, found, actor)
    match request.POST.get("step", ""):
        case "propose":
            return _propose(request, found, actor)
        case "withdraw":
            return _settled(request, found, actor)
        case "return":
            actor.require(Act.CASE_APPROVE, found.body)
            form = RemarksForm(request.POST, auto_id="f-%s")
            if not form.is_valid():
                return _page(request, found, actor, returning=form, status=422)
            return _settled(request, found, actor, form.cleaned_data["remarks"])
        case _:
            raise Http404


def _propose(request: HttpRequest, found: CaseFound, actor: Actor) -> HttpResponse:
    actor.require(Act.CASE_ACT, found.body)
    form = ProposeForm(request.POST, auto_id="f-%s")
    if not form.is_valid():
        return _page(request, found, actor, proposing=form, status=422)
    seen = whole(request.POST.get("expected_seq", ""))
    try:
        propose_extension(
            body=found.body, stream=found.summary.stream, actor=actor,
            expected_seq=-1 if seen is None else seen, **form.cleaned_data,
        )  # fmt: skip
    except ActRefused as refused:
        form.add_error(None, f"{refused.refusal.message()}（{refused.refusal.article}）")
        return _page(request, found, actor, proposing=form, status=422)
    except SomebodyWasFaster:
        form.add_error(None, _("您打开这一页以后，有人办理过本案；请先看看案件现在的情况，再提交。"))
        return _page(request, found, actor, proposing=form, status=409)
    except ProposedAlready:
        return somebody_was_faster(request)
    messages.success(request, _("延期建议已送负责人决定；同意并告知申请人以前，答复期限不变。"))
    return redirect("desk:case", found.summary.stream)


def _settled(request: HttpRequest, found: CaseFound, actor: Actor, remarks: str = "") -> HttpResponse:
    where: dict[str, Any] = {"body": found.body, "stream": found.summary.stream, "actor": actor}
    try:
        if remarks:
            return_proposal(**where, remarks=remarks)
            messages.success(request, _("没有同意延期，意见已告诉承办人。"))
        else:
            withdraw_proposal(**where)
            messages.success(request, _("延期建议已撤回。"))
    except NoProposal:
        if remarks:
            return somebody_was_faster(request)
        messages.error(request, _("现在没有等待决定的延期建议，可能刚有人办理。"))
    return redirect("desk:case", found.summary.stream)


def _page(
    request: HttpRequest,
    found: CaseFound,
    actor: Actor,
    *,
    proposing: ProposeForm | None = None,
    returning: RemarksForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stream = found.summary.stream
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context = {
        "nav": "cases", "case": found.summary, "crumbs": crumbs(_("延期建议"), to_case),
        "proposal": proposal_of(body=found.body, stream=stream, actor=actor),
        "may_propose": actor.may(Act.CASE_ACT, found.body), "errors": status != 200,
        "proposing": proposing or ProposeForm(auto_id="f-%s"), "bound": proposing or returning,
        "returning": returning or RemarksForm(auto_id="f-%s"), "expected_seq": found.summary.last_seq,
    }  # fmt: skip
    return render(request, "desk/case/extension.html", context, status=status)
