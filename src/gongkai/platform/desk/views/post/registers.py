"""Seals and their register, the register of numbers, the settings of head and post."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of
from gongkai.platform.cases.models import SealingState
from gongkai.platform.cases.posting.head import EDITABLE, change_settings, headed, settings_of
from gongkai.platform.cases.posting.numbers import (
    KINDS,
    STATUSES,
    NumberRefused,
    NumberRegister,
    explain_number,
    notes_of,
    number_register,
    take_number,
    void_number,
    years_of,
)
from gongkai.platform.cases.posting.sealing import (
    SealRefused,
    add_seal,
    end_seal,
    register_of,
    seals_of,
)
from gongkai.platform.cases.services.letters import demonstration_mark
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.cases.sheets import Column
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.post import NewSealForm, NumberForm, PostSettingsForm, TakeForm
from gongkai.platform.desk.views.post.shared import crumbs, file_response, paged, sheet_of
from gongkai.platform.desk.whole import whole

_NO_NAME = "请系统管理员先设置机关代字，才能编号。"


def _year(request: HttpRequest) -> int:
    today = actor_of(request).today
    found = whole(request.GET.get("year", ""))
    return found if found is not None and 2000 <= found <= today.year else today.year


# --- seals ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs(Act.TEMPLATE_EDIT)
def seals(request: HttpRequest) -> HttpResponse:
    """``/desk/post/seals/``: the seals of the body."""
    actor, body = actor_of(request), body_of(request)
    form = NewSealForm(auto_id="f-%s", initial={"used_from": actor.today})
    if request.method == "POST":
        try:
            if request.POST.get("step") == "end":
                end_seal(body=body, key=request.POST.get("seal", ""), on=actor.today, actor=actor)
                messages.success(request, _("印章已停用，登记还在。"))
                return redirect("desk:post_seals")
            form = NewSealForm(request.POST, auto_id="f-%s")
            if form.is_valid():
                add_seal(body=body, actor=actor, **form.cleaned_data)
                messages.success(request, _("印章已登记。"))
                return redirect("desk:post_seals")
        except SealRefused as refused:
            if form.is_bound:
                form.add_error(None, refused.message)
            else:
                messages.error(request, refused.message)
                return redirect("desk:post_seals")
    context = {
        "nav": "post", "crumbs": crumbs(_("印章")), "seals": seals_of(body), "form": form,
        "errors": form.is_bound,
    }  # fmt: skip
    return render(request, "desk/post/seals.html", context, status=422 if form.is_bound else 200)


@require_GET
@needs(Act.CASE_SEE)
def sealing(request: HttpRequest) -> HttpResponse:
    """``/desk/post/sealing/``: the register of the use of seals."""
    actor, body, year = actor_of(request), body_of(request), _year(request)
    state = request.GET.get("state", "")
    state = state if state in SealingState.values else ""
    rows, pager = paged(request, register_of(body=body, year=year, state=state, actor=actor))
    context = {
        "nav": "post", "crumbs": crumbs(_("用印登记")), "rows": rows, "pager": pager, "year": year,
        "state": state, "states": SealingState.choices,
        "years": range(actor.today.year, actor.today.year - 6, -1),
        "may_export": actor.may(Act.CASE_EXPORT, body),
    }  # fmt: skip
    return render(request, "desk/post/sealing.html", context)


@require_GET
@needs(Act.CASE_EXPORT)
def sealing_export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/post/sealing.xlsx``."""
    year, state = _year(request), request.GET.get("state", "")
    state = state if state in SealingState.values else ""
    found = register_of(body=body_of(request), year=year, state=state, actor=actor_of(request))
    columns = [
        Column(_("日期")), Column(_("文号"), 22), Column(_("文书"), 24), Column(_("结果"), 10),
        Column(_("印章"), 24), Column(_("份数"), 6), Column(_("登记人"), 12), Column(_("原因"), 40),
    ]  # fmt: skip
    rows = (
        [
            one.sealing.on, one.number, one.label, str(one.words),
            one.sealing.seal.name if one.sealing.seal is not None else "", one.sealing.copies, one.by,
            one.reason,
        ]
        for one in found
    )  # fmt: skip
    return sheet_of(request, name=f"{_('用印登记')}{year}", object="sealing", columns=columns, rows=rows)


# --- numbers ----------------------------------------------------------------------------------------------


def _register(request: HttpRequest) -> NumberRegister:
    kind, status = request.GET.get("kind", "reply"), request.GET.get("status", "")
    return number_register(
        body=body_of(request), kind=kind if kind in KINDS else "reply", year=_year(request),
        status=status if status in STATUSES else "", actor=actor_of(request),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_SEE)
