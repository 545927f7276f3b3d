"""``/desk/post/letters/<key>/``: one letter: sealed, exchanged, sent, come back, served again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.case_view import NoSuchCase
from gongkai.platform.cases.letter_list import NoSuchLetter, letter_file
from gongkai.platform.cases.posting.documents import Document, State
from gongkai.platform.cases.posting.envelopes import ENVELOPES, SHEETS
from gongkai.platform.cases.posting.exchange import (
    CopyRefused,
    copy_of,
    hashes_of,
    import_copy,
    withdraw_copy,
)
from gongkai.platform.cases.posting.head import settings_of
from gongkai.platform.cases.posting.history import notice_ends_on, steps_of
from gongkai.platform.cases.posting.recipients import (
    AddressRefused,
    addressee_of,
    mend_address,
    read_addressee,
)
from gongkai.platform.cases.posting.sealing import (
    SealRefused,
    refuse_seal,
    seal_letter,
    seals_in_use,
    strike_sealing,
)
from gongkai.platform.cases.posting.sending import LinesRefused, came_back
from gongkai.platform.cases.services.acting import ActRefused, DatedInFuture, SomebodyWasFaster
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import FileDamaged
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.uploads import oversized
from gongkai.platform.desk.forms.post import (
    AddressForm,
    CopyForm,
    RefuseForm,
    ReturnedForm,
    SealForm,
    WrongForm,
)
from gongkai.platform.desk.views.post.shared import crumbs, file_response, shown_or_404
from gongkai.platform.desk.whole import whole

Step = Callable[[HttpRequest, Document, Actor, forms.Form], str]


@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """The letter, with what may be done with it now."""
    document, actor = shown_or_404(request, key)
    if request.method == "GET":
        return _page(request, document, actor)
    step = request.POST.get("step", "")
    actor.require(Act.CASE_CORRECT if step in _MENDING else Act.CASE_ACT, document.body)
    if step == "reveal":
        actor.require(Act.CASE_IDENTITY, document.body)
        return _page(request, document, actor, revealed=True)
    if step not in _STEPS:
        raise Http404
    form = _form(step, document, actor, request)
    if form.is_valid():
        try:
            said = _STEPS[step](request, document, actor, form)
        except (SealRefused, CopyRefused) as refused:
            form.add_error(None, refused.message)
        except AddressRefused as refused:
            for field, message in refused.errors.items():
                form.add_error(field, message)
        except LinesRefused as refused:
            form.add_error(None, " ".join(refused.errors.values()))
        except DatedInFuture:
            form.add_error("on", _("日期不能晚于今天。"))
        except ActRefused as refused:
            form.add_error(None, f"{refused.refusal.message()}（{refused.refusal.article}）")
        except SomebodyWasFaster:
            form.add_error(None, _("您打开这一页以后，有人办理过；请先看看现在的情况，再提交。"))
        except FileDamaged:
            form.add_error(None, _("签发的文件损坏了，不能比对，请告诉系统管理员。"))
        else:
            messages.success(request, said)
            return redirect("desk:post_letter", document.key)
    document, actor = shown_or_404(request, key)
    return _page(request, document, actor, bound={step: form}, revealed=step == "address", status=422)


def _form(step: str, document: Document, actor: Actor, request: HttpRequest | None) -> forms.Form:
    data = request.POST if request is not None else None
    match step:
        case "seal":
            seals = [("", _("请选择")), *((one.key, one.name) for one in seals_in_use(document.body))]
            return SealForm(data, seals=seals, initial={"on": actor.today})
        case "refuse":
            return RefuseForm(data, auto_id="r-%s")
        case "import":
            form = CopyForm(data, request.FILES if request is not None else None, auto_id="c-%s")
            if request is not None and oversized(request):
                form.add_error("file", _("文件太大，没有收下；请压缩以后再导入。"))
            return form
        case "address":
            return AddressForm(data, auto_id="a-%s")
        case "strike" | "withdraw":
            return WrongForm(data, auto_id=f"{step}-%s")
        case _:
            return ReturnedForm(data, auto_id="b-%s", initial={"on": actor.today})


def _seal(_request: HttpRequest, document: Document, actor: Actor, form: forms.Form) -> str:
    seal_letter(key=document.key, actor=actor, **form.cleaned_data)
    return _("已登记用印。")


def _refuse(_request: HttpRequest, document: Document, actor: Actor, form: forms.Form) -> str:
    refuse_seal(key=document.key, reason=form.cleaned_data["reason"], on=actor.today, actor=actor)
    return _("已登记不予用印和原因。")


def _import(_request: HttpRequest, document: Document, actor: Actor, form: forms.Form) -> str:
    file = form.cleaned_data["file"]
    found = import_copy(
        key=document.key, content=file.read(), name=file.name, actor=actor,
        looked_at=form.cleaned_data["looked_at"],
    )  # fmt: skip
    return _("盖章件已导入（%s），以后下载的 PDF 就是它。") % found.compared_words


def _address(_request: HttpRequest, document: Document, actor: Actor, form: forms.Form) -> str:
    mend_address(key=document.key, actor=actor, **form.cleaned_data)
    return _("送达地址已更正，只用于这份文书；申请人登记的地址没有改。")


def _returned(request: HttpRequest, document: Document, actor: Actor, form: forms.Form) -> str:
    came_back(
        key=document.key, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"],
        seqs=seqs_in(request, document), actor=actor,
    )  # fmt: skip
    return _("已登记退回，请再次送达：更正地址再寄，或者换一种方式。按时寄出的仍算按时。")


def _strike(_request: HttpRequest, document: Document, actor: Actor, form: forms.Form) -> str:
    strike_sealing(key=document.key, reason=form.cleaned_data["reason"], actor=actor)
    return _("用印登记已划去，登记簿上还在；可以重新登记。")


def _withdraw(_request: HttpRequest, document: Document, actor: Actor, form: forms.Form) -> str:
    withdraw_copy(key=document.key, reason=form.cleaned_data["reason"], actor=actor)
    return _("盖章件已撤下，可以重新导入。")


_STEPS: dict[str, Step] = {
    "seal": _seal, "refuse": _refuse, "import": _import, "address": _address, "returned": _returned,
    "strike": _strike, "withdraw": _withdraw,
}  # fmt: skip
_MENDING = ("strike", "withdraw")
"""Steps that take back what was entered wrongly."""


def seqs_in(request: HttpRequest, document: Document) -> dict[str, int]:
    """Of every case of a letter the last entry that the form showed."""
    seen: dict[str, int] = {}
    for case in document.cases:
        number = whole(request.POST.get(f"seq-{case.stream}", ""))
        if number is not None:
            seen[case.stream] = number
    return seen


def _page(
    request: HttpRequest,
    document: Document,
    actor: Actor,
    *,
    bound: dict[str, forms.Form] | None = None,
    revealed: bool = False,
    status: int = 200,
) -> HttpResponse:
    bound = bound or {}
    may_identify = actor.may(Act.CASE_IDENTITY, document.body)
    shown = {step: bound.get(step) or _form(step, document, actor, None) for step in _STEPS}
    to = read_addressee(key=document.key, actor=actor) if revealed and may_identify else None
    if to is not None and "address" not in bound:
        shown["address"] = AddressForm(
            auto_id="a-%s",
            initial={"name": to.name, "address": to.address, "postcode": to.postcode, "phone": to.phone},
        )
    try:
        hashes = hashes_of(document)
    except FileDamaged:
        hashes = None
    context: dict[str, Any] = {
        "nav": "post", "crumbs": crumbs(document.number or str(document.label)), "document": document,
        "steps": steps_of(document, actor), "hashes": hashes, "copy": copy_of(document),
        "forms": shown, "bound": next(iter(bound.values()), None), "errors": status != 200, "to": to,
        "has_address": addressee_of(document, actor.today).complete if may_identify else True,
        "may_act": actor.may(Act.CASE_ACT, document.body), "may_identify": may_identify,
        "may_mend": actor.may(Act.CASE_CORRECT, document.body),
        "is_unsent": document.state in (State.TO_SEAL, State.TO_SEND),
        "may_seal": document.sealing != "sealed" and document.state != State.DONE,
        "may_send": document.state in (State.TO_SEND, State.RETURNED),
        "may_return": document.state == State.SENT, "needs_seal": settings_of(document.body).needs_seal,
        "has_seals": bool(seals_in_use(document.body)), "notice_ends": notice_ends_on(document),
        "envelopes": ENVELOPES.items(), "sheets": SHEETS.items(), "today": actor.today,
        "case_links": [(case, reverse("desk:case", args=[case.stream])) for case in document.cases],
    }  # fmt: skip
    return render(request, "desk/post/letter.html", context, status=status)


@require_GET
def frozen(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/post/letters/<key>/frozen.pdf``: the PDF as it was signed, beside the sealed one; audited."""
    document, actor = shown_or_404(request, key)
    try:
        file = letter_file(stream=document.stream, key=document.key, form="frozen", actor=actor)
    except (NoSuchCase, NoSuchLetter) as missing:
        raise Http404 from missing
    except FileDamaged as damaged:
        return render(request, "desk/intake/damaged.html", {"ref": damaged.ref}, status=500)
    return file_response(file.content, file.name, file.media_type, inline=True)
