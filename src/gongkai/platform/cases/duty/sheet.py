"""A list that is the same on the page, in a spreadsheet and on paper: all three are made of one ``Sheet``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import IO

import typst
from django.utils.translation import gettext as _

from gongkai.paper.fonts import GETA, font_folder, mend_all
from gongkai.platform.cases.sheets import Column, Value, demonstration_note, write_sheet


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a sheet, under its heading; ``empty`` stands where it has no rows."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list: whose it is, its title, notes above, tables, and who has to sign below."""

    head: str
    title: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    signatures: tuple[str, ...] = ()


def said(value: Value) -> str:
    """A cell in words, as the page and the paper have it."""
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case _:
            return str(value)


def to_xlsx(sheet: Sheet, file: IO[bytes]) -> int:
    """The first table as a spreadsheet, the others as notes above it; the number of its rows."""
    first, *others = sheet.parts
    notes = [f"{sheet.head} {sheet.title}", *sheet.notes]
    for part in others:
        notes += [f"{part.heading}：" + "，".join(filter(None, map(said, row))) for row in part.rows]
    return write_sheet(file, name=first.heading, notes=notes, columns=first.columns, rows=first.rows)


def to_pdf(sheet: Sheet) -> bytes:
    """The list on A4, across; the same list gives the same bytes."""
    data, lacking = mend_all(
        {
            "head": sheet.head,
            "title": sheet.title,
            "mark": demonstration_note(),
            "notes": [sheet.head, *sheet.notes],
            "parts": [
                {
                    "heading": part.heading,
                    "columns": [column.heading for column in part.columns],
                    "widths": [column.width for column in part.columns],
                    "rows": [[said(value) for value in row] for row in part.rows],
                    "empty": part.empty,
                }
                for part in sheet.parts
            ],
            "signatures": list(sheet.signatures),
        }
    )
    if lacking:
        points = "、".join(f"U+{ord(character):04X}" for character in lacking)
        data["notes"].append(
            _("注：“{geta}”处的字，字库里没有（依次为 {points}）。").format(geta=GETA, points=points)
        )
    compiler = typst.Compiler(
        _template(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one PDF")
    return made


def cells(rows: Sequence[Sequence[Value]]) -> tuple[tuple[str, ...], ...]:
    """Rows in words."""
    return tuple(tuple(said(value) for value in row) for row in rows)


@cache
def _template() -> bytes:
    return (resources.files("gongkai.platform.cases.duty") / "sheet.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())]
    )
