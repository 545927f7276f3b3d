"""Evidence for a proceeding: choose the pieces, number them, say what each proves, make the bundle."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.evidence.showing import EvidenceView, PieceRow, evidence_view
from gongkai.platform.cases.proceedings import NoSuchProceeding
from gongkai.platform.cases.services.archiving import MadeMeanwhile
from gongkai.platform.cases.services.evidence import (
    Chosen,
    NoSuchBundle,
    NoSuchPiece,
    NothingChosen,
    kept_bundle,
    make_bundle,
)
from gongkai.platform.cases.services.secret import secret_pointers
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import FileDamaged
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.problems import Problem
from gongkai.platform.desk.views.archive import as_zip
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.whole import whole

LONGEST = 200


@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, stream: str, remedy: str) -> HttpResponse:
    """``/desk/cases/<stream>/evidence/<remedy>/``: the pieces, and the bundles that were made."""
    found, actor = found_or_404(request, stream)
    try:
        view = evidence_view(body=found.body, stream=stream, remedy=remedy, actor=actor)
    except NoSuchProceeding as missing:
        raise Http404 from missing
    if request.method == "GET":
        return _page(request, found, view)
    view = replace(view, pieces=tuple(_answered(request, row) for row in view.pieces))
    problems = _problems(request, view)
    if problems:
        return _page(request, found, view, problems, status=422)
    return _make(request, found, actor, view)


def _answered(request: HttpRequest, row: PieceRow) -> PieceRow:
    """A piece as it was sent."""

    def sent(name: str, before: str) -> str:
        return " ".join(request.POST.get(f"{name}-{row.key}", before).split())[:LONGEST]

    taken = f"take-{row.key}" in request.POST
    return replace(
        row, number=(whole(request.POST.get(f"number-{row.key}", "")) or 0) if taken else None,
        name=sent("name", row.name), source=sent("source", row.source), proves=sent("proves", row.proves),
    )  # fmt: skip


def _problems(request: HttpRequest, view: EvidenceView) -> list[Problem]:
    taken = [(place, row) for place, row in enumerate(view.pieces, 1) if row.number is not None]
    if not taken:
        return [Problem("f-take-1", _("证据"), _("请至少选一份"))]
    problems: list[Problem] = []
    numbers: dict[int, str] = {}
    for place, row in taken:
        if not row.number:
            problems.append(Problem(f"f-number-{place}", row.label, _("序号请填 1 以上的整数")))
        elif row.number in numbers:
            told = _("序号 %(n)d 与“%(other)s”重复") % {"n": row.number, "other": numbers[row.number]}
            problems.append(Problem(f"f-number-{place}", row.name, told))
        else:
            numbers[row.number] = row.name
        if not row.name:
            problems.append(Problem(f"f-name-{place}", row.label, _("请写证据名称")))
    return problems


def _make(request: HttpRequest, found: CaseFound, actor: Actor, view: EvidenceView) -> HttpResponse:
    stream, remedy = found.summary.stream, view.proceeding.remedy
    taken = sorted((row for row in view.pieces if row.number is not None), key=lambda row: row.number or 0)
    seen = whole(request.POST.get("version", ""))
    try:
        kept = make_bundle(
            body=found.body, stream=stream, remedy=remedy, actor=actor,
            chosen=[Chosen(row.key, row.name, row.source, row.proves) for row in taken],
            expected_version=-1 if seen is None else seen,
        )  # fmt: skip
    except MadeMeanwhile:
        told = _("您打开这一页以后，别人做过证据材料；看过以后需要的，再按一次“做证据材料”。")
        return _page(request, found, view, [Problem("f-take-1", _("证据"), told)], status=409)
    except (NothingChosen, NoSuchPiece):
        told = _("有一份材料已经不在，请重新打开这一页再选。")
        return _page(request, found, view, [Problem("f-take-1", _("证据"), told)], status=409)
    except FileDamaged as damaged:
        return render(request, "desk/intake/damaged.html", {"ref": damaged.ref}, status=500)
    messages.success(
        request, _("证据材料第 %(n)d 版已做好，共 %(p)d 份证据。") % {"n": kept.version, "p": kept.pieces}
    )
    return redirect("desk:evidence", stream, remedy)


def _page(
    request: HttpRequest,
    found: CaseFound,
    view: EvidenceView,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[found.summary.stream]))
    context = {
        "nav": "defences", "case": found.summary, "evidence": view, "problems": problems or [],
        "errors": bool(problems), "crumbs": crumbs(_("证据材料"), to_case),
        "wrong": {problem.anchor for problem in problems or []},
        "pointers": secret_pointers(body=found.body, stream=found.summary.stream, actor=actor_of(request)),
    }  # fmt: skip
    return render(request, "desk/after/evidence.html", context, status=status)


@require_GET
def bundle(request: HttpRequest, stream: str, version: int) -> HttpResponse:
    """``/desk/cases/<stream>/bundles/<version>/``: a bundle that was made; audited."""
    found, actor = found_or_404(request, stream)
    try:
        return as_zip(kept_bundle(body=found.body, stream=stream, version=version, actor=actor))
    except NoSuchBundle as missing:
        raise Http404 from missing
    except FileDamaged as damaged:
        return render(request, "desk/intake/damaged.html", {"ref": damaged.ref}, status=500)
