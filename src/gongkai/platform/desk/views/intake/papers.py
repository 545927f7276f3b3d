"""Papers: opening one, adding some to a case, putting a redacted copy beside an original."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.models import CaseFile, CaseText
from gongkai.platform.cases.models.work import PaperKind
from gongkai.platform.cases.services.papers import (
    BadPaper,
    NewPaper,
    add_papers,
    add_redacted_copies,
    papers_of,
    read_file,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.file_types import SHOWN
from gongkai.platform.core.files import FileDamaged, FileRefused, SecretRefused, too_large
from gongkai.platform.core.models import StoredFile
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.core.uploads import oversized
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.downloads import disposition
from gongkai.platform.desk.problems import Problem
from gongkai.platform.desk.views.case import crumbs, found_or_404

ANSWER = "f-no_secret"
"""Where it can be said that a mark is no secret's: asked for once a file was refused for it."""
ADDED = [(kind.value, kind.label) for kind in PaperKind if kind is not PaperKind.REDACTED]


@require_GET
def file(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/files/<ref>/``: a file, for who may read it; each reading is audited.

    Nothing but PDF and pictures is shown by the browser itself, everything else is saved; in a sandbox, so
    that even a file that fools a browser can do nothing in the officer's name.
    """
    try:
        stored, name, content = read_file(actor=actor_of(request), ref=ref)
    except StoredFile.DoesNotExist:
        raise Http404(ref) from None
    except FileDamaged:
        return render(request, "desk/intake/damaged.html", {"ref": ref}, status=500)
    shown = stored.media_type in SHOWN and "save" not in request.GET
    media_type = "text/plain; charset=utf-8" if stored.media_type == "text/plain" else stored.media_type
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = disposition(name, inline=shown)
    response["Content-Length"] = str(len(content))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/papers/``: add papers to a case; with ``original``, its redacted copy."""
    found, actor = found_or_404(request, stream)
    if not actor.may(Act.CASE_ACT, found.body):
        raise NotPermitted(Act.CASE_ACT, actor.seat, found.body)
    original = _original(request, stream, actor)
    problems: list[Problem] = []
    if request.method == "POST":
        problems = _add(request, stream, found.body, actor, original)
        if not problems:
            return redirect("desk:case", stream)
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context: dict[str, Any] = {
        "nav": "cases", "case": found.summary, "kinds": ADDED, "original": original, "problems": problems,
        "errors": bool(problems), "files_again": True, "crumbs": crumbs(_("材料"), to_case),
        "name": next(
            (p.name for p in papers_of(body=found.body, stream=stream, actor=actor)
             if original is not None and p.ref == original.file_id), "",
        ),
        "kind": request.POST.get("kind", ""), "no_secret": request.POST.get("no_secret", ""),
        "asks_why": any(one.anchor == ANSWER for one in problems) or "no_secret" in request.POST,
    }  # fmt: skip
    return render(request, "desk/intake/add_papers.html", context, status=422 if problems else 200)


def _original(request: HttpRequest, stream: str, actor: Actor) -> CaseFile | None:
    ref = request.POST.get("original") or request.GET.get("original") or ""
    if not ref:
        return None
    letter = CaseText.objects.filter(stream=stream).values_list("letter", flat=True).first()
    original = CaseFile.objects.filter(file=ref, stream__in=[stream, letter or stream]).first()
    if original is None or original.kind == PaperKind.REDACTED:
        raise Http404(ref)
    return original


def _add(
    request: HttpRequest, stream: str, body: Any, actor: Actor, original: CaseFile | None
) -> list[Problem]:
    label = _("文件")
    problems = [Problem("f-files", label, too_large(name).message) for _field, name in oversized(request)]
    kind = request.POST.get("kind", "")
    papers = [
        NewPaper(
            kind=kind, name=one.name or "", content=one.read(), media_type=one.content_type or "",
            no_secret=request.POST.get("no_secret", "").strip(),
        )
        for one in request.FILES.getlist("files")
    ]  # fmt: skip
    if not papers and not problems:
        problems.append(Problem("f-files", label, _("请选择要加入的文件")))
    if original is None and kind not in dict(ADDED):
        problems.append(Problem("f-kind", _("类别"), _("请选择文件的类别")))
    if problems:
        return problems
    try:
        if original is not None:
            add_redacted_copies(body=body, original=original, papers=papers, actor=actor)
        else:
            subject = CaseText.objects.filter(stream=stream).select_related("subject").first()
            add_papers(
                body=body, stream=stream, papers=papers, actor=actor,
                subject=None if subject is None else subject.subject,
            )  # fmt: skip
    except SecretRefused as refused:
        return [Problem(ANSWER, label, refused.message)]
    except (FileRefused, BadPaper) as refused:
        return [Problem("f-files", label, refused.message)]
    messages.success(request, _("已加入 %(n)s 份文件。") % {"n": len(papers)})
    return []
