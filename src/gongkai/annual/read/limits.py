"""Bounds on what one source may cost; everything beyond them is refused, never read in part."""

from __future__ import annotations

import time
from dataclasses import dataclass

from gongkai.annual.read.errors import Unsupported

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one source.

    The defaults are far above any real report (the largest seen are a few megabytes) and keep a
    hostile file within seconds and a few hundred megabytes.
    """

    size: int = 64 * MIB
    """Bytes of the file itself."""
    unpacked: int = 256 * MIB
    """Bytes of all parts of a packed file (DOCX, XLSX) together."""
    part: int = 96 * MIB
    """Bytes of one part of a packed file."""
    depth: int = 10_000
    """Elements nested in each other."""
    elements: int = 1_500_000
    """Elements of one XML part; each costs some hundred bytes of memory."""
    cells: int = 200_000
    """Cells of all tables together, spans counted with their width."""
    blocks: int = 400_000
    """Paragraphs and tables."""
    pages: int = 300
    """Pages of a PDF."""
    ocr_pages: int = 40
    """Scanned pages; each costs seconds."""
    seconds: float = 60.0
    """Time for a source whose cost cannot be told from its size (PDF, conversion)."""


DEFAULT = Limits()


class Clock:
    """Time used on one source; only bounds it, no result depends on it."""

    __slots__ = ("_end", "_seconds")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raises ``Unsupported`` (AR-X-015) when the time is used up."""
        if time.monotonic() > self._end:
            raise Unsupported("AR-X-015", seconds=int(self._seconds))


def check_size(size: int, limits: Limits = DEFAULT) -> None:
    """Refuse a source of that many bytes: ``Unsupported`` AR-X-001 (empty) or AR-X-002 (too large)."""
    if size == 0:
        raise Unsupported("AR-X-001")
    if size > limits.size:
        raise Unsupported("AR-X-002", size=_mib(size), limit=_mib(limits.size))


def _mib(size: int) -> str:
    return f"{size / MIB:.1f} MiB"
