"""What ``gongkai body``, ``person`` and ``seat`` do, by the services that the screens use."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from gongkai.commands.base import Problem
from gongkai.commands.output import echo_json
from gongkai.commands.platform_entry import in_use, platform
from gongkai.commands.platform_running import require_ready
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.platform.core.actor import Actor
    from gongkai.platform.core.models import Body, Person, Seat

SYSTEM = "command"
"""The actor of what is done on the machine itself."""


@contextmanager
def working() -> Generator[Actor]:
    with platform() as found, in_use(found):
        require_ready()
        from django.core.exceptions import ValidationError

        from gongkai.platform.core.actor import Actor
        from gongkai.platform.core.present import present

        try:
            yield Actor(present(), system=SYSTEM)
        except ValidationError as error:
            raise Problem("；".join(error.messages)) from error


def body_named(text: str) -> Body:
    """A body by key or full name; a ``Problem`` where there is none, or more than one of that name."""
    from gongkai.platform.core.models import Body

    by_key = Body.objects.filter(key=text).first()
    if by_key is not None:
        return by_key
    found = list(Body.objects.filter(name=text)[:5])
    if len(found) == 1:
        return found[0]
    if not found:
        raise Problem(_("没有“{text}”这个机关；用 gongkai body list 查看。").format(text=text))
    keys = "、".join(one.key for one in found)
    raise Problem(_("叫“{text}”的机关不止一个，请写标识：{keys}。").format(text=text, keys=keys))


def _person_named(username: str) -> Person:
    from gongkai.platform.core.models import Person

    found = Person.objects.filter(username=username).first()
    if found is None:
        raise Problem(_("没有“{name}”这个账号；用 gongkai person list 查看。").format(name=username))
    return found


def run_add_body(level: str, under: str | None, fields: Mapping[str, str], *, as_json: bool) -> None:
    """A new body with its ledger."""
    with working() as actor:
        from gongkai.platform.core.services.bodies import BodyEnded, LevelDoesNotFit, NameTaken, create_body

        parent = None if under is None else body_named(under)
        try:
            body = create_body(level=level, parent=parent, fields=fields, actor=actor)
        except LevelDoesNotFit as error:
            raise Problem(_("层级 {level} 不能直接放在这个上级下面。").format(level=level)) from error
        except NameTaken as error:
            raise Problem(_("这个上级下面已经有同名的机关。")) from error
        except BodyEnded as error:
            raise Problem(_("上级机关已经撤销。")) from error
    if as_json:
        echo_json({"key": body.key, "name": body.name, "level": body.level})
    else:
        click.echo(_("已建 {name}，标识 {key}。").format(name=body.name, key=body.key))


def run_list_bodies(*, as_json: bool) -> None:
    """The tree."""
    with working():
        from gongkai.platform.core.models import Body

        bodies = list(Body.objects.order_by("path"))
    if as_json:
        names = ("key", "name", "short_name", "level", "parent_id", "path")
        echo_json({"bodies": [{name: getattr(one, name) for name in names} for one in bodies]})
        return
    for one in _in_tree_order(bodies):
        depth = one.path.count("/") - 1
        level = one.get_level_display()  # type: ignore[attr-defined]
        ended = _("，已撤销") if one.valid_until is not None else ""
        click.echo(f"{'  ' * depth}{one.name}（{level}，{one.key}{ended}）")
    if not bodies:
        click.echo(_("还没有机关。用 gongkai body add 建第一个。"))


def _in_tree_order(bodies: Sequence[Body]) -> list[Body]:
    below: dict[str | None, list[Body]] = {}
    for one in bodies:
        below.setdefault(one.parent_id, []).append(one)

    def walk(key: str | None) -> list[Body]:
        return [found for one in below.get(key, []) for found in (one, *walk(one.key))]

    return walk(None)


def run_add_person(username: str, name: str, body: str, *, as_json: bool) -> None:
    """A new account, and its one-time password."""
    with working() as actor:
        from gongkai.platform.core.services.people import UsernameTaken, create_person

        try:
            person, once = create_person(username=username, name=name, body=body_named(body), actor=actor)
        except UsernameTaken as error:
            raise Problem(_("用户名“{name}”已经有人用。").format(name=username)) from error
    _tell_password(person, once, as_json)


def run_reset_person(username: str, *, as_json: bool) -> None:
    """A one-time password for somebody who has none any more."""
    with working() as actor:
        from gongkai.platform.core.services.people import reset_password

        person = _person_named(username)
        once = reset_password(person=person, actor=actor)
    _tell_password(person, once, as_json)


def _tell_password(person: Person, once: str, as_json: bool) -> None:
    if as_json:
        echo_json({"key": person.key, "username": person.username, "one_time_password": once})
    else:
        text = _("账号 {name} 的一次性口令：{once}（只显示这一次，首次登录要改）")
        click.echo(text.format(name=person.username, once=once))


def run_list_people(*, as_json: bool) -> None:
    """Accounts with their seats; no passwords, no second factors."""
    with working():
        from gongkai.platform.core.models import Person, Seat

        people = list(Person.objects.order_by("username"))
        seats: dict[str, list[Seat]] = {}
        for seat in Seat.objects.filter(valid_until__isnull=True).select_related("body"):
            seats.setdefault(seat.person_id, []).append(seat)
        if as_json:
            echo_json({"people": [_person_json(one, seats.get(one.key, [])) for one in people]})
            return
        for one in people:
            closed = "" if one.is_active else _("，已停用")
            click.echo(f"{one.username}（{one.name}{closed}）")
            for seat in seats.get(one.key, []):
                click.echo(f"  {seat.body.name}：{'、'.join(sorted(seat.roles))}")
    if not people:
        click.echo(_("还没有账号。用 gongkai person add 新建。"))


def _person_json(person: Person, seats: Sequence[Seat]) -> dict[str, object]:
    told = [{"body": s.body.key, "roles": sorted(s.roles), "title": s.title} for s in seats]
    return {
        "key": person.key, "username": person.username, "name": person.name, "active": person.is_active,
        "seats": told,
    }  # fmt: skip


def run_assign_seat(username: str, body: str, roles: Sequence[str], title: str, *, as_json: bool) -> None:
    """A seat with roles."""
    with working() as actor:
        from gongkai.platform.core.models import Role
        from gongkai.platform.core.services.people import Ended, RolesExclude, SeatTaken, assign_seat

        unknown = [role for role in roles if role not in Role.values]
        if unknown:
            known = "、".join(f"{role.value}（{role.label}）" for role in Role)
            raise Problem(_("没有 {role} 这个角色；有 {known}。").format(role=unknown[0], known=known))
        place = body_named(body)
        try:
            seat = assign_seat(
                person=_person_named(username), body=place, roles=frozenset(roles), title=title, actor=actor
            )
        except RolesExclude as error:
            raise Problem(
                _("三个管理员互相排斥，也不兼其他角色：一个人只能有其中一个，并且没有别的。")
            ) from error
        except SeatTaken as error:
            raise Problem(_("这个人在这个机关已有岗位；先用 gongkai seat end 收回。")) from error
        except Ended as error:
            raise Problem(_("账号已停用，或机关已撤销。")) from error
    if as_json:
        echo_json({"seat": seat.key, "body": place.key, "roles": sorted(roles)})
    else:
        click.echo(
            _("已分配：{name}，{body}，{roles}。").format(
                name=username, body=place.name, roles="、".join(sorted(roles))
            )
        )


def run_end_seat(username: str, body: str, *, as_json: bool) -> None:
    """Take a seat away."""
    with working() as actor:
        from gongkai.platform.core.models import Seat
        from gongkai.platform.core.services.people import end_seat

        person, place = _person_named(username), body_named(body)
        seat = Seat.objects.filter(person=person, body=place, valid_until__isnull=True).first()
        if seat is None:
            raise Problem(_("这个人在这个机关没有岗位。"))
        end_seat(seat=seat, actor=actor)
    if as_json:
        echo_json({"seat": seat.key})
    else:
        click.echo(_("已收回：{name}，{body}。").format(name=username, body=place.name))
