"""What ``gongkai past`` does, by the services that the pages use."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongkai.commands.base import EXIT_ERRORS, Problem
from gongkai.commands.output import echo_json, is_free, write_file
from gongkai.commands.platform_entry import in_use, platform
from gongkai.commands.platform_people import SYSTEM, body_named
from gongkai.commands.platform_running import require_ready
from gongkai.commands.progress import busy
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.platform.cases.models import PastImport
    from gongkai.platform.core.actor import Actor
    from gongkai.platform.core.models import Body

_SHOWN = 100
"""Problems that are printed; ``--json`` has all."""


def run_template(file: Path, *, force: bool, as_json: bool) -> None:
    """The empty template; with ``as_json`` its path and size are told as data."""
    if not force and not is_free(file):
        raise Problem(_("{path} 已经存在；要覆盖请加 --force。").format(path=file))
    with platform():
        from gongkai.platform.cases.past.writing import write_template

        made = io.BytesIO()
        write_template(made)
    write_file(file, made.getvalue(), force=force)
    if as_json:
        echo_json({"file": str(file), "bytes": len(made.getvalue())})
    else:
        click.echo(_("已写 {path}。").format(path=file))


def run_check(file: Path, body: str, pairs: Sequence[str], *, as_json: bool) -> None:
    """Every error with its place and mend; nothing is kept."""
    with platform() as found, in_use(found):
        require_ready()
        from gongkai.platform.cases.past.file_check import check_file
        from gongkai.platform.cases.past.workbook import BookRefused

        office, content = body_named(body), _content(file)
        try:
            with busy(_("正在检查")):
                told = check_file(body=office, content=content, told=_told(pairs), actor=_actor())
        except BookRefused as refused:
            raise Problem(f"{file}：{refused.message}。") from refused
    _require_columns(told.lack, told.twice, told.cases)
    if as_json:
        echo_json(
            {
                "cases": told.cases, "acts": told.acts, "errors": told.errors,
                "problems": [asdict(one) for one in told.problems],
            }
        )  # fmt: skip
    else:
        _print(told.problems)
        text = _("{cases} 件，{acts} 个事项；错误 {errors} 处，提醒 {warnings} 处。")
        warnings = len(told.problems) - told.errors
        click.echo(text.format(cases=told.cases, acts=told.acts, errors=told.errors, warnings=warnings))
    if told.errors:
        sys.exit(EXIT_ERRORS)


def run_import(file: Path, body: str, pairs: Sequence[str], *, as_json: bool) -> None:
    """Check, and bring in what has no error; goes on where it was broken off."""
    with platform() as found, in_use(found):
        require_ready()
        from gongkai.platform.cases.models import PastState
        from gongkai.platform.cases.past.workbook import BookRefused
        from gongkai.platform.cases.services.past import NotNow
        from gongkai.platform.core.files import FileRefused

        office, content = body_named(body), _content(file)
        try:
            past = _uploaded(office, content, file.name, pairs)
            if past.state in (PastState.READY, PastState.IMPORTING, PastState.STOPPED):
                past = _brought_in(past)
        except (BookRefused, FileRefused) as refused:
            raise Problem(f"{file}：{refused.message}。") from refused
        except NotNow as changed:
            raise Problem(_("这份表格的情况刚刚变了，请再运行一次。")) from changed
        told = _status(past)
        problems = _problems_of(past)
    if as_json:
        echo_json(told | {"problems": [asdict(one) for one in problems]})
    else:
        _print(problems)
        _say(told)
    if told["state"] != "done":
        sys.exit(EXIT_ERRORS)


def run_status(file: Path, body: str, *, as_json: bool) -> None:
    """How far a file has come."""
    with platform() as found, in_use(found):
        require_ready()
        from gongkai.platform.cases.models import PastImport
        from gongkai.platform.cases.services.past import digest_of

        past = PastImport.objects.filter(body=body_named(body), digest=digest_of(_content(file))).first()
        if past is None:
            raise Problem(_("这份表格没有上传过。"))
        told = _status(past)
    if as_json:
        echo_json(told)
    else:
        _say(told)


def _actor() -> Actor:
    from gongkai.platform.core.actor import Actor
    from gongkai.platform.core.present import present

    return Actor(present(), system=SYSTEM)


def _content(file: Path) -> bytes:
    from gongkai.platform.core.files import file_limit

    if file.stat().st_size > file_limit():
        text = _("{path} 超过 {limit} MB，不读。")
        raise Problem(text.format(path=file, limit=file_limit() // 2**20))
    return file.read_bytes()


def _told(pairs: Sequence[str]) -> dict[str, str]:
    from gongkai.platform.cases.past.file_check import told_mapping

    split = [pair.partition("=") for pair in pairs]
    try:
        return told_mapping([(heading, name) for heading, _sign, name in split])
    except KeyError as unknown:
        raise Problem(
            _("没有“{name}”这个栏目；栏目见 gongkai past template。").format(name=unknown.args[0])
        ) from None


def _require_columns(lack: Iterable[str], twice: Iterable[str], cases: int) -> None:
    if lack:
        text = _("没有对应的列：{names}。用 --map 标题=栏目 写明，或者在表里加上。")
        raise Problem(text.format(names="、".join(lack)))
    if twice:
        raise Problem(_("对应了不止一列：{names}。用 --map 标题= 去掉一列。").format(names="、".join(twice)))
    if not cases:
        raise Problem(_("没有找到案件：没有一张工作表有认得的标题，或者标题下面没有行。"))


def _uploaded(body: Body, content: bytes, name: str, pairs: Sequence[str]) -> PastImport:
    """The import of a file, uploaded and checked as far as it was not yet."""
    from gongkai.platform.cases.models import PastState
    from gongkai.platform.cases.past.fields import BY_KEY
    from gongkai.platform.cases.services.past import (
        BadMapping,
        UploadedAlready,
        check_again,
        set_mapping,
        upload_past,
    )
    from gongkai.platform.cases.services.past_checking import check_past

    actor = _actor()
    try:
        past = upload_past(body=body, actor=actor, content=content, name=name)
    except UploadedAlready as already:
        past = already.past
    if past.state == PastState.MAPPING.value:
        try:
            past = set_mapping(past=past, actor=actor, mapping=_told(pairs))
        except BadMapping as bad:
            lack, twice = ([BY_KEY[key].heading for key in keys] for keys in (bad.lack, bad.twice))
            _require_columns(lack, twice, 0)
    elif past.state in (PastState.FAULTY, PastState.READY):
        past = check_again(past=past, actor=actor)
    if past.state == PastState.CHECKING.value:
        with busy(_("正在检查")):
            check_past(key=past.key, actor=actor)
        past.refresh_from_db()
    return past


def _brought_in(past: PastImport) -> PastImport:
    from gongkai.platform.cases.past.keeping import book_of
    from gongkai.platform.cases.services.past import order_import
    from gongkai.platform.cases.services.past_entering import Entering

    actor = _actor()
    past = order_import(past=past, actor=actor, by_worker=False)
    run = Entering.begin(past, book_of(past, actor=actor), actor)
    with click.progressbar(
        length=past.cases, label=_("正在导入"), file=sys.stderr, show_pos=True, width=20
    ) as bar:
        bar.update(past.done)
        while run.chunk():
            before = past.done
            past.refresh_from_db()
            bar.update(past.done - before)
    past.refresh_from_db()
    return past


def _status(past: PastImport) -> dict[str, Any]:
    return {
        "key": past.key, "state": str(past.state), "cases": past.cases, "acts": past.acts, "done": past.done,
        "errors": past.errors, "warnings": past.warnings,
    }  # fmt: skip


def _problems_of(past: PastImport) -> list[Any]:
    from gongkai.platform.cases.selectors.past import all_findings

    return [one for one in all_findings(past) if one.error]


def _print(problems: Sequence[Any]) -> None:
    for one in problems[:_SHOWN]:
        level = _("错误") if one.error else _("提醒")
        found = _("（写的是“{found}”）").format(found=one.found) if one.found else ""
        click.echo(f"{level} {one.sheet} {one.cell} {one.heading}：{one.message}{found}。{one.mend}。")
    if len(problems) > _SHOWN:
        click.echo(_("另有 {n} 处，加 --json 看全部。").format(n=len(problems) - _SHOWN))


def _say(told: dict[str, Any]) -> None:
    texts = {
        "mapping": _("已上传，还没有对应各列。"),
        "checking": _("正在检查。"),
        "faulty": _("有 {errors} 处错误，没有导入。"),
        "ready": _("{cases} 件，没有错误，还没有导入。"),
        "importing": _("正在导入：{done}/{cases} 件。"),
        "stopped": _("停在一行：已导入 {done}/{cases} 件。"),
        "done": _("已导入 {done} 件，{acts} 个事项。"),
    }
    click.echo(texts[told["state"]].format(**told))