def numbers(request: HttpRequest) -> HttpResponse:
    """``/desk/post/numbers/``: every number of a letter; void ones, gaps, numbers taken for outside."""
    actor, body = actor_of(request), body_of(request)
    kinds = list(KINDS.items())
    note, take = NumberForm(auto_id="n-%s"), TakeForm(kinds=kinds)
    if request.method == "POST":
        actor.require(Act.CASE_CORRECT, body)
        step = request.POST.get("step", "")
        if step not in ("void", "explain", "take"):
            raise Http404
        form = take = TakeForm(request.POST, kinds=kinds) if step == "take" else take
        if step != "take":
            form = note = NumberForm(request.POST, auto_id="n-%s")
        if form.is_valid():
            try:
                said = _entered(step, form.cleaned_data, request)
            except NumberRefused as refused:
                form.add_error(None, refused.message)
            except NoShortName:
                form.add_error(None, _(_NO_NAME))
            else:
                messages.success(request, said)
                return redirect("desk:post_numbers")
    bound = next((one for one in (note, take) if one.is_bound), None)
    try:
        found: NumberRegister | None = _register(request)
    except NoShortName:
        found = None
    rows, pager = paged(request, found.rows if found is not None else [], 100)
    context: dict[str, Any] = {
        "nav": "post", "crumbs": crumbs(_("文号登记")), "found": found, "rows": rows, "pager": pager,
        "kinds": kinds, "statuses": STATUSES.items(), "status": request.GET.get("status", ""),
        "years": years_of(body) or [actor.today.year], "note": note, "take": take, "bound": bound,
        "errors": bound is not None, "may_note": actor.may(Act.CASE_CORRECT, body),
        "may_export": actor.may(Act.CASE_EXPORT, body), "seen": notes_of(body),
        "counts": [(STATUSES[key], n) for key, n in found.counts.items()] if found is not None else [],
    }  # fmt: skip
    return render(request, "desk/post/numbers.html", context, status=422 if bound is not None else 200)


def _entered(step: str, given: dict[str, Any], request: HttpRequest) -> str:
    actor, body = actor_of(request), body_of(request)
    if step == "take":
        seen = whole(request.POST.get("seen", ""))
        number = take_number(body=body, actor=actor, seen=-1 if seen is None else seen, **given)
        return _("文号 %s 已取用，不会再给别的文书。") % number
    number, reason = given["number"].strip(), given["reason"]
    if step == "void":
        void_number(body=body, number=number, reason=reason, actor=actor)
        return _("%s 已作废，不会再用。") % number
    explain_number(body=body, number=number, reason=reason, actor=actor)
    return _("%s 的去向已登记，不会再用。") % number


@require_GET
@needs(Act.CASE_EXPORT)
def numbers_export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/post/numbers.xlsx``."""
    try:
        found = _register(request)
    except NoShortName:
        messages.error(request, _(_NO_NAME))
        return redirect("desk:post_numbers")
    columns = [
        Column(_("文号"), 24), Column(_("情况"), 20), Column(_("文书"), 26), Column(_("签发日")),
        Column(_("原因、去向"), 40), Column(_("登记人"), 12), Column(_("登记日")),
    ]  # fmt: skip
    rows = (
        [
            one.text, str(one.words), one.label, one.issued_on, one.reason, one.by,
            one.at.astimezone(SHANGHAI).date() if one.at is not None else None,
        ]
        for one in found.rows
    )  # fmt: skip
    name = f"{_('文号登记')}{found.year}{KINDS[found.kind]}"
    return sheet_of(request, name=name, object="numbers", columns=columns, rows=rows)


# --- settings ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs(Act.TEMPLATE_EDIT)
def settings(request: HttpRequest) -> HttpResponse:
    """``/desk/post/settings/``: head, place of the seal, imprint, warning; a preview as PDF."""
    actor, body = actor_of(request), body_of(request)
    now = settings_of(body)
    form = PostSettingsForm(auto_id="f-%s", initial={name: getattr(now, name) for name in EDITABLE})
    if request.method == "POST":
        form = PostSettingsForm(request.POST, auto_id="f-%s")
        if form.is_valid():
            if request.POST.get("step") == "preview":
                for name, value in form.cleaned_data.items():
                    setattr(now, name, value)
                content = to_pdf(headed(_sample(body.name, actor.today), body, now))
                return file_response(content, f"{_('版头预览')}.pdf", "application/pdf", inline=True)
            change_settings(body=body, fields=form.cleaned_data, actor=actor)
            messages.success(request, _("设置已保存，以后签发的文书按它；签发过的不变。"))
            return redirect("desk:post_settings")
    failed = form.is_bound
    context = {
        "nav": "post",
        "crumbs": crumbs(_("版头和寄送设置")),
        "form": form,
        "errors": failed,
        "body": body,
    }
    return render(request, "desk/post/settings.html", context, status=422 if failed else 200)


def _sample(name: str, day: date) -> Sheet:
    text = _("这里是正文。版头、文号、红线、印章位置和版记按设置排印，签发的答复书也是这样。")
    return Sheet(
        head=name, title=_("政府信息公开申请答复书"), blocks=blocks_of("\n".join([text] * 4)),
        number=_("（编号待定）"), recipient=_("申请人："), attachments=(_("1.附件名称"),), signature=name,
        date=f"{day.year}年{day.month}月{day.day}日", mark=demonstration_mark() or _("预览"),
    )  # fmt: skip
