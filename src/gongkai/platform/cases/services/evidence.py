"""Bundles of evidence for a proceeding: a numbered list and the papers in its order, made in one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.archive.packing import (
    FORMAT,
    MANIFEST,
    Packed,
    as_json,
    digest,
    manifest_files,
    member_path,
    pack,
)
from gongkai.platform.cases.archive.rights import may_make, may_read_kept
from gongkai.platform.cases.evidence.listing import EvidenceList, Row, to_docx, to_pdf
from gongkai.platform.cases.evidence.pieces import Piece, content_and_pages, pieces_of
from gongkai.platform.cases.letters.facts import day_zh
from gongkai.platform.cases.models import CaseSummary, CaseText, EvidenceBundle
from gongkai.platform.cases.proceedings import NoSuchProceeding, Proceeding, proceedings_of
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.services.archiving import MadeMeanwhile, PackageFile
from gongkai.platform.cases.services.letters import demonstration_mark
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import open_file, store_file
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.services import lock

LIST_PDF, LIST_DOCX = "00-evidence-list.pdf", "00-evidence-list.docx"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A piece that was chosen, with the words for the list; the order is that of the choice."""

    key: str
    name: str
    source: str
    proves: str


class NothingChosen(ValueError):
    """A bundle without a single piece."""


class NoSuchPiece(ValueError):
    """A piece that is not the case's, was erased, or that the actor may not open: ``key``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class NoSuchBundle(LookupError):
    """There is no such bundle, its file was erased, or the actor may not know of it."""


def last_of(*, body: Body, stream: str, remedy: str, actor: Actor) -> Proceeding:
    """The proceeding at its last stage; raises ``NoSuchProceeding``, ``NoSuchCase``."""
    stages = [p for p in proceedings_of(body=body, stream=stream, actor=actor) if p.remedy == remedy]
    if not stages:
        raise NoSuchProceeding(remedy)
    return stages[-1]


def make_bundle(
    *, body: Body, stream: str, remedy: str, chosen: Sequence[Chosen], expected_version: int, actor: Actor
) -> EvidenceBundle:
    """Make the evidence for a proceeding and keep it as a further version.

    ``expected_version``: the newest of the case that the actor saw, 0 for none. Raises ``NotPermitted``,
    ``NoSuchProceeding``, ``NothingChosen``, ``NoSuchPiece``, ``MadeMeanwhile``, ``FileDamaged``.
    """
    if not may_make(actor, body):
        raise NotPermitted(Act.CASE_ACT, actor.seat, body)
    actor.require(Act.CASE_IDENTITY, body)
    proceeding = last_of(body=body, stream=stream, remedy=remedy, actor=actor)
    if not chosen:
        raise NothingChosen(stream)
    content = _content(body, stream, proceeding, chosen, actor)
    with transaction.atomic():
        lock(body=body.key)
        newest = EvidenceBundle.objects.filter(stream=stream).order_by("-version").first()
        version = 0 if newest is None else newest.version
        if version != expected_version:
            raise MadeMeanwhile(stream)
        text = CaseText.objects.filter(stream=stream).select_related("subject").first()
        subject = None if text is None else text.subject
        stored = store_file(
            body=body, stream=stream, content=content, actor=actor,
            name=_name(proceeding.number, version + 1), subject=subject, made_here=True,
        )  # fmt: skip
        said = private.keep(
            body=body, stream=stream, kind="evidence.bundle", fields={"pieces": [asdict(c) for c in chosen]},
            actor=actor, subject=subject,
        )  # fmt: skip
        kept = EvidenceBundle.objects.create(
            key=opaque("bundle"), body=body, stream=stream, remedy=remedy, version=version + 1,
            made_on=actor.today, made_at=actor.present.moment, made_by=actor.seat, pieces=len(chosen),
            text=said.ref, sha256=digest(content), file=stored,
        )  # fmt: skip
        audit.record(
            "bundle.made", actor=actor, body=body, object=stream,
            detail={"version": version + 1, "pieces": len(chosen)},
        )  # fmt: skip
    return kept


def _content(
    body: Body, stream: str, proceeding: Proceeding, chosen: Sequence[Chosen], actor: Actor
) -> bytes:
    there = {piece.key: piece for piece in pieces_of(body=body, stream=stream, actor=actor)}
    members: dict[str, bytes] = {}
    files: list[Packed] = []
    rows: list[Row] = []
    for number, one in enumerate(chosen, 1):
        piece: Piece | None = there.get(one.key)
        if piece is None:
            raise NoSuchPiece(one.key)
        content, name, pages = content_and_pages(piece)
        path = member_path("evidence", number, one.key.partition(":")[0], name)
        members[path] = content
        files.append(Packed(path, name, one.name, piece.file.media_type, len(content), digest(content)))
        rows.append(Row(number, one.name, one.source, one.proves, pages))
    listed = _list(body, proceeding, rows, actor.today)
    members[LIST_PDF], members[LIST_DOCX] = to_pdf(listed), to_docx(listed)
    members[MANIFEST] = as_json(_manifest(body, stream, proceeding, files, actor.today))
    return pack(members)


def _manifest(
    body: Body, stream: str, proceeding: Proceeding, files: Sequence[Packed], day: date
) -> dict[str, Any]:
    return {
        "format": FORMAT, "package": "gongkai-evidence", "body": body.key, "body_name": body.name,
        "stream": stream, "number": proceeding.number, "proceeding": proceeding.label,
        "as_of": day.isoformat(), "files": manifest_files(files),
        "demonstration": bool(demonstration_mark()),
    }  # fmt: skip


def _list(body: Body, proceeding: Proceeding, rows: Sequence[Row], day: date) -> EvidenceList:
    title = _("行政诉讼证据目录") if proceeding.litigation else _("行政复议答复证据目录")
    about = [_("提交人：%(body)s") % {"body": body.name}]
    if proceeding.authority:
        to = _("受诉法院") if proceeding.litigation else _("复议机关")
        about.append(f"{to}：{proceeding.authority}")
    if proceeding.case_number:
        about.append(_("案号：%(number)s") % {"number": proceeding.case_number})
    about.append(_("政府信息公开申请编号：%(number)s") % {"number": proceeding.number or "—"})
    return EvidenceList(
        title, body.name, tuple(about), tuple(rows), (body.name, day_zh(day)), demonstration_mark()
    )


def _name(number: str, version: int) -> str:
    told = {"number": number or _("案件"), "n": version}
    return _("证据材料-%(number)s-第%(n)d版.zip") % told


def kept_bundle(*, body: Body, stream: str, version: int, actor: Actor) -> PackageFile:
    """A bundle that was made. Audited. Raises ``NotPermitted``, ``NoSuchBundle``, ``FileDamaged``."""
    require_reader(actor, stream)
    rows = EvidenceBundle.objects.filter(body=body, stream=stream, version=version).select_related("file")
    found = rows.first()
    if not actor.may(Act.CASE_SEE, body) or found is None or found.file is None:
        raise NoSuchBundle(stream)
    if not may_read_kept(body=body, stream=stream, actor=actor):
        raise NotPermitted(Act.CASE_IDENTITY, actor.seat, body)
    content = open_file(found.file)
    audit.record("bundle.read", actor=actor, body=body, object=stream, detail={"version": version})
    number = CaseSummary.objects.filter(stream=stream).values_list("number", flat=True).first()
    return PackageFile(_name(number or "", version), content)
