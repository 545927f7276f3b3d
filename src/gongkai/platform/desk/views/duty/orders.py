"""Orders of superior bodies: the list, registering one from paper, giving one to a body below, answering."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.platform.cases.duty import orders as service
from gongkai.platform.cases.models import SuperiorOrder
from gongkai.platform.cases.selectors.scope import visible_bodies
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.platform.core.permissions import Act, Relation
from gongkai.platform.core.services.people import Ended
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.duty import AnswerOrderForm, IssueOrderForm, RegisterOrderForm
from gongkai.platform.desk.views.duty.common import is_key, page_of, send

_DAYS = {
    ("received_on", "future"): gettext_lazy("收到日不能晚于今天。"),
    ("due_on", "before"): gettext_lazy("办结期限早于收到日，请改。"),
    ("due_on", "past"): gettext_lazy("办结期限已经过去，请改。"),
    ("answered_on", "future"): gettext_lazy("办结日不能晚于今天。"),
    ("answered_on", "before"): gettext_lazy("办结日早于收到日，请改。"),
}


@require_GET
@needs(Act.CASE_SEE)
def orders(request: HttpRequest) -> HttpResponse:
    """``/desk/duty/orders/``: orders to the own body and to bodies below; those unanswered first."""
    actor, body = actor_of(request), body_of(request)
    rows, pager = page_of(request, _rows(request, actor))
    below = _below(actor)
    context: dict[str, Any] = {
        "nav": "duty", "tab": "orders", "sees": True, "rows": service.order_rows(rows, actor), "pager": pager,
        "states": service.STATES, "state": request.GET.get("state", ""),
        "bodies": [body, *below] if below else [],
        "chosen": request.GET.get("body", ""), "may_register": actor.may(Act.ORDER_REGISTER, body),
        "issue_to": below if actor.may_to(Act.ORDER_ISSUE, Relation.SUBORDINATE) else [],
        "may_export": actor.may(Act.CASE_EXPORT, body), "filtered": bool(request.GET),
    }  # fmt: skip
    return render(request, "desk/duty/orders.html", context)


def _rows(request: HttpRequest, actor: Actor) -> Any:
    state, body = request.GET.get("state", ""), request.GET.get("body", "")
    return service.orders(
        actor, state=state if state in service.STATES else "", body=body if is_key(body) else ""
    )


def _below(actor: Actor) -> list[Body]:
    """The bodies below that keep a ledger."""
    if actor.seat is None:
        return []
    rows = visible_bodies(actor).filter(valid_until__isnull=True).exclude(pk=actor.seat.body_id)
    return list(rows.exclude(level=BodyLevel.OFFICE).order_by("path"))


@require_GET
@needs(Act.CASE_EXPORT)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """``/desk/duty/orders/list.<form>``: the list under its filters."""
    actor, body = actor_of(request), body_of(request)
    rows = service.order_rows(_rows(request, actor), actor)
    return send(request, service.sheet_of(body.name, rows), form, body=body, what="orders")


@require_http_methods(["GET", "POST"])
@needs(Act.ORDER_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """``/desk/duty/orders/new/``: an order that came in on paper."""
    actor, body = actor_of(request), body_of(request)
    form = RegisterOrderForm(
        request.POST if request.method == "POST" else None, auto_id="f-%s",
        initial={"received_on": actor.today, "numbers": _about(request)},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            made = service.register_order(body=body, actor=actor, **form.cleaned_data)
        except (service.WrongDay, service.NoSuchCaseHere) as error:
            _add(form, error)
        else:
            messages.success(request, _("督办件已登记。"))
            return redirect("desk:order", made.pk)
    return _form_page(request, form, _("登记督办件"), _("登记"))


def _about(request: HttpRequest) -> str:
    """The case whose page leads here."""
    return request.GET.get("number", "")[:60]


@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/duty/orders/issue/<body>/``: an order to a body below; it is there at once."""
    actor = actor_of(request)
    to = Body.objects.filter(pk=key).first()
    if to is None:
        raise Http404
    actor.require(Act.ORDER_ISSUE, to)
    form = IssueOrderForm(request.POST if request.method == "POST" else None, auto_id="f-%s")
    if form.is_bound and form.is_valid():
        try:
            made = service.issue_order(to=to, actor=actor, **form.cleaned_data)
        except (service.WrongDay, service.NoSuchCaseHere) as error:
            _add(form, error)
        except Ended:
            form.add_error(None, _("这个机关已经撤销，不能再发督办件。"))
        else:
            messages.success(request, _("督办件已发给 %(body)s，对方现在就能看到。") % {"body": to.name})
            return redirect("desk:order", made.pk)
    return _form_page(request, form, _("向 %(body)s 发督办件") % {"body": to.name}, _("发出"))


def _add(form: Any, error: service.WrongDay | service.NoSuchCaseHere) -> None:
    if isinstance(error, service.NoSuchCaseHere):
        numbers = "、".join(error.numbers)
        form.add_error(
            "numbers",
            _("没有找到这些编号的案件：%(numbers)s。请照案件页上的编号填写。") % {"numbers": numbers},
        )
        return
    field = "on" if error.field == "answered_on" else error.field
    form.add_error(field, _DAYS[error.field, error.why])


def _form_page(request: HttpRequest, form: Any, title: str, submit: str) -> HttpResponse:
    context = {
        "nav": "duty", "tab": "orders", "sees": True, "form": form, "title": title, "submit": submit,
        "errors": form.is_bound, "bound": form if form.is_bound else None,
    }  # fmt: skip
    return render(request, "desk/duty/order_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/duty/orders/<key>/``: one order; answering it."""
    actor = actor_of(request)
    found = (
        service.visible_orders(actor).filter(pk=key).select_related("body", "issuer", "answered_by__person")
    )
    one: SuperiorOrder | None = found.first()
    if one is None:
        raise Http404
    form = AnswerOrderForm(
        request.POST if request.method == "POST" else None, auto_id="f-%s", initial={"on": actor.today}
    )
    if form.is_bound:
        actor.require(Act.ORDER_REGISTER, one.body)
        if form.is_valid():
            try:
                service.answer_order(order=one, actor=actor, **form.cleaned_data)
            except service.WrongDay as wrong:
                _add(form, wrong)
            except service.AnsweredAlready:
                messages.error(request, _("这件督办已经有人办结，没有再记一次。"))
                return redirect("desk:order", key)
            else:
                messages.success(request, _("已办结。"))
                return redirect("desk:order", key)
    context = {
        "nav": "duty", "tab": "orders", "sees": True, "form": form,
        "row": service.order_rows([one], actor)[0],
        "may_answer": one.answered_on is None and actor.may(Act.ORDER_REGISTER, one.body),
        "errors": form.is_bound, "bound": form if form.is_bound else None,
    }  # fmt: skip
    return render(request, "desk/duty/order.html", context, status=422 if form.is_bound else 200)
