"""Past cases from a spreadsheet: uploaded, read, checked, previewed, brought in."""

from __future__ import annotations

import tempfile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.models import PastImport, PastLevel, PastState
from gongkai.platform.cases.past.keeping import FileGone, sheets_of
from gongkai.platform.cases.past.workbook import MOST_ROWS, BookRefused
from gongkai.platform.cases.past.writing import write_marked, write_template
from gongkai.platform.cases.selectors.past import (
    FindingFilter,
    NoSuchImport,
    all_findings,
    field_choices,
    field_names,
    file_name,
    find_past,
    findings_page,
    headings_of,
    headings_seen,
    imports_of,
    kind_labels,
    may_go_on,
    preview_of,
)
from gongkai.platform.cases.services.past import (
    BadMapping,
    NotNow,
    UploadedAlready,
    check_again,
    discard_past,
    order_import,
    set_mapping,
    set_sheets,
    upload_past,
)
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import FileDamaged, FileRefused, file_limit, too_large
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.uploads import oversized
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.downloads import XLSX
from gongkai.platform.desk.problems import Problem
from gongkai.platform.desk.whole import whole

_PREPARE = (Act.CASE_REGISTER, Act.CASE_APPROVE)
_PAGES = {
    PastState.MAPPING: "desk/past/mapping.html",
    PastState.CHECKING: "desk/past/working.html",
    PastState.FAULTY: "desk/past/checked.html",
    PastState.READY: "desk/past/checked.html",
    PastState.IMPORTING: "desk/past/working.html",
    PastState.STOPPED: "desk/past/working.html",
    PastState.DONE: "desk/past/done.html",
}


@require_http_methods(["GET", "POST"])
@needs(*_PREPARE)
def past(request: HttpRequest) -> HttpResponse:
    """``/desk/past/``: the imports of the body, and a new spreadsheet."""
    actor, body = actor_of(request), body_of(request)
    problems: list[Problem] = []
    if request.method == "POST":
        found = _upload(request, actor)
        if isinstance(found, PastImport):
            return redirect("desk:past_import", found.key)
        problems = found
    page = max(0, (whole(request.GET.get("page", "1")) or 1) - 1)
    imports, more = imports_of(body=body, page=page)
    context: dict[str, Any] = {
        "nav": "cases", "imports": [(one, file_name(one)) for one in imports],
        "problems": problems, "errors": bool(problems),
        "files_again": True, "most_rows": MOST_ROWS, "limit": file_limit() // 2**20,
        "pager": _pager(request, page, more=more),
        "crumbs": [(_("案件"), reverse("desk:cases")), (_("历史案件"), "")],
    }  # fmt: skip
    return render(request, "desk/past/past.html", context, status=422 if problems else 200)


def _upload(request: HttpRequest, actor: Actor) -> PastImport | list[Problem]:
    label = _("表格文件")
    if large := oversized(request):
        return [Problem("f-file", label, too_large(name).message) for _field, name in large]
    file = request.FILES.get("file")
    if file is None:
        return [Problem("f-file", label, _("请选择要导入的 .xlsx 文件"))]
    try:
        return upload_past(
            body=body_of(request), actor=actor, content=file.read(), name=file.name or "表格.xlsx"
        )
    except (BookRefused, FileRefused) as refused:
        return [Problem("f-file", label, refused.message)]
    except UploadedAlready as already:
        messages.warning(request, _("这个文件上传过了，这里是它现在的情况；没有再传一次。"))
        return already.past


@require_GET
@needs(*_PREPARE)
def template(request: HttpRequest) -> HttpResponseBase:
    """``/desk/past/template.xlsx``: an empty sheet with our columns."""
    file = tempfile.SpooledTemporaryFile(max_size=2**20)  # noqa: SIM115 - closed by the response
    write_template(file)
    file.seek(0)
    name = _("历史案件模板") + ".xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET", "POST"])
