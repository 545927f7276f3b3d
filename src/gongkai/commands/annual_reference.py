"""``gongkai annual codes`` and ``form``: the catalogue and the form, to look things up."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

import click

from gongkai.annual.findings import CodeEntry, catalogue
from gongkai.annual.form import Block, Form, UnknownEdition, builtin_forms, form_for_edition, form_for_year
from gongkai.commands import base, render, terminal
from gongkai.commands.output import echo_json
from gongkai.i18n import _


def run_codes(code: str | None, *, as_json: bool) -> None:
    """Print all codes in a line each, or one with all that is said of it."""
    entries = dict(sorted(catalogue().items()))  # codes sort by family, then number
    if code is None:
        if as_json:
            echo_json([_entry_json(entry) for entry in entries.values()])
            return
        rows = [[e.code, render.SEVERITY[e.severity], e.title["zh"]] for e in entries.values()]
        click.echo("\n".join(terminal.table([_("代码"), _("级别"), _("问题")], rows, align="lll")))
        return
    entry = entries.get(code.strip().upper())
    if entry is None:
        near = difflib.get_close_matches(code.strip().upper(), entries, n=3)
        hint = _("相近的有：{codes}。").format(codes="、".join(near)) if near else ""
        raise base.Problem(_("没有代码 {code}。{hint}").format(code=code, hint=hint))
    if as_json:
        echo_json(_entry_json(entry))
        return
    click.echo("\n".join(_entry_lines(entry)))


_SLOT = re.compile(r"\{\w*(?:[!:][^{}]*)?\}")
"""What a finding fills in; a reader who looks a code up has no finding at hand."""


def _entry_json(entry: CodeEntry) -> dict[str, object]:
    return {
        "code": entry.code,
        "severity": entry.severity.value,
        "title": dict(entry.title),
        "message": dict(entry.message),
        "why": dict(entry.why),
        "mend": dict(entry.mend),
        "reference": entry.reference,
    }


def _entry_lines(entry: CodeEntry) -> Iterator[str]:
    yield f"{entry.code}  {entry.title['zh']}（{render.SEVERITY[entry.severity]}）"
    for name, text in (
        (_("示例"), _SLOT.sub("…", entry.message["zh"])),
        (_("为何要紧"), entry.why["zh"]),
        (_("怎么改"), entry.mend["zh"]),
        (_("依据"), _basis(entry.reference)),
    ):
        yield from terminal.wrap(
            text, terminal.columns(), indent="  " + terminal.pad(name, 10), hanging=" " * 12
        )


def _basis(reference: str) -> str:
    """An official instrument as it is; a page of ours with a word that it is one."""
    return _("本软件的说明文档 {page}").format(page=reference) if reference.startswith("docs/") else reference


def run_form(edition: str | None, *, schema: bool, as_json: bool) -> None:
    """Print the editions, or one edition's rows, columns and relations, or its JSON schema."""
    if edition is None:
        if schema:
            raise click.UsageError(_("--schema 要写明版本，例如 form 2021 --schema。"))
        _editions(as_json=as_json)
        return
    form = _form(edition)
    if schema:
        from gongkai.annual.write.schema import json_schema

        click.echo(json.dumps(json_schema(form), ensure_ascii=False, indent=2).encode())
    elif as_json:
        echo_json(_form_json(form))
    else:
        click.echo("\n".join(_form_lines(form, terminal.columns())))


def _form(edition: str) -> Form:
    try:
        return form_for_edition(edition)
    except UnknownEdition as error:
        known = "、".join(error.known)
    hint = ""
    if edition.isdecimal():
        try:
            used = form_for_year(int(edition)).edition
        except UnknownEdition:
            hint = _("该年度也没有对应的版本。")
        else:
            hint = _("{year} 年度的报告用 {edition} 年格式。").format(year=edition, edition=used)
    raise base.Problem(
        _("没有 {edition} 这个版本，现有 {known}。{hint}").format(edition=edition, known=known, hint=hint)
    )


def _editions(*, as_json: bool) -> None:
    if as_json:
        echo_json([_about_json(form) for form in builtin_forms()])
        return
    rows = [
        [f.edition, _years(f), str(len(f.cells)), str(len(f.relations)), str(f.instrument.get("number", ""))]
        for f in builtin_forms()
    ]
    head = [_("版本"), _("适用年度"), _("格数"), _("勾稽关系"), _("依据")]
    click.echo("\n".join(terminal.table(head, rows, align="llrrl")))


def _years(form: Form) -> str:
    last = _("起") if form.last_year is None else _("至 {year}").format(year=form.last_year)
    return f"{form.first_year} {last}"


def _about_json(form: Form) -> dict[str, object]:
    return {
        "edition": form.edition,
        "label": dict(form.label),
        "instrument": {key: str(value) for key, value in form.instrument.items()},
        "first_year": form.first_year,
        "last_year": form.last_year,
        "cells": len(form.cells),
        "relations": len(form.relations),
    }


def _form_json(form: Form) -> dict[str, Any]:
    return {
        **_about_json(form),
        "sections": [{"id": s.id, "label": s.label} for s in form.sections],
        "cells": [
            {
                "path": spec.path,
                "label": spec.label,
                "table": form.grid(spec.grid).number,
                "row_labels": list(spec.row.labels),
                "column_labels": list(spec.column.labels),
                "type": spec.type.value,
                "total": spec.total,
                "alternate": spec.alternate,
            }
            for spec in [*form.cells.values(), *form.alternates.values()]
        ],
        "relations": [
            {
                "id": r.id,
                "instance": r.instance,
                "title": dict(r.title),
                "left": list(r.left),
                "right": list(r.right),
            }
            for r in form.relations
        ],
        "yearly": [
            {
                "id": r.id,
                "instance": r.instance,
                "title": dict(r.title),
                "severity": r.severity,
                "this": [list(term) for term in r.this],
                "last": [list(term) for term in r.last],
            }
            for r in form.yearly
        ],
    }


def _form_lines(form: Form, limit: int) -> Iterator[str]:
    yield f"{form.label['zh']}：{form.instrument.get('title', '')}（{form.instrument.get('number', '')}）"
    yield _("适用年度：{years}").format(years=_years(form))
    for grid in form.grids:
        yield ""
        yield render.grid_title(grid)
        for block in grid.blocks:
            yield ""
            yield from _block_lines(block, limit)
    yield ""
    yield _("勾稽关系")
    told: dict[str, tuple[str, int]] = {}
    for relation in [*form.relations, *form.yearly]:
        title, count = told.get(relation.id, (relation.title["zh"], 0))
        told[relation.id] = (title, count + 1)
    rows = [[code, _("{n} 处").format(n=count), title] for code, (title, count) in told.items()]
    yield from terminal.table([_("代码"), _("处数"), _("关系")], rows, align="lrl")


def _block_lines(block: Block, limit: int) -> Iterator[str]:
    if block.heading:
        yield block.heading
    columns = [[" · ".join(c.labels), c.key] for c in block.columns]
    yield from terminal.table([_("列"), _("键")], columns, align="ll", limit=limit)
    rows = [
        [label, "" if row is None else row.key]
        for label, row in render.labelled([*block.rows, *block.alternates])
    ]
    if any(label for label, _row in rows):
        yield ""
        yield from terminal.table([_("行"), _("键")], rows, align="ll", limit=limit)
