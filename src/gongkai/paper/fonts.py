"""Which characters the shipped fonts can draw, so that a rare one never vanishes silently from a PDF."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts

from gongkai.paper.glyphs import covered

GETA = "〓"
"""Stands for a character that the fonts lack, as Chinese printers have always marked it."""


def font_folder() -> Path:
    """Where the shipped fonts are."""
    return fonts.serif_path().parent


@cache
def drawable() -> frozenset[int]:
    """Code points for which one of the shipped fonts has a glyph."""
    return covered(fonts.serif_path()) | covered(fonts.sans_path())


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with ``〓`` for what cannot be drawn, and those characters in order."""
    lacking: dict[str, None] = {}
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if ord(character) in drawable() or character.isspace():
            kept.append(character)
        elif unicodedata.category(character) != "Cf":  # joiners and direction marks show nothing anyway
            lacking.setdefault(character)
            kept.append(GETA)
    return "".join(kept), tuple(lacking)


def mend_all(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """``mend`` for every text in JSON-like data; the characters of all of it in order."""
    lacking: dict[str, None] = {}

    def walk(value: Any) -> Any:
        match value:
            case str():
                text, missing = mend(value)
                lacking.update(dict.fromkeys(missing))
                return text
            case list() | tuple():
                return [walk(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
            case dict():
                return {key: walk(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
            case _:
                return value

    return walk(data), list(lacking)
