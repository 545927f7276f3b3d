"""Which characters an OpenType font can draw: its ``cmap`` table, formats 4 and 12."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

_UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))
"""Platform and encoding of the subtables that speak Unicode, the fullest first."""


@cache
def covered(path: Path) -> frozenset[int]:
    """Code points that the font file has a glyph for.

    Raises ``ValueError`` for a file that is not such a font.
    """
    data = path.read_bytes()
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    tables = {
        (platform, encoding): offset
        for platform, encoding, offset in (
            struct.unpack_from(">HHI", data, start + 4 + 8 * i) for i in range(count)
        )
    }
    for key in _UNICODE:
        if key in tables:
            return frozenset(_points(data, start + tables[key]))
    raise ValueError(f"{path.name}: no Unicode character map")


def _table(data: bytes, tag: bytes) -> int:
    if data[:4] not in (b"OTTO", b"\x00\x01\x00\x00", b"true"):
        raise ValueError("not an OpenType font")
    (count,) = struct.unpack_from(">H", data, 4)
    for i in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * i)
        if name == tag:
            return int(offset)
    raise ValueError(f"no {tag.decode()} table")


def _points(data: bytes, start: int) -> set[int]:
    (kind,) = struct.unpack_from(">H", data, start)
    match kind:
        case 12:
            return _groups(data, start)
        case 4:
            return _segments(data, start)
        case _:
            raise ValueError(f"character map of format {kind}")


def _groups(data: bytes, start: int) -> set[int]:
    (count,) = struct.unpack_from(">I", data, start + 12)
    points: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", data[start + 16 : start + 16 + 12 * count]):
        points.update(range(first if glyph else first + 1, last + 1))
    return points


def _segments(data: bytes, start: int) -> set[int]:
    (double,) = struct.unpack_from(">H", data, start + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts = struct.unpack_from(f">{count}H", data, start + 16 + double)
    points: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        points.update(range(first, last + 1))
    return points - {0xFFFF}
