"""Tables 3 and 4 of the running year; every number opens the cases that it counts."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.selectors.rows import case_rows
from gongkai.platform.cases.selectors.scope import visible_bodies, visible_cases
from gongkai.platform.cases.sheets import case_columns, case_row_values, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.downloads import XLSX
from gongkai.platform.desk.whole import whole
from gongkai.platform.reporting.selectors import (
    FigureCases,
    Figures,
    NoFigures,
    may_see_area,
    running_figures,
    streams_behind,
    years_with_figures,
)

PAGE = 50
_MOST_BODIES = 300


def _body_or_404(request: HttpRequest, key: str) -> tuple[Body, Actor]:
    actor = actor_of(request)
    body = get_object_or_404(Body, key=key)
    actor.require(Act.FIGURES_SEE, body)
    return body, actor


def _wants_area(request: HttpRequest) -> bool:
    return request.GET.get("scope") == "area"


@require_GET
def figures(request: HttpRequest, body: str, year: int) -> HttpResponse:
    """``/desk/figures/<body>/<year>/``: both tables; ``?scope=area`` for the whole area."""
    found, actor = _body_or_404(request, body)
    area = _wants_area(request)
    try:
        shown: Figures = running_figures(body=found, year=year, area=area, actor=actor)
    except NoFigures as none:
        raise Http404 from none
    below = visible_bodies(actor, Act.FIGURES_SEE).exclude(level="office").order_by("path")[:_MOST_BODIES]
    context: dict[str, Any] = {
        "nav": "figures",
        "figures": shown,
        "years": years_with_figures(body=found, actor=actor),
        "has_area": may_see_area(actor, found),
        "scope": "area" if area else "own",
        "query": "?scope=area" if area else "",
        "choices": below if len(below) > 1 else (),
    }
    return render(request, "desk/figures/figures.html", context)


def _behind(request: HttpRequest, body: str, year: int, cell: str) -> tuple[Body, Actor, bool, FigureCases]:
    found, actor = _body_or_404(request, body)
    area = _wants_area(request)
    try:
        return found, actor, area, streams_behind(body=found, year=year, area=area, cell=cell, actor=actor)
    except NoFigures as none:
        raise Http404 from none


@require_GET
def figure_cases(request: HttpRequest, body: str, year: int, cell: str) -> HttpResponse:
    """``/desk/figures/<body>/<year>/<cell>/``: the cases that the number counts."""
    found, actor, area, behind = _behind(request, body, year, cell)
    seen = visible_cases(actor).filter(stream__in=behind.streams)
    ordered = seen.order_by("received_on", "stream")
    number = seen.count()
    page = _page(request.GET, number)
    rows = case_rows(ordered[(page - 1) * PAGE : page * PAGE], actor)
    context: dict[str, Any] = {
        "nav": "figures",
        "body": found,
        "year": year,
        "area": area,
        "query": "?scope=area" if area else "",
        "cell": cell,
        "behind": behind,
        "rows": rows,
        "bodies": area,
        "shown": number,
        "hidden": len(behind.streams) - number,
        "may_export": actor.may(Act.CASE_EXPORT, found),
        "pager": _pager(request.GET, page, number),
        "back": reverse("desk:figures", args=[found.key, year]),
    }
    return render(request, "desk/figures/cases.html", context)


@require_GET
def figure_cases_export(request: HttpRequest, body: str, year: int, cell: str) -> FileResponse:
    """The same cases as a spreadsheet; audited."""
    found, actor, _area, behind = _behind(request, body, year, cell)
    actor.require(Act.CASE_EXPORT, found)
    summaries: list[CaseSummary] = list(
        visible_cases(actor, Act.CASE_EXPORT)
        .filter(stream__in=behind.streams)
        .order_by("received_on", "stream")
    )
    hidden = len(behind.streams) - len(summaries)
    left_out = (_("另有 %d 件不在您的阅读范围，没有列出") % hidden,) if hidden else ()
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    number = write_sheet(
        file,
        name=_("案件"),
        notes=(f"{found.name} {year} {behind.label}", *left_out),
        columns=case_columns(),
        rows=(case_row_values(row) for row in case_rows(summaries, actor)),
    )
    audit.record("case.exported", actor=actor, body=found, object=cell, detail={"rows": number, "year": year})
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{year}-{cell}.xlsx", content_type=XLSX)


def _page(query: QueryDict, number: int) -> int:
    asked = whole(query.get("page", "1"))
    return min(max(1 if asked is None else asked, 1), max(1, -(-number // PAGE)))


def _pager(query: QueryDict, page: int, number: int) -> dict[str, str]:
    def address(to: int) -> str:
        changed = query.copy()
        changed["page"] = str(to)
        return f"?{changed.urlencode()}"

    return {
        "previous": address(page - 1) if page > 1 else "",
        "next": address(page + 1) if page * PAGE < number else "",
    }
