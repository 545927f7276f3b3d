"""Text on a terminal, where a Chinese character takes two columns: width, padding, wrapping, tables."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_UNBOUNDED = 1_000_000
_NOT_AT_START = frozenset("，。、；：？！）》”’〕】,.;:?!)]}")
_NOT_AT_END = frozenset("（《“‘〔【([{")
_PIECES = re.compile(r"\s+|[!-~]+|.", re.DOTALL)


def width(text: str) -> int:
    """How many columns the text takes: two for wide characters, none for combining ones."""
    return sum(_of(character) for character in text)


def _of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Cc"}:
        return 0
    # "A" (ambiguous: · … “ ”) is one column on most terminals, in Chinese locales too.
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def columns(*, err: bool = False) -> int:
    """Width of the terminal that output goes to (``COLUMNS`` wins).

    No bound where it goes to a file or a pipe: there nothing is cut or broken, so that it can be searched.
    """
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty() and "COLUMNS" not in os.environ:
        return _UNBOUNDED
    return shutil.get_terminal_size((100, 24)).columns


def shorten(text: str, limit: int) -> str:
    """The text cut to so many columns; what was cut is shown as an ellipsis."""
    if width(text) <= limit:
        return text
    kept, used = "", 0
    for character in text:
        if used + _of(character) > limit - 1:
            break
        kept += character
        used += _of(character)
    return kept + "…"


def pad(text: str, to: int, align: str = "l") -> str:
    """The text filled with spaces to so many columns."""
    blanks = " " * max(0, to - width(text))
    return blanks + text if align == "r" else text + blanks


def wrap(text: str, limit: int, *, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines of at most so many columns.

    Breaks between any two Chinese characters and at spaces between words, never before a closing
    mark or behind an opening one. ``indent`` stands before the first line, ``hanging`` (the same if
    not given) before the others.
    """
    rest = indent if hanging is None else hanging
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, empty = (rest if lines else indent), True
        for piece in _pieces(paragraph):
            if piece.isspace():
                line += "" if empty else " "
                continue
            if not empty and width(line) + width(piece) > limit:
                lines.append(line.rstrip())
                line = rest
            line += piece
            empty = False
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> Iterator[str]:
    """Units that are not broken: a word, or a character with the marks that belong to it."""
    pending = ""
    for piece in _PIECES.findall(text):
        if pending and not pending.isspace() and (piece[0] in _NOT_AT_START or pending[-1] in _NOT_AT_END):
            pending += piece
            continue
        if pending:
            yield pending
        pending = piece
    if pending:
        yield pending


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, align: str, limit: int | None = None
) -> list[str]:
    """Lines of an aligned table: head, a rule, rows; two spaces between columns.

    ``align`` has a letter per column, ``l`` or ``r``. The first column is shortened so that a line takes
    at most ``limit`` columns, but not under 12.
    """
    body = [list(row) for row in rows]
    widths = [max(width(row[i]) for row in [list(head), *body]) for i in range(len(head))]
    if limit is not None:
        excess = sum(widths) + 2 * (len(widths) - 1) - limit
        if excess > 0:
            widths[0] = max(12, widths[0] - excess)

    def line(row: Sequence[str]) -> str:
        cells = [shorten(row[0], widths[0]), *row[1:]]
        return "  ".join(pad(c, w, a) for c, w, a in zip(cells, widths, align, strict=True)).rstrip()

    return [line(head), "  ".join("─" * w for w in widths), *(line(row) for row in body)]
