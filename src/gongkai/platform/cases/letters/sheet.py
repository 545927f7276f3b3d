"""``Sheet``: a letter as it stands on paper, before it is set as DOCX or PDF or shown on the screen.

Marks at the beginning of a line of the text: ``# `` a heading in the middle, ``| a | b |`` a row of a form,
``---`` a new page (such as the slip on which a third party answers). Every other line is a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from gongkai.paper.text import clean
from gongkai.platform.cases.letters.texts import GUARD


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text: ``paragraph``, ``heading``, ``form`` (rows of two cells), ``page`` (a new one);
    in ``Sheet.signed`` also ``signature``."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter in the order of GB/T 9704: head, number, title, recipient, text, attachments, signature."""

    head: str
    """Name of the body, red at the top."""
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    recipient: str = ""
    attachments: tuple[str, ...] = ()
    signature: str = ""
    date: str = ""
    mark: str = ""
    """Printed on every page: that it is a demonstration, or a draft."""
    seal_lines: int = 1
    """Empty lines above the signature, in which the seal stands."""
    imprint: str = ""
    """Who printed it and when, divided by ``|``: below a line at the foot of the last page."""

    def __post_init__(self) -> None:
        """Leave out what no file of a letter can hold; it comes in with pasted text."""
        for name in ("head", "title", "number", "recipient", "signature", "date", "mark", "imprint"):
            object.__setattr__(self, name, clean(getattr(self, name)))
        object.__setattr__(self, "attachments", tuple(clean(one) for one in self.attachments))

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the letter."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Sheet:
        """The sheet as it was kept."""
        blocks = tuple(
            Block(one["kind"], one["text"], tuple((row[0], row[1]) for row in one["rows"]))
            for one in kept["blocks"]
        )
        return replace(
            cls("", "", ()), **{**kept, "blocks": blocks, "attachments": tuple(kept["attachments"])}
        )

    @property
    def signed(self) -> tuple[Block, ...]:
        """The blocks with the place of the signature: behind the text, before the first further page."""
        blocks = list(self.blocks)
        if self.signature or self.attachments:
            places = [place for place, block in enumerate(blocks) if block.kind == "page"]
            blocks.insert(places[0] if places else len(blocks), Block("signature"))
        return tuple(blocks)

    @property
    def plain(self) -> str:
        """The words of the text, a line a paragraph."""
        lines: list[str] = []
        for block in self.blocks:
            lines += [f"{a}：{b}" for a, b in block.rows] if block.kind == "form" else [block.text]
        return "\n".join(line for line in lines if line)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a filled text."""
    return tuple(_blocks(clean(line) for line in text.splitlines()))


def _blocks(lines: Iterable[str]) -> Iterable[Block]:
    rows: list[tuple[str, str]] = []
    for raw in lines:
        line = raw.strip()
        if line.startswith("|"):
            rows.append(_row(line))
            continue
        if rows:
            # A value of several lines within a cell goes on until a line ends the row.
            if not rows[-1][1].endswith("\0"):
                yield Block("form", rows=_closed(rows))
                rows = []
            else:
                rows[-1] = (rows[-1][0], _joined(rows[-1][1], line))
                continue
        if not line:
            continue
        if line == "---":
            yield Block("page")
        elif line.startswith("# "):
            yield Block("heading", _clean(line[2:]))
        else:
            yield Block("paragraph", _clean(line))
    if rows:
        yield Block("form", rows=_closed(rows))


def _row(line: str) -> tuple[str, str]:
    """A row; one that is not closed by ``|`` goes on in the next line (marked by a final NUL)."""
    closed = line.endswith("|") and len(line) > 1
    inner = line[1:-1] if closed else line[1:]
    label, _bar, value = inner.partition("|")
    return _clean(label), value.strip() + ("" if closed else "\0")


def _joined(value: str, line: str) -> str:
    closed = line.endswith("|")
    return f"{value[:-1]}\n{line[:-1].strip() if closed else line}" + ("" if closed else "\0")


def _closed(rows: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, _clean(value.rstrip("\0"))) for label, value in rows)


def _clean(text: str) -> str:
    return text.replace(GUARD, "").strip()
