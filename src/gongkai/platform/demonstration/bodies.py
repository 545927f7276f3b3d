"""The bodies of the demonstration and their people, as ``data/bodies.yaml`` lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

import yaml
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Role
from gongkai.platform.demonstration.words import name_of

PASSWORD = "Demo-2024-gongkai"  # noqa: S105  printed on every page of the demonstration; in no other profile
"""The password of every account of the demonstration."""

_CLERK = ("clerk", (Role.RECEIVING_CLERK,), _("收件登记"))
_HANDLER = ("handler", (Role.HANDLER,), _("承办"))
_APPROVER = ("approver", (Role.APPROVER,), _("办公室负责人"))
_SUPERVISOR = ("supervisor", (Role.SUPERVISOR,), _("监督"))
_AUTHOR = ("author", (Role.REPORT_AUTHOR,), _("年报编制"))
_ADMINISTRATORS = (
    ("system", (Role.SYSTEM_ADMINISTRATOR,), _("系统管理员")),
    ("security", (Role.SECURITY_ADMINISTRATOR,), _("安全管理员")),
    ("audit", (Role.AUDIT_ADMINISTRATOR,), _("审计管理员")),
)
_OFFICE = (_CLERK, _HANDLER, _APPROVER)
SEATS: Mapping[str, Sequence[tuple[str, tuple[Role, ...], Any]]] = MappingProxyType(
    {
        "all": (
            *_OFFICE,
            ("handler2", (Role.HANDLER,), _("承办")),
            _SUPERVISOR,
            _AUTHOR,
            ("editor", (Role.EDITOR,), _("信息员")),
            ("reviewer", (Role.REVIEWER,), _("审核")),
            ("secrecy", (Role.SECRECY_REVIEWER,), _("保密审查")),
            *_ADMINISTRATORS,
        ),
        "office": _OFFICE,
        "small": (*_OFFICE, _SUPERVISOR, _AUTHOR, *_ADMINISTRATORS),
        "report": (_AUTHOR,),
    }
)


@dataclass(frozen=True, slots=True)
class DemoBody:
    """A body of the demonstration. ``requests``: its new requests of the year, 0 where none are lived."""

    key: str
    name: str
    short_name: str
    level: str
    people: str
    parent: str | None = None
    report: str | None = None
    requests: int = 0
    working_body: str = ""
    reconsideration_authority: str = ""
    court: str = ""
    competent: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demonstration."""

    username: str
    name: str
    title: Any
    roles: tuple[Role, ...]
    body: DemoBody


@cache
def demo_bodies() -> tuple[DemoBody, ...]:
    """All bodies, every one after the one above it."""
    file = resources.files("gongkai.platform.demonstration") / "data" / "bodies.yaml"
    listed = cast("list[dict[str, Any]]", yaml.safe_load(file.read_text(encoding="utf-8")))
    return tuple(_flat(listed, None))


def _flat(listed: list[dict[str, Any]], parent: DemoBody | None) -> Iterator[DemoBody]:
    for entry in listed:
        given = {key: value for key, value in entry.items() if key != "children"}
        if parent is not None:
            given.setdefault("reconsideration_authority", parent.name)
            given.setdefault("court", parent.court)
        body = DemoBody(**given, parent=None if parent is None else parent.key)
        yield body
        yield from _flat(entry.get("children", []), body)


def lived() -> tuple[DemoBody, ...]:
    """The roots whose year is lived: the area's report is split among them and the bodies below."""
    return tuple(body for body in demo_bodies() if body.parent is None and body.requests)


def below(root: DemoBody) -> tuple[DemoBody, ...]:
    """A root and what stands directly below it."""
    return tuple(body for body in demo_bodies() if body.key == root.key or body.parent == root.key)


def logins(body: DemoBody) -> tuple[Login, ...]:
    """The accounts of a body; those of the first body have the shortest names."""
    first = demo_bodies()[0]
    prefix = "" if body == first else f"{body.key}-"
    return tuple(
        Login(f"{prefix}{name}", name_of(body.key, name), title, roles, body)
        for name, roles, title in SEATS[body.people]
    )
