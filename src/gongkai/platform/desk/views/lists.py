"""The work list and the list of all cases: filters, search, pages, saved filters, spreadsheets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from gongkai.platform.cases.posting.warning import unsent_of
from gongkai.platform.cases.search.search import LONGEST_QUESTION, MOST, Found, How, search
from gongkai.platform.cases.selectors import filters as choices
from gongkai.platform.cases.selectors.case_list import MOST_EXPORTED, TooManyRows, case_list, exported_cases
from gongkai.platform.cases.selectors.defences import defences_ahead
from gongkai.platform.cases.selectors.filters import (
    CaseFilters,
    Unknown,
    WorkFilters,
    query_of,
    read_case_filters,
    read_work_filters,
)
from gongkai.platform.cases.selectors.letters_in import pending_matters
from gongkai.platform.cases.selectors.past import may_prepare
from gongkai.platform.cases.selectors.scope import sees_below, visible_bodies
from gongkai.platform.cases.selectors.task_list import tasks_ahead
from gongkai.platform.cases.selectors.work_list import WorkList
from gongkai.platform.cases.selectors.work_list import work_list as work_list_of
from gongkai.platform.cases.services.desk import handlers_of
from gongkai.platform.cases.sheets import case_columns, case_row_values, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.downloads import XLSX
from gongkai.platform.desk.models import FilteredList
from gongkai.platform.desk.questions import PARAMETER, open_question, seal_question
from gongkai.platform.desk.services.saved_filters import saved_filters

_MOST_BODIES = 300
_HOW = {
    How.NUMBER: gettext_lazy("编号"),
    How.APPLICANT: gettext_lazy("申请人"),
    How.WORDS: gettext_lazy("申请内容"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was searched for, and what was found; ``found`` is ``None`` where nothing was asked."""

    question: str
    sealed: str
    found: Found | None
    expired: bool = False

    @property
    def streams(self) -> tuple[str, ...] | None:
        return self.found.streams if self.found is not None else None


def _asked(request: HttpRequest, actor: Actor) -> _Asked:
    sealed = request.GET.get(PARAMETER, "")
    question = open_question(actor, sealed)
    if question is None:
        return _Asked("", "", None, expired=True)
    if not question:
        return _Asked("", "", None)
    return _Asked(question, sealed, search(actor, question))


