"""What every page of the desk shows around its work: the bar, who is at it, how it is displayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, seats_of

DISPLAY = "gongkai_display"
"""Cookie with the display modes that are switched on, separated by dots. It says nothing of a person."""
MODES: Mapping[str, Any] = MappingProxyType({"lg": _("大字"), "hc": _("高对比")})


@dataclass(frozen=True, slots=True)
class Mode:
    """A display mode: its class on ``<html>``, its word, and whether it is on."""

    key: str
    label: Any
    on: bool


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the bar; ``key`` is what a page sets as ``nav`` to mark itself as current."""

    key: str
    label: Any
    href: str


def modes_of(request: HttpRequest) -> tuple[Mode, ...]:
    """The display modes, as the cookie has them; unknown words in it are nothing."""
    on = request.COOKIES.get(DISPLAY, "").split(".")
    return tuple(Mode(key, label, key in on) for key, label in MODES.items())


def _navigation(actor: Actor) -> tuple[NavItem, ...]:
    if actor.seat is None:
        return ()
    body: Body = actor.seat.body
    year = actor.today.year
    entries = (
        ("work_list", _("待办"), Act.CASE_SEE, "desk:work_list", ()),
        ("cases", _("案件"), Act.CASE_SEE, "desk:cases", ()),
        ("post", _("寄送"), Act.CASE_SEE, "desk:post", ()),
        ("defences", _("复议诉讼"), Act.CASE_SEE, "desk:defences", ()),
        ("tasks", _("交办"), Act.TASK_SEE, "desk:tasks", ()),
        ("letters_in", _("来件"), Act.CASE_SEE, "desk:letters_in", ()),
        ("register", _("登记"), Act.CASE_REGISTER, "desk:register", ()),
        ("duty", _("值班"), Act.CASE_SEE, "desk:duty", ()),
        ("figures", _("统计"), Act.FIGURES_SEE, "desk:figures", (body.key, year)),
        ("boards", _("看板"), Act.CASE_SEE, "desk:boards", ()),
        ("templates", _("文书模板"), Act.TEMPLATE_EDIT, "desk:templates", ()),
        ("bodies", _("机关"), Act.BODY_EDIT, "desk:bodies", ()),
        ("people", _("人员"), Act.PERSON_EDIT, "desk:people", ()),
        ("people", _("人员"), Act.SEAT_ASSIGN, "desk:people", ()),
        ("duty", _("值班"), Act.ABSENCE_ENTER, "desk:duty", ()),
        ("audit", _("审计"), Act.AUDIT_READ, "desk:audit", ()),
    )
    items: dict[str, NavItem] = {}
    for key, label, act, name, arguments in entries:
        if key not in items and actor.may(act, body):  # one entry where several acts lead to a page
            items[key] = NavItem(key, label, reverse(name, args=arguments))
    return tuple(items.values())


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` for ``desk/base.html``; worked out only where a template asks for it."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    modes = modes_of(request)
    return {
        "actor": actor,
        "seat": actor.seat,
        "body": actor.seat.body if actor.seat is not None else None,
        "person": actor.seat.person if actor.seat is not None else None,
        "seats": len(seats_of(request)),
        "today": actor.today,
        "nav": _navigation(actor),
        "modes": modes,
        "html_class": " ".join(mode.key for mode in modes if mode.on),
        "here": request.get_full_path(),
    }
