"""An office's own texts of letters: the list, one text with its preview, its versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.letter_list import (
    NoSuchLetter,
    preview_template,
    template_view,
    templates_of,
)
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.services.letters import LetterIncomplete
from gongkai.platform.cases.services.templates import TemplateChanged, restore_template, save_template
from gongkai.platform.core.web import actor_of, body_of
from gongkai.platform.desk.forms.letters import TemplateForm
from gongkai.platform.desk.whole import whole


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """``/desk/templates/``: every letter and the version of its text that holds."""
    rows = templates_of(body=body_of(request), actor=actor_of(request))
    groups = [
        (_("答复"), [row for row in rows if row.group == "reply"]),
        (_("程序性文书、表格和其他"), [row for row in rows if row.group != "reply"]),
    ]
    return render(request, "desk/letters/templates.html", {"groups": groups, "nav": "templates"})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, kind: str) -> HttpResponse:
    """``/desk/templates/<kind>/``: edit, preview, restore."""
    actor, body = actor_of(request), body_of(request)
    try:
        view = template_view(body=body, kind=kind, actor=actor)
    except KeyError as unknown:
        raise Http404 from unknown
    sheet: Sheet | None = None
    form = TemplateForm(initial={"version": view.version, "text": view.text}, auto_id="f-%s")
    if request.method == "POST":
        step = request.POST.get("step", "preview")
        if step == "restore":
            return _restore(request, kind, view.version)
        form = TemplateForm(request.POST, auto_id="f-%s")
        if form.is_valid():
            said = form.cleaned_data
            try:
                if step == "save":
                    row = save_template(
                        body=body, kind=kind, text=said["text"], expected_version=said["version"], actor=actor
                    )
                    messages.success(request, _("第 %d 版已保存，以后出具的文书用它。") % row.version)
                    return redirect("desk:template", kind)
                sheet = preview_template(
                    body=body, kind=kind, text=said["text"], number=said["number"].strip(), actor=actor
                )
            except TemplateRefused as refused:
                for problem in refused.problems:
                    form.add_error("text", problem.message)
            except TemplateChanged as changed:
                form.add_error(
                    None, _("别人刚保存了第 %d 版。您写的还在下面，请另开窗口对照。") % changed.found
                )
            except NoSuchLetter:
                form.add_error("number", _("本机关没有这个编号的申请。"))
            except LetterIncomplete as incomplete:
                form.add_error(None, incomplete.message)
    failed = form.is_bound and bool(form.errors)
    context: dict[str, Any] = {
        "view": view, "form": form, "sheet": sheet, "errors": failed, "nav": "templates",
        "crumbs": [(_("文书模板"), reverse("desk:templates")), (view.kind.label, "")],
    }  # fmt: skip
    return render(request, "desk/letters/template.html", context, status=422 if failed else 200)


def _restore(request: HttpRequest, kind: str, current: int) -> HttpResponse:
    wanted, seen = (whole(request.POST.get(name, "")) for name in ("restore", "version"))
    if wanted is None:
        raise Http404
    try:
        row = restore_template(
            body=body_of(request), kind=kind, version=wanted, actor=actor_of(request),
            expected_version=current if seen is None else seen,
        )  # fmt: skip
    except TemplateChanged:
        messages.error(request, _("别人刚保存了新的版本，没有恢复。请看现在的正文。"))
    except TemplateRefused as refused:
        messages.error(request, " ".join(problem.message for problem in refused.problems))
    except LookupError as unknown:
        raise Http404 from unknown
    else:
        messages.success(request, _("已恢复，存为第 %d 版。") % row.version)
    return redirect("desk:template", kind)
