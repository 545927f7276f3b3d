"""The boards: figures with their definitions, as pages and files; every number opens what it counts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from typing import IO, Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.platform.cases.boards.boards import BOARDS, MOST, Behind, Board, NoSuchFigure
from gongkai.platform.cases.boards.boards import behind as behind_of
from gongkai.platform.cases.boards.boards import board as board_of
from gongkai.platform.cases.boards.periods import PARTS
from gongkai.platform.cases.boards.scope import ALL, BadFilters, Scope, read_scope
from gongkai.platform.cases.boards.sheets import legend, notes, write_book, write_csv
from gongkai.platform.cases.boards.tables import CASES, LOSSES, TOTAL
from gongkai.platform.cases.selectors.case_list import years_of
from gongkai.platform.cases.selectors.scope import sees_below, visible_bodies
from gongkai.platform.cases.sheets import Column, Value, case_columns, case_row_values, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.downloads import XLSX
from gongkai.platform.desk.views.losses import loss_columns, loss_values
from gongkai.platform.desk.views.tasks.lists import task_columns, task_values
from gongkai.platform.desk.whole import whole

PAGE = 50
CSV = "text/csv; charset=utf-8"
_MOST_BODIES = 300
_FILTERS = ("body", "year", "part", "from", "to")


@require_GET
@needs(Act.CASE_SEE)
def first(request: HttpRequest) -> HttpResponse:
    """``/desk/boards/``: the first board."""
    return redirect("desk:board", next(iter(BOARDS)))


@require_GET
@needs(Act.CASE_SEE)
def board(request: HttpRequest, board: str) -> HttpResponseBase:
    """``/desk/boards/<board>/``: its tables, and what each of its figures means."""
    return _with_scope(request, board, lambda scope: _page(request, _found(board, scope)))


def _with_scope(
    request: HttpRequest, board: str, answer: Callable[[Scope], HttpResponseBase]
) -> HttpResponseBase:
    """The answer for what was asked for; where that is not understood, the page with what to do."""
    if board not in BOARDS:
        raise Http404(board)
    try:
        scope = read_scope(actor_of(request), request.GET, timed=BOARDS[board].timed)
    except BadFilters as bad:
        context = _frame(request, board)
        # A field that is not on the page cannot be led to.
        errors = [
            ("" if name == "body" and not context["bodies"] else name, words)
            for name, words in bad.errors.items()
        ]
        context["errors"] = errors
        return render(request, "desk/boards/board.html", context, status=422)
    return answer(scope)


def _found(board: str, scope: Scope) -> Board:
    try:
        return board_of(board, scope)
    except NoSuchFigure as none:
        raise Http404 from none


def _query(request: HttpRequest) -> str:
    """The filters of the page, as they were given."""
    return urlencode({name: value for name in _FILTERS if (value := request.GET.get(name, ""))})


def _frame(request: HttpRequest, board: str) -> dict[str, Any]:
    """What a board's page shows around its tables."""
    actor = actor_of(request)
    given = {name: request.GET.get(name, "") for name in _FILTERS}
    return {
        "nav": "boards",
        "kind": BOARDS[board],
        "kinds": BOARDS.values(),
        "given": given,
        "query": _query(request),
        "kept": [(name, given[name]) for name in _FILTERS[1:] if given[name]],
        "whole_year": PARTS[""],
        "parts": [(key, label) for key, label in PARTS.items() if key],
        "years": [str(year) for year in years_of(actor)],
        "this_year": str(actor.today.year),
        "all": ALL,
        "own": "" if actor.seat is None else actor.seat.body_id,
        "bodies": visible_bodies(actor).order_by("path")[:_MOST_BODIES] if sees_below(actor) else (),
        "may_export": actor.may(Act.CASE_EXPORT, body_of(request)),
    }


def _page(request: HttpRequest, shown: Board) -> HttpResponse:
    context = _frame(request, shown.kind.key) | {"board": shown, "scope": shown.scope, "legend": legend()}
    return render(request, "desk/boards/board.html", context)


@require_GET
@needs(Act.CASE_EXPORT)
def book(request: HttpRequest, board: str) -> HttpResponseBase:
    """``/desk/boards/<board>.xlsx``: its tables and its definitions as a workbook; audited."""
    return _with_scope(request, board, lambda scope: _file(request, board, scope, "xlsx", XLSX, write_book))


@require_GET
@needs(Act.CASE_EXPORT)
def table(request: HttpRequest, board: str) -> HttpResponseBase:
    """``/desk/boards/<board>.csv``: its numbers, one a row, each with its definition; audited."""
    return _with_scope(request, board, lambda scope: _file(request, board, scope, "csv", CSV, write_csv))


