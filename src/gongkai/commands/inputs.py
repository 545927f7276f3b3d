"""From arguments to reports: files, directories, standard input; what could not be read is told."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands import base, terminal
from gongkai.commands.progress import PATIENCE, busy
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.annual.form import Form
    from gongkai.annual.model import Report
    from gongkai.annual.read.errors import ReadError

STDIN = "-"
_ADDRESS = re.compile(r"(?:https?|ftp|file)://", re.IGNORECASE)


def is_address(argument: str) -> bool:
    """True for the address of a page where a file should stand."""
    return _ADDRESS.match(argument) is not None


def address_text() -> str:
    """What to do with an address."""
    return _("这是网址，不是文件。请先用浏览器打开，把网页（或其中的附件）保存下来，再处理保存的文件。")


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


@dataclass(frozen=True, slots=True)
class Item:
    """A report with the file it came from, its number there (from 1) and how many there are."""

    report: Report
    name: str
    number: int
    of: int


@dataclass(slots=True)
class Inputs:
    """The inputs of a command, read one after the other; failures are told on standard error at once.

    With ``as_json`` each failure is one JSON object a line there. After iterating, ``exit_code`` says
    what the program ends with, given whether findings of severity error were seen.
    """

    arguments: Sequence[str]
    as_json: bool = False
    ocr: bool = False
    forms: Sequence[Form] | None = None
    """The editions looked for; those of the package unless given."""
    reports: int = 0
    failures: list[Failure] = field(default_factory=list["Failure"])
    _since: float = field(default_factory=time.monotonic)
    _files: set[tuple[int, int] | None] | None = None

    def __iter__(self) -> Iterator[Report]:
        """Every report in the order of the arguments; directories are walked in sorted order."""
        for item in self.items():
            yield item.report

    def items(self) -> Iterator[Item]:
        """As iterating, each report with the file it came from."""
        from gongkai.annual.read import Limits
        from gongkai.annual.read.names import shown_name

        plan = [(argument, self._sources(argument)) for argument in self.arguments]
        files = sum(len(found) for _argument, found in plan if isinstance(found, list))
        done = 0
        for argument, found in plan:
            if argument == STDIN:
                yield from self._read(_("标准输入"), sys.stdin.buffer.read(Limits().size + 1))
            elif isinstance(found, OSError):
                self._fail(shown_name(argument), found)
            elif isinstance(found, Failure):
                self._note(found)
            else:
                for source in found:
                    done += 1
                    count = f"[{done}/{files}] " if files > 1 else ""
                    yield from self._read(shown_name(source), source, count)

    def refuse_as_target(self, target: Path) -> None:
        """``Problem`` where a result would be written over one of the inputs, whatever its name is."""
        from gongkai.annual.read.names import shown_name

        if not target.is_file():
            return
        if self._files is None:
            plan = map(self._sources, self.arguments)
            self._files = {_identity(source) for found in plan if isinstance(found, list) for source in found}
        if _identity(target) in self._files:
            raise base.Problem(
                _("{target} 就是输入的文件，不能写到它上面（加 --force 也不行）。请换一个文件名。").format(
                    target=shown_name(target)
                )
            )

    def _sources(self, argument: str) -> list[Path] | Failure | OSError:
        from gongkai.annual.corpus.sources import sources_of
        from gongkai.annual.read.names import shown_name

        if argument == STDIN:
            return []
        if is_address(argument):
            return Failure(argument, address_text())
        try:
            return list(sources_of([Path(argument)])) or Failure(
                shown_name(argument), _("目录里没有可以读的文件。")
            )
        except OSError as error:
            return error

    def _read(self, name: str, source: Path | bytes, count: str = "") -> Iterator[Item]:
        from gongkai.annual.read import ReadError, read_bytes, read_path

        doing = _("{count}正在识别扫描件 {name}") if self.ocr else _("{count}正在读 {name}")
        try:
            with busy(doing.format(count=count, name=name), at_once=self._long(count)):
                if isinstance(source, Path):
                    found = read_path(source, forms=self.forms, ocr=self.ocr)
                else:
                    found = read_bytes(source, source=name, forms=self.forms, ocr=self.ocr)
        except (ReadError, OSError) as error:
            self._fail(name, error)
            return
        self.reports += len(found)
        for number, report in enumerate(found, 1):
            yield Item(report, name, number, len(found))

    def _long(self, count: str) -> bool:
        """True where many files have been read for a while and their results do not show on the terminal."""
        return bool(count) and not sys.stdout.isatty() and time.monotonic() - self._since > PATIENCE

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


def _identity(file: Path) -> tuple[int, int] | None:
    """What is the same for all names of one file."""
    try:
        stat = file.stat()
    except OSError:  # gone meanwhile: then it is not overwritten either
        return None
    return stat.st_dev, stat.st_ino


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


def one_report(argument: str, *, ocr: bool = False, forms: Sequence[Form] | None = None) -> Report:
    """The only report of an argument, for options that need just one; ``Problem`` otherwise."""
    inputs = Inputs([argument], ocr=ocr, forms=forms)
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
