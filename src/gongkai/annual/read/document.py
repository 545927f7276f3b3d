"""File bytes to blocks, by what the bytes are; the name of a file is never trusted."""

from __future__ import annotations

from gongkai.annual.read.blocks import Document
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.html import read_html
from gongkai.annual.read.limits import DEFAULT, Limits, check_size
from gongkai.annual.read.sniff import sniff
from gongkai.annual.read.text import read_text


def to_document(data: bytes, *, name: str = "", ocr: bool = False, limits: Limits = DEFAULT) -> Document:
    """Turn a file into paragraphs and tables.

    ``name`` is only used for messages. Raises ``ReadError``.
    """
    check_size(len(data), limits)
    kind = sniff(data)
    match kind:
        case "html":
            return read_html(data, limits=limits)
        case "text" | "markdown":
            return read_text(data, markdown=kind == "markdown", limits=limits)
        case _:
            raise Unsupported("AR-X-003", name=name, ocr=ocr)
