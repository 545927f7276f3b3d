"""What may go into a bundle of evidence: papers and letters of a case that the actor may open, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import pypdfium2
import yaml

from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.models import OutgoingLetter, SealedCopy
from gongkai.platform.cases.readers import readable_letters
from gongkai.platform.cases.services.papers import Paper, papers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import name_of, open_file
from gongkai.platform.core.models import Body, StoredFile
from gongkai.platform.core.pdfium import ALONE
from gongkai.platform.core.permissions import Act

_FIRST = {"application": 0, "identity": 1, "authority": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """One paper or letter, with the words for the list that are usual."""

    key: str
    """``paper:`` or ``letter:``, and its reference."""
    name: str
    label: str
    on: date
    source: str
    proves: str
    file: StoredFile


@cache
def _purposes() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = (resources.files("gongkai.platform.cases.evidence") / "purposes.yaml").read_text(encoding="utf-8")
    found: Any = yaml.safe_load(text)
    return found


def pieces_of(*, body: Body, stream: str, actor: Actor) -> tuple[Piece, ...]:
    """The papers and letters that the actor may open: the application first, then by their day."""
    found = [*_papers(body, stream, actor), *_letters(body, stream, actor)]
    return tuple(piece for _order, piece in sorted(found, key=lambda one: one[0]))


_Ordered = tuple[tuple[int, date, int], Piece]


def _papers(body: Body, stream: str, actor: Actor) -> list[_Ordered]:
    listed = papers_of(body=body, stream=stream, actor=actor)
    shown: list[Paper] = [one for paper in listed for one in (paper, *paper.copies) if one.may_open]
    files = StoredFile.objects.in_bulk([one.ref for one in shown])
    found: list[_Ordered] = []
    for number, one in enumerate(shown):
        words = _purposes()["papers"][one.kind]
        piece = Piece(
            f"paper:{one.ref}", one.name.rpartition(".")[0] or one.name, str(one.label), one.added_on,
            words["source"], words["proves"], files[one.ref],
        )  # fmt: skip
        found.append(((_FIRST.get(one.kind, 9), one.added_on, number), piece))
    return found


def _letters(body: Body, stream: str, actor: Actor) -> list[_Ordered]:
    if not actor.may(Act.CASE_IDENTITY, body):
        return []
    rows = readable_letters(OutgoingLetter.objects.filter(body=body, stream=stream), actor)
    rows = rows.select_related("docx", "pdf")
    found: list[_Ordered] = []
    seals = sealed_copies(rows)
    for number, row in enumerate(rows.order_by("issued_on", "pk")):
        file = seals.get(row.text or row.key) or row.pdf or row.docx
        if file is None:
            continue
        kind, words = LETTERS[row.kind], _purposes()["letters"]
        usual = words.get(kind.event or "", words["letter"])
        name = f"{kind.title}（{row.number}）" if row.number else str(kind.title)
        piece = Piece(
            f"letter:{row.key}", name, str(kind.label), row.issued_on, usual["source"], usual["proves"], file
        )
        found.append(((9, row.issued_on, 1000 + number), piece))
    return found


def sealed_copies(letters: Iterable[OutgoingLetter]) -> dict[str, StoredFile]:
    """The sealed PDFs that came back, by the document that they are of."""
    documents = [row.text or row.key for row in letters]
    rows = SealedCopy.objects.filter(document__in=documents).select_related("file")
    return {row.document: row.file for row in rows if row.file is not None}


def content_and_pages(piece: Piece) -> tuple[bytes, str, int | None]:
    """The file of a piece, its name, and how many pages it has; ``None`` where that cannot be told.

    Raises ``FileDamaged``.
    """
    content = open_file(piece.file)
    return content, name_of(piece.file), pages_of(content, piece.file.media_type)


def pages_of(content: bytes, media_type: str) -> int | None:
    """How many pages a file has: those of a PDF, one for a picture; ``None`` where that cannot be told."""
    if media_type.startswith("image/") and media_type != "image/tiff":
        return 1
    if media_type != "application/pdf":
        return None
    with ALONE:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            return None
        try:
            return len(document)
        finally:
            document.close()
