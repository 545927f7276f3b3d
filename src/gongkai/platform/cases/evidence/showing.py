"""What the page of a bundle of evidence shows: the pieces with their words, the versions that were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.platform.cases.archive.rights import may_make, may_read_kept
from gongkai.platform.cases.evidence.pieces import pieces_of
from gongkai.platform.cases.models import EvidenceBundle
from gongkai.platform.cases.proceedings import Proceeding
from gongkai.platform.cases.services.evidence import last_of
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece in the form; ``number`` is its place, ``None`` where it was left out before."""

    key: str
    number: int | None
    name: str
    label: str
    on: date
    source: str
    proves: str


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A version that was made."""

    version: int
    made_on: date
    by: str
    pieces: int
    erased: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The page."""

    proceeding: Proceeding
    pieces: tuple[PieceRow, ...]
    versions: tuple[BundleRow, ...]
    """Of this proceeding, newest first."""
    newest: int
    """The newest version of the case, over all its proceedings."""
    may_make: bool
    may_read: bool


def evidence_view(*, body: Body, stream: str, remedy: str, actor: Actor) -> EvidenceView:
    """The evidence of a proceeding; what was chosen last stands in the form.

    Raises ``NotPermitted`` for whom may not read the identity, ``NoSuchCase``, ``NoSuchProceeding``.
    """
    actor.require(Act.CASE_IDENTITY, body)
    proceeding = last_of(body=body, stream=stream, remedy=remedy, actor=actor)
    rows = list(
        EvidenceBundle.objects.filter(body=body, stream=stream)
        .select_related("made_by__person")
        .order_by("-version")
    )
    own = [row for row in rows if row.remedy == remedy]
    return EvidenceView(
        proceeding=proceeding,
        pieces=_pieces(body, stream, own[0] if own else None, actor),
        versions=tuple(
            BundleRow(
                row.version, row.made_on, row.made_by.person.name if row.made_by is not None else "",
                row.pieces, row.file_id is None,
            )
            for row in own
        ),
        newest=rows[0].version if rows else 0,
        may_make=may_make(actor, body),
        may_read=may_read_kept(body=body, stream=stream, actor=actor),
    )  # fmt: skip


def _pieces(body: Body, stream: str, last: EvidenceBundle | None, actor: Actor) -> tuple[PieceRow, ...]:
    """All pieces: in the order and with the words of the last bundle; at first all of them."""
    there = pieces_of(body=body, stream=stream, actor=actor)
    kept: list[dict[str, Any]] = []
    if last is not None:
        kept = private.read_many([last.text]).get(last.text, {}).get("pieces", [])
    words = {one["key"]: one for one in kept}
    order = {one["key"]: number for number, one in enumerate(kept, 1)}
    found = [
        PieceRow(
            piece.key,
            order.get(piece.key) if kept else number,
            str(words.get(piece.key, {}).get("name", piece.name)),
            piece.label,
            piece.on,
            str(words.get(piece.key, {}).get("source", piece.source)),
            str(words.get(piece.key, {}).get("proves", piece.proves)),
        )
        for number, piece in enumerate(there, 1)
    ]
    return tuple(sorted(found, key=lambda row: (row.number is None, row.number or 0)))
