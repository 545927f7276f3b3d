"""From arguments to reports: files, directories, standard input; what could not be read is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands import base, terminal
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.annual.model import Report
    from gongkai.annual.read.errors import ReadError

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that gave no report: a public code with its texts, or an operating system error."""

    source: str
    message: str
    code: str | None = None
    mend: str | None = None

    def as_json(self) -> Mapping[str, object]:
        return {
            "source": self.source,
            "error": {"code": self.code, "message": self.message, "mend": self.mend},
        }


@dataclass(slots=True)
class Inputs:
    """The inputs of a command, read one after the other; failures are told on standard error at once.

    With ``as_json`` each failure is one JSON object a line there. After iterating, ``exit_code`` says
    what the program ends with, given whether findings of severity error were seen.
    """

    arguments: Sequence[str]
    as_json: bool = False
    ocr: bool = False
    reports: int = 0
    failures: list[Failure] = field(default_factory=list["Failure"])

    def __iter__(self) -> Iterator[Report]:
        """Every report in the order of the arguments; directories are walked in sorted order."""
        from gongkai.annual.corpus.sources import sources_of
        from gongkai.annual.read import Limits

        for argument in self.arguments:
            if argument == STDIN:
                yield from self._read(_("标准输入"), sys.stdin.buffer.read(Limits().size + 1))
                continue
            try:
                sources = list(sources_of([Path(argument)]))
            except OSError as error:
                self._fail(argument, error)
                continue
            if not sources:
                self._note(Failure(argument, _("目录里没有可以读的文件。")))
            for source in sources:
                yield from self._read(str(source), source)

    def _read(self, name: str, source: Path | bytes) -> Iterator[Report]:
        from gongkai.annual.read import ReadError, read_bytes, read_path

        try:
            if isinstance(source, Path):
                found = read_path(source, ocr=self.ocr)
            else:
                found = read_bytes(source, source=name, ocr=self.ocr)
        except (ReadError, OSError) as error:
            self._fail(name, error)
            return
        self.reports += len(found)
        yield from found

    def _fail(self, name: str, error: ReadError | OSError) -> None:
        if isinstance(error, OSError):
            plain = OSError(error.errno, error.strerror)
            self._note(Failure(name, base.os_problem(plain)))
            return
        self._note(failure_of(name, error))

    def _note(self, failure: Failure) -> None:
        self.failures.append(failure)
        show_failure(failure, as_json=self.as_json)

    def exit_code(self, *, errors: bool) -> int:
        """2 if nothing was read, 3 if something was not, 1 if there are errors, else 0."""
        if self.reports == 0:
            return base.EXIT_UNUSABLE
        if self.failures:
            return base.EXIT_PARTIAL
        return base.EXIT_ERRORS if errors else base.EXIT_OK


def failure_of(name: str, error: ReadError) -> Failure:
    """The refusal of a source in the catalogue's words."""
    from gongkai.annual.findings import catalogue, describe, finding

    return Failure(
        source=name,
        message=describe(finding(error.code, values=error.values)),
        code=error.code,
        mend=catalogue()[error.code].mend["zh"],
    )


def show_failure(failure: Failure, *, as_json: bool) -> None:
    """Tell on standard error that an input gave no report."""
    if as_json:
        from gongkai.commands.output import json_line

        click.echo(json_line(failure.as_json()), err=True)
        return
    code = f"（{failure.code}）" if failure.code else ""
    text = _("未读：{source}：{message}{code}").format(
        source=failure.source, message=failure.message, code=code
    )
    lines = terminal.wrap(text, terminal.columns(err=True), hanging="      ")
    if failure.mend:
        lines += terminal.wrap(
            _("办法：{mend}").format(mend=failure.mend),
            terminal.columns(err=True),
            indent="      ",
            hanging="            ",
        )
    click.echo("\n".join(lines), err=True)


def one_report(argument: str, *, ocr: bool = False) -> Report:
    """The only report of an argument, for options that need just one; ``Problem`` otherwise."""
    inputs = Inputs([argument], ocr=ocr)
    found = list(inputs)
    if not found:
        raise base.Problem(_("{source} 没有读成，无法继续。").format(source=argument))
    if len(found) > 1:
        raise base.Problem(
            _("{source} 里有 {count} 份报告，这里只能用一份。请先用 read 分开。").format(
                source=argument, count=len(found)
            )
        )
    return found[0]
