"""Sensitive cases: flag, confirm, change, lift; where a secret original is kept; levels of approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.intake import letter_view
from gongkai.platform.cases.models import SecretPointer
from gongkai.platform.cases.selectors.filters import OUTCOMES
from gongkai.platform.cases.sensitive.flags import FlagView, flag_view, past_flags, reader_choices
from gongkai.platform.cases.sensitive.levels import levels_set
from gongkai.platform.cases.services.secret import (
    BadPointer,
    point_to_secret,
    secret_pointers,
    withdraw_pointer,
)
from gongkai.platform.cases.services.sensitive import (
    CannotFlag,
    FlagChanged,
    change_flag,
    confirm_flag,
    flag_case,
    flag_letter,
    lift_flag,
    set_levels,
)
from gongkai.platform.core import administering
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.sensitive import FlagForm, LevelsForm, LiftForm, PointerForm
from gongkai.platform.desk.views.case import crumbs, found_or_404


def _say_changed(request: HttpRequest) -> None:
    messages.error(request, _("别人刚改过这件案件的敏感标记，没有按您的意思办。请看现在的情况再决定。"))


@require_http_methods(["GET", "POST"])
def sensitive(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/sensitive/``: the flag of a case, and what may be done with it."""
    found, actor = found_or_404(request, stream)
    if not actor.may(Act.CASE_APPROVE, found.body):
        actor.require(Act.CASE_REGISTER, found.body)
    flag = flag_view(body=found.body, stream=stream, actor=actor)
    if request.method == "GET":
        return _page(request, found, actor, flag)
    step = request.POST.get("step", "")
    if step in ("confirm", "change", "lift"):
        actor.require(Act.CASE_APPROVE, found.body)
    try:
        return _decide(request, found, actor, flag, step)
    except FlagChanged:
        _say_changed(request)
        return redirect("desk:sensitive", stream)


def _decide(
    request: HttpRequest, found: CaseFound, actor: Actor, flag: FlagView | None, step: str
) -> HttpResponse:
    where: dict[str, Any] = {"body": found.body, "stream": found.summary.stream, "actor": actor}
    seen = request.POST.get("seen", "")
    match step:
        case "flag" | "change":
            form = FlagForm(
                reader_choices(body=found.body, stream=found.summary.stream), request.POST,
                reason_stays=step == "change",
            )  # fmt: skip
            if not form.is_valid():
                return _page(request, found, actor, flag, flagging=form, status=422)
            try:
                if step == "flag":
                    flag_case(**where, flagging=form.flagging)
                else:
                    change_flag(**where, flagging=form.flagging, seen=seen)
            except CannotFlag as cannot:
                form.add_error(cannot.field, cannot.message)
                return _page(request, found, actor, flag, flagging=form, status=422)
            messages.success(
                request, _("已标为敏感案件，只有阅读人看得到。") if step == "flag" else _("已保存。")
            )
        case "confirm":
            confirm_flag(**where, seen=seen)
            messages.success(request, _("已确认敏感标记。"))
        case "lift":
            lifting = LiftForm(request.POST, auto_id="f-lift-%s")
            if not lifting.is_valid():
                return _page(request, found, actor, flag, lifting=lifting, status=422)
            lift_flag(**where, reason=lifting.cleaned_data["reason"], seen=seen)
            messages.success(request, _("已解除敏感标记。"))
        case _:
            raise Http404
    return redirect("desk:case", found.summary.stream)


