"""``gongkai annual read``: reports as tables for people, or as exchange objects for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gongkai.annual.findings import Severity
from gongkai.annual.model import CellState, Report
from gongkai.annual.write.exchange import report_object
from gongkai.commands import findings, render, terminal
from gongkai.commands.forms import known_forms
from gongkai.commands.inputs import Inputs
from gongkai.commands.output import echo_json
from gongkai.i18n import _


def run(files: Sequence[str], *, forms: Sequence[Path], as_json: bool, ocr: bool) -> None:
    """Print every report of the files; ends with the documented exit code."""
    inputs = Inputs(files, as_json=as_json, ocr=ocr, forms=known_forms(forms))
    errors = False
    for report in inputs:
        errors = errors or any(f.severity is Severity.ERROR for f in report.reading)
        if as_json:
            echo_json(report_object(report))
        else:
            click.echo("\n".join(_lines(report)) + "\n")
    click.get_current_context().exit(inputs.exit_code(errors=errors))


def _lines(report: Report) -> list[str]:
    limit = terminal.columns()
    lines = [render.heading(report), "─" * min(limit, terminal.width(render.heading(report)))]
    lines += _about(report)
    lines += render.tables(report, limit)
    lines += ["", *_sections(report, limit)]
    if report.reading:
        lines += ["", _("读取时的发现")]
        for found in report.reading:
            lines += findings.brief(report, found, limit)
    return lines


def _about(report: Report) -> list[str]:
    states = [report.cell(path).state for path in report.form.cells]
    number = sum(state in {CellState.VALUE, CellState.ENTERED} for state in states)
    parts = [_("{total} 格，有数 {number} 格").format(total=len(states), number=number)]
    for state, text in (
        (CellState.BLANK, _("空 {n} 格")),
        (CellState.MISSING, _("缺 {n} 格")),
        (CellState.UNREADABLE, _("读不出 {n} 格")),
        (CellState.NOT_APPLICABLE, _("不适用 {n} 格")),
    ):
        if state in states:
            parts.append(text.format(n=states.count(state)))
    facts = [
        (_("标题"), report.title),
        (_("来源"), report.source),
        (_("所引通知"), report.notice),
        (_("统计期限"), _("{first} 至 {last}").format(first=report.period[0], last=report.period[1]))
        if report.period is not None
        else (_("统计期限"), None),
        (_("表格"), "，".join(parts)),
    ]
    return [f"{terminal.pad(name, 10)}{text}" for name, text in facts if text]


def _sections(report: Report, limit: int) -> list[str]:
    rows: list[list[str]] = []
    for section in report.form.sections:
        text = report.sections.get(section.id)
        label = report.section_labels.get(section.id) or section.label
        rows.append(
            [label, _("没有找到") if text is None else _("{n} 字").format(n=len("".join(text.split())))]
        )
    return terminal.table([_("部分"), _("正文")], rows, align="lr", limit=limit)
