"""Papers of a case: scans, proofs, originals, and redacted copies kept apart from them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import CaseFile, CaseText, FalseAlarm, TaskPaper
from gongkai.platform.cases.models.work import PaperKind
from gongkai.platform.cases.readers import may_read, may_read_file, require_reader
from gongkai.platform.cases.task_rules import answers_for
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import (
    UPLOADS,
    SecretRefused,
    delete_files,
    move_file,
    name_of,
    open_file,
    store_file,
)
from gongkai.platform.core.models import Body, StoredFile, Subject
from gongkai.platform.core.permissions import Act, Relation, relation
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.core.secrecy import marked_file


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """A paper to be added: its kind, and either its content or the reference of an upload kept ahead."""

    kind: str
    name: str = ""
    content: bytes = b""
    media_type: str = ""
    kept: str = ""
    """Reference of ``keep_upload``."""
    no_secret: str = ""
    """Why what looks like the mark of a state secret is none; whoever says so answers for it."""


class BadPaper(ValueError):
    """A paper that cannot be added: ``message`` (Chinese)."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


def keep_upload(*, body: Body, actor: Actor, name: str, content: bytes, media_type: str = "") -> StoredFile:
    """Keep a file of a form that is not accepted yet, so that a mistake elsewhere does not lose it.

    It belongs to the seat that uploaded it and is swept away where the form is never finished. Raises
    ``NotPermitted``, ``FileRefused``.
    """
    actor.require(Act.CASE_ACT, body)
    with _secrets_refused(body, "", actor):
        return store_file(
            body=body, stream=_uploads_of(actor), content=content, name=name, media_type=media_type,
            actor=actor,
        )  # fmt: skip


@contextmanager
def _secrets_refused(body: Body, stream: str, actor: Actor) -> Generator[None]:
    """Around the transaction: that a secret was refused is in the audit, and nothing of what it said."""
    try:
        yield
    except SecretRefused as refused:
        audit.record(
            "secret.refused", actor=actor, body=body, object=stream, success=False,
            detail={"by": refused.mark.where},
        )  # fmt: skip
        raise


def _uploads_of(actor: Actor) -> str:
    return f"{UPLOADS}{actor.key}"


def kept_uploads(*, body: Body, actor: Actor, refs: Sequence[str]) -> list[StoredFile]:
    """The uploads among ``refs`` that this seat kept and has not used, in the order of ``refs``."""
    found = StoredFile.objects.filter(body=body, stream=_uploads_of(actor)).in_bulk(list(refs))
    return [found[ref] for ref in dict.fromkeys(refs) if ref in found]


@transaction.atomic
def drop_upload(*, body: Body, actor: Actor, ref: str) -> None:
    """Delete an upload that was kept; nothing happens where it is not this seat's."""
    delete_files(kept_uploads(body=body, actor=actor, refs=[ref]))


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
    ``BadPaper`` for an unknown kind or an upload that is not there; ``SecretRefused`` for a file with the
    mark of a state secret, unless it comes with a reason (``no_secret``), which is kept and shown.
    """
    if papers:
        actor.require(Act.CASE_ACT, body)
        require_reader(actor, stream)
    with _secrets_refused(body, stream, actor), transaction.atomic():
        return tuple(_add(body, stream, paper, actor, subject, None) for paper in papers)


def add_redacted_copies(
    *, body: Body, original: CaseFile, papers: Sequence[NewPaper], actor: Actor
) -> tuple[CaseFile, ...]:
    """Store redacted copies beside their original, all or none; the original stays and is never released.

    Raises as ``add_papers``; ``BadPaper`` where the original is itself a redacted copy.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, original.stream)
    if original.body != body:
        raise BadPaper(_("不是本机关的文件"))
    if original.kind == PaperKind.REDACTED:
        raise BadPaper(_("遮盖件不能再作为原件；请对原件另作遮盖件"))
    copies = (replace(paper, kind=PaperKind.REDACTED.value) for paper in papers)
    stream, subject = original.stream, original.file.subject
    with _secrets_refused(body, stream, actor), transaction.atomic():
        return tuple(_add(body, stream, copy, actor, subject, original) for copy in copies)


def file_paper(
    *, body: Body, stream: str, paper: NewPaper, actor: Actor, subject: Subject | None
) -> CaseFile:
    """Store one paper with a case; for services that asked for the permission. Raises as ``add_papers``."""
    return _add(body, stream, paper, actor, subject, None)


def _add(
    body: Body, stream: str, paper: NewPaper, actor: Actor, subject: Subject | None, redacts: CaseFile | None
) -> CaseFile:
    if paper.kind not in PaperKind.values:
        raise BadPaper(_("请选择文件的类别"))
    if paper.kept:
        kept = kept_uploads(body=body, actor=actor, refs=[paper.kept])
        if not kept:
            raise BadPaper(_("先前上传的文件已经不在，请重新上传"))
        stored = kept[0]
        move_file(file=stored, stream=stream, subject=subject)
    else:
        stored = store_file(
            body=body, stream=stream, content=paper.content, name=paper.name, media_type=paper.media_type,
            actor=actor, subject=subject, answered_for=_answered_for(paper),
        )  # fmt: skip
        _keep_answer(paper, stored, subject, actor)
    audit.record(
        "file.filed", actor=actor, body=body, object=stored.ref, detail={"stream": stream, "kind": paper.kind}
    )
    return CaseFile.objects.create(
        file=stored, body=body, stream=stream, kind=paper.kind, redacts=redacts, added_on=actor.today
    )


