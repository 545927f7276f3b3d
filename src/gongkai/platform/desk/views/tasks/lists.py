"""The list of tasks, those given to us and those that we gave, and the same as a spreadsheet."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.platform.cases.selectors import task_list as lists
from gongkai.platform.cases.selectors.task_list import (
    GIVEN,
    OURS,
    TaskFilters,
    TaskRow,
    TooManyTasks,
    exported_tasks,
    read_task_filters,
    task_list,
    tasks_given_to,
)
from gongkai.platform.cases.sheets import Column, Value, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.downloads import XLSX
from gongkai.platform.desk.whole import whole


def _filters(request: HttpRequest, actor: Actor) -> TaskFilters:
    usual = OURS if tasks_given_to(actor).exists() else GIVEN
    return read_task_filters(request.GET, default_view=usual)


@require_GET
@needs(Act.TASK_SEE)
def tasks(request: HttpRequest) -> HttpResponse:
    """``/desk/tasks/``: the tasks given to us, and those that we gave."""
    actor = actor_of(request)
    filters = _filters(request, actor)
    found = task_list(actor, filters, page=whole(request.GET.get("page", "")) or 1)

    def address(**changed: Any) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        query.update(changed)
        return f"?{query.urlencode()}"

    context = {
        "nav": "tasks", "list": found, "filters": filters, "choices": lists, "ours": filters.view == OURS,
        "tabs": [
            (OURS, _("交给我们的"), found.ours_open), (GIVEN, _("我们交出的"), found.given_open),
        ],
        "filtered": bool(filters.kind or filters.unit is not None or filters.state != "open"),
        "may_set": actor.may(Act.TASK_SET, body_of(request)),
        "may_export": actor.may(Act.CASE_EXPORT, body_of(request)),
        "export_href": f"{reverse('desk:tasks_export')}?{request.GET.urlencode()}",
        "pager": {
            "previous": address(page=found.page - 1) if found.page > 1 else "",
            "next": address(page=found.page + 1) if found.page < found.pages else "",
            "words": _("第 %(page)d 页，共 %(pages)d 页") % {"page": found.page, "pages": found.pages},
        },
    }  # fmt: skip
    return render(request, "desk/tasks/tasks.html", context)


@require_GET
@needs(Act.CASE_EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/tasks.xlsx``: the list under its filters, as a spreadsheet."""
    actor, body = actor_of(request), body_of(request)
    filters = _filters(request, actor)
    name = _("交给我们的") if filters.view == OURS else _("我们交出的")
    state = lists.STATES[filters.state]
    heading = f"{body.name} {_('交办事项')}（{name}，{state}）{actor.today.isoformat()}"
    try:
        found = exported_tasks(actor, filters)
    except TooManyTasks:
        messages.error(request, _("行数太多，请先缩小范围（例如按单位、情况）再导出"))
        return redirect(f"{reverse('desk:tasks')}?{request.GET.urlencode()}")
    file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115
    number = write_sheet(
        file, name=str(name), notes=[heading], columns=task_columns(),
        rows=(task_values(row) for row in found),
    )  # fmt: skip
    audit.record(
        "case.exported", actor=actor, body=body, object="tasks",
        detail={"rows": number, "view": filters.view, "state": filters.state},
    )  # fmt: skip
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-{actor.today.isoformat()}.xlsx", content_type=XLSX
    )


def task_columns() -> list[Column]:
    """The columns of a sheet of tasks."""
    return [
        Column(_("编号"), 20),
        Column(_("申请内容"), 40),
        Column(_("交办机关"), 24),
        Column(_("承办单位"), 20),
        Column(_("办什么")),
        Column(_("情况"), 18),
        Column(_("交办日")),
        Column(_("内部期限")),
        Column(_("办结、退回日")),
        Column(_("超过内部期限"), 10),
        Column(_("意见"), 10),
        Column(_("催办次数"), 8),
        Column(_("交办人"), 14),
    ]


def task_values(row: TaskRow) -> list[Value]:
    """A task as a row of ``task_columns``."""
    late = _("是") if row.standing.late else _("否")
    return [
        row.number, row.title, row.body, row.unit, row.kind, row.standing.word, row.assigned_on, row.due_on,
        row.ended_on, late, row.stance, row.reminded, row.assigned_by,
    ]  # fmt: skip
