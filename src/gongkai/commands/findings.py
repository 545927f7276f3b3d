"""Findings, relations and repairs as lines of Chinese text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongkai.annual.check.result import CheckResult, RelationResult
from gongkai.annual.findings import Finding, Severity, Verdict, describe, entry_of
from gongkai.annual.model import Report
from gongkai.annual.relations import resolve
from gongkai.annual.repair import Change, Localisation, Repair
from gongkai.commands import render, terminal
from gongkai.i18n import _

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_FEW = 6
"""So many places are listed; more are only counted."""


def brief(report: Report, found: Finding, limit: int) -> list[str]:
    """A finding in a paragraph, with its code."""
    text = f"{render.SEVERITY[found.severity]} {found.code}  {describe(found)}"
    return terminal.wrap(text, limit, indent="  ", hanging="      ")


def result_lines(result: CheckResult, limit: int) -> Iterator[str]:
    """All findings of a report, grouped by severity; under each its relation and where it stands."""
    relations = {r.relation.instance: r for r in result.relations}
    for severity in Severity:
        group = [f for f in result.findings if f.severity is severity]
        if not group:
            continue
        yield ""
        yield _("{kind}（{count} 条）").format(kind=render.SEVERITY[severity], count=len(group))
        for number, found in enumerate(group, 1):
            lead = f"{number:>3}. "
            yield from terminal.wrap(f"{found.code}  {describe(found)}", limit, indent=lead, hanging=" " * 5)
            yield from _details(result.report, found, relations, limit)


def _details(
    report: Report, found: Finding, relations: Mapping[str, RelationResult], limit: int
) -> Iterator[str]:
    relation = relations.get(found.relation) if found.relation is not None else None
    if relation is not None:
        written = written_out(report, relation)
        yield from terminal.wrap(
            _("关系：{text}").format(text=written), limit, indent=" " * 5, hanging=" " * 11
        )
    if found.verdict not in {Verdict.FAILS, Verdict.HOLDS}:
        yield " " * 5 + _("判断：{text}").format(text=render.VERDICT[found.verdict])
    places = _places(report, found)
    if places:
        yield from terminal.wrap(
            _("位置：{text}").format(text=places), limit, indent=" " * 5, hanging=" " * 11
        )
    if found.severity is not Severity.NOTE:
        mend = entry_of(found).mend["zh"]
        yield from terminal.wrap(_("办法：{text}").format(text=mend), limit, indent=" " * 5, hanging=" " * 11)


def _places(report: Report, found: Finding) -> str:
    told: list[str] = []
    for path in found.cells:
        if path not in report.form.cells and path not in report.form.alternates:
            continue
        place = render.place_text(report.cell(path).place)
        if place:
            told.append(f"{render.cell_label(report.form.spec(path))}（{place}）")
    text = "、".join(told)
    if len(told) > _FEW:
        text = _("{some}等 {count} 格").format(some="、".join(told[:2]), count=len(told))
    labels = {s.id: s.label for s in report.form.sections} | {"0": _("引言")}
    parts = [labels.get(span.section, span.section) for span in found.spans]
    passages = [_("正文“{part}”").format(part=part) for part in dict.fromkeys(parts)]
    return "；".join([*passages, *([text] if text else [])])


def written_out(report: Report, result: RelationResult) -> str:
    """The relation with its numbers: ``新收 12 + 结转 0 = 12；总计 10 + 结转 1 = 11``.

    Terms that are 0 are only counted where there are many.
    """
    terms = resolve(report, result.relation)
    sides = [
        _side(report, paths, total)
        for paths, total in ((terms.left, result.left), (terms.right, result.right))
    ]
    sign = {
        Verdict.HOLDS: "=",
        Verdict.FAILS: "≠",
        Verdict.HOLDS_IF_BLANK_IS_ZERO: "=",
        Verdict.CANNOT_TELL: "？",
    }[result.verdict]
    return f" {sign} ".join(sides)


def _side(report: Report, paths: tuple[str, ...], total: object) -> str:
    shown: list[str] = []
    zeros = 0
    for path in paths:
        cell = report.cell(path)
        if len(paths) > _FEW and cell.value is not None and cell.value == 0:
            zeros += 1
            continue
        shown.append(f"{_name(report, path, paths)} {render.cell_text(cell)}")
    text = " + ".join(shown)
    if zeros:
        rest = _("另 {count} 项为 0").format(count=zeros)
        text = f"{text}（{rest}）" if shown else rest
    if len(paths) > 1:
        text += f" = {total if total is not None else '…'}"
    return f"[{text}]"


def _name(report: Report, path: str, beside: tuple[str, ...]) -> str:
    """The cell's name by what tells it from its neighbours: its row or its column."""
    spec = report.form.spec(path)
    rows = {report.form.spec(p).row.key for p in beside}
    if len(rows) == 1 and len(beside) > 1:
        return spec.column.labels[-1]
    return render.short_label(spec)


def repair_lines(report: Report, found: Localisation, limit: int) -> Iterator[str]:
    """The proposed repairs, 甲乙丙…, each with its changes."""
    if not found.repairs:
        if found.cells or not found.complete:
            yield _("修改建议：在限定时间内没有求出。")
        return
    count = len(found.repairs)
    head = _("修改建议：最少改 {cells} 格，可使全部勾稽关系成立").format(cells=found.cells)
    if found.ambiguous:
        more = "" if found.complete else _("以上")
        head += _("；这样的改法有 {count} 种{more}，仅凭表格不能确定是哪一种").format(count=count, more=more)
    yield from terminal.wrap(head + "。", limit)
    for index, repair in enumerate(found.repairs):
        yield from terminal.wrap(
            f"{_changes(report, repair)}", limit, indent=f"  {stem(index)}  ", hanging=" " * 6
        )


def stem(index: int) -> str:
    """甲乙丙…癸, then numbers."""
    return _STEMS[index] if index < len(_STEMS) else str(index + 1)


def _changes(report: Report, repair: Repair) -> str:
    def told(change: Change) -> str:
        label = render.cell_label(report.form.spec(change.path))
        return f"{label}：{render.cell_text(report.cell(change.path))} → {change.proposed}"

    return "；".join(told(change) for change in repair.changes)


def verdict_line(result: CheckResult, localisation: Localisation | None) -> str:
    """What there is to say of the report in one sentence."""
    told = render.counts(f.severity for f in result.findings)
    if not told:
        return _("结论：没有发现问题。")
    errors = result.count(Severity.ERROR)
    if errors == 0:
        return _("结论：没有发现错误，有 {told}供核对。").format(told=told)
    line = _("结论：有 {told}。").format(told=told)
    if localisation is not None and localisation.ambiguous:
        line += _("错在哪一格不能确定，见修改建议。")
    return line
