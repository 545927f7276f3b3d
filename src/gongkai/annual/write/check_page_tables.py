"""The tables of a check report, as published: faulty cells framed, cells of repairs underlined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from gongkai.annual.model import Cell, CellState, Remnant
from gongkai.annual.numerals import chinese_number
from gongkai.annual.write.check_page_marks import NO_MARK, CellMark, MarkKind, View, letter, missing_grids
from gongkai.annual.write.check_page_words import Words, label_html, safe
from gongkai.annual.write.content import figure_text, plain
from gongkai.annual.write.layout import CellKind, LayoutCell, TableLayout, layouts

LONGEST_RAW = 60
"""Characters of a cell's printed text that are shown in the table."""
MOST_COLUMNS = 16
"""A table of at most so many columns fits beside the findings, so that its head may stay in sight."""
_SHOWN_LETTERS = 3


def table_panels(view: View) -> Iterator[str]:
    """Every table of the form, in its order; one that is not there is said to be missing."""
    missing = missing_grids(view.report)
    for table in layouts(view.report):
        yield from _panel(view, table, gone=table.grid.id in missing)


def table_name(number: int, words: Words) -> str:
    """表三, or Table 3."""
    return words("table", n=chinese_number(number) if words.language == "zh" else number)


def cell_id(path: str) -> str:
    """The anchor of a cell on the page."""
    return f"c-{path}"


def _panel(view: View, table: TableLayout, *, gone: bool) -> Iterator[str]:
    grid, words = table.grid, view.words
    anchor = f"t-{safe(grid.id)}"
    name = table_name(grid.number, words)
    yield f'<section class="panel" aria-labelledby="{anchor}">'
    title = f'<span class="panel__t" lang="zh-CN">{safe(grid.title)}</span>'
    yield f'<div class="panel__h"><h2 id="{anchor}">{safe(name)}　{title}</h2>'
    yield f'{_legend(view, table, gone)}</div><div class="panel__b">'
    if gone:
        yield f'<p class="void">{mark("void", words("table_missing"))}</p>'
    else:
        fit = " scroll--fit" if table.width <= MOST_COLUMNS else ""
        yield f'<div class="scroll{fit}" role="region" tabindex="0" aria-label="{safe(name)}">'
        yield from _table(view, table, name)
        yield "</div>"
    yield "</div></section>"


def mark(kind: str, text: str) -> str:
    """A word with its shape; the text is escaped here."""
    return f'<span class="st st--{kind}">{safe(text)}</span>'


def _legend(view: View, table: TableLayout, gone: bool) -> str:
    """What the marks of this table mean; nothing where nothing is marked."""
    words, items = view.words, list[str]()
    paths = [c.path for c in table.cells if c.path is not None]
    marks = [view.marks.get(p, NO_MARK) for p in paths]
    kinds = {m.kind for m in marks}
    if MarkKind.BAD in kinds:
        items.append(mark("over", words("legend_bad")))
    if MarkKind.WARN in kinds:
        items.append(mark("half", words("legend_warn")))
    if MarkKind.SAID in kinds:
        items.append(mark("said", words("legend_said")))
    repairs = sorted({i for m in marks for i in m.repairs})
    if repairs:
        first, last = (letter(i, words.language) for i in (repairs[0], repairs[-1]))
        names = first if first == last else words("range", first=first, last=last)
        said = safe(words("legend_repair", names=names))
        items.append(f'<span class="key"><i class="sw" aria-hidden="true"></i>{said}</span>')
    if any(p in view.torn for p in paths):
        items.append(mark("torn", words("legend_torn")))
    if not items and not gone and all(view.report.value(p) is not None for p in paths):
        items.append(mark("tick", words("legend_clean")))
    return f'<p class="legend">{"".join(items)}</p>' if items else ""


