"""What goes into the package of a case for a reader: all that the case page shows them, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gongkai.platform.cases.archive.packing import (
    FORMAT,
    INDEX,
    LEDGER,
    MANIFEST,
    README,
    Packed,
    as_json,
    digest,
    manifest_files,
    member_path,
    pack,
)
from gongkai.platform.cases.archive.sections import sections_of
from gongkai.platform.cases.case_view import CaseView, case_view
from gongkai.platform.cases.drafting import draft_view
from gongkai.platform.cases.evidence.pieces import sealed_copies
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.proposals import proposal_of
from gongkai.platform.cases.readers import readable_letters
from gongkai.platform.cases.services.letters import demonstration_mark
from gongkai.platform.cases.services.papers import Paper, papers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import name_of, open_file
from gongkai.platform.core.models import Body, StoredFile
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.lines import header_line, lines_at
from gongkai.platform.ledger.selectors import head, history


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper as the page lists it; ``path`` is empty where the reader may not open it."""

    paper: Paper
    path: str
    sha256: str
    copies: tuple[PaperShown, ...]


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter as the page lists it, with its files in the package by their format."""

    label: str
    number: str
    issued_on: date
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A package, and what is to be noted of it."""

    content: bytes
    sha256: str
    manifest_sha256: str
    last_seq: int
    files: int
    with_identity: bool
    number: str


class _Collected:
    """The members of a package while it is made."""

    def __init__(self) -> None:
        self.members: dict[str, bytes] = {}
        self.files: list[Packed] = []

    def take(self, stored: StoredFile, folder: str, number: int, stem: str, label: str) -> Packed:
        content, name = open_file(stored), name_of(stored)
        path = member_path(folder, number, stem, name)
        self.members[path] = content
        self.files.append(
            Packed(path, name, label, stored.media_type, len(content), digest(content))
        )  # fmt: skip
        return self.files[-1]


def make_package(*, body: Body, stream: str, actor: Actor) -> Made:
    """The package of a case as the actor may read it on the actor's day; nothing is written but the audit.

    Whoever may read the applicant's identity gets it, and that is audited as on the page. The same case on
    the same day gives the same bytes. Raises ``NoSuchCase``, ``FileDamaged``.
    """
    reveals = actor.may(Act.CASE_IDENTITY, body)
    view = case_view(body=body, stream=stream, actor=actor, reveal=reveals)
    collected = _Collected()
    papers = _papers(body, stream, actor, collected)
    letters = _letters(body, stream, actor, collected)
    lines = _ledger_lines(body, stream)
    context = {
        "view": view, "papers": papers, "letters": letters, "mark": demonstration_mark(),
        "draft": draft_view(body=body, stream=stream, actor=actor),
        "proposal": proposal_of(body=body, stream=stream, actor=actor),
        "sections": sections_of(body=body, stream=stream, actor=actor), "entries": len(lines) - 1,
        "hidden": _any_hidden(papers), "with_identity": reveals,
    }  # fmt: skip
    collected.members[INDEX] = render_to_string("cases/archive/index.html", context).encode()
    collected.members[LEDGER] = b"".join(lines)
    manifest = as_json(_manifest(view, collected.files, lines, with_identity=reveals))
    collected.members[MANIFEST] = manifest
    collected.members[README] = render_to_string("cases/archive/readme.txt", context).encode()
    content = pack(collected.members)
    return Made(
        content, digest(content), digest(manifest), view.expected_seq, len(collected.files), reveals,
        view.number,
    )  # fmt: skip


def _manifest(
    view: CaseView, files: Sequence[Packed], lines: Sequence[bytes], *, with_identity: bool
) -> Mapping[str, Any]:
    return {
        "format": FORMAT, "package": "gongkai-case", "body": view.body.key, "body_name": view.body.name,
        "stream": view.stream, "number": view.number, "as_of": view.today.isoformat(),
        "last_seq": view.expected_seq, "entries": len(lines) - 1, "with_identity": with_identity,
        "files": manifest_files(files), "demonstration": bool(demonstration_mark()),
    }  # fmt: skip


def _ledger_lines(body: Body, stream: str) -> list[bytes]:
    """The header of the body's ledger and the case's entries, to the byte as its file would have them."""
    positions = [event.position for event in history(body=body.key, stream=stream).events]
    found = lines_at(body.key, positions)
    return [header_line(body.key, head(body=body.key)), *(found[at] for at in positions)]


def _papers(body: Body, stream: str, actor: Actor, collected: _Collected) -> tuple[PaperShown, ...]:
    listed = papers_of(body=body, stream=stream, actor=actor)
    refs = [one.ref for paper in listed for one in (paper, *paper.copies)]
    stored = StoredFile.objects.in_bulk(refs)
    numbers = {ref: number for number, ref in enumerate(refs, 1)}

    def shown(paper: Paper) -> PaperShown:
        path = sha256 = ""
        if paper.may_open:
            label = str(paper.label)
            packed = collected.take(stored[paper.ref], "papers", numbers[paper.ref], paper.kind, label)
            path, sha256 = packed.path, packed.sha256
        return PaperShown(paper, path, sha256, tuple(shown(copy) for copy in paper.copies))

    return tuple(shown(paper) for paper in listed)


def _letters(body: Body, stream: str, actor: Actor, collected: _Collected) -> tuple[LetterShown, ...]:
    readable = actor.may(Act.CASE_IDENTITY, body)
    rows = readable_letters(OutgoingLetter.objects.filter(body=body, stream=stream), actor)
    rows = rows.select_related("docx", "pdf")
    found: list[LetterShown] = []
    seals = sealed_copies(rows)
    for number, row in enumerate(rows.order_by("issued_on", "pk"), 1):
        label, files = str(LETTERS[row.kind].label), list[tuple[str, str]]()
        sealed = seals.get(row.text or row.key)
        forms = ((_("用印的 PDF"), sealed), ("DOCX", row.docx), ("PDF", row.pdf))
        for form, stored in forms:
            if stored is not None and readable:
                told = f"{label} {row.number}".strip()
                files.append(
                    (
                        form,
                        collected.take(
                            stored,
                            "letters",
                            number,
                            row.kind if stored != sealed else f"{row.kind}-sealed",
                            told,
                        ).path,
                    )
                )
        found.append(LetterShown(label, row.number, row.issued_on, tuple(files)))
    return tuple(found)


def _any_hidden(papers: Sequence[PaperShown]) -> bool:
    return any(not one.path or _any_hidden(one.copies) for one in papers)


def package_name(number: str, version: int | None) -> str:
    """How the file is called when it is saved."""
    told = _("第%(n)d版") % {"n": version} if version is not None else _("阅览")
    return f"{_('归档包')}-{number or _('案件')}-{told}.zip"
