"""Plain text and Markdown to blocks: one per line, as printed; pipes are left to the aligner."""

from __future__ import annotations

import re

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import Document, Text
from gongkai.annual.read.decode import decode
from gongkai.annual.read.limits import DEFAULT, Limits
from gongkai.annual.read.lines import Budget

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*\Z")
_ENDS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def read_text(data: bytes, *, markdown: bool = False, limits: Limits = DEFAULT) -> Document:
    """A text file as one ``Text`` per line that is not empty; ``Place.line`` counts from 1.

    Takes bytes in any encoding. Markdown headings lose their ``#`` and are marked as headings. Raises
    ``Unsupported`` (AR-X-014) beyond the limits.
    """
    decoded = decode(data)
    budget = Budget(limits)
    blocks: list[Text] = []
    for number, line in enumerate(_ENDS.split(decoded.text), 1):
        if not line.strip():
            continue
        budget.spend_blocks()
        found = _HEADING.match(line) if markdown else None
        if found is None:
            # Tabs at either end are the edges of empty cells.
            blocks.append(Text(line.strip(" \u3000\xa0\r\f\v"), Place(line=number)))
        elif found[2]:
            blocks.append(Text(found[2], Place(line=number), heading=True))
    return Document("markdown" if markdown else "text", tuple(blocks), decoded.encoding)