def _table(view: View, table: TableLayout, name: str) -> Iterator[str]:
    shape = {0: "wide", 1: "plain"}.get(table.label_width, "deep")
    yield f'<table class="form form--{shape}" lang="zh-CN">'
    caption = view.words("caption", table=name, title=table.grid.title)
    yield f'<caption class="vh" lang="{view.words.tag}">{safe(caption)}</caption>'
    if table.head_rows:
        yield "<thead>"
        yield from _rows(view, table, 0, table.head_rows)
        yield "</thead>"
    several = len(table.grid.blocks) > 1
    starts = [c.row for c in table.cells if c.kind is CellKind.HEADING] if several else []
    edges = sorted({table.head_rows, *starts, len(table.rows)})
    for first, last in pairwise(edges):
        yield "<tbody>"
        yield from _rows(view, table, first, last)
        yield "</tbody>"
    yield "</table>"


def _rows(view: View, table: TableLayout, first: int, last: int) -> Iterator[str]:
    for row in table.rows[first:last]:
        total = any(c.kind is CellKind.ROW and c.total for c in row)
        drawn: list[str] = []
        torn: Remnant | None = None
        for cell in row:
            here = view.torn.get(cell.path) if cell.path is not None else None
            if cell.path is None:
                drawn.append(_label(table, cell))
            elif here is None:
                drawn.append(_value(view, table, cell, cell.path))
            elif here is not torn:
                run = [c for c in row if c.path is not None and view.torn.get(c.path) is here]
                drawn.append(_torn(view, table, run, here))
            torn = here
        yield f"<tr{' class=sum' if total else ''}>{''.join(drawn)}</tr>"


def _spans(cell: LayoutCell) -> str:
    sizes = (("rowspan", cell.row_span), ("colspan", cell.column_span))
    return "".join(f' {name}="{size}"' for name, size in sizes if size > 1)


def _head_id(table: TableLayout, origin: tuple[int, int]) -> str:
    return f"h-{safe(table.grid.id)}-{origin[0] + 1}-{origin[1] + 1}"


def _headers(table: TableLayout, cells: list[LayoutCell]) -> str:
    origins = dict.fromkeys(o for c in cells for o in c.headers)
    return " ".join(_head_id(table, o) for o in origins)


def _label(table: TableLayout, cell: LayoutCell) -> str:
    text = label_html(cell.text) if cell.kind is CellKind.ROW else safe(cell.text)
    match cell.kind:
        case CellKind.CORNER:
            # A word heads what lies below it; a note of the form heads nothing.
            if not cell.text or cell.text.startswith(("（", "(")):
                return f'<td{_spans(cell)} class="corner">{text}</td>'
            return f'<th{_spans(cell)} class="corner" scope="col">{text}</th>'
        case CellKind.HEADING:
            scope, name = "colgroup", "block"
        case CellKind.COLUMN:
            under = {c.column for c in table.cells if c.path is not None and cell.origin in c.headers}
            scope, name = ("colgroup" if len(under) > 1 else "col"), "col"
            # Its words stay in sight while the columns below it scroll sideways.
            text = f"<span>{text}</span>" if len(under) > 1 else text
        case CellKind.GROUP:
            side = cell.column < table.label_width - 2
            scope, name = "rowgroup", "group side" if side else "group"
            text = f"<span>{text}</span>"
        case _:
            scope, name = "row", "label"
    group = f' data-group="{safe(cell.group)}"' if cell.group and cell.column > 1 else ""
    identity = _head_id(table, cell.origin)
    return f'<th id="{identity}"{_spans(cell)} scope="{scope}" class="{name}"{group}>{text}</th>'


def _value(view: View, table: TableLayout, cell: LayoutCell, path: str) -> str:
    held = view.report.cell(path)
    found = view.marks.get(path, NO_MARK)
    text, below = shown(held, figure_text(view.report, path), view.words)
    classes = [held.state.value] if held.value is None else []
    classes += ["z"] if held.value is not None and held.value == 0 else []
    classes += ["total"] if cell.total else []
    classes += [found.kind.value] if found.kind is not MarkKind.NONE else []
    classes += ["cand"] if found.repairs else []
    named = f' class="{" ".join(classes)}"' if classes else ""
    inner = _figure(view, found, text) + (f'<span class="bot">{safe(below)}</span>' if below else "")
    inner += _notes(view, found)
    opening = f'<td id="{safe(cell_id(path))}"{_spans(cell)}{named} headers="{_headers(table, [cell])}">'
    return f"{opening}{inner}</td>"


