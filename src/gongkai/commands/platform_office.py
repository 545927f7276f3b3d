"""``gongkai body``, ``person``, ``seat``: arguments and help texts."""

from __future__ import annotations

import click

from gongkai.commands.base import Branch, Leaf
from gongkai.i18n import _

_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
_body = click.option("--body", required=True, metavar=_("机关"), help=_("机关的全称或标识。"))


@click.group(cls=Branch, help=_("机关：新建、列出。第一个机关只能用命令建。"), short_help=_("机关"))
def body() -> None:
    """The group itself does nothing."""


@body.command(name="add", cls=Leaf, help=_("新建一个机关，并开始它的台账。"), short_help=_("新建一个机关"))
@click.argument("name", metavar=_("全称"))
@click.option("--short", required=True, metavar=_("代字"), help=_("机关代字，文书编号用，如“云公”。"))
@click.option(
    "--level",
    required=True,
    type=click.Choice(["province", "city", "county", "township", "department", "office"]),
    metavar=_("层级"),
    help=_("province、city、county、township、department（部门）或 office（内设机构）。"),
)
@click.option("--under", metavar=_("上级"), help=_("上级机关的全称或标识；没有就是最上面的。"))
@click.option("--working-body", default="", metavar=_("名称"), help=_("政府信息公开工作机构。"))
@click.option("--code", default="", metavar=_("代码"), help=_("统一社会信用代码。"))
@click.option(
    "--authority", default="", metavar=_("机关"), help=_("行政复议机关；没有它和一审法院，出不了答复书。")
)
@click.option("--court", default="", metavar=_("法院"), help=_("一审法院，写全称。"))
@_json
def add_body(
    name: str,
    short: str,
    level: str,
    under: str | None,
    working_body: str,
    code: str,
    authority: str,
    court: str,
    as_json: bool,
) -> None:
    from gongkai.commands.platform_people import run_add_body

    fields = {
        "name": name, "short_name": short, "working_body": working_body, "code": code,
        "reconsideration_authority": authority, "court": court,
    }  # fmt: skip
    run_add_body(level, under, fields, as_json=as_json)


@body.command(name="list", cls=Leaf, help=_("列出所有机关，按上下级。"), short_help=_("列出机关"))
@_json
def list_bodies(as_json: bool) -> None:
    from gongkai.commands.platform_people import run_list_bodies

    run_list_bodies(as_json=as_json)


@click.group(cls=Branch, help=_("人员：新建账号、列出、重设口令。"), short_help=_("人员"))
def person() -> None:
    """The group itself does nothing."""


@person.command(
    name="add",
    cls=Leaf,
    help=_("新建一个账号，显示一次性口令；首次登录要改。岗位另用 gongkai seat assign 分配。"),
    short_help=_("新建一个账号"),
)
@click.argument("username", metavar=_("用户名"))
@click.option("--name", required=True, metavar=_("姓名"), help=_("姓名。"))
@_body
@_json
def add_person(username: str, name: str, body: str, as_json: bool) -> None:
    from gongkai.commands.platform_people import run_add_person

    run_add_person(username, name, body, as_json=as_json)


@person.command(name="list", cls=Leaf, help=_("列出账号和岗位。"), short_help=_("列出账号"))
@_json
def list_people(as_json: bool) -> None:
    from gongkai.commands.platform_people import run_list_people

    run_list_people(as_json=as_json)


@person.command(
    name="reset",
    cls=Leaf,
    help=_("重设口令，显示一次性口令；这个人的登录全部失效。管理员自己忘了口令时用。"),
    short_help=_("重设口令"),
)
@click.argument("username", metavar=_("用户名"))
@_json
def reset_person(username: str, as_json: bool) -> None:
    from gongkai.commands.platform_people import run_reset_person

    run_reset_person(username, as_json=as_json)


@click.group(cls=Branch, help=_("岗位：分配、收回。"), short_help=_("岗位"))
def seat() -> None:
    """The group itself does nothing."""


@seat.command(
    name="assign",
    cls=Leaf,
    help=_(
        "给一个人在一个机关分配岗位。角色可以有几个；系统、安全、审计三个管理员互相排斥，也不兼其他角色。"
    ),
    short_help=_("分配岗位"),
)
@click.argument("username", metavar=_("用户名"))
@_body
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar=_("角色"),
    help=_("角色，可以写几次，如 handler。"),
)
@click.option("--title", default="", metavar=_("职务"), help=_("职务。"))
@_json
def assign_seat(username: str, body: str, roles: tuple[str, ...], title: str, as_json: bool) -> None:
    from gongkai.commands.platform_people import run_assign_seat

    run_assign_seat(username, body, roles, title, as_json=as_json)


@seat.command(name="end", cls=Leaf, help=_("收回一个人在一个机关的岗位。"), short_help=_("收回岗位"))
@click.argument("username", metavar=_("用户名"))
@_body
@_json
def end_seat(username: str, body: str, as_json: bool) -> None:
    from gongkai.commands.platform_people import run_end_seat

    run_end_seat(username, body, as_json=as_json)
