"""The calendar of defences: proceedings against replies with their due dates, and days that others set."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.archive.rights import may_make
from gongkai.platform.cases.calendar_file import calendar_file
from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.proceedings import NoSuchProceeding, Proceeding, proceedings_of
from gongkai.platform.cases.selectors import defences as choices
from gongkai.platform.cases.selectors.defences import defence_list, defences, query_of
from gongkai.platform.cases.selectors.scope import sees_below, visible_bodies
from gongkai.platform.cases.services.appointments import (
    YEARS,
    EnteredAlready,
    FarAway,
    NoSuchAppointment,
    cancel_appointment,
    enter_appointment,
)
from gongkai.platform.cases.services.desk import handlers_of
from gongkai.platform.cases.sheets import Column, Value, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.downloads import XLSX, disposition
from gongkai.platform.desk.forms.after import AppointmentForm
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.whole import whole

_MOST_BODIES = 300


@require_GET
@needs(Act.CASE_SEE)
def calendar(request: HttpRequest) -> HttpResponse:
    """``/desk/defences/``: the proceedings, what is due first stands first."""
    actor = actor_of(request)
    found = defence_list(actor, request.GET, page=whole(request.GET.get("page", "")) or 1)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "nav": "defences", "tab": "defences", "found": found, "choices": choices, "query": query.urlencode(),
        "standings": [(key, word) for key, (word, _fits) in choices.STANDINGS.items()],
        "handlers": handlers_of(body_of(request)), "may_export": actor.may(Act.CASE_EXPORT, body_of(request)),
        "bodies": visible_bodies(actor).order_by("path")[:_MOST_BODIES] if sees_below(actor) else (),
        "pager": pager_of(request, found.page, found.pages),
    }  # fmt: skip
    return render(request, "desk/after/defences.html", context)


def pager_of(request: HttpRequest, page: int, pages: int) -> dict[str, str]:
    """Addresses of the pages before and behind."""

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "previous": address(page - 1) if page > 1 else "",
        "next": address(page + 1) if page < pages else "",
        "words": f"{page} / {pages}",
    }


@require_GET
@needs(Act.CASE_EXPORT)
def sheet(request: HttpRequest) -> HttpResponseBase:
    """``/desk/defences.xlsx``: the calendar under its filters, as a spreadsheet."""
    actor, body = actor_of(request), body_of(request)
    file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115
    day, (found, filters) = actor.today.isoformat(), defences(actor, request.GET)
    heading = _("{body} 复议诉讼 {day}").format(body=body.name, day=day)
    number = write_sheet(
        file, name=_("复议诉讼"), notes=[heading], columns=_columns(),
        rows=(_values(one) for one in found),
    )  # fmt: skip
    audit.record(
        "case.exported", actor=actor, body=body, object="defences",
        detail={"rows": number, "filters": query_of(filters)},
    )  # fmt: skip
    file.seek(0)
    name = _("复议诉讼-{day}.xlsx").format(day=day)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _columns() -> list[Column]:
    return [
        Column(_("案件编号"), 20), Column(_("申请内容"), 36), Column(_("程序"), 24),
        Column(_("审级、程序"), 10), Column(_("复议机关、法院"), 24), Column(_("案号"), 20),
        Column(_("提起日")), Column(_("收到材料")), Column(_("答复、答辩期限")), Column(_("答复情况"), 16),
        Column(_("已答复")), Column(_("下一日程"), 24), Column(_("承办人"), 12), Column(_("审结日")),
        Column(_("结果"), 12), Column(_("机关"), 24),
    ]  # fmt: skip


def _values(one: Proceeding) -> list[Value]:
    nearest = one.next_appointment
    return [
        one.number, one.title, one.label, one.stage, one.authority, one.case_number, one.filed_on,
        one.reached_on, None if one.due is None else one.due.day, one.word, one.answered_on,
        "" if nearest is None else f"{nearest.on.isoformat()} {nearest.label}", one.handler, one.decided_on,
        one.result_label, one.body.name,
    ]  # fmt: skip


@require_GET
@needs(Act.CASE_EXPORT)
def ics(request: HttpRequest) -> HttpResponse:
    """``/desk/defences.ics``: due dates and appointments for the calendar on the desk; audited."""
    actor, body = actor_of(request), body_of(request)
    listed, filters = defences(actor, request.GET)
    found = [one for one in listed if one.open]
    content = calendar_file(found, name=_("{body} 复议诉讼").format(body=body.name), now=actor.present.moment)
    audit.record(
        "case.exported", actor=actor, body=body, object="defences.ics",
        detail={"rows": len(found), "filters": query_of(filters)},
    )  # fmt: skip
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = disposition(_("复议诉讼.ics"), inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def appointments(request: HttpRequest, stream: str, remedy: str) -> HttpResponse:
    """``/desk/cases/<stream>/appointments/<remedy>/``: the days that others set in a proceeding."""
    found, actor = found_or_404(request, stream)
    stages = [
        one for one in proceedings_of(body=found.body, stream=stream, actor=actor) if one.remedy == remedy
    ]
    if not stages:
        raise Http404(remedy)
    if request.method == "GET":
        return _appointments(request, found, actor, stages[-1], AppointmentForm(auto_id="f-%s"))
    if not may_make(actor, found.body):
        raise NotPermitted(Act.CASE_ACT, actor.seat, found.body)
    if request.POST.get("step") == "cancel":
        return _cancelled(request, found, actor, stages[-1])
    form = AppointmentForm(request.POST, auto_id="f-%s")
    if not form.is_valid():
        return _appointments(request, found, actor, stages[-1], form, status=422)
    try:
        enter_appointment(body=found.body, stream=stream, remedy=remedy, actor=actor, **form.cleaned_data)
    except NoSuchProceeding:
        form.add_error(None, _("这件复议、诉讼已经审结，不再登记日程。"))
        return _appointments(request, found, actor, stages[-1], form, status=409)
    except FarAway:
        form.add_error("on", _("日期离今天超过 %(n)d 年，请核对年份") % {"n": YEARS})
        return _appointments(request, found, actor, stages[-1], form, status=422)
    except EnteredAlready:
        messages.info(request, _("同样的日程已经登记过，没有重复登记。"))
    else:
        messages.success(request, _("日程已登记。"))
    return redirect("desk:appointments", stream, remedy)


def _cancelled(request: HttpRequest, found: CaseFound, actor: Actor, one: Proceeding) -> HttpResponse:
    try:
        cancel_appointment(
            body=found.body, stream=one.stream, key=request.POST.get("appointment", ""), actor=actor
        )
    except NoSuchAppointment:
        messages.error(request, _("这项日程已经取消。"))
    else:
        messages.success(request, _("日程已取消；改期的，请按新的日期再登记。"))
    return redirect("desk:appointments", one.stream, one.remedy)


def _appointments(
    request: HttpRequest,
    found: CaseFound,
    actor: Actor,
    one: Proceeding,
    form: AppointmentForm,
    status: int = 200,
) -> HttpResponse:
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[one.stream]))
    context = {
        "nav": "defences", "case": found.summary, "proceeding": one, "form": form, "errors": status != 200,
        "may_enter": may_make(actor, found.body) and one.open, "crumbs": crumbs(_("日程"), to_case),
    }  # fmt: skip
    return render(request, "desk/after/appointments.html", context, status=status)