def _figure(view: View, found: CellMark, text: str) -> str:
    """The printed figure, a link to its first finding, or else to its first repair."""
    names = "".join(letter(i, view.words.language) for i in found.repairs[:_SHOWN_LETTERS])
    names += "…" if len(found.repairs) > _SHOWN_LETTERS else ""
    sign = f"<sup>{safe(names)}</sup>" if names else ""
    if found.notes:
        beside = f'<a href="#r{found.repairs[0] + 1}">{sign}</a>' if sign else ""
        return f'<span class="fig">{beside}<a href="#f{found.notes[0][1]}">{safe(text)}</a></span>'
    if sign:
        return f'<a class="fig" href="#r{found.repairs[0] + 1}">{sign}{safe(text)}</a>'
    return f'<span class="fig">{safe(text)}</span>'


def _notes(view: View, found: CellMark) -> str:
    """Words below the figure; every finding but the first, which the figure leads to, has its link."""
    lines = [f'<span class="bot">{safe(note)}</span>' for note, _ in found.notes[:1]]
    lines += [
        f'<span class="bot"><a href="#f{number}">{safe(note)}</a></span>' for note, number in found.notes[1:]
    ]
    return "".join(lines)


def _torn(view: View, table: TableLayout, run: list[LayoutCell], remnant: Remnant) -> str:
    """One cell over the columns among which the printed values could not be shared out."""
    marks = [view.marks.get(c.path or "", NO_MARK) for c in run]
    bad = any(m.kind is MarkKind.BAD for m in marks)
    notes = dict.fromkeys(note for m in marks for note in m.notes)
    values = "".join(f"<li>{safe(clipped(v))}</li>" for v in remnant.values)
    links = "".join(f' <a href="#f{number}">{safe(note)}</a>' for note, number in notes)
    said = view.words("torn_row", n=len(remnant.values), columns=len(remnant.cells))
    width = sum(c.column_span for c in run)
    kind = "torn bad" if bad else "torn"
    listed = f'<ul class="vals">{values}</ul>' if values else ""
    own = f'id="{safe(cell_id(run[0].path or ""))}" colspan="{width}" class="{kind}"'
    inner = f'{listed}<span class="bot">{safe(said)}{links}</span>'
    return f'<td {own} headers="{_headers(table, run)}"><div>{inner}</div></td>'


def clipped(text: str, size: int = LONGEST_RAW) -> str:
    """The text on one line, cut where it is too long for a cell."""
    line = " ".join(text.split())
    return line if len(line) <= size else f"{line[: size - 1]}…"


def shown(cell: Cell, figure: str, words: Words) -> tuple[str, str]:
    """What a cell shows, as printed, and a word below it where that is not all there is to say.

    ``figure`` is its number as it is understood, with its unit.
    """
    raw = clipped(cell.raw or "")
    match cell.state:
        case CellState.VALUE | CellState.ENTERED:
            number = "" if cell.value is None else plain(cell.value)
            if cell.state is CellState.ENTERED:
                return raw or number, words("entered")
            return (raw, "" if _says(raw, number) else words("read_as", n=figure)) if raw else (number, "")
        case CellState.BLANK:
            return (raw, words("blank")) if raw else (words("blank"), "")
        case CellState.MISSING:
            return words("missing"), ""
        case CellState.UNREADABLE:
            return raw or "?", words("unreadable")
        case CellState.NOT_APPLICABLE:
            return (raw, words("not_applicable")) if raw else (words("not_applicable"), "")


def _says(raw: str, number: str) -> bool:
    """True where the printed text is the number, apart from width, grouping, a plus or a unit of money."""
    bare = re.sub(r"[\s,+]|[万亿]?元$", "", unicodedata.normalize("NFKC", raw))
    return bare in (number, number.removesuffix(".0"), f"{number}.0", f"{number}.00")
