"""The shapes a draft is written in, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..sheet import Draft, Expect
from . import html, office, pdf, text


@dataclass(frozen=True, slots=True)
class Shape:
    """A file shape: how to write it, and what survives in it.

    - ``blanks`` says what is owed for the cells of a row that holds a blank: in text the borders are gone.
    - ``spans`` is true where merged cells survive.
    - ``front`` is true where the notice cited and the period come through.
    - ``raw`` is true where the printed text of each cell survives.
    """

    name: str
    write: Callable[[Draft], bytes]
    blanks: Expect = Expect.EXACT
    spans: bool = True
    sections: bool = True
    raw: bool = True
    front: bool = True


SHAPES: dict[str, Shape] = {
    s.name: s
    for s in (
        Shape("html", html.clean),
        Shape("html_word", html.word),
        Shape("html_layout", html.layout),
        Shape("html_unclosed", html.unclosed),
        Shape("html_small_tables", html.small_tables),
        Shape("html_one_table", html.one_table),
        Shape("html_undeclared", html.undeclared),
        Shape("html_gbk", html.gbk),
        Shape("html_gbk_undeclared", html.gbk_undeclared),
        Shape("html_gb18030_as_gb2312", html.gb18030_as_gb2312, sections=False),
        Shape("html_utf16", html.utf16),
        Shape("docx", office.word_file),
        Shape("xlsx", office.spreadsheet),
        Shape("json", office.exchange, raw=False, front=False),
        Shape("pdf_ruled", pdf.ruled, sections=False),
        Shape("pdf_borderless", pdf.borderless, blanks=Expect.LOOSE, spans=False, sections=False),
        Shape("pipe", text.pipe, blanks=Expect.LOOSE, spans=False),
        Shape("pipe_newline", text.pipe_newline, blanks=Expect.LOOSE, spans=False),
        Shape("one_a_line", text.one_a_line, blanks=Expect.TORN, spans=False),
        Shape("tabs", text.tabs, blanks=Expect.LOOSE),
        Shape("markdown", text.markdown, blanks=Expect.LOOSE),
        Shape("spaces", text.spaces, blanks=Expect.TORN, spans=False),
        Shape("numbers_above", text.numbers_above, blanks=Expect.TORN, spans=False),
        Shape("wrapped", text.wrapped, blanks=Expect.TORN, spans=False),
    )
}
