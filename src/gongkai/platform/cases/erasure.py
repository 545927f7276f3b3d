"""Erasing a person: all outside the ledger goes, the ledger stays whole; and it stays so after a restore.

The ledger holds references and salted commitments; once the salt is gone with the record, nobody can try out
names against it. The list of erasures is kept beside the database too (``erasures.jsonl`` in the home, opaque
keys only): a backup from before an erasure would bring the person back, ``replay_erasures`` erases again.
Source: Personal Information Protection Law art. 47; what the archives law keeps is for the office to weigh.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    IncomingLetter,
    ItemState,
    LetterItem,
    SuperiorOrder,
)
from gongkai.platform.cases.readers import readable, unreadable_among
from gongkai.platform.cases.search.index import purge, remove
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import delete_files
from gongkai.platform.core.models import Body, Erasure, PrivateRecord, StoredFile, Subject
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock


class CannotErase(ValueError):
    """A person that cannot be erased now: ``message`` (Chinese)."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Extent:
    """What belongs to a person: cases, and how many records and files."""

    subject: Subject
    cases: tuple[CaseSummary, ...]
    records: int
    files: int
    closed: int = 0
    """How many more cases the actor may not read; who may read them all has to erase."""

    @property
    def open_cases(self) -> tuple[CaseSummary, ...]:
        """Cases that still owe something to the applicant."""
        return tuple(case for case in self.cases if case.open)


@dataclass(slots=True)
class _Whole:
    """The rows of a person."""

    streams: set[str] = field(default_factory=set)
    letters: set[str] = field(default_factory=set)

    @property
    def places(self) -> set[str]:
        return self.streams | self.letters


def _whole_of(subject: Subject) -> _Whole:
    streams = set(CaseText.objects.filter(subject=subject).values_list("stream", flat=True))
    letters = set(IncomingLetter.objects.filter(subject=subject).values_list("ref", flat=True))
    return _Whole(streams, letters)


def _records(subject: Subject, whole: _Whole) -> Any:
    # An order of a superior body may be about cases of several persons: its words stand under the first.
    orders = SuperiorOrder.objects.filter(cases__stream__in=whole.streams)
    ordered = Q(ref__in=orders.values("text")) | Q(ref__in=orders.values("answer"))
    return PrivateRecord.objects.filter(Q(subject=subject) | Q(stream__in=whole.places) | ordered)


def _files(subject: Subject, whole: _Whole) -> Any:
    return StoredFile.objects.filter(Q(subject=subject) | Q(stream__in=whole.places))


def extent_of(*, body: Body, stream: str, actor: Actor) -> Extent | None:
    """What an erasure would take, for the page that asks to confirm; ``None`` where nothing is left.

    Raises ``NotPermitted``.
    """
    actor.require(Act.CASE_ERASE, body)
    text = CaseText.objects.filter(stream=stream, body=body).select_related("subject").first()
    return None if text is None else extent_of_person(body=body, subject=text.subject, actor=actor)


def extent_of_person(*, body: Body, subject: Subject | None, actor: Actor) -> Extent | None:
    """``extent_of`` by the person, such as who wrote a letter that is no case; raises ``NotPermitted``."""
    actor.require(Act.CASE_ERASE, body)
    if subject is None or subject.body != body:
        return None
    whole = _whole_of(subject)
    if subject.erased_at is not None and not _holds_anything(subject, whole):
        return None
    rows = CaseSummary.objects.filter(stream__in=whole.streams)
    cases = readable(rows, actor).order_by("received_on", "number", "stream")
    records, files = _records(subject, whole).count(), _files(subject, whole).count()
    return Extent(subject, tuple(cases), records, files, rows.count() - cases.count())


def erase_applicant(*, body: Body, actor: Actor, subject: Subject | None = None, stream: str = "") -> Erasure:
    """Erase everything of a person (an applicant or a third party): records, indexes, words, papers, letters.

    - by ``subject``, or by the case ``stream`` whose applicant it is; all of the person's cases are
      concerned, with what anybody wrote in them;
    - the acts, their dates and the numbers stay: they name nobody;
    - refused while one of the cases is still open, for who is owed an answer must be known;
    - what was written in the cases after an erasure (a lawsuit, a note) is erased by a further one.

    Raises ``NotPermitted``, ``CannotErase``. After the transaction: ``scrub_database``.
    """
    actor.require(Act.CASE_ERASE, body)
    with transaction.atomic():
        lock(body=body.key)  # no letter of the person comes in meanwhile (``register_letter`` holds it, too)
        owner = _owner(body, actor, subject, stream)
        whole = _whole_of(owner)
        if unreadable_among(actor, whole.streams):
            raise CannotErase(_("还有不在您的阅读范围内的案件，请由能阅读全部案件的审批人删除"))
        if CaseSummary.objects.filter(stream__in=whole.streams, open=True).exists():
            raise CannotErase(_("还有没有办结的案件，办结以后才能删除申请人的信息"))
        if LetterItem.objects.filter(letter__in=whole.letters, state=ItemState.PENDING).exists():
            raise CannotErase(_("来件里还有没有处理的事项，处理以后才能删除来件人的信息"))
        return _erase(owner, whole, actor, actor.present.moment)


def _owner(body: Body, actor: Actor, subject: Subject | None, stream: str) -> Subject:
    if subject is None:
        text = CaseText.objects.select_for_update().filter(stream=stream, body=body).first()
        if text is None:
            raise CannotErase(_("没有可以删除的信息"))
        if text.subject is None:
            text.subject = private.new_subject(body=body, actor=actor)
            text.save(update_fields=["subject"])
        subject = text.subject
    if subject.body != body:
        raise CannotErase(_("不是本机关的申请人"))
    if subject.erased_at is not None and not _holds_anything(subject, _whole_of(subject)):
        raise CannotErase(_("已经删除过了"))
    return subject


