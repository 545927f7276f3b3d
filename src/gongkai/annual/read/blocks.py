"""What every file type is turned into before reading: paragraphs and tables, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.annual.model import Place


@dataclass(slots=True)
class Text:
    """One line or paragraph of running text as printed (no line breaks inside).

    Texts and cells are never changed once made; they are not frozen only for speed.
    """

    text: str
    place: Place
    heading: bool = False
    """True where the source marks it as a heading; a hint only."""


@dataclass(slots=True)
class RawCell:
    """A printed table cell; ``row`` and ``column`` are its logical origin, 0-based, spans expanded."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table: its cells in reading order.

    ``exact`` says that logical columns can be trusted (HTML, DOCX, XLSX, ruled PDF); in a table
    made of text (pipes) spans are lost, so columns are only an order.
    """

    cells: tuple[RawCell, ...]
    place: Place
    exact: bool = True


Block = Text | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A source turned into blocks in reading order."""

    kind: str
    """html, docx, doc, pdf, xlsx, text, markdown or ocr."""
    blocks: tuple[Block, ...]
    encoding: str | None = None
    page_title: str | None = None
    """Title of the file itself (HTML ``<title>``, document property), a last resort for the body's name."""