@needs(*_PREPARE)
def one(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/past/<key>/``: what is to be done with a spreadsheet, and how far it has come."""
    actor, found = _found(request, key)
    if request.method == "GET":
        return _page(request, found, actor)
    try:
        return _step(request, found, actor)
    except NotNow:
        messages.error(request, _("这份表格的情况刚刚变了，没有办理；请看现在的情况。"))
    except FileGone:
        messages.error(request, _("表格的内容已经导入或者删除，不能再改。"))
    except FileDamaged:
        messages.error(request, _("保存的表格读不出来，没有办理；请删除以后重新上传，并告诉系统管理员。"))
    return redirect("desk:past_import", key) if _exists(key, actor) else redirect("desk:past")


def _step(request: HttpRequest, found: PastImport, actor: Actor) -> HttpResponse:
    match request.POST.get("step", ""):
        case "sheets":
            chosen = {
                place: row
                for place in range(1, len(found.sheets) + 1)
                if f"sheet-{place}" in request.POST
                and (row := whole(request.POST.get(f"row-{place}", ""))) is not None
            }
            try:
                set_sheets(past=found, actor=actor, chosen=chosen)
            except BadMapping:
                said = _("至少选一张工作表，并写标题在第几行（1 至 100）")
                return _page(request, found, actor, [Problem("f-sheets", _("工作表"), said)])
        case "mapping":
            if request.POST.get("seen") != headings_seen(found):
                raise NotNow(found.state)  # somebody chose other sheets: the fields would mean other headings
            mapping = {
                heading: request.POST[f"h-{place}"]
                for place, heading in enumerate(found.mapping)
                if f"h-{place}" in request.POST
            }
            try:
                set_mapping(past=found, actor=actor, mapping=mapping)
            except BadMapping as bad:
                found.mapping = {**found.mapping, **mapping}
                return _page(request, found, actor, _bad(bad))
            messages.success(request, _("各列的对应已经记住，下次照用。正在检查每一行。"))
        case "change":
            return _page(request, found, actor, state=PastState.MAPPING)
        case "check":
            check_again(past=found, actor=actor)
        case "import":
            order_import(past=found, actor=actor)
            messages.success(request, _("已经开始导入。可以离开这一页，导入照常进行。"))
        case "discard":
            discard_past(past=found, actor=actor)
            messages.success(request, _("表格和检查结果已经删除，没有导入任何案件。"))
            return redirect("desk:past")
        case _:
            raise Http404
    return redirect("desk:past_import", found.key)


def _bad(bad: BadMapping) -> list[Problem]:
    found: list[Problem] = []
    if bad.no_sheet:
        found.append(Problem("f-sheets", _("工作表"), _("没有选工作表")))
    if bad.lack:
        said = _("没有对应的列：%(names)s。请在下面为它选一列；表里没有的，先在表里加上") % {
            "names": field_names(bad.lack)
        }
        found.append(Problem("f-mapping", _("各列"), said))
    if bad.twice:
        said = _("对应了不止一列：%(names)s。只留一列") % {"names": field_names(bad.twice)}
        found.append(Problem("f-mapping", _("各列"), said))
    return found


def _exists(key: str, actor: Actor) -> bool:
    try:
        find_past(key=key, actor=actor)
    except NoSuchImport:
        return False
    return True


def _found(request: HttpRequest, key: str) -> tuple[Actor, PastImport]:
    actor = actor_of(request)
    try:
        return actor, find_past(key=key, actor=actor)
    except NoSuchImport:
        raise Http404(key) from None


def _page(
    request: HttpRequest,
    found: PastImport,
    actor: Actor,
    problems: list[Problem] | None = None,
    *,
    state: str = "",
) -> HttpResponse:
    shown = PastState(state or (PastState.MAPPING if problems else found.state))
    context: dict[str, Any] = {
        "nav": "cases", "past": found, "state": PastState(found.state), "name": file_name(found),
        "problems": problems or [], "errors": bool(problems), "crumbs": _crumbs(_("一份表格")),
        "may_import": actor.may(Act.CASE_APPROVE, found.body), "go_on": may_go_on(found, actor),
        "may_discard": found.state not in (PastState.IMPORTING, PastState.STOPPED, PastState.DONE),
    }  # fmt: skip
    if shown is PastState.MAPPING:
        try:
            context |= {"headings": headings_of(found, actor=actor), "fields": field_choices()}
            context["seen"] = headings_seen(found)
        except FileDamaged:
            messages.error(request, _("保存的表格读不出来；请删除以后重新上传，并告诉系统管理员。"))
    if shown in (PastState.READY, PastState.DONE):
        context |= {"years": preview_of(found), "kinds": kind_labels()}
    if shown in (PastState.FAULTY, PastState.STOPPED):
        asked = FindingFilter(PastLevel.ERROR.value)
        context |= {"findings": findings_page(found, asked, page=0, actor=actor)}
    return render(request, _PAGES[shown], context, status=422 if problems else 200)


@require_GET
@needs(*_PREPARE)
def findings(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/past/<key>/findings/``: errors and reminders, filtered, page by page."""
    actor, found = _found(request, key)
    asked = FindingFilter(request.GET.get("level", ""), request.GET.get("field", ""))
    page = max(0, (whole(request.GET.get("page", "1")) or 1) - 1)
    shown = findings_page(found, asked, page=page, actor=actor)
    context: dict[str, Any] = {
        "nav": "cases", "past": found, "state": PastState(found.state), "asked": asked,
        "findings": shown, "levels": PastLevel.choices, "pager": _pager(request, page, more=shown.more),
        "crumbs": _crumbs(_("检查结果"), (_("一份表格"), reverse("desk:past_import", args=[key]))),
    }  # fmt: skip
    return render(request, "desk/past/findings.html", context)


@require_GET
@needs(*_PREPARE)
def marked(request: HttpRequest, key: str) -> HttpResponseBase:
    """``/desk/past/<key>/findings.xlsx``: a copy of the sheets with faulty cells marked, and the list."""
    actor, found = _found(request, key)
    try:
        sheets = [
            (place, sheet)
            for place, (sheet, setting) in enumerate(zip(sheets_of(found), found.sheets, strict=True), 1)
            if setting["chosen"]
        ]
    except (FileGone, FileDamaged):
        messages.error(request, _("表格的内容已经不在，没有可以下载的。"))
        return redirect("desk:past_import", key)
    file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115 - closed by the response
    write_marked(file, sheets, all_findings(found))
    audit.record("past.read", actor=actor, body=found.body, object=key, detail={"what": "marked"})
    file.seek(0)
    name = _("检查结果") + f"-{file_name(found)}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _crumbs(last: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("案件"), reverse("desk:cases")), (_("历史案件"), reverse("desk:past")), *more, (last, "")]


def _pager(request: HttpRequest, page: int, *, more: bool) -> dict[str, str]:
    def address(number: int) -> str:
        query = {key: value for key, value in request.GET.items() if key != "page"}
        return f"?{urlencode({**query, 'page': number})}"

    return {
        "previous": address(page) if page else "",
        "next": address(page + 2) if more else "",
        "words": _("第 %(n)d 页") % {"n": page + 1},
    }