def _file(
    request: HttpRequest,
    board: str,
    scope: Scope,
    ending: str,
    content_type: str,
    write: Callable[[IO[bytes], Board], int],
) -> HttpResponseBase:
    shown = _found(board, scope)
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    rows = write(file, shown)
    audit.record(
        "case.exported", actor=scope.actor, body=body_of(request), object=f"boards/{board}.{ending}",
        detail={"rows": rows, "filters": _query(request)},
    )  # fmt: skip
    file.seek(0)
    name = f"{_('看板')}-{shown.kind.title}-{scope.today.isoformat()}.{ending}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _behind(
    request: HttpRequest, board: str, table: str, column: str, scope: Scope, act: Act = Act.CASE_SEE
) -> Behind:
    try:
        return behind_of(board, table, request.GET.get("row", "") or TOTAL, column, scope, act=act)
    except NoSuchFigure as none:
        raise Http404 from none


@require_GET
@needs(Act.CASE_SEE)
def behind(request: HttpRequest, board: str, table: str, column: str) -> HttpResponseBase:
    """``/desk/boards/<board>/<table>/<column>/?row=…``: the cases, tasks or losses that a number counts."""
    return _with_scope(request, board, lambda scope: _list(request, board, table, column, scope))


def _list(request: HttpRequest, board: str, table: str, column: str, scope: Scope) -> HttpResponse:
    found = _behind(request, board, table, column, scope)
    pages = max(1, -(-found.shown // PAGE))
    page = min(max(whole(request.GET.get("page", "")) or 1, 1), pages)
    back = f"{reverse('desk:board', args=[board])}?{_query(request)}"

    def address(to: int) -> str:
        query = request.GET.copy()
        query["page"] = str(to)
        return f"?{query.urlencode()}"

    context = {
        "nav": "boards", "kind": BOARDS[board], "behind": found, "scope": scope, "back": back,
        "rows": found.page((page - 1) * PAGE, PAGE), "of": found.of, "bodies": scope.area, "ours": False,
        "figure": found.cell.figure, "query": request.GET.urlencode(),
        "may_export": scope.actor.may(Act.CASE_EXPORT, body_of(request)),
        "sheet": reverse("desk:board_list_xlsx", args=[board, table, column]),
        "pager": {
            "previous": address(page - 1) if page > 1 else "",
            "next": address(page + 1) if page < pages else "",
            "words": _("第 %(page)d 页，共 %(pages)d 页") % {"page": page, "pages": pages},
        },
    }  # fmt: skip
    return render(request, "desk/boards/list.html", context)


@require_GET
@needs(Act.CASE_EXPORT)
def behind_book(request: HttpRequest, board: str, table: str, column: str) -> HttpResponseBase:
    """The same list as a spreadsheet; audited."""
    return _with_scope(request, board, lambda scope: _sheet(request, board, table, column, scope))


def _sheet(request: HttpRequest, board: str, table: str, column: str, scope: Scope) -> HttpResponseBase:
    found = _behind(request, board, table, column, scope, Act.CASE_EXPORT)
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    told = _board_notes(board, scope, found)
    columns, rows = _rows(found)
    number = write_sheet(file, name=found.cell.figure.name, notes=told, columns=columns, rows=rows)
    audit.record(
        "case.exported", actor=scope.actor, body=body_of(request), object=f"boards/{board}/{table}/{column}",
        detail={"rows": number, "row": found.row.key, "filters": _query(request)},
    )  # fmt: skip
    file.seek(0)
    name = f"{found.row.label}-{found.cell.figure.name}-{scope.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _board_notes(board: str, scope: Scope, found: Behind) -> list[str]:
    figure = found.cell.figure
    told = notes(Board(BOARDS[board], scope, (found.table,)))
    told.append(f"{found.table.title}　{found.row.label}　{figure.name}　{found.cell.text}")
    told.append(f"{figure.name}：{figure.definition}")
    if found.hidden:
        told.append(_("另有 %d 件不在您的阅读范围，没有列出") % found.hidden)
    if found.shown > MOST:
        told.append(_("只列出前 %d 件") % MOST)
    return told


def _rows(found: Behind) -> tuple[list[Column], list[Sequence[Value]]]:
    rows: list[Any] = []
    for first in range(0, min(found.shown, MOST), 500):
        rows += found.page(first, 500)
    if found.of == CASES:
        return case_columns(), [case_row_values(row) for row in rows]
    if found.of == LOSSES:
        return loss_columns(), [loss_values(row) for row in rows]
    return task_columns(), [task_values(row) for row in rows]
