"""PDF with a text layer, by typst: ruled tables, and tables without any line."""

from __future__ import annotations

from functools import cache

import typst
from pylopdf_fonts_zh_cn import sans_path

from ..sheet import Draft, Heading, Para, Sheet, Sheets

_SPECIAL = str.maketrans({c: f"\\{c}" for c in '\\#*_`$<>@[]"~/='})


def _text(text: str) -> str:
    return text.translate(_SPECIAL).replace("-", "\\-").replace("+", "\\+")


def _table(sheet: Sheet, *, ruled: bool) -> str:
    stroke = "0.5pt" if ruled else "none"
    cells = [
        f"table.cell(x: {c.column}, y: {c.row}, rowspan: {c.rows}, colspan: {c.columns})[{_text(c.text)}],"
        for c in sheet.cells
    ]
    columns = ", ".join(["1fr"] * sheet.width)
    return f"#table(columns: ({columns}), stroke: {stroke}, align: center,\n" + "\n".join(cells) + ")"


def _source(draft: Draft, *, ruled: bool) -> str:
    parts = [
        '#set page(paper: "a4", margin: 1.5cm, numbering: "1")',
        '#set text(font: "Noto Sans SC", size: 9pt, lang: "zh")',
    ]
    for item in draft.items:
        match item:
            case Heading():
                parts.append(f"= {_text(item.text)}")
            case Para():
                parts.append(_text(item.text))
            case Sheets():
                parts += [_table(s, ruled=ruled) for s in item.sheets]
    return "\n\n".join(parts)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[sans_path().parent])


def _compile(source: str) -> bytes:
    out = typst.compile(source.encode(), font_paths=_fonts())
    if not isinstance(out, bytes):
        raise TypeError("one PDF was asked for")
    return out


def ruled(draft: Draft) -> bytes:
    """Tables with lines."""
    return _compile(_source(draft, ruled=True))


def borderless(draft: Draft) -> bytes:
    """Tables without lines."""
    return _compile(_source(draft, ruled=False))
