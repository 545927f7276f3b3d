"""``/desk/post/``: the letters on their way out, chosen for sending, printing and exchange."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.posting.documents import STATES
from gongkai.platform.cases.posting.envelopes import (
    CERTIFICATE,
    ENVELOPES,
    LIST,
    SHEETS,
    PrintRefused,
    Wanted,
    printed,
)
from gongkai.platform.cases.posting.exchange import MOST_LETTERS, export_package
from gongkai.platform.cases.posting.head import settings_of
from gongkai.platform.cases.posting.listing import (
    SORTS,
    WHAT,
    columns,
    post_list,
    read_filters,
    values,
)
from gongkai.platform.cases.services.letters import LetterIncomplete
from gongkai.platform.core.files import FileDamaged
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.views.post.shared import file_response, paged, sheet_of
from gongkai.platform.desk.whole import whole


@require_GET
@needs(Act.CASE_SEE)
def index(request: HttpRequest) -> HttpResponse:
    """``/desk/post/``: what waits for the seal, for the post, for its arrival; what came back."""
    actor, body, filters = actor_of(request), body_of(request), read_filters(request.GET)
    found = post_list(actor, filters)
    rows, pager = paged(request, found.rows)
    context = {
        "nav": "post", "found": found, "rows": rows, "pager": pager, "filters": filters,
        "states": [(key, word, found.counts[key]) for key, word in STATES.items()],
        "total": sum(found.counts.values()),
        "whats": WHAT.items(), "sorts": SORTS.items(), "needs_seal": settings_of(body).needs_seal,
        "envelopes": ENVELOPES.items(), "sheets": SHEETS.items(),
        "may_act": actor.may(Act.CASE_ACT, body) and actor.may(Act.CASE_IDENTITY, body),
        "may_export": actor.may(Act.CASE_EXPORT, body), "may_set": actor.may(Act.TEMPLATE_EDIT, body),
    }  # fmt: skip
    return render(request, "desk/post/index.html", context)


@require_GET
@needs(Act.CASE_EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/post.xlsx``: the list under its filters, as a spreadsheet."""
    found = post_list(actor_of(request), read_filters(request.GET))
    return sheet_of(
        request,
        name=_("寄送清单"),
        object="post",
        columns=columns(),
        rows=(values(row) for row in found.rows),
    )


@require_POST
@needs(Act.CASE_ACT)
def chosen(request: HttpRequest) -> HttpResponse:
    """``/desk/post/chosen/``: what is to be done with the letters that were ticked."""
    actor, keys = actor_of(request), request.POST.getlist("letter")[:200]
    actor.require(Act.CASE_IDENTITY, body_of(request))
    back = reverse("desk:post") + (f"?{request.POST['back']}" if request.POST.get("back") else "")
    if not keys:
        messages.error(request, _("请先在清单里勾选文书。"))
        return HttpResponseRedirect(back)
    if request.POST.get("step") == "send":
        return redirect(f"{reverse('desk:post_send')}?{urlencode({'letter': keys}, doseq=True)}")
    try:
        if request.POST.get("step") == "package":
            return _package(request, keys)
        return _print(request, keys)
    except NoSuchLetter:
        messages.error(request, _("有的文书已经不在，或者您不能看，请重新选择。"))
    except PrintRefused as refused:
        messages.error(request, refused.message)
    except LetterIncomplete as incomplete:
        messages.error(request, incomplete.message)
    except FileDamaged:
        messages.error(request, _("有的文书的文件损坏了，请告诉系统管理员。"))
    return HttpResponseRedirect(back)


def _print(request: HttpRequest, keys: list[str]) -> HttpResponse:
    kind = request.POST.get("kind", "")
    skip = whole(request.POST.get("skip", "") or "0")
    wanted = Wanted(
        kind=kind, registered=bool(request.POST.get("registered")), phone=bool(request.POST.get("phone")),
        skip=-1 if skip is None else skip,
    )  # fmt: skip
    content = printed(keys=keys, wanted=wanted, actor=actor_of(request))
    label = {LIST: _("交寄邮件清单"), CERTIFICATE: _("送达回证")}.get(kind)
    label = label or (_("信封") if kind in ENVELOPES else _("标签"))
    name = f"{label}-{actor_of(request).today.isoformat()}.pdf"
    return file_response(content, name, "application/pdf", inline=False)


def _package(request: HttpRequest, keys: list[str]) -> HttpResponse:
    if len(set(keys)) > MOST_LETTERS:
        raise PrintRefused(_("一次最多导出 %d 份。") % MOST_LETTERS)
    content = export_package(keys=keys, actor=actor_of(request))
    name = _("文书包") + f"-{actor_of(request).today.isoformat()}.zip"
    return file_response(content, name, "application/zip", inline=False)
