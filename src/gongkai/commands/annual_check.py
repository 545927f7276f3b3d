"""``gongkai annual check``: findings with their relations and proposed repairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gongkai.annual.check import check
from gongkai.annual.check.result import CheckResult
from gongkai.annual.findings import Severity
from gongkai.annual.localise import SolverMissing, localise
from gongkai.annual.model import Report
from gongkai.annual.repair import Localisation
from gongkai.annual.write.exchange import report_object
from gongkai.commands import base, findings, render, terminal
from gongkai.commands.inputs import Inputs, one_report
from gongkai.commands.output import echo_json, write_file
from gongkai.i18n import _


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command."""

    last_year: str | None
    samples: bool
    page: Path | None
    force: bool
    repairs: bool
    as_json: bool
    ocr: bool


def run(files: Sequence[str], wanted: Wanted) -> None:
    """Check every report of the files; ends with the documented exit code."""
    if wanted.samples:
        from gongkai.annual.samples import sample_paths

        # The samples are files wherever the package is: it is never run out of an archive.
        files = [*files, *(str(path) for path in sample_paths())]
    last_year = one_report(wanted.last_year, ocr=wanted.ocr) if wanted.last_year is not None else None
    inputs = Inputs(files, as_json=wanted.as_json, ocr=wanted.ocr)
    reports: Iterable[Report] = inputs
    if wanted.page is not None:
        reports = _only_one(inputs, wanted.page, force=wanted.force)
    tally = _Tally()
    for report in reports:
        result = check(report, last_year=last_year)
        localisation = _localised(report) if wanted.repairs else None
        tally.add(result)
        if wanted.as_json:
            echo_json(report_object(report, findings=result.findings, localisation=localisation))
        else:
            click.echo("\n".join(_lines(result, localisation)) + "\n")
        if wanted.page is not None:
            from gongkai.annual.write.check_page import check_page

            write_file(wanted.page, check_page(result, localisation).encode(), force=wanted.force)
            click.echo(_("网页版校核结果已写入 {page}。").format(page=wanted.page), err=True)
    if not wanted.as_json and tally.reports > 1:
        click.echo(tally.line(len(inputs.failures)))
    click.get_current_context().exit(inputs.exit_code(errors=tally.with_errors > 0))


def _localised(report: Report) -> Localisation | None:
    try:
        return localise(report)
    except SolverMissing:
        click.echo(_("没有安装求解组件，不给修改建议：pip install 'gongkai[solve]'。"), err=True)
        return None


def _only_one(inputs: Inputs, page: Path, *, force: bool) -> list[Report]:
    """The one report that the page is for; what would go wrong at the end is said at the start."""
    if page.exists() and not force:
        raise base.Problem(_("{target} 已经存在，没有覆盖。要覆盖请加 --force。").format(target=page))
    reports = list(inputs)
    if len(reports) > 1:
        raise base.Problem(_("--html 一次只写一份报告，这里有 {count} 份。").format(count=len(reports)))
    return reports


@dataclass(slots=True)
class _Tally:
    """What many reports come to."""

    reports: int = 0
    with_errors: int = 0
    with_others: int = 0

    def add(self, result: CheckResult) -> None:
        self.reports += 1
        if result.count(Severity.ERROR):
            self.with_errors += 1
        elif result.findings:
            self.with_others += 1

    def line(self, unread: int) -> str:
        clean = self.reports - self.with_errors - self.with_others
        text = _(
            "共 {reports} 份报告：{errors} 份有错误，{others} 份只有提醒或说明，{clean} 份没有问题"
        ).format(reports=self.reports, errors=self.with_errors, others=self.with_others, clean=clean)
        if unread:
            text += _("；另有 {count} 个文件没有读成").format(count=unread)
        return text + "。"


def _lines(result: CheckResult, localisation: Localisation | None) -> list[str]:
    limit = terminal.columns()
    report = result.report
    title = render.heading(report)
    lines = [title, "─" * min(limit, terminal.width(title))]
    if report.source:
        lines.append(_("来源：{source}").format(source=report.source))
    lines += terminal.wrap(findings.verdict_line(result, localisation), limit, hanging="      ")
    lines += findings.result_lines(result, limit)
    if localisation is not None and (localisation.cells or not localisation.complete):
        lines += ["", *findings.repair_lines(report, localisation, limit)]
    return lines