@require_GET
@needs(Act.CASE_SEE)
def work_list(request: HttpRequest) -> HttpResponse:
    """``/desk/``: what is open, by when it is due."""
    actor, (filters, unknown) = actor_of(request), read_work_filters(request.GET)
    asked = _asked(request, actor)
    found = work_list_of(
        actor, filters, streams=asked.streams,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    context = _context(request, actor, FilteredList.WORK_LIST, filters, unknown, asked)
    pager = pager_of(request, found.before, found.after)
    unsent = unsent_of(actor) if asked.question or _may_be_unsent(found) else None
    context |= {"work": found, "unsent": unsent, "pager": pager}
    context["ahead"] = defences_ahead(actor)
    context["matters"] = pending_matters(actor)
    context["tasks"] = tasks_ahead(actor)
    return render(request, "desk/lists/work_list.html", context)


@require_GET
@needs(Act.CASE_SEE)
def cases(request: HttpRequest) -> HttpResponse:
    """``/desk/cases/``: all cases, open and closed."""
    actor, (filters, unknown) = actor_of(request), read_case_filters(request.GET)
    asked = _asked(request, actor)
    found = case_list(
        actor, filters, streams=asked.streams,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    context = _context(request, actor, FilteredList.CASES, filters, unknown, asked)
    context |= {"cases": found, "pager": pager_of(request, found.before, found.after)}
    return render(request, "desk/lists/cases.html", context)


def _may_be_unsent(found: WorkList) -> bool:
    """Not where the whole list has none among the signed and the overdue: that has been counted already."""
    groups = found.counts.groups
    narrowed = replace(found.filters, group="") != WorkFilters()
    return narrowed or bool(groups["unsent"] or groups["overdue"])


def _context(
    request: HttpRequest,
    actor: Actor,
    page: FilteredList,
    filters: WorkFilters | CaseFilters,
    unknown: Iterable[Unknown],
    asked: _Asked,
) -> dict[str, Any]:
    below = sees_below(actor)
    return {
        "nav": page.value,
        "page": page,
        "filters": filters,
        "query": query_of(filters),
        "filter_values": list(QueryDict(query_of(filters)).items()),
        "unknown": tuple(unknown),
        "asked": asked,
        "found_by": [_HOW[how] for how in asked.found.by] if asked.found is not None else [],
        "most_found": MOST,
        "longest_question": LONGEST_QUESTION,
        "choices": choices,
        "handlers": handlers_of(body_of(request)),
        "bodies": visible_bodies(actor).order_by("path")[:_MOST_BODIES] if below else (),
        "saved": [kept for kept in saved_filters(actor) if kept.page == page],
        "may_register": actor.may(Act.CASE_REGISTER, body_of(request)),
        "may_export": actor.may(Act.CASE_EXPORT, body_of(request)),
        "may_past": may_prepare(actor, body_of(request)),
        "export_href": f"{reverse(f'desk:{page.value}_export')}?{request.GET.urlencode()}",
    }


def pager_of(request: HttpRequest, before: str, after: str) -> dict[str, str]:
    """Addresses of the pages before and after, with the same filters; empty where there is none."""

    def address(**place: str) -> str:
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query.update(place)
        return f"?{query.urlencode()}"

    return {
        "previous": address(before=before) if before else "",
        "next": address(after=after) if after else "",
    }


@require_POST
@needs(Act.CASE_SEE)
def find(request: HttpRequest) -> HttpResponse:
    """``/desk/find/``: the filter form; leads to its list with the filters and the sealed question."""
    actor, page = actor_of(request), request.POST.get("page", "")
    read = read_case_filters if page == FilteredList.CASES.value else read_work_filters
    filters, unknown = read(request.POST)
    for one in unknown:
        messages.warning(request, _("“{label}”没有这一项，已忽略").format(label=one.label))
    query = dict(QueryDict(query_of(filters)).items())
    question = seal_question(actor, request.POST.get("q", "")[:LONGEST_QUESTION])
    if question:
        query[PARAMETER] = question
    target = reverse("desk:cases" if page == FilteredList.CASES.value else "desk:work_list")
    return HttpResponseRedirect(f"{target}?{urlencode(query)}" if query else target)


@require_GET
@needs(Act.CASE_EXPORT)
def work_list_export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/work-list.xlsx``: the work list under its filters, as a spreadsheet."""
    filters, _unknown = read_work_filters(request.GET)
    return _export(request, FilteredList.WORK_LIST, filters)


@require_GET
@needs(Act.CASE_EXPORT)
def cases_export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/cases.xlsx``: the list of cases under its filters, as a spreadsheet."""
    filters, _unknown = read_case_filters(request.GET)
    return _export(request, FilteredList.CASES, filters)


def _export(request: HttpRequest, page: FilteredList, filters: WorkFilters | CaseFilters) -> HttpResponseBase:
    actor, body = actor_of(request), body_of(request)
    asked = _asked(request, actor)
    try:
        rows = exported_cases(actor, filters, streams=asked.streams)
    except TooManyRows:
        messages.error(
            request,
            _("要导出的案件超过 {most} 件，请先缩小范围（例如按年份）再导出").format(most=MOST_EXPORTED),
        )
        return HttpResponseRedirect(f"{reverse(f'desk:{page.value}')}?{request.GET.urlencode()}")
    # Closed by the response; a large one goes to the disk.
    file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115
    heading = _("{body} {list} {day}").format(body=body.name, list=page.label, day=actor.today.isoformat())
    number = write_sheet(
        file, name=str(page.label), notes=[heading, *_said(filters, body)], columns=case_columns(),
        rows=(case_row_values(row) for row in rows),
    )  # fmt: skip
    audit.record(
        "case.exported", actor=actor, body=body, object=page.value,
        detail={"rows": number, "filters": query_of(filters), "searched": asked.found is not None},
    )  # fmt: skip
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{page.label}-{actor.today.isoformat()}.xlsx", content_type=XLSX
    )


def _said(filters: WorkFilters | CaseFilters, own: Body) -> list[str]:
    names = {handler.key: handler.label for handler in handlers_of(own)}
    if filters.body:
        names |= dict(Body.objects.filter(key=filters.body).values_list("key", "name"))
    told = choices.said(filters, names)
    return [_("筛选：") + told] if told else []
