"""``gongkai annual convert``: the official form in another kind of file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from gongkai.annual.model import CellState, Report
from gongkai.annual.read.names import shown_name
from gongkai.annual.write import WriterMissing, write
from gongkai.commands import base, terminal
from gongkai.commands.annual import KINDS
from gongkai.commands.forms import known_forms
from gongkai.commands.inputs import Inputs, Item
from gongkai.commands.output import beside, echo_json, is_free, write_file
from gongkai.i18n import _

_ENDINGS = {**{kind: kind for kind in KINDS}, "htm": "html"}
_BINARY = frozenset({"docx", "pdf", "xlsx"})


def run(
    files: Sequence[str],
    *,
    output: Path | None,
    kind: str | None,
    force: bool,
    forms: Sequence[Path],
    as_json: bool,
    ocr: bool,
) -> None:
    """Write every report of the files; ends with the documented exit code."""
    kind, folder = _plan(output, kind)
    inputs = Inputs(files, as_json=as_json, ocr=ocr, forms=known_forms(forms))
    if folder is not None:
        taken: set[Path] = set()
        for item in inputs.items():
            target = beside(folder, item, kind, taken)
            inputs.refuse_as_target(target)
            _write(item, kind, target, force=force, as_json=as_json)
    else:
        if output is not None:
            inputs.refuse_as_target(output)
        items = list(inputs.items())
        if len(items) > 1:
            raise base.Problem(
                _("这里有 {count} 份报告，写不进一个文件。请写目录并指定类型：-o 目录 --to {kind}").format(
                    count=len(items), kind=kind
                )
            )
        for item in items:
            if output is None:
                _warn(item, _lost(item.report, kind))
                _print(_written(item.report, kind), kind)
            else:
                _write(item, kind, output, force=force, as_json=as_json)
    click.get_current_context().exit(inputs.exit_code(errors=False))


def _lost(report: Report, kind: str) -> Mapping[CellState, int]:
    """How many cells of the result are empty for another reason than that they were published so."""
    states = [] if kind == "json" else [report.cell(path).state for path in report.form.cells]
    return {state: states.count(state) for state in (CellState.UNREADABLE, CellState.MISSING)}


def _warn(item: Item, lost: Mapping[CellState, int]) -> None:
    parts = [
        text.format(n=lost[state])
        for state, text in ((CellState.UNREADABLE, _("{n} 格读不出")), (CellState.MISSING, _("{n} 格缺")))
        if lost[state]
    ]
    if parts:
        text = _(
            "提醒：{source} 有 {cells}，在结果里都写成空格，不是公布的空格。"
            "校核转换的结果看不出这一点；要知道是哪些格，请校核原来的文件。"
        ).format(source=item.name, cells=_("、").join(parts))
        click.echo("\n".join(terminal.wrap(text, terminal.columns(err=True))), err=True)


def _plan(output: Path | None, kind: str | None) -> tuple[str, Path | None]:
    """The kind to write, and the folder where the output is one."""
    ending = None if output is None else _ENDINGS.get(output.suffix.lower().removeprefix("."))
    if output is None:
        if kind is None:
            raise click.UsageError(_("请写明输出：-o 文件，或 --to 类型。"))
        return kind, None
    if output.is_dir() or (ending is None and not output.suffix and not output.exists()):
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


def _write(item: Item, kind: str, target: Path, *, force: bool, as_json: bool) -> None:
    if not is_free(target) and not force:  # before the work, and once more when the file is put in place
        raise base.Problem(_("{target} 已经存在，没有覆盖。要覆盖请加 --force。").format(target=target))
    write_file(target, _written(item.report, kind), force=force)
    lost = _lost(item.report, kind)
    shown = shown_name(target)
    if as_json:
        counts = {state.value: count for state, count in lost.items()}
        echo_json({"source": item.name, "output": shown, "kind": kind, "written_blank": counts})
    else:
        click.echo(_("{source} → {target}").format(source=item.name, target=shown), err=True)
        _warn(item, lost)


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