SHORTEST_ANSWER = 10


def _answered_for(paper: NewPaper) -> bool:
    if paper.no_secret and len(paper.no_secret.strip()) < SHORTEST_ANSWER:
        raise BadPaper(_("请写明为什么不是国家秘密（如何时解密、谁误标），至少十个字"))
    return bool(paper.no_secret)


def _keep_answer(paper: NewPaper, stored: StoredFile, subject: Subject | None, actor: Actor) -> None:
    """Who said of a marked file that it is no secret, and why; nothing where it bears no mark."""
    if not paper.no_secret or marked_file(paper.content, stored.media_type, paper.name) is None:
        return
    kept = private.keep(
        body=stored.body, stream=stored.stream, kind="secret.answer",
        fields={"reason": paper.no_secret.strip()}, actor=actor, subject=subject,
    )  # fmt: skip
    FalseAlarm.objects.create(
        file=stored.ref, body=stored.body, stream=stored.stream, reason=kept.ref, seat=actor.seat,
        at=actor.present.moment,
    )  # fmt: skip
    audit.record(
        "secret.overridden", actor=actor, body=stored.body, object=stored.ref,
        detail={"stream": stored.stream, "record": kept.ref},
    )  # fmt: skip


PERSONAL = frozenset(
    {
        PaperKind.APPLICATION, PaperKind.IDENTITY, PaperKind.AUTHORITY, PaperKind.CORRECTION,
        PaperKind.OPINION, PaperKind.PROOF, PaperKind.REMEDY,
    }
)  # fmt: skip
"""Papers that name people: whoever opens one needs the permission to read the applicant's identity."""


def may_open(actor: Actor, file: StoredFile, paper: CaseFile | None) -> bool:
    """Whether this actor may read a file: one of its own body, with the permission that its kind needs.

    A file without a row as paper (a letter) names the applicant, too.
    """
    personal = paper is None or paper.kind in PERSONAL
    needed = Act.CASE_IDENTITY if personal else Act.CASE_SEE
    if not actor.may(needed, file.body):
        return paper is not None and _of_own_task(actor, paper)
    return actor.seat is None or relation(actor.seat.body, file.body) is Relation.OWN


def _of_own_task(actor: Actor, paper: CaseFile) -> bool:
    """The people of a unit may read what their unit handed in with the answer of its task."""
    rows = TaskPaper.objects.filter(paper=paper.pk).select_related("task__unit__of")
    return any(answers_for(row.task.unit, actor) for row in rows)


def read_file(*, actor: Actor, ref: str) -> tuple[StoredFile, str, bytes]:
    """A file for showing to a person, its name and content; audited (``file.read``).

    Raises ``StoredFile.DoesNotExist`` where there is none, also for what this actor may not open and for
    uploads of other seats; ``FileDamaged``.
    """
    file = StoredFile.objects.select_related("body").get(ref=ref)
    paper = CaseFile.objects.filter(file=file).first()
    allowed = file.stream == _uploads_of(actor) or (
        not file.stream.startswith(UPLOADS) and may_read_file(actor, file)
    )
    if not allowed or not may_open(actor, file, paper):
        audit.record("access.refused", actor=actor, body=file.body, object=ref, success=False)
        raise StoredFile.DoesNotExist(ref)
    content = open_file(file)
    audit.record("file.read", actor=actor, body=file.body, object=ref, detail={"stream": file.stream})
    return file, name_of(file), content


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as the case page lists it; ``name`` is blank where the seat may not know it."""

    ref: str
    kind: str
    label: str
    name: str
    size: int
    added_on: Any
    may_open: bool
    of_letter: bool
    """It came with the letter and belongs to all of its cases."""
    answered: str = ""
    """Who answered for a mark on it being no secret's, and why; for whom the file is open."""
    copies: tuple[Paper, ...] = ()


def papers_of(*, body: Body, stream: str, actor: Actor) -> list[Paper]:
    """The papers of a case and of its letter, copies under their originals; none without ``CASE_SEE``."""
    if not actor.may(Act.CASE_SEE, body):
        return []
    from_letter = CaseText.objects.filter(stream=stream).values_list("letter", flat=True).first()
    streams = [one for one in (stream, from_letter) if one is not None and may_read(actor, one)]
    rows = list(
        CaseFile.objects.filter(body=body, stream__in=streams)
        .select_related("file__body")
        .order_by("added_on", "file__created_at", "file_id")
    )

    answers = _answers([row.file_id for row in rows])

    def shown(row: CaseFile) -> Paper:
        may = may_open(actor, row.file, row)
        copies = tuple(shown(one) for one in rows if one.redacts_id == row.file_id)
        return Paper(
            row.file_id, row.kind, PaperKind(row.kind).label, name_of(row.file) if may else "",
            row.file.size, row.added_on, may, row.stream != stream,
            answers.get(row.file_id, "") if may else "", copies,
        )  # fmt: skip

    return [shown(row) for row in rows if row.redacts_id is None]


def _answers(files: Sequence[str]) -> dict[str, str]:
    alarms = list(FalseAlarm.objects.filter(file__in=files).select_related("seat__person"))
    kept = private.read_many(one.reason for one in alarms)
    said = _("%(who)s %(on)s：%(why)s")
    return {
        one.file: str(said) % {
            "who": one.seat.person.name if one.seat is not None else "",
            "on": one.at.astimezone(SHANGHAI).date().isoformat(),
            "why": kept.get(one.reason, {}).get("reason", ""),
        }
        for one in alarms
    }  # fmt: skip
