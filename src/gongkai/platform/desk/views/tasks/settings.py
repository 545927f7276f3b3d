"""What the head of the office sets for tasks: the units, the inner period, what an outcome needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.models import Unit
from gongkai.platform.cases.selectors.task_list import units_of
from gongkai.platform.cases.services.units import (
    DateInPast,
    UnitTaken,
    change_unit,
    register_unit,
    set_inner_period,
    set_need,
)
from gongkai.platform.cases.task_rules import inner_period
from gongkai.platform.cases.task_settings import bodies_for_units, needs_table, outcome_choices
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.tasks import NeedForm, PeriodForm, UnitForm

AUTO = "f-%s"


def _trail(here: str) -> list[tuple[str, str]]:
    return [(_("交办"), reverse("desk:tasks")), (here, "")]


@require_http_methods(["GET", "POST"])
@needs(Act.TASK_SET)
def needed(request: HttpRequest) -> HttpResponse:
    """``/desk/tasks/needs/``: what each outcome needs before it is approved, and the inner period."""
    actor, body = actor_of(request), body_of(request)
    now = inner_period(body, actor.today)
    period = PeriodForm(
        auto_id="p-%s", initial={"working_days": now.working_days, "warn_days": now.warn_days,
                                 "from_date": actor.today},
    )  # fmt: skip
    form = NeedForm(outcome_choices(), auto_id=AUTO, initial={"from_date": actor.today})
    bound: forms.Form | None = None
    if request.method == "POST":
        match request.POST.get("step", ""):
            case "need":
                bound = form = NeedForm(outcome_choices(), request.POST, auto_id=AUTO)
                saved = form.is_valid() and _set_need(form, body, actor)
            case "period":
                bound = period = PeriodForm(request.POST, auto_id="p-%s")
                saved = period.is_valid() and _set_period(period, body, actor)
            case _:
                raise Http404
        if saved:
            messages.success(request, _("已设置。"))
            return redirect("desk:task_needs")
    context = {
        "nav": "tasks", "crumbs": _trail(_("审核要求")), "needs": needs_table(body, actor.today),
        "form": form, "period": period, "inner": now, "bound": bound, "errors": bound is not None,
    }  # fmt: skip
    return render(request, "desk/tasks/needs.html", context, status=200 if bound is None else 422)


def _set_need(form: NeedForm, body: Body, actor: Actor) -> bool:
    outcome, _slash, sub_kind = form.cleaned_data["outcome"].partition("/")
    try:
        set_need(
            body=body, outcome=outcome, sub_kind=sub_kind, need=form.need,
            from_date=form.cleaned_data["from_date"], actor=actor,
        )  # fmt: skip
    except DateInPast:
        form.add_error("from_date", _("只能从今天或者以后的日子起，以前签发的不受影响"))
        return False
    return True


def _set_period(form: PeriodForm, body: Body, actor: Actor) -> bool:
    try:
        set_inner_period(body=body, actor=actor, **form.cleaned_data)
    except DateInPast:
        form.add_error("from_date", _("只能从今天或者以后的日子起；已经交办的不变"))
        return False
    return True


@require_http_methods(["GET", "POST"])
@needs(Act.TASK_SET)
def units(request: HttpRequest) -> HttpResponse:
    """``/desk/units/``: the register of units; a new one is added on the same page."""
    actor, body = actor_of(request), body_of(request)
    form = UnitForm(bodies_for_units(body), request.POST or None, auto_id=AUTO)
    del form.fields["active"]
    if form.is_bound and form.is_valid() and _saved(form, lambda said: register_unit(
        body=body, actor=actor, **said,
    )):  # fmt: skip
        messages.success(request, _("已登记，可以向它交办了。"))
        return redirect("desk:units")
    context = {
        "nav": "tasks", "crumbs": _trail(_("承办单位")), "units": units_of(body, active=False), "form": form,
        "errors": bool(form.errors),
    }  # fmt: skip
    return render(request, "desk/tasks/units.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Act.TASK_SET)
def unit(request: HttpRequest, number: int) -> HttpResponse:
    """``/desk/units/<number>/``: change a unit."""
    actor, body = actor_of(request), body_of(request)
    row = Unit.objects.filter(pk=number, body=body).first()
    if row is None:
        raise Http404
    first = {"name": row.name, "of": row.of, "phone": row.phone, "active": row.active}
    form = UnitForm(bodies_for_units(body), request.POST or None, auto_id=AUTO, initial=first)
    if form.is_bound and form.is_valid() and _saved(form, lambda said: change_unit(
        unit=row, actor=actor, **said,
    )):  # fmt: skip
        messages.success(request, _("已保存。"))
        return redirect("desk:units")
    trail = [*_trail("")[:1], (_("承办单位"), reverse("desk:units")), (first["name"], "")]
    context = {"nav": "tasks", "crumbs": trail, "form": form, "unit": row, "errors": bool(form.errors)}
    return render(request, "desk/tasks/unit.html", context, status=422 if form.errors else 200)


def _saved(form: UnitForm, save: Any) -> bool:
    try:
        save(form.cleaned_data)
    except UnitTaken as taken:
        field = str(taken)
        words = _("已有这个名称的单位。") if field == "name" else _("这个机关已经有对应的单位。")
        form.add_error(field, words)
        return False
    return True
