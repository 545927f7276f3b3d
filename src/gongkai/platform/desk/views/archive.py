"""Packages of a case for the archive: made, kept by version, handed out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.platform.cases.archive.showing import archive_of
from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.services.archiving import (
    MadeMeanwhile,
    NoSuchPackage,
    NothingChanged,
    PackageFile,
    archive_case,
    kept_package,
    package_for,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import FileDamaged
from gongkai.platform.desk.downloads import ZIP, disposition
from gongkai.platform.desk.views.case import found_or_404
from gongkai.platform.desk.whole import whole

ARCHIVED = "case.archived"


@require_POST
def make(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/archive/``: make the package, as a further version."""
    found, actor = found_or_404(request, stream)
    seen = whole(request.POST.get("version", ""))
    _make(request, found, actor, -1 if seen is None else seen)
    return redirect("desk:case", stream)


def make_with_the_act(request: HttpRequest, found: CaseFound, actor: Actor) -> None:
    """The package of a case that was archived just now; the act stands, whatever becomes of the package."""
    view = archive_of(case=found.summary, actor=actor)
    _make(request, found, actor, 0 if view is None else view.newest)


def _make(request: HttpRequest, found: CaseFound, actor: Actor, version: int) -> None:
    try:
        kept = archive_case(
            body=found.body, stream=found.summary.stream, expected_version=version, actor=actor
        )
    except MadeMeanwhile:
        messages.error(
            request, _("您打开这一页以后，本案又有办理或者别人做过归档包；看过以后需要的再做一次。")
        )
    except NothingChanged as same:
        messages.info(request, _("与第 %(n)d 版完全一样，没有另存。") % {"n": same.version})
    except FileDamaged:
        messages.error(
            request,
            _(
                "归档包没有做成：本案有一份文件损坏或者丢失。请系统管理员从备份恢复后再做，案件的办理不受影响。"
            ),
        )
    else:
        messages.success(request, _("归档包第 %(n)d 版已做好，在“归档包”里下载。") % {"n": kept.version})


@require_GET
def kept(request: HttpRequest, stream: str, version: int) -> HttpResponse:
    """``/desk/cases/<stream>/archive/<version>/``: a version that was kept; audited."""
    found, actor = found_or_404(request, stream)
    try:
        file = kept_package(body=found.body, stream=stream, version=version, actor=actor)
    except NoSuchPackage as missing:
        raise Http404 from missing
    except FileDamaged as damaged:
        return render(request, "desk/intake/damaged.html", {"ref": damaged.ref}, status=500)
    return as_zip(file)


@require_GET
def copy(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/archive/copy/``: made now for the reader's own rights, not kept; audited."""
    found, actor = found_or_404(request, stream)
    try:
        return as_zip(package_for(body=found.body, stream=stream, actor=actor))
    except FileDamaged as damaged:
        return render(request, "desk/intake/damaged.html", {"ref": damaged.ref}, status=500)


def as_zip(file: PackageFile) -> HttpResponse:
    """The answer with a ZIP; nobody keeps it on the way."""
    response = HttpResponse(file.content, content_type=ZIP)
    response["Content-Disposition"] = disposition(file.name, inline=False)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
