"""``gongkai annual compare``: what differs between two reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from gongkai.annual.compare import ChangeKind, Comparison, compare
from gongkai.annual.findings import Verdict
from gongkai.annual.form import Form
from gongkai.annual.model import Cell, Number
from gongkai.commands import render, terminal
from gongkai.commands.forms import known_forms
from gongkai.commands.inputs import one_report
from gongkai.commands.output import echo_json
from gongkai.i18n import _

_KIND = {ChangeKind.ADDED: _("增"), ChangeKind.REMOVED: _("删"), ChangeKind.CHANGED: _("改")}


def run(first: str, second: str, *, forms: Sequence[Path], as_json: bool, ocr: bool) -> None:
    """Print the comparison."""
    known = known_forms(forms)
    result = compare(one_report(first, ocr=ocr, forms=known), one_report(second, ocr=ocr, forms=known))
    if as_json:
        echo_json(_as_json(result))
    else:
        click.echo("\n".join(_lines(result, terminal.columns())))


def _lines(result: Comparison, limit: int) -> Iterator[str]:
    for name, report in ((_("甲"), result.first), (_("乙"), result.second)):
        yield from terminal.wrap(
            f"{render.heading(report)}（{report.source}）", limit, indent=f"{name}  ", hanging="    "
        )
    yield ""
    yield from _cells(result, limit)
    if result.yearly:
        yield ""
        yield _("两年之间")
        for found in result.yearly:
            this, last = (_number(n) for n in (found.this, found.last))
            text = f"{found.relation.id}  {found.relation.title['zh']}：{render.VERDICT[found.verdict]}"
            if found.verdict is not Verdict.HOLDS:
                text += _("（本年 {this}，上年 {last}）").format(this=this, last=last)
            yield from terminal.wrap(text, limit, indent="  ", hanging="    ")
    yield ""
    yield from _texts(result, limit)


def _cells(result: Comparison, limit: int) -> Iterator[str]:
    if not result.same_edition:
        yield from terminal.wrap(
            _(
                "两份报告的格式版本不同，只比较共有的 {shared} 格；甲另有 {first} 格，乙另有 {second} 格。"
            ).format(shared=result.compared, first=len(result.only_first), second=len(result.only_second)),
            limit,
        )
    if not result.cells:
        yield _("表格：相同。")
        return
    yield _("表格：{count} 格不同").format(count=len(result.cells))
    rows = [
        [d.label, render.cell_text(d.first), render.cell_text(d.second), _change(d.difference)]
        for d in result.cells
    ]
    yield from terminal.table([_("格"), _("甲"), _("乙"), _("增减")], rows, align="lrrr", limit=limit)


def _texts(result: Comparison, limit: int) -> Iterator[str]:
    for name, sections in ((_("甲"), result.sections_only_first), (_("乙"), result.sections_only_second)):
        if sections:
            form = result.first.form
            yield _("只有{name}有的部分：{sections}").format(
                name=name, sections="、".join(_section(form, s) for s in sections)
            )
    if not result.texts:
        yield _("文字：共有的部分相同。")
        return
    yield _("文字：{count} 处不同").format(count=len(result.texts))
    for difference in result.texts:
        yield f"  {_KIND[difference.kind]}  {_section(result.first.form, difference.section)}"
        for name, text in ((_("甲"), difference.first), (_("乙"), difference.second)):
            if text:
                yield from terminal.wrap(
                    " ".join(text.split()), limit, indent=f"      {name}  ", hanging=" " * 10
                )


def _section(form: Form, number: str) -> str:
    labels = {s.id: s.label for s in form.sections}
    return labels.get(number) or (_("引言") if number == "0" else _("第 {n} 部分").format(n=number))


def _change(difference: Number | None) -> str:
    return "" if difference is None else f"{difference:+}"


def _number(value: Number | None) -> str:
    return "…" if value is None else str(value)


def _as_json(result: Comparison) -> dict[str, object]:
    return {
        "first": {"source": result.first.source, "body": result.first.body, "year": result.first.year},
        "second": {"source": result.second.source, "body": result.second.body, "year": result.second.year},
        "same_edition": result.same_edition,
        "compared": result.compared,
        "cells": [
            {
                "path": d.path,
                "label": d.label,
                "first": _cell_json(d.first),
                "second": _cell_json(d.second),
                "difference": d.difference,
            }
            for d in result.cells
        ],
        "only_first": list(result.only_first),
        "only_second": list(result.only_second),
        "texts": [
            {"section": t.section, "kind": t.kind.value, "first": t.first, "second": t.second}
            for t in result.texts
        ],
        "sections_only_first": list(result.sections_only_first),
        "sections_only_second": list(result.sections_only_second),
        "yearly": [
            {
                "code": e.relation.id,
                "relation": e.relation.instance,
                "verdict": e.verdict.value,
                "this": e.this,
                "last": e.last,
            }
            for e in result.yearly
        ],
    }


def _cell_json(cell: Cell) -> dict[str, object]:
    return {"state": cell.state.value, "value": cell.value, "raw": cell.raw}
