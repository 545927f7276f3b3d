"""``gongkai annual corpus``: many reports into one columnar file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gongkai.annual.corpus import CorpusError, CorpusSummary, EngineError, LostReason, Refusal, map_reports
from gongkai.annual.findings import catalogue
from gongkai.annual.read.names import shown_name
from gongkai.commands import base
from gongkai.commands.inputs import Failure, Inputs, address_text, is_address, show_failure
from gongkai.commands.output import echo_json, is_free, json_line, write_file
from gongkai.i18n import _

_SHOWN = 20
"""So many unread files are told one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command."""

    output: Path
    jobs: int | None
    seconds: float | None
    errors: Path | None
    resume: bool
    force: bool
    as_json: bool
    ocr: bool

    @property
    def limit(self) -> float:
        """Seconds for one file; recognising a page takes many."""
        if self.seconds is not None:
            return self.seconds
        return 900.0 if self.ocr else 60.0


def run(paths: Sequence[str], wanted: Wanted) -> None:
    """Write the file; ends with the documented exit code."""
    for path in paths:
        if is_address(path):
            raise base.Problem(f"{path}：{address_text()}")
    inputs = Inputs(paths)
    for target in (wanted.output, wanted.errors):
        if target is not None:
            inputs.refuse_as_target(target)
            if not is_free(target) and not target.is_dir() and not wanted.force:
                raise base.Problem(
                    _("{target} 已经存在，没有覆盖。要覆盖请加 --force。").format(target=target)
                )
    if wanted.output.suffix.lower() != ".parquet" and not wanted.output.is_dir():
        raise click.UsageError(
            _("写出的是 Parquet 文件，文件名请用 .parquet 结尾：{target}").format(target=wanted.output)
        )
    if wanted.output.is_dir():
        raise base.Problem(_("{target} 是目录，请写文件名。").format(target=wanted.output))
    wanted.output.parent.mkdir(parents=True, exist_ok=True)
    summary = _mapped(paths, wanted)
    failures = [_failure(refusal, wanted.limit) for refusal in summary.refusals]
    if wanted.errors is not None:
        listed = b"".join(json_line(failure.as_json()) + b"\n" for failure in failures)
        write_file(wanted.errors, listed, force=wanted.force)
    _tell(summary, failures, wanted)
    click.get_current_context().exit(_exit_code(summary))


def _mapped(paths: Sequence[str], wanted: Wanted) -> CorpusSummary:
    hidden = not sys.stderr.isatty()
    try:
        with click.progressbar(length=0, label=_("读取并校核"), file=sys.stderr, hidden=hidden) as bar:

            def progress(done: int, files: int, refused: int) -> None:
                bar.length = files
                bar.label = _("读取并校核（未读 {count}）").format(count=refused) if refused else bar.label
                bar.update(done - bar.pos)

            return map_reports(
                paths,
                out=wanted.output,
                jobs=wanted.jobs,
                seconds=wanted.limit,
                resume=wanted.resume,
                ocr=wanted.ocr,
                progress=progress,
            )
    except CorpusError as error:
        if error.needs is None:
            raise
        raise base.Problem(
            _("写列式文件需要另装组件：pip install 'gongkai[{extra}]'。").format(extra=error.needs)
        ) from error
    except EngineError as error:
        raise base.Problem(_("工作进程起不来。请用 --jobs 1 再试；仍不行请反馈。")) from error
    except KeyboardInterrupt:
        click.echo(_("加 --resume 再运行，可以接着做。"), err=True)
        raise


def _failure(refusal: Refusal, seconds: float) -> Failure:
    match refusal.lost:
        case LostReason.TIMEOUT:
            text = _("超过 {seconds:g} 秒没有读完，已跳过").format(seconds=seconds)
        case LostReason.CRASH:
            text = _("读取它的进程意外结束（{detail}），已跳过").format(detail=refusal.message)
        case LostReason.FAULT:
            text = _("程序内部出错（{detail}），已跳过，请反馈").format(detail=refusal.message)
        case None:
            mend = catalogue()[refusal.code].mend["zh"] if refusal.code is not None else None
            return Failure(refusal.source, refusal.message, refusal.code, mend)
    return Failure(refusal.source, text + "。", str(refusal.lost))


def _tell(summary: CorpusSummary, failures: Sequence[Failure], wanted: Wanted) -> None:
    if wanted.as_json:
        echo_json(
            {
                "output": shown_name(wanted.output),
                "files": summary.files,
                "reports": summary.reports,
                "with_errors": summary.with_errors,
                "resumed": summary.resumed,
                "unread": [failure.as_json() for failure in failures],
            }
        )
        return
    for failure in failures[:_SHOWN]:
        show_failure(failure, as_json=False)
    if len(failures) > _SHOWN:
        click.echo(
            _("……未读的共 {count} 个，用 --errors 文件 可得全部清单。").format(count=len(failures)), err=True
        )
    click.echo(
        _("{files} 个文件，{reports} 份报告（{errors} 份有错误），{unread} 个文件没有读成 → {output}").format(
            files=summary.files,
            reports=summary.reports,
            errors=summary.with_errors,
            unread=len(failures),
            output=shown_name(wanted.output),
        )
    )


def _exit_code(summary: CorpusSummary) -> int:
    if summary.reports == 0:
        return base.EXIT_UNUSABLE
    return base.EXIT_PARTIAL if summary.refusals else base.EXIT_OK