def _page(
    request: HttpRequest,
    found: CaseFound,
    actor: Actor,
    flag: FlagView | None,
    *,
    flagging: FlagForm | None = None,
    lifting: LiftForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stream = found.summary.stream
    chosen = [actor.key] if flag is None else [one.seat for one in flag.readers]
    if flagging is None:
        initial: dict[str, Any] = {}
        if flag is not None:
            initial = {"levels": str(flag.levels), "until": flag.until}
        flagging = FlagForm(
            reader_choices(body=found.body, stream=stream, chosen=chosen), initial=initial,
            reason_stays=flag is not None,
        )  # fmt: skip
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context = {
        "nav": "cases", "case": found.summary, "crumbs": crumbs(_("敏感标记"), to_case), "flag": flag,
        "past": past_flags(body=found.body, stream=stream, actor=actor), "flagging": flagging,
        "lifting": lifting or LiftForm(auto_id="f-lift-%s"), "errors": status != 200,
        "bound": lifting if lifting is not None else flagging if flagging.is_bound else None,
        "approves": actor.may(Act.CASE_APPROVE, found.body),
    }  # fmt: skip
    return render(request, "desk/case/sensitive.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_REGISTER)
def sensitive_letter(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/register/<letter>/sensitive/``: flag every case of a letter, as soon as it is registered."""
    actor, body = actor_of(request), body_of(request)
    letter = letter_view(body=body, ref=ref, actor=actor)
    if letter is None or not letter.cases:
        raise Http404(ref)
    choices = reader_choices(body=body, stream=letter.cases[0].stream, chosen=[actor.key])
    form = FlagForm(choices, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            flags = flag_letter(body=body, ref=ref, flagging=form.flagging, actor=actor)
        except CannotFlag as cannot:
            form.add_error(cannot.field, cannot.message)
        except FlagChanged:
            messages.info(request, _("这件来件的案件都已经标为敏感。"))
            return redirect("desk:registered", ref)
        else:
            messages.success(
                request, _("已把 %d 件案件标为敏感，只有阅读人看得到；请审批人确认。") % len(flags)
            )
            return redirect("desk:registered", ref)
    context = {
        "nav": "register",
        "letter": letter,
        "flagging": form,
        "errors": bool(form.errors),
        "bound": form,
    }
    return render(request, "desk/intake/sensitive_letter.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def pointers(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/secret/``: where a secret original is kept; never what it says."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_ACT, found.body)
    form = PointerForm(auto_id="f-%s")
    where: dict[str, Any] = {"body": found.body, "stream": stream, "actor": actor}
    match request.POST.get("step", "") if request.method == "POST" else None:
        case None:
            pass
        case "add":
            form = PointerForm(request.POST, auto_id="f-%s")
            if form.is_valid() and _pointed(form, where):
                messages.success(request, _("已登记涉密登记指引。"))
                return redirect("desk:case", stream)
        case "withdraw":
            try:
                withdraw_pointer(**where, key=request.POST.get("key", ""))
                messages.success(request, _("已撤回，记录里留有痕迹。"))
            except SecretPointer.DoesNotExist:
                messages.error(request, _("这一条已经撤回。"))
            return redirect("desk:secret_pointers", stream)
        case _:
            raise Http404
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context = {
        "nav": "cases", "case": found.summary, "crumbs": crumbs(_("涉密登记指引"), to_case), "form": form,
        "pointers": secret_pointers(**where, withdrawn=True), "errors": bool(form.errors), "bound": form,
    }  # fmt: skip
    return render(request, "desk/case/secret_pointers.html", context, status=422 if form.errors else 200)


def _pointed(form: PointerForm, where: dict[str, Any]) -> bool:
    try:
        point_to_secret(**where, **form.cleaned_data)
    except BadPointer as bad:
        form.add_error(bad.field, bad.message)
        return False
    return True


@require_http_methods(["GET", "POST"])
def levels(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/bodies/<key>/levels/``: for which outcomes several people approve, without any flag."""
    actor = actor_of(request)
    try:
        body = administering.body_under(actor=actor, act=Act.BODY_EDIT, key=key)
    except Body.DoesNotExist:
        raise Http404 from None
    outcomes = [(value, str(label)) for value, label in OUTCOMES.items()]
    now = {outcome: "0" for outcome, _label in outcomes}
    now |= {outcome: str(number) for outcome, number in levels_set(body).items()}
    form = LevelsForm(outcomes, request.POST if request.method == "POST" else None, initial=now)
    if form.is_bound and form.is_valid():
        set_levels(
            body=body, actor=actor,
            levels={outcome: int(number) for outcome, number in form.cleaned_data.items()},
        )  # fmt: skip
        messages.success(request, _("已保存，对还没有批准的答复稿立即有效。"))
        return redirect("desk:approval_levels", key=body.key)
    context = {"body": body, "form": form, "errors": form.errors, "nav": "bodies", "bound": form}
    return render(
        request, "desk/administration/approval_levels.html", context, status=422 if form.errors else 200
    )
