"""The proposed repairs of a check report; ambiguity and an incomplete list are said before them."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.annual.findings import Verdict
from gongkai.annual.form import CellSpec
from gongkai.annual.repair import Change, Localisation
from gongkai.annual.write.check_page_marks import View, letter
from gongkai.annual.write.check_page_sums import full_label
from gongkai.annual.write.check_page_tables import cell_id, table_name
from gongkai.annual.write.check_page_words import label_html, safe
from gongkai.annual.write.content import plain

_MOST_COLUMNS = 2
"""Changed columns up to which each has a column of its own in the list."""


def repairs_panel(view: View) -> Iterator[str]:
    """The smallest repairs; nothing at all where no relation fails, whatever is blank or was not read."""
    failing = any(r.verdict is Verdict.FAILS for r in view.result.relations)
    if not failing:
        return
    where = view.localisation
    yield '<section class="panel" aria-labelledby="h-r">'
    yield f'<div class="panel__h"><h2 id="h-r">{safe(view.words("repairs"))}</h2></div><div class="panel__b">'
    yield from _lead(view, where)
    if where is not None and where.repairs:
        yield from _list(view, where)
    yield "</div></section>"


def has_repairs(view: View) -> bool:
    """True where the panel has something to say."""
    return any(True for _ in repairs_panel(view))


def _lead(view: View, where: Localisation | None) -> Iterator[str]:
    words = view.words
    if where is None:
        yield f"<p>{safe(words('not_localised'))}</p>"
        return
    if not where.repairs:
        yield f"<p>{safe(words('no_repair' if where.complete else 'no_repair_in_time'))}</p>"
        return
    count = len(where.repairs)
    if not where.ambiguous:
        yield f"<p>{safe(words('least', n=where.cells))}<b>{safe(words('only_one'))}</b></p>"
    else:
        key = "ambiguous" if where.complete else "ambiguous_more"
        said = f"<b>{safe(words(key, n=count))}</b>{safe(words('ask_records'))}"
        yield f"<p>{safe(words('least', n=where.cells))}{said}</p>"
    open_ones = sum(1 for r in view.result.relations if r.verdict is Verdict.CANNOT_TELL)
    if open_ones:
        yield f'<p class="small">{safe(words("not_counted", n=open_ones))}</p>'
    yield f'<p class="small quiet">{safe(words("only_proposed"))}</p>'


def _list(view: View, where: Localisation) -> Iterator[str]:
    name = safe(view.words("repairs_caption", n=len(where.repairs)))
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
    columns = _pivot(view, where)
    shape = "" if 0 < len(columns) <= _MOST_COLUMNS else " tbl--list"
    yield f'<table class="tbl small{shape}"><caption class="vh">{name}</caption>'
    if not columns:
        yield from _plain(view, where)
    elif shape:
        yield from _listed(view, where, columns)
    else:
        yield from _pivoted(view, where, columns)
    yield "</table></div>"


def _pivot(view: View, where: Localisation) -> tuple[CellSpec, ...]:
    """The columns that every repair changes, each in one row of its own; empty where they do not."""
    shapes = {
        tuple(
            (s.grid, s.block, s.column.key)
            for s in sorted((view.form.spec(c.path) for c in r.changes), key=lambda s: s.column.key)
        )
        for r in where.repairs
    }
    rows = [{view.form.spec(c.path).row.key for c in r.changes} for r in where.repairs]
    first = [view.form.spec(c.path) for c in where.repairs[0].changes]
    single = all(len(r) == 1 for r in rows) and len(shapes) == 1
    return tuple(first) if single and all(s.row.labels for s in first) else ()


def _pivoted(view: View, where: Localisation, columns: tuple[CellSpec, ...]) -> Iterator[str]:
    names = (safe(s.column.labels[-1]) for s in columns)
    heads = "".join(f'<th scope="col" class="num" lang="zh-CN">{name}</th>' for name in names)
    row = f'<th scope="col">{safe(view.words("row"))}</th>'
    yield f"<thead><tr>{_name_head(view)}{row}{heads}</tr></thead><tbody>"
    for index, repair in enumerate(where.repairs):
        changes = {view.form.spec(c.path).column.key: c for c in repair.changes}
        label = view.form.spec(repair.changes[0].path).row.labels[-1]
        cells = "".join(_change(view, changes[s.column.key]) for s in columns)
        row = f'<td lang="zh-CN">{label_html(label)}</td>'
        yield f'<tr id="r{index + 1}">{_name(view, index)}{row}{cells}</tr>'
    yield "</tbody>"


def _listed(view: View, where: Localisation, columns: tuple[CellSpec, ...]) -> Iterator[str]:
    """As ``_pivoted`` where the columns are too many to stand beside each other: changes that wrap."""
    words = view.words
    yield f'<thead><tr>{_name_head(view)}<th scope="col">{safe(words("cell"))}</th></tr></thead><tbody>'
    for index, repair in enumerate(where.repairs):
        changes = {view.form.spec(c.path).column.key: c for c in repair.changes}
        label = view.form.spec(repair.changes[0].path).row.labels[-1]
        items = "".join(
            f'<li><span lang="zh-CN">{safe(s.column.labels[-1])}</span> '
            f'<span class="nowrap">{_arrow(view, changes[s.column.key])}</span></li>'
            for s in columns
        )
        told = f'<span lang="zh-CN">{label_html(label)}</span><ul class="chg">{items}</ul>'
        yield f'<tr id="r{index + 1}">{_name(view, index)}<td>{told}</td></tr>'
    yield "</tbody>"


def _plain(view: View, where: Localisation) -> Iterator[str]:
    words = view.words
    yield f'<thead><tr>{_name_head(view)}<th scope="col">{safe(words("cell"))}</th>'
    yield f'<th scope="col" class="num">{safe(words("change"))}</th></tr></thead>'
    for index, repair in enumerate(where.repairs):
        yield f'<tbody id="r{index + 1}">'
        for at, change in enumerate(repair.changes):
            name = _name(view, index, len(repair.changes)) if at == 0 else ""
            grid = view.form.grid(view.form.spec(change.path).grid)
            label = safe(full_label(view.form, change.path))
            table = f'<span class="quiet">{safe(table_name(grid.number, words))}</span>'
            yield f'<tr>{name}<td>{table} <span lang="zh-CN">{label}</span></td>{_change(view, change)}</tr>'
        yield "</tbody>"


def _name_head(view: View) -> str:
    return f'<th scope="col"><span class="vh">{safe(view.words("name"))}</span></th>'


def _name(view: View, index: int, rows: int = 1) -> str:
    span = f' rowspan="{rows}"' if rows > 1 else ""
    scope = "rowgroup" if rows > 1 else "row"
    return f'<th scope="{scope}"{span}><b>{safe(letter(index, view.words.language))}</b></th>'


def _change(view: View, change: Change) -> str:
    return f'<td class="num nowrap">{_arrow(view, change)}</td>'


def _arrow(view: View, change: Change) -> str:
    """What is printed and what is proposed in its place."""
    found = view.words("blank") if change.found is None else plain(change.found)
    text = safe(found)
    if change.path in view.anchors:
        text = f'<a class="to" href="#{safe(cell_id(change.path))}">{text}</a>'
    to = safe(view.words("becomes"))
    return (
        f'{text} <span aria-hidden="true">→</span><span class="vh">{to}</span> '
        f"<b>{safe(plain(change.proposed))}</b>"
    )
