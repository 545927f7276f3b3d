"""``gongkai annual check``: findings with their relations and proposed repairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from gongkai.annual.check import check
from gongkai.annual.check.result import CheckResult
from gongkai.annual.findings import Severity, Verdict
from gongkai.annual.localise import SolverMissing, localise
from gongkai.annual.read.names import shown_name
from gongkai.annual.repair import Localisation
from gongkai.annual.write.exchange import report_object
from gongkai.commands import base, findings, render, terminal
from gongkai.commands.forms import known_forms
from gongkai.commands.inputs import Inputs, Item, one_report
from gongkai.commands.output import beside, echo_json, is_device, is_free, write_file
from gongkai.commands.progress import busy
from gongkai.i18n import _

_PAGE = frozenset({".html", ".htm"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command."""

    last_year: str | None
    samples: bool
    page: Path | None
    force: bool
    repairs: bool
    forms: Sequence[Path]
    as_json: bool
    ocr: bool


def run(files: Sequence[str], wanted: Wanted) -> None:
    """Check every report of the files; ends with the documented exit code."""
    samples: frozenset[str] = frozenset()
    if wanted.samples:
        from gongkai.annual.samples import sample_paths

        # The samples are files wherever the package is: it is never run out of an archive.
        samples = frozenset(str(path) for path in sample_paths())
        files = [*files, *sorted(samples)]
    forms = known_forms(wanted.forms)
    inputs = Inputs(files, as_json=wanted.as_json, ocr=wanted.ocr, forms=forms)
    pages = None if wanted.page is None else _Pages(wanted.page, inputs, wanted)
    last_year = None
    if wanted.last_year is not None:
        last_year = one_report(wanted.last_year, ocr=wanted.ocr, forms=forms)
    tally = _Tally()
    for item in inputs.items() if pages is None else pages.items():
        # The samples are named alike; our JSON would name the file that it was made from.
        report = replace(item.report, source=item.name) if item.name in samples else item.report
        result = check(report, last_year=last_year)
        localisation = _localised(result, item.name) if wanted.repairs else None
        tally.add(result)
        if wanted.as_json:
            echo_json(report_object(report, findings=result.findings, localisation=localisation))
        else:
            click.echo("\n".join(_lines(result, localisation)) + "\n")
        if pages is not None:
            pages.write(item, result, localisation)
    if not wanted.as_json and tally.reports > 1:
        click.echo(tally.line(len(inputs.failures)))
    click.get_current_context().exit(inputs.exit_code(errors=tally.with_errors > 0))


def _localised(result: CheckResult, name: str) -> Localisation | None:
    if not any(relation.verdict is Verdict.FAILS for relation in result.relations):
        # Nothing is proved wrong. What would make blanks and torn rows agree is no proposal to change them.
        return Localisation((), 0, ambiguous=False, complete=True)
    try:
        with busy(_("正在求修改建议 {name}").format(name=name)):
            return localise(result.report)
    except SolverMissing:
        click.echo(_("没有安装求解组件，不给修改建议：pip install 'gongkai[solve]'。"), err=True)
        return None


@dataclass(slots=True)
class _Pages:
    """Where the pages go: one file for one report, or a directory with a page a report."""

    target: Path
    inputs: Inputs
    wanted: Wanted
    folder: bool = False
    taken: set[Path] = field(default_factory=set["Path"])

    def __post_init__(self) -> None:
        """What would go wrong at the end is said at the start."""
        ending = self.target.suffix.lower()
        self.folder = self.target.is_dir() or (not ending and not self.target.exists())
        if self.folder:
            return
        if ending not in _PAGE and not is_device(self.target):
            raise click.UsageError(
                _("--html 写的是网页，文件名请用 .html 结尾（或写一个目录）：{target}").format(
                    target=shown_name(self.target)
                )
            )
        self.inputs.refuse_as_target(self.target)
        self._refuse_taken(self.target)

    def items(self) -> Iterable[Item]:
        """The reports to check."""
        if self.folder:
            return self.inputs.items()
        items = list(self.inputs.items())
        if len(items) > 1:
            raise base.Problem(
                _("这里有 {count} 份报告，写不进一个网页。请给 --html 写一个目录，每份报告一页。").format(
                    count=len(items)
                )
            )
        return items

    def write(self, item: Item, result: CheckResult, localisation: Localisation | None) -> None:
        """Write the page of that report and say where."""
        from gongkai.annual.write.check_page import check_page

        target = self.target
        if self.folder:
            target = beside(self.target, item, "html", self.taken)
            self.inputs.refuse_as_target(target)
            self._refuse_taken(target)
        write_file(target, check_page(result, localisation).encode(), force=self.wanted.force)
        click.echo(_("网页版校核结果已写入 {page}。").format(page=shown_name(target)), err=True)

    def _refuse_taken(self, target: Path) -> None:
        if not self.wanted.force and not is_free(target):
            raise base.Problem(
                _("{target} 已经存在，没有覆盖。要覆盖请加 --force。").format(target=shown_name(target))
            )


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