def _erase(subject: Subject, whole: _Whole, actor: Actor, moment: datetime) -> Erasure:
    files = delete_files(_files(subject, whole))
    records = _records(subject, whole)
    number = records.count()
    records.delete()
    CaseText.objects.filter(stream__in=whole.streams).update(
        title="", description="", applicant_label="", details=""
    )
    IncomingLetter.objects.filter(ref__in=whole.letters).update(applicant_label="", details="")
    remove(*sorted(whole.streams))
    subject.erased_at = moment
    subject.save(update_fields=["erased_at"])
    erasure, _created = Erasure.objects.update_or_create(
        subject=subject.key, defaults={"body": subject.body, "erased_at": moment, "actor": actor.key}
    )
    audit.record(
        "case.erased", actor=actor, body=subject.body, object=subject.key,
        detail={"cases": sorted(whole.streams), "records": number, "files": files},
    )  # fmt: skip
    transaction.on_commit(_after_erasure)
    return erasure


def _after_erasure() -> None:
    keep_erasure_list()
    purge()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        scrub_database()


def list_path() -> Path:
    """Where the list of erasures is kept beside the database; a restore must not replace it."""
    return Path(settings.ENVIRONMENT.home) / "erasures.jsonl"


def listed_erasures() -> dict[str, dict[str, Any]]:
    """The list beside the database: by subject, when it was erased and its cases."""
    try:
        lines = list_path().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {entry["subject"]: entry for line in lines if line.strip() for entry in [json.loads(line)]}


def keep_erasure_list() -> None:
    """Write the list anew: what it held, and what the database holds. Never shorter than before.

    One at a time, over all processes: of two who read the same list, the slower would drop the other's entry.
    """
    lock = os.open(list_path().with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _write_erasure_list()
    finally:
        os.close(lock)


def _write_erasure_list() -> None:
    entries = listed_erasures()
    for erasure in Erasure.objects.order_by("erased_at", "subject"):
        rows = CaseText.objects.filter(subject=erasure.subject).order_by("stream")
        streams = list(rows.values_list("stream", flat=True))
        entries[erasure.subject] = {
            "subject": erasure.subject, "body": erasure.body.key, "actor": erasure.actor,
            "erased_at": erasure.erased_at.isoformat(), "streams": streams,
        }  # fmt: skip
    path = list_path()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(entry, sort_keys=True) + "\n" for entry in entries.values())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def replay_erasures(*, actor: Actor) -> int:
    """Erase again, after a restore, whoever was erased before; how many came back and are gone again.

    To be called before anybody works on the restored database. Knows the list beside the database and the
    database's own rows. Idempotent.
    """
    again = 0
    entries = listed_erasures()
    with transaction.atomic():
        for erasure in Erasure.objects.all():
            entries.setdefault(
                erasure.subject, {"subject": erasure.subject, "erased_at": erasure.erased_at.isoformat()}
            )
        for entry in entries.values():
            for subject in _back_again(entry, actor):
                whole = _whole_of(subject)
                if _is_back(subject, whole):
                    _erase(subject, whole, actor, datetime.fromisoformat(entry["erased_at"]))
                    again += 1
    keep_erasure_list()
    return again


def _back_again(entry: dict[str, Any], actor: Actor) -> Iterable[Subject]:
    """The subject of an entry; its cases that had none in an older backup, or another, are given it.

    Details may have been mended since that backup: whoever these cases stood under then is not erased.
    """
    key, streams = entry["subject"], entry.get("streams", [])
    elsewhere = CaseText.objects.filter(stream__in=streams).exclude(subject=key)
    for text in elsewhere.select_related("body", "letter"):
        text.subject, _created = Subject.objects.get_or_create(
            key=key, defaults={"body": text.body, "created_at": actor.present.moment}
        )
        text.save(update_fields=["subject"])
        if text.letter is not None:
            IncomingLetter.objects.filter(ref=text.letter.ref).update(subject=text.subject)
    return list(Subject.objects.filter(key=key).select_related("body"))


def _is_back(subject: Subject, whole: _Whole) -> bool:
    return subject.erased_at is None or _holds_anything(subject, whole)


def _holds_anything(subject: Subject, whole: _Whole) -> bool:
    words = CaseText.objects.filter(stream__in=whole.streams).exclude(
        title="", description="", applicant_label="", details=""
    )
    letters = IncomingLetter.objects.filter(ref__in=whole.letters)
    writers = letters.exclude(applicant_label="", details="")
    return (
        words.exists()
        or writers.exists()
        or _records(subject, whole).exists()
        or _files(subject, whole).exists()
    )


TABLES = (PrivateRecord, CaseText, StoredFile)


def scrub_database() -> None:
    """Take the remains of erased rows out of the database's own files.

    - SQLite: ``secure_delete`` has overwritten the rows; the write-ahead log, in which they stood, is folded
      in and cut to nothing. A reader in the middle of a long query can keep it from being cut: the next scrub
      does it.
    - PostgreSQL: dead rows stay in the files until a vacuum; ``VACUUM FULL`` writes the tables anew. It locks
      them meanwhile, so it belongs into the nightly work, not into a request.

    Outside a transaction only.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        names = [model._meta.db_table for model in TABLES]
        for name in [*names, "core_blindindex", "cases_searchpassage"]:
            cursor.execute(f'VACUUM (FULL) "{name}"')
