"""``gongkai annual convert``: the official form in another kind of file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from gongkai.annual.model import Report
from gongkai.annual.write import WriterMissing, write
from gongkai.commands import base
from gongkai.commands.annual import KINDS
from gongkai.commands.inputs import Inputs
from gongkai.commands.output import echo_json, write_file
from gongkai.i18n import _

_ENDINGS = {**{kind: kind for kind in KINDS}, "htm": "html"}
_BINARY = frozenset({"docx", "pdf", "xlsx"})


def run(
    files: Sequence[str], *, output: Path | None, kind: str | None, force: bool, as_json: bool, ocr: bool
) -> None:
    """Write every report of the files; ends with the documented exit code."""
    kind, folder = _plan(output, kind)
    inputs = Inputs(files, as_json=as_json, ocr=ocr)
    if folder is not None:
        taken: set[Path] = set()
        for report in inputs:
            target = _name(folder, report, kind, taken)
            _write(report, kind, target, force=force, as_json=as_json)
    else:
        reports = list(inputs)
        if len(reports) > 1:
            raise base.Problem(
                _("这里有 {count} 份报告，写不进一个文件。请写目录并指定类型：-o 目录 --to {kind}").format(
                    count=len(reports), kind=kind
                )
            )
        for report in reports:
            if output is None:
                _print(_written(report, kind), kind)
            else:
                _write(report, kind, output, force=force, as_json=as_json)
    click.get_current_context().exit(inputs.exit_code(errors=False))


def _plan(output: Path | None, kind: str | None) -> tuple[str, Path | None]:
    """The kind to write, and the folder where the output is one."""
    ending = None if output is None else _ENDINGS.get(output.suffix.lower().removeprefix("."))
    if output is None:
        if kind is None:
            raise click.UsageError(_("请写明输出：-o 文件，或 --to 类型。"))
        return kind, None
    if output.is_dir() or (ending is None and not output.suffix):
        if kind is None:
            raise click.UsageError(_("输出是目录时请写明类型，例如 --to docx。"))
        return kind, output
    if ending is None and kind is None:
        raise click.UsageError(
            _("从扩展名看不出类型：{output}。可用 {kinds}，或写明 --to。").format(
                output=output, kinds="、".join(f".{k}" for k in KINDS)
            )
        )
    if kind is not None and ending is not None and kind != ending:
        raise click.UsageError(_("--to {kind} 和文件名 {output} 不一致。").format(kind=kind, output=output))
    return kind or ending or "", None


def _name(folder: Path, report: Report, kind: str, taken: set[Path]) -> Path:
    """A file in the folder named after the source; further reports of the same name get a number."""
    stem = Path(report.source).stem or _("报告")
    target = folder / f"{stem}.{kind}"
    number = 2
    while target in taken:
        target = folder / f"{stem}-{number}.{kind}"
        number += 1
    taken.add(target)
    return target


def _write(report: Report, kind: str, target: Path, *, force: bool, as_json: bool) -> None:
    if target.exists() and not force:  # before the work, and once more when the file is put in place
        raise base.Problem(_("{target} 已经存在，没有覆盖。要覆盖请加 --force。").format(target=target))
    write_file(target, _written(report, kind), force=force)
    if as_json:
        echo_json({"source": report.source, "output": str(target), "kind": kind})
    else:
        click.echo(_("{source} → {target}").format(source=report.source, target=target), err=True)


def _written(report: Report, kind: str) -> bytes:
    try:
        return write(report, kind)
    except WriterMissing as error:
        raise base.Problem(
            _("写 {kind} 需要另装组件：pip install 'gongkai[{extra}]'。").format(
                kind=kind.upper(), extra=error.extra
            )
        ) from error


def _print(data: bytes, kind: str) -> None:
    if kind in _BINARY and sys.stdout.isatty():
        raise base.Problem(_("{kind} 不是文本，不在终端显示。请用 -o 写到文件。").format(kind=kind.upper()))
    click.echo(data, nl=False)
