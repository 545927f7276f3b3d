"""Usage errors of click as Chinese sentences: its marks, its ranges, and hints that really help."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from gongkai.i18n import _

_QUOTED = re.compile(r" ?'([^']*)'")
_AT_LEAST = re.compile(r"不在范围 x>=(\S+) 内")
_ABOVE = re.compile(r"不在范围 x>(\S+) 内")
_WHOLE = re.compile(r"（integer(?: range)?）")
_DECIMAL = re.compile(r"（float(?: range)?）")
_NEAR = 0.75
"""How like a suggested option must be; with click's own 0.6 ``--nope`` suggests ``--force``."""


def in_chinese(error: click.UsageError, ctx: click.Context, args: Sequence[str] = ()) -> click.UsageError:
    """The same error with Chinese marks and, for unknown options and commands, hints of our own."""
    match error:
        case click.NoSuchOption():
            parts = [_("没有 {name} 这个选项。").format(name=error.option_name), *_options(error, ctx, args)]
        case click.exceptions.NoSuchCommand():
            parts = [_("没有 {name} 这个命令。").format(name=error.command_name), *_commands(error, ctx)]
        case _other:
            parts = [_sentence(error.format_message())]
    return click.UsageError("".join(parts), ctx=error.ctx or ctx)


def _sentence(text: str) -> str:
    text = _AT_LEAST.sub(_("应不小于 \\1"), text)
    text = _ABOVE.sub(_("应大于 \\1"), text)
    text = _WHOLE.sub(_("，应为整数"), _DECIMAL.sub(_("，应为数"), text))
    text = _QUOTED.sub("“\\1”", text.replace("', '", "'、'")).strip()
    text = text.removesuffix(".").replace("”. ", "”。")
    return text if text.endswith(("。", "？", "）")) else text + "。"


def _options(error: click.NoSuchOption, ctx: click.Context, args: Sequence[str]) -> Iterator[str]:
    known = [name for p in ctx.command.get_params(ctx) for name in p.opts if name.startswith("-")]
    near = difflib.get_close_matches(error.option_name, known, n=2, cutoff=_NEAR)
    if near:
        yield _("您要的是不是 {names}？").format(names=_(" 或 ").join(near))
    takes_files = any(isinstance(p, click.Argument) for p in ctx.command.get_params(ctx))
    if takes_files and any(_like_file(argument) for argument in args):
        yield _("如果这是以 - 开头的文件名，请在文件名之前写 --，例如：{command} -- {name}").format(
            command=ctx.command_path, name=next(filter(_like_file, args))
        )


def _like_file(argument: str) -> bool:
    return (
        argument.startswith("-")
        and argument not in {"-", "--"}
        and ("." in argument or Path(argument).exists() or not argument.isascii())
    )


def _commands(error: click.exceptions.NoSuchCommand, ctx: click.Context) -> Iterator[str]:
    group = ctx.command
    if not isinstance(group, click.Group):
        return
    wanted = error.command_name
    for name, command in group.commands.items():
        if isinstance(command, click.Group) and wanted in command.commands:
            path = f"{ctx.command_path} {name} {wanted}"
            yield _("您要的是不是：{command}？").format(command=path)
            return
    near = difflib.get_close_matches(wanted, group.commands, n=2)
    if near:
        yield _("您要的是不是：{command}？").format(command=_(" 或 ").join(near))
