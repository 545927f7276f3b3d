"""Accounts (the system administrator's) and seats (the security administrator's)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.platform.core import administering
from gongkai.platform.core.models import Body, Person, Role, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.services import people as service
from gongkai.platform.core.services import second_factor
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.forms.styled import StyledForm

_PER_PAGE = 50


class PersonForm(StyledForm):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("用户名"), max_length=60, help_text=gettext_lazy("登录时填写；以后不能改")
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    body = forms.ModelChoiceField(
        Body.objects.none(), label=gettext_lazy("所属机关"), empty_label=gettext_lazy("请选择机关")
    )


class NameForm(StyledForm):
    """Another name."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)


class SeatForm(StyledForm):
    """Body, title and roles of a seat."""

    body = forms.ModelChoiceField(
        Body.objects.none(), label=gettext_lazy("机关"), empty_label=gettext_lazy("请选择机关")
    )
    title = forms.CharField(label=gettext_lazy("职务"), max_length=60, required=False)
    roles = forms.MultipleChoiceField(
        choices=Role.choices, label=gettext_lazy("角色"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("系统、安全、审计三种管理员互相排斥，也不能兼任其他角色，不论在哪个机关。"),
        error_messages={"required": gettext_lazy("请至少选一个角色。")},
    )  # fmt: skip


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Accounts of the administrator's place, with their seats."""
    find = request.GET.get("q", "").strip()
    found = administering.people_under(actor=actor_of(request), find=find)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "find": find, "nav": "people", **_may(request)}
    return render(request, "desk/administration/people.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time password is shown once."""
    actor = actor_of(request)
    form = PersonForm(request.POST if request.method == "POST" else None)
    _choose_from(form, administering.bodies_under(actor=actor, act=Act.PERSON_EDIT))
    if form.is_bound and form.is_valid():
        try:
            person, once = service.create_person(actor=actor, **form.cleaned_data)
        except service.UsernameTaken:
            form.add_error("username", _("这个用户名已经有人用了。"))
        else:
            return _once(request, person, once)
    context = {"form": form, "errors": form.errors, "nav": "people"}
    return render(request, "desk/administration/person_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One account: its name, its seats, what may be done with it."""
    actor, person = actor_of(request), _person(request, key)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": person.name})
    if form.is_bound and form.is_valid():
        service.change_person(person=person, name=form.cleaned_data["name"], actor=actor)
        messages.success(request, _("已保存。"))
        return redirect("desk:person", key=person.key)
    context = {
        "person": person, "form": form, "errors": form.errors, "nav": "people", **_may(request),
        "seats": administering.seats_of_person(actor=actor, person=person),
        "has_second_factor": second_factor.has_second_factor(person), "oneself": actor.person == person.key,
    }  # fmt: skip
    return render(request, "desk/administration/person.html", context, status=422 if form.errors else 200)


@require_POST
def reset_password(request: HttpRequest, key: str) -> HttpResponse:
    """A one-time password, shown once."""
    person = _person(request, key)
    return _once(request, person, service.reset_password(person=person, actor=actor_of(request)))


@require_POST
def deactivate(request: HttpRequest, key: str) -> HttpResponse:
    """Close an account."""
    person = _person(request, key)
    try:
        service.deactivate_person(person=person, actor=actor_of(request))
    except service.NotOneself:
        messages.error(request, _("不能停用自己的账号。"))
    except service.Ended:
        messages.error(request, _("这个账号已经停用。"))
    else:
        messages.success(request, _("已停用，正在进行的登录都已结束。"))
    return redirect("desk:person", key=person.key)


@require_POST
def reactivate(request: HttpRequest, key: str) -> HttpResponse:
    """Open a closed account again, with a one-time password."""
    person = _person(request, key)
    return _once(request, person, service.reactivate_person(person=person, actor=actor_of(request)))


@require_POST
def remove_second_factor(request: HttpRequest, key: str) -> HttpResponse:
    """Take away the second factor of somebody who lost it."""
    person = _person(request, key)
    try:
        second_factor.remove_second_factor(person=person, actor=actor_of(request))
    except service.NotOneself:
        messages.error(request, _("不能撤销自己的第二步验证，请找另一位安全管理员。"))
    else:
        messages.success(request, _("已撤销。本人下次登录时重新设置。"))
    return redirect("desk:person", key=person.key)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, key: str) -> HttpResponse:
    """Give a seat."""
    actor, person = actor_of(request), _person(request, key)
    form = SeatForm(request.POST if request.method == "POST" else None)
    _choose_from(form, administering.bodies_under(actor=actor, act=Act.SEAT_ASSIGN))
    if form.is_bound and form.is_valid():
        try:
            service.assign_seat(person=person, actor=actor, **form.cleaned_data)
        except (service.RolesExclude, service.SeatTaken, service.NotOneself, service.Ended) as error:
            _add(form, error)
        else:
            messages.success(request, _("已分配岗位。"))
            return redirect("desk:person", key=person.key)
    return _seat_page(request, person, None, form)


@require_http_methods(["GET", "POST"])
def change_seat(request: HttpRequest, key: str) -> HttpResponse:
    """Other roles in a seat."""
    actor, seat = actor_of(request), _seat(request, key)
    form = SeatForm(
        request.POST if request.method == "POST" else None,
        initial={"title": seat.title, "roles": sorted(seat.roles)},
    )
    del form.fields["body"]
    if form.is_bound and form.is_valid():
        try:
            service.change_seat(seat=seat, actor=actor, **form.cleaned_data)
        except (service.RolesExclude, service.NotOneself, service.Ended) as error:
            _add(form, error)
        else:
            messages.success(request, _("已修改岗位。"))
            return redirect("desk:person", key=seat.person_id)
    return _seat_page(request, seat.person, seat, form)


@require_POST
def end_seat(request: HttpRequest, key: str) -> HttpResponse:
    """Take a seat away."""
    seat = _seat(request, key)
    try:
        service.end_seat(seat=seat, actor=actor_of(request))
    except service.NotOneself:
        messages.error(request, _("不能收回自己的岗位。"))
    except service.Ended:
        messages.error(request, _("这个岗位已经收回。"))
    else:
        messages.success(request, _("已收回岗位。"))
    return redirect("desk:person", key=seat.person_id)


def _person(request: HttpRequest, key: str) -> Person:
    try:
        return administering.person_under(actor=actor_of(request), key=key)
    except Person.DoesNotExist:
        raise Http404 from None


def _seat(request: HttpRequest, key: str) -> Seat:
    try:
        return administering.seat_under(actor=actor_of(request), key=key)
    except Seat.DoesNotExist:
        raise Http404 from None


def _may(request: HttpRequest) -> dict[str, bool]:
    actor = actor_of(request)
    own = actor.seat.body if actor.seat is not None else None
    return {
        "may_edit": own is not None and actor.may(Act.PERSON_EDIT, own),
        "may_assign": own is not None and actor.may(Act.SEAT_ASSIGN, own),
    }


def _choose_from(form: forms.BaseForm, bodies: Any) -> None:
    field: Any = form.fields["body"]
    field.queryset = bodies.filter(valid_until__isnull=True)


def _once(request: HttpRequest, person: Person, once: str) -> HttpResponse:
    context = {"person": person, "once": once, "nav": "people"}
    return render(request, "desk/administration/one_time_password.html", context)


def _add(form: forms.BaseForm, error: Exception) -> None:
    match error:
        case service.RolesExclude(roles=roles):
            held = "、".join(str(role.label) for role in Role if role.value in roles)
            form.add_error("roles", _("这些角色不能由一个人担任：%s。") % held)
        case service.SeatTaken():
            form.add_error("body", _("他在这个机关已有岗位，请修改那个岗位的角色。"))
        case service.NotOneself():
            form.add_error(None, _("不能给自己分配角色，请找另一位安全管理员。"))
        case service.Ended():
            form.add_error(None, _("账号、岗位或机关已经停用。"))
        case _:
            raise error


def _seat_page(request: HttpRequest, person: Person, seat: Seat | None, form: forms.BaseForm) -> HttpResponse:
    context = {"person": person, "seat": seat, "form": form, "errors": form.errors, "nav": "people"}
    return render(request, "desk/administration/seat.html", context, status=422 if form.errors else 200)
