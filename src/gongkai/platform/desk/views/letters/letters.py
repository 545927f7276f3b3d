"""Letters of a case: files handed out, letters written by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.case_view import NoSuchCase
from gongkai.platform.cases.letter_list import NoSuchLetter, letter_file, letters_of, offers_of
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.services.letters import (
    LetterIncomplete,
    WrittenMeanwhile,
    issue_letter,
    preview_letter,
)
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.core.files import FileDamaged
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.downloads import disposition
from gongkai.platform.desk.forms.letters import ByHandForm
from gongkai.platform.desk.views.case import found_or_404
from gongkai.platform.desk.whole import whole


@require_GET
def download(request: HttpRequest, stream: str, key: str, form: str) -> HttpResponse:
    """``/desk/cases/<stream>/letters/<key>.<form>``: a letter as DOCX or PDF; the reading is audited."""
    try:
        file = letter_file(stream=stream, key=key, form=form, actor=actor_of(request))
    except (NoSuchCase, NoSuchLetter) as missing:
        raise Http404 from missing
    except FileDamaged as damaged:
        return render(request, "desk/intake/damaged.html", {"ref": damaged.ref}, status=500)
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = disposition(file.name, inline=form == "pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, stream: str, kind: str) -> HttpResponse:
    """``/desk/cases/<stream>/letters/new/<kind>/``: fill in, look, write."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_ACT, found.body)
    offer = next(
        (one for one in offers_of(body=found.body, stream=stream, actor=actor) if one.key == kind), None
    )
    if offer is None:
        raise Http404
    sheet: Sheet | None = None
    form = ByHandForm(offer.fields, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("step") == "write":
                seen = whole(request.POST.get("letters", ""))
                letter = issue_letter(
                    body=found.body, stream=stream, kind=kind, actor=actor, fields=form.answers,
                    expected_letters=-1 if seen is None else seen,
                )  # fmt: skip
                messages.success(request, _("文书已出具：%s。") % (letter.number or offer.label))
                return redirect("desk:case", stream)
            sheet = preview_letter(
                body=found.body, stream=stream, kind=kind, actor=actor, fields=form.answers
            ).sheet
        except LetterIncomplete as incomplete:
            form.add_error(None, incomplete.message)
        except TemplateRefused:
            form.add_error(None, _("本机关的文书模板有问题，请先改正模板。"))
        except NoShortName:
            form.add_error(None, _("请系统管理员先设置机关代字，才能编号。"))
        except WrittenMeanwhile:
            form.add_error(
                None, _("刚才本案已出具过文书，请先看案件里的“文书”；还要再出具的，预览后再按“出具”。")
            )
    failed = form.is_bound and bool(form.errors)
    address = reverse("desk:case", args=[stream])
    trail = [
        (_("待办"), reverse("desk:work_list")),
        (found.summary.number or _("案件"), address),
        (offer.label, ""),
    ]
    context = {
        "case": found.summary, "nav": "cases", "crumbs": trail, "offer": offer, "form": form, "sheet": sheet,
        "errors": failed, "written": len(letters_of(body=found.body, stream=stream, actor=actor)),
    }  # fmt: skip
    return render(request, "desk/letters/write.html", context, status=422 if failed else 200)
