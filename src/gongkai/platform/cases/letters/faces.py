"""Which characters the shipped fonts can draw, so that a rare name never vanishes silently from a PDF."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts

GETA = "〓"
"""Stands for a character that the fonts lack, as Chinese printers have always marked it."""


def font_folder() -> Path:
    """Where the shipped fonts are."""
    return fonts.serif_path().parent


@cache
def drawable() -> frozenset[int]:
    """Code points for which one of the shipped fonts has a glyph."""
    return _covered(fonts.serif_path()) | _covered(fonts.sans_path())


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


def _covered(path: Path) -> frozenset[int]:
    """The full Unicode character map (format 12) of an OpenType font; ``ValueError`` where it has none."""
    data = path.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    entries = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(tables))
    start = next(int(offset) for name, _sum, offset, _size in entries if name == b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    for i in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * i)
        (form,) = struct.unpack_from(">H", data, start + offset)
        if form == 12:
            return _groups(data, start + offset)
    raise ValueError(f"{path.name}: no full character map")


def _groups(data: bytes, start: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">I", data, start + 12)
    points: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", data[start + 16 : start + 16 + 12 * count]):
        points.update(range(first if glyph else first + 1, last + 1))
    return frozenset(points)
