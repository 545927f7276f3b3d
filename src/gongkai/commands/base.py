"""What all commands share: Chinese help pages, and errors as one sentence instead of a stack trace."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from typing import Any, ClassVar, TextIO

import click

from gongkai.commands import terminal, usage
from gongkai.i18n import _, activate

EXIT_OK = 0
"""Nothing of severity error."""
EXIT_ERRORS = 1
"""Findings of severity error."""
EXIT_UNUSABLE = 2
"""Wrong usage, nothing could be read, or the result could not be written."""
EXIT_PARTIAL = 3
"""Some inputs could not be read, others were; stronger than 1, for the result is incomplete."""
EXIT_INTERNAL = 70
"""A fault of this program (``EX_SOFTWARE``)."""
EXIT_INTERRUPTED = 130
EXIT_PIPE = 141
"""Whoever read our output closed it (128 + SIGPIPE, as shells say it)."""

DEBUG = "gongkai.debug"


class Problem(click.ClickException):
    """What the user has to know instead of a result; ends the program with ``exit_code``."""

    exit_code: ClassVar[int] = EXIT_UNUSABLE


class InternalFault(Problem):
    """A fault of this program."""

    exit_code: ClassVar[int] = EXIT_INTERNAL


class ChineseFormatter(click.HelpFormatter):
    """click measures and breaks lines by characters; Chinese needs columns, and breaks without spaces."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for line in terminal.wrap(" ".join(text.split()), self.width, indent=indent):
            self.write(line + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        indent = " " * self.current_indent
        first = min(max((terminal.width(term) for term, _text in rows), default=0), col_max)
        hanging = indent + " " * (first + col_spacing)
        for term, text in rows:
            start = indent + terminal.pad(term, first + col_spacing)
            if terminal.width(term) > first:
                self.write(indent + term + "\n")
                start = hanging
            for line in terminal.wrap(text, self.width, indent=start, hanging=hanging):
                self.write(line + "\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{' ' * self.current_indent}{heading}：\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        self.write(f"{_('用法：')}{prog} {args}\n")


class ChineseContext(click.Context):
    """A context whose help pages are written by ``ChineseFormatter``."""

    formatter_class = ChineseFormatter

    def make_formatter(self) -> click.HelpFormatter:
        wide = min(terminal.columns(), 100)
        return ChineseFormatter(width=wide, max_width=wide)


class Leaf(click.Command):
    """A command that does something; its usage line and its usage errors are Chinese."""

    context_class = ChineseContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise usage.in_chinese(error, ctx, given) from error

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", _("[选项]…"))
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--debug"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_set_debug,
                help=_("程序内部出错时显示详情，供反馈缺陷用。"),
            )
        )


class Branch(click.Group):
    """A command that has others under it."""

    context_class = ChineseContext
    command_class = Leaf

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", _("[选项]…"))
        kwargs.setdefault("subcommand_metavar", _("命令 [参数]…"))
        super().__init__(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise usage.in_chinese(error, ctx) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise usage.in_chinese(error, ctx) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of the work, not of the alphabet


class Program(Branch):
    """The whole program: whatever happens below ends in a sentence and a documented exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        activate()
        for stream in (sys.stdout, sys.stderr):
            tolerate(stream)
        try:
            return super().main(*args, **kwargs)
        except KeyboardInterrupt:
            sys.exit(EXIT_INTERRUPTED)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (click.Abort, KeyboardInterrupt):
            click.echo(_("已中断。"), err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            silence_stdout()
            ctx.exit(EXIT_PIPE)
        except OSError as error:
            raise Problem(os_problem(error)) from error
        except MemoryError as error:
            raise Problem(_("内存不够。请减少一次处理的文件，或用 --jobs 减少进程数。")) from error
        except Exception as error:
            # The last line of defence: users get a sentence, developers ask for the trace.
            if ctx.meta.get(DEBUG):
                raise
            raise InternalFault(
                _(
                    "程序内部出错（{kind}：{text}）。"
                    "这是本软件的缺陷，请反馈；加 --debug 重新运行可以看到详情。"
                ).format(kind=type(error).__name__, text=terminal.shorten(str(error), 120))
            ) from error


def tolerate(stream: TextIO) -> None:
    """Let a terminal that is not UTF-8 show ``?`` for what it lacks, instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def silence_stdout() -> None:
    """After a broken pipe: Python flushes standard output at exit and would complain once more."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):  # not a real stream, as under a test runner
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)


def _os_text(number: int | None) -> str | None:
    match number:
        case errno.ENOENT:
            return _("没有这个文件或目录")
        case errno.EACCES | errno.EPERM:
            return _("没有权限")
        case errno.EISDIR:
            return _("这是目录，不是文件")
        case errno.ENOTDIR:
            return _("路径中有一段不是目录")
        case errno.ENOSPC | errno.EDQUOT:
            return _("磁盘空间不足")
        case errno.EROFS:
            return _("磁盘是只读的")
        case errno.EEXIST:
            return _("文件已经存在")
        case errno.ENAMETOOLONG:
            return _("文件名太长")
        case errno.EMFILE | errno.ENFILE:
            return _("打开的文件太多")
        case errno.EIO:
            return _("磁盘读写出错")
        case errno.ELOOP:
            return _("符号链接绕成了圈")
        case _unknown:
            return None


def os_problem(error: OSError) -> str:
    """An operating system error as a Chinese sentence with the file it is about."""
    text = _os_text(error.errno) or error.strerror or type(error).__name__
    name = error.filename
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    return f"{name}：{text}。" if name is not None else f"{text}。"


def _set_debug(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True
