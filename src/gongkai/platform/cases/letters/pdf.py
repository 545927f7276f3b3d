"""A letter as a tagged PDF (PDF/UA-1), set by typst with fonts that come with the package."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import typst

from gongkai.paper.fonts import GETA, font_folder, mend_all
from gongkai.platform.cases.letters.sheet import Block, Sheet


def to_pdf(sheet: Sheet) -> bytes:
    """The letter as a PDF; the same letter gives the same bytes.

    A character that none of the fonts can draw is printed as ``〓`` and named in a note at the end.
    """
    data, lacking = mend_all(_data(sheet))
    if lacking:
        points = "、".join(f"U+{ord(character):04X}" for character in lacking)
        note = f"注：“{GETA}”处的字，字库里没有（依次为 {points}），请在用印前手工补写。"
        data["blocks"].append({"kind": "paragraph", "text": note, "rows": [], "last": False})
    # typst reads its values as strings; the template decodes the JSON and sets the text as text.
    compiler = typst.Compiler(
        _template(),
        font_paths=letter_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one PDF")
    return made


def _data(sheet: Sheet) -> dict[str, Any]:
    data = sheet.to_json()
    blocks = sheet.signed
    data["blocks"] = [
        {**_block(block), "last": following is not None and following.kind == "signature"}
        for block, following in zip(blocks, [*blocks[1:], None], strict=True)
    ]
    return data


def _block(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, "text": block.text, "rows": [list(row) for row in block.rows]}


@cache
def _template() -> bytes:
    return (resources.files("gongkai.platform.cases.letters") / "letter.typ").read_bytes()


@cache
def letter_fonts() -> typst.Fonts:
    """The shipped fonts, for whatever is set in the style of letters."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())]
    )
