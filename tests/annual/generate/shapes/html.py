"""Web pages: clean, pasted from a word processor, nested in a layout table, unclosed, one or many tables."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from ..sheet import Draft, Heading, Kind, Para, Printed, Sheet, Sheets

PartWriter = Callable[[str], str]


def page(content: str, *, title: str, charset: str | None = "utf-8") -> str:
    """A whole page around the content."""
    declared = f'<meta charset="{charset}">' if charset else ""
    head = f"<head>{declared}<title>{escape(title)}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body>{content}</body></html>"


def _spans(cell: Printed) -> str:
    rows = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    columns = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    return rows + columns


def plain_cell(cell: Printed) -> str:
    """A cell as a careful author writes it."""
    name = "td" if cell.kind is Kind.VALUE else "th"
    return f"<{name}{_spans(cell)}>{escape(cell.text)}</{name}>"


def word_cell(cell: Printed) -> str:
    """A cell as a word processor's clipboard writes it."""
    text = escape(cell.text)
    if len(cell.text) > 3 and cell.kind is not Kind.VALUE:
        middle = len(cell.text) // 2
        text = (
            f'{escape(cell.text[:middle])}<span lang="EN-US"></span><span style="mso-spacerun:yes">'
            f"<font>{escape(cell.text[middle:])}</font></span>"
        )
    return (
        f'<td width="60" valign="center"{_spans(cell)} style="border:1px solid;mso-border-alt:solid">'
        f'<p class="MsoNormal" align="center" style="text-align:center"><span style="font-family:仿宋_GB2312;'
        f'font-size:14.0000pt"><span>{text or "&nbsp;"}</span></span><span><o:p></o:p></span></p></td>'
    )


def table(sheet: Sheet, cell: Callable[[Printed], str] = plain_cell, *, closed: bool = True) -> str:
    """A table element; without ``closed`` the ends of rows and cells are left out."""
    rows = ["<tr>" + "".join(cell(c) for c in line) + "</tr>" for line in sheet.lines()]
    text = f'<table border="1">{"".join(rows)}</table>'
    if not closed:
        for end in ("</td>", "</th>", "</tr>"):
            text = text.replace(end, "")
    return text


def split(sheet: Sheet) -> list[Sheet]:
    """One sheet per block, as pages do that print Table 2 as four small tables."""
    ends = [*sheet.blocks[1:], sheet.height]
    out: list[Sheet] = []
    for start, end in zip(sheet.blocks, ends, strict=True):
        cells = tuple(
            Printed(c.text, c.row - start, c.column, c.rows, c.columns, c.kind, c.path)
            for c in sheet.cells
            if start <= c.row < end
        )
        out.append(Sheet(sheet.grid, sheet.width, end - start, cells, (0,)))
    return out


def _content(
    draft: Draft,
    *,
    paragraph: PartWriter = lambda t: f"<p>{escape(t)}</p>",
    cell: Callable[[Printed], str] = plain_cell,
    closed: bool = True,
    small: bool = False,
) -> str:
    parts: list[str] = []
    for item in draft.items:
        match item:
            case Heading():
                parts.append(f"<h2>{escape(item.text)}</h2>" if cell is plain_cell else paragraph(item.text))
            case Para(section="title"):
                parts.append(f"<h1>{escape(item.text)}</h1>" if cell is plain_cell else paragraph(item.text))
            case Para():
                parts.append(paragraph(item.text))
            case Sheets():
                for sheet in item.sheets:
                    sheets = split(sheet) if small else [sheet]
                    parts += [table(s, cell, closed=closed) for s in sheets]
    return "\n".join(parts)


def clean(draft: Draft) -> bytes:
    """Tidy markup, declared UTF-8."""
    return page(_content(draft), title=f"{draft.body}信息公开").encode()


def word(draft: Draft) -> bytes:
    """Markup pasted from a word processor."""

    def paragraph(text: str) -> str:
        half = len(text) // 2
        return (
            '<p class="MsoNormal" style="text-indent:32.0000pt"><span style="mso-bidi-font-weight:normal">'
            f"<span>&nbsp;&nbsp;</span><span><font>{escape(text[:half])}</font><font>{escape(text[half:])}"
            "</font></span></span><span><o:p></o:p></span></p>"
        )

    content = _content(draft, paragraph=paragraph, cell=word_cell)
    body = f'<div class="TRS_Editor"><style>p.MsoNormal{{margin:0}}</style>{content}</div>'
    return page(body, title=f"{draft.body}信息公开").encode()


def layout(draft: Draft) -> bytes:
    """The whole report inside the cell of a layout table, navigation beside it."""
    menu = "".join(f"<li><a href='#'>{t}</a></li>" for t in ("首页", "政府信息公开指南", "法定主动公开内容"))
    body = (
        f"<table width='100%'><tr><td width='200'><ul>{menu}</ul></td><td><table><tr><td>{_content(draft)}"
        "</td></tr></table></td></tr>"
        "<tr><td colspan='2'>主办单位 网站地图 备案号 1234567890</td></tr></table>"
    )
    return page(body, title="政府信息公开年报").encode()


def unclosed(draft: Draft) -> bytes:
    """Rows and cells without their end tags."""
    return page(_content(draft, closed=False), title="年报").encode()


def small_tables(draft: Draft) -> bytes:
    """Table 2 as one small table a block."""
    return page(_content(draft, small=True), title="年报").encode()


def one_table(draft: Draft) -> bytes:
    """The whole report, paragraphs too, as rows of a single table."""
    widest = max(s.width for i in draft.items if isinstance(i, Sheets) for s in i.sheets)
    rows: list[str] = []
    for item in draft.items:
        if isinstance(item, Sheets):
            for sheet in item.sheets:
                rows += ["<tr>" + "".join(map(plain_cell, line)) + "</tr>" for line in sheet.lines()]
        else:
            rows.append(f"<tr><td colspan='{widest}'>{escape(item.text)}</td></tr>")
    return page(f"<table>{''.join(rows)}</table>", title="年报").encode()


def undeclared(draft: Draft) -> bytes:
    """UTF-8 without a declaration."""
    return page(_content(draft), title="年报", charset=None).encode()


def gbk(draft: Draft) -> bytes:
    """GBK, declared."""
    return page(_content(draft), title="年报", charset="gbk").encode("gb18030")


def gbk_undeclared(draft: Draft) -> bytes:
    """GBK without a declaration."""
    return page(_content(draft), title="年报", charset=None).encode("gb18030")


def gb18030_as_gb2312(draft: Draft) -> bytes:
    """GB18030 with characters outside GB2312, declared gb2312."""
    noise = Para("noise", "承办人:张祎珺、李喆,咨询地点:朶云路(旧名㙍口)")
    extended = (*draft.items[:2], noise, *draft.items[2:])
    text = _content(Draft(draft.form, extended, draft.values, draft.body, draft.year, None, None))
    return page(text, title="年报", charset="gb2312").encode("gb18030")


def utf16(draft: Draft) -> bytes:
    """UTF-16 with a byte order mark."""
    return page(_content(draft), title="年报", charset=None).encode("utf-16")
