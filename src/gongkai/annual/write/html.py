"""A report as one accessible HTML page in the official layout: no script, nothing loaded from elsewhere."""

from __future__ import annotations

import itertools
from functools import cache
from html import escape
from importlib import resources

from gongkai.annual.model import Report
from gongkai.annual.numerals import chinese_number
from gongkai.annual.write.content import Page, Paragraph, Part, figure_text, page_of
from gongkai.annual.write.layout import CellKind, LayoutCell, TableLayout
from gongkai.paper.text import clean


def to_html(report: Report) -> bytes:
    """The report as a whole HTML page, UTF-8."""
    page = page_of(report)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(page.title)}</title>",
        f"<style>\n{style()}</style>",
        "</head>",
        "<body>",
        *_body(page, report),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines).encode("utf-8") + b"\n"


@cache
def style() -> str:
    """The page's style sheet; the table classes are shared with the check page."""
    return (resources.files("gongkai.annual.write") / "report.css").read_text(encoding="utf-8")


def table_html(table: TableLayout, report: Report) -> str:
    """The table with its figures, in a region that scrolls by itself and can be focused."""
    name = f"表{chinese_number(table.grid.number)}　{table.grid.title}"
    several = len(table.grid.blocks) > 1
    lines = [
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(name)}">',
        # The caption is drawn by the style sheet: it is no part of the published text, and who copies or
        # reads the page back gets exactly the report's own words.
        f'<table class="form form--{_depth_class(table)}" aria-label="{escape(name)}">',
        f'<caption data-name="{escape(name)}"></caption>',
    ]
    if table.head_rows:
        lines += ["<thead>", *_rows(table, report, 0, table.head_rows), "</thead>"]
    starts = [c.row for c in table.cells if c.kind is CellKind.HEADING] if several else []
    edges = sorted({table.head_rows, *starts, len(table.rows)})
    for first, last in itertools.pairwise(edges):
        lines += ["<tbody>", *_rows(table, report, first, last), "</tbody>"]
    return "\n".join([*lines, "</table>", "</div>"])


def _depth_class(table: TableLayout) -> str:
    return {0: "wide", 1: "plain"}.get(table.label_width, "deep")


def _rows(table: TableLayout, report: Report, first: int, last: int) -> list[str]:
    lines: list[str] = []
    for row in table.rows[first:last]:
        total = any(c.kind is CellKind.ROW and c.total for c in row)
        cells = "".join(_cell(table, cell, report) for cell in row)
        opening = '<tr class="sum">' if total else "<tr>"
        lines.append(f"{opening}{cells}</tr>")
    return lines


def _cell(table: TableLayout, cell: LayoutCell, report: Report) -> str:
    spans = "".join(
        f' {name}="{size}"'
        for name, size in (("rowspan", cell.row_span), ("colspan", cell.column_span))
        if size > 1
    )
    if cell.path is not None:
        text = figure_text(report, cell.path)
        classes = [n for n, on in (("z", text == "0"), ("total", cell.total)) if on]
        named = f' class="{" ".join(classes)}"' if classes else ""
        headers = " ".join(_id(table, origin) for origin in cell.headers)
        return f'<td{spans}{named} headers="{headers}">{escape(text)}</td>'
    identity = f'id="{_id(table, cell.origin)}"'
    match cell.kind:
        case CellKind.CORNER:
            # Labels what lies below it where it is a word; a note of the form is no header.
            note = cell.text.startswith(("（", "("))
            tag, rest = ("td", ' class="note"') if note or not cell.text else ("th", ' scope="col"')
            return f"<{tag}{spans}{rest}>{escape(clean(cell.text))}</{tag}>"
        case CellKind.HEADING:
            scope, name = "colgroup", "block"
        case CellKind.COLUMN:
            scope, name = ("colgroup" if _over_columns(table, cell) else "col"), "col"
        case CellKind.GROUP:
            outer = cell.column < table.label_width - 2
            scope, name = "rowgroup", "group side" if outer else "group"
        case _:
            scope, name = "row", "label"
    group = f' data-group="{escape(cell.group)}"' if cell.group and cell.column > 1 else ""
    text = escape(clean(cell.text))
    inner = f"<span>{text}</span>" if "side" in name else text
    return f'<th {identity}{spans} scope="{scope}" class="{name}"{group}>{inner}</th>'


def _over_columns(table: TableLayout, cell: LayoutCell) -> bool:
    """True where the heading stands over several columns, not over one that is merely wide."""
    under = [c for c in table.cells if c.path is not None and cell.origin in c.headers]
    return len({c.column for c in under}) > 1


def _id(table: TableLayout, origin: tuple[int, int]) -> str:
    return f"{table.grid.id}-{origin[0] + 1}-{origin[1] + 1}"


def _body(page: Page, report: Report) -> list[str]:
    lines = [
        "<main>",
        "<article>",
        f'<header class="head"><h1>{escape(page.title)}</h1></header>',
    ]
    if page.preface:
        lines += ['<div class="text preface">', *map(_paragraph, page.preface), "</div>"]
    for part in page.parts:
        lines += _part(part, report)
    if page.signature:
        signed = "".join(f"<p>{escape(line)}</p>" for line in page.signature)
        lines.append(f'<footer class="signed">{signed}</footer>')
    return [*lines, "</article>", "</main>"]


def _part(part: Part, report: Report) -> list[str]:
    identity = f"part-{escape(part.id)}"
    lines = [
        f'<section aria-labelledby="{identity}">',
        f'<h2 id="{identity}">{escape(clean(part.heading))}</h2>',
    ]
    if part.paragraphs:
        lines += ['<div class="text">', *map(_paragraph, part.paragraphs), "</div>"]
    lines += [table_html(table, report) for table in part.tables]
    return [*lines, "</section>"]


def _paragraph(paragraph: Paragraph) -> str:
    if paragraph.subheading:
        return f"<h3>{escape(paragraph.text)}</h3>"
    lead, rest = paragraph.lead
    start = f"<strong>{escape(lead)}</strong>" if lead else ""
    return f"<p>{start}{escape(rest)}</p>"
