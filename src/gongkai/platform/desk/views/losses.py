"""Replies that did not stand, with the reviews of what went wrong: the list, and the page of one review."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.losses import PAGE, STATES, Loss, NoSuchLoss, all_losses, causes, loss_of
from gongkai.platform.cases.proceedings import years_decided
from gongkai.platform.cases.selectors.scope import sees_below, visible_bodies
from gongkai.platform.cases.services.desk import handlers_of
from gongkai.platform.cases.services.losses import (
    NobodyResponsible,
    ReviewedMeanwhile,
    measure_done,
    sign_review,
)
from gongkai.platform.cases.sheets import Column, Value, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.downloads import XLSX
from gongkai.platform.desk.forms.after import DoneForm, ReviewForm
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.views.defences import pager_of
from gongkai.platform.desk.whole import whole

_MOST_BODIES = 300


def _asked(request: HttpRequest, actor: Actor) -> tuple[int, dict[str, str], list[Loss], list[Loss]]:
    """The year, the filters, all losses of the year under the body, and those under all filters."""
    year = whole(request.GET.get("year", "")) or actor.today.year
    given = {name: request.GET.get(name, "") for name in ("cause", "state", "body")}
    known: Mapping[str, Mapping[str, object]] = {"cause": causes(), "state": STATES}
    given |= {name: "" for name in known if given[name] not in known[name]}
    if not visible_bodies(actor).filter(key=given["body"]).exists():
        given["body"] = ""
    found = all_losses(actor, year=min(max(year, 1), 9999))
    if given["body"]:
        found = [one for one in found if one.body.key == given["body"]]
    wanted = [
        one
        for one in found
        if (not given["cause"] or (one.review is not None and one.review.cause == given["cause"]))
        and (not given["state"] or one.state == given["state"])
    ]
    return year, given, found, wanted


@require_GET
@needs(Act.CASE_SEE)
def losses(request: HttpRequest) -> HttpResponse:
    """``/desk/losses/``: the losses of a year with their reviews, and how many there are by cause."""
    actor = actor_of(request)
    year, given, found, wanted = _asked(request, actor)
    counted = Counter(one.review.cause for one in found if one.review is not None)
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(whole(request.GET.get("page", "")) or 1, 1), pages)
    years = sorted({*years_decided(actor), year}, reverse=True)
    context = {
        "nav": "defences", "tab": "losses", "year": year, "years": years, "given": given,
        "rows": wanted[(page - 1) * PAGE : page * PAGE], "count": len(wanted), "all": len(found),
        "missing": sum(one.state == "missing" for one in found),
        "by_cause": [(label, counted[key]) for key, label in causes().items() if counted[key]],
        "causes": causes().items(), "states": STATES.items(), "query": request.GET.urlencode(),
        "pager": pager_of(request, page, pages),
        "may_export": actor.may(Act.CASE_EXPORT, body_of(request)),
        "bodies": visible_bodies(actor).order_by("path")[:_MOST_BODIES] if sees_below(actor) else (),
    }  # fmt: skip
    return render(request, "desk/after/losses.html", context)


@require_GET
@needs(Act.CASE_EXPORT)
def sheet(request: HttpRequest) -> HttpResponseBase:
    """``/desk/losses.xlsx``: the losses under the filters, as a spreadsheet."""
    actor, body = actor_of(request), body_of(request)
    year, given, _found, wanted = _asked(request, actor)
    file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115
    heading = _("{body} {year} 年败诉、纠错复盘").format(body=body.name, year=year)
    number = write_sheet(
        file,
        name=_("败诉纠错复盘"),
        notes=[heading],
        columns=loss_columns(),
        rows=(loss_values(one) for one in wanted),
    )
    audit.record(
        "case.exported", actor=actor, body=body, object="losses",
        detail={"rows": number, "year": year, "filters": urlencode({k: v for k, v in given.items() if v})},
    )  # fmt: skip
    file.seek(0)
    name = _("败诉纠错复盘-{year}.xlsx").format(year=year)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def loss_columns() -> list[Column]:
    """The columns of a sheet of losses."""
    return [
        Column(_("案件编号"), 20), Column(_("申请内容"), 36), Column(_("败诉、纠错"), 28),
        Column(_("日期")), Column(_("复盘"), 12), Column(_("原因"), 24), Column(_("哪里出了问题"), 40),
        Column(_("整改措施"), 40), Column(_("责任人"), 12), Column(_("完成期限")),
        Column(_("完成日期")), Column(_("签名"), 12), Column(_("签名日期")), Column(_("机关"), 24),
    ]  # fmt: skip


def loss_values(one: Loss) -> list[Value]:
    """A loss as a row of ``loss_columns``."""
    head: list[Value] = [one.number, one.title, one.what, one.on, one.state_label]
    if one.review is None:
        return [*head, "", "", "", "", None, None, "", None, one.body.name]
    review = one.review
    return [
        *head, review.cause_label, review.went_wrong, review.measure, review.responsible, review.due_on,
        review.done_on, review.signed_by, review.signed_on, one.body.name,
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, stream: str, loss: str) -> HttpResponse:
    """``/desk/cases/<stream>/losses/<loss>/``: the review of a loss: signed, its measure noted as done."""
    found, actor = found_or_404(request, stream)
    try:
        one = loss_of(body=found.body, stream=stream, key=loss, actor=actor)
    except NoSuchLoss as missing:
        raise Http404 from missing
    if request.method == "GET":
        return _page(request, found, one)
    if not one.may_review:
        raise NotPermitted(Act.CASE_ACT, actor.seat, found.body)
    if request.POST.get("step") == "done":
        return _done(request, found, actor, one)
    form = ReviewForm(handlers_of(found.body), request.POST, auto_id="f-%s")
    if not form.is_valid():
        return _page(request, found, one, form=form, status=422)
    try:
        sign_review(
            body=found.body, stream=stream, loss=loss, actor=actor, expected_version=_seen(request),
            **form.cleaned_data,
        )  # fmt: skip
    except ReviewedMeanwhile:
        form.add_error(None, _("您打开这一页以后，别人签署过复盘；请先看看，需要的再签署一版。"))
        return _page(request, found, one, form=form, status=409)
    except NobodyResponsible:
        form.add_error("responsible", _("这个人已经不在本机关的承办岗位上，请重新选择"))
        return _page(request, found, one, form=form, status=422)
    messages.success(request, _("复盘已签署。"))
    return redirect("desk:loss", stream, loss)


def _seen(request: HttpRequest) -> int:
    seen = whole(request.POST.get("version", ""))
    return -1 if seen is None else seen


def _done(request: HttpRequest, found: CaseFound, actor: Actor, one: Loss) -> HttpResponse:
    form = DoneForm(request.POST, auto_id="d-%s")
    if form.is_valid() and form.cleaned_data["done_on"] > actor.today:
        form.add_error("done_on", _("不能晚于今天（%(today)s）") % {"today": actor.today.isoformat()})
    if not form.is_valid():
        return _page(request, found, one, done=form, status=422)
    try:
        measure_done(
            body=found.body, stream=one.stream, loss=one.key, on=form.cleaned_data["done_on"],
            expected_version=_seen(request), actor=actor,
        )  # fmt: skip
    except ReviewedMeanwhile:
        messages.error(request, _("您打开这一页以后，别人签署过复盘或者登记过完成，请看看现在的情况。"))
    else:
        messages.success(request, _("整改措施已登记完成。"))
    return redirect("desk:loss", one.stream, one.key)


def _page(
    request: HttpRequest,
    found: CaseFound,
    one: Loss,
    *,
    form: ReviewForm | None = None,
    done: DoneForm | None = None,
    status: int = 200,
) -> HttpResponse:
    initial: dict[str, object] = {}
    if one.review is not None:
        initial = {
            "cause": one.review.cause, "went_wrong": one.review.went_wrong, "measure": one.review.measure,
            "responsible": one.review.responsible_key, "due_on": one.review.due_on,
        }  # fmt: skip
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[one.stream]))
    context = {
        "nav": "defences", "case": found.summary, "loss": one, "errors": status != 200,
        "form": form or ReviewForm(handlers_of(found.body), initial=initial, auto_id="f-%s"),
        "done": done or DoneForm(auto_id="d-%s"), "bound": form or done,
        "crumbs": crumbs(_("败诉、纠错复盘"), to_case),
    }  # fmt: skip
    return render(request, "desk/after/loss.html", context, status=status)
