"""Papers of a case: scans, proofs, originals, and redacted copies kept apart from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from gongkai.platform.cases.models import CaseFile
from gongkai.platform.cases.models.work import PaperKind
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import store_file
from gongkai.platform.core.models import Body, StoredFile, Subject
from gongkai.platform.core.permissions import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """A paper to be added: its kind, and its content."""

    kind: str
    name: str
    content: bytes
    media_type: str = ""


@transaction.atomic
def add_papers(
    *,
    body: Body,
    stream: str,
    papers: Sequence[NewPaper],
    actor: Actor,
    subject: Subject | None = None,
) -> tuple[CaseFile, ...]:
    """Store papers with a case, or with a letter (its reference as ``stream``): then all its cases show them.

    Raises ``NotPermitted``, ``FileRefused`` for a file that is too large, empty or of a type not taken,
    ``ValueError`` for an unknown kind.
    """
    if papers:
        actor.require(Act.CASE_ACT, body)
    added: list[CaseFile] = []
    for paper in papers:
        kind = PaperKind(paper.kind)
        stored: StoredFile = store_file(
            body=body, stream=stream, content=paper.content, name=paper.name, media_type=paper.media_type,
            actor=actor, subject=subject,
        )  # fmt: skip
        added.append(
            CaseFile.objects.create(file=stored, body=body, stream=stream, kind=kind, added_on=actor.today)
        )
    return tuple(added)
