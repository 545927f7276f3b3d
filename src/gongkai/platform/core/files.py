"""Files of cases: encrypted in the private root, written before their row, never under a served path.

- A file is sealed with AES-256-GCM, bound to its reference, and named by the SHA-256 of what is written, that
  is of the sealed bytes. A hash of the plain content would tell whoever sees the directory or a backup which
  known document lies there, also after its row was erased; and two persons' files would share one blob, so
  that neither could be erased. The name still proves that the blob is whole, without any key.
- What a file is, is told from its content (``core.file_types``); what a browser could run is not taken.
- A crash leaves at most a blob without a row (``sweep_orphans``), never a row without its blob.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.file_types import media_type_of, safe_name
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, StoredFile, Subject
from gongkai.platform.core.secrecy import Mark, marked_file

_OLE = frozenset({"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"})


class FileDamaged(RuntimeError):
    """A blob that is missing or is not what was written: ``ref``."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


class FileRefused(ValueError):
    """A file that is not taken: ``code`` (``empty``, ``too_large``, ``type``, ``secret``) and ``message``."""

    def __init__(self, code: str, message: Any, name: str) -> None:
        super().__init__(f"{code}: {name}")
        self.code, self.message, self.name = code, message, name


class SecretRefused(FileRefused):
    """A file that bears the mark of a state secret: nothing of it is stored."""

    def __init__(self, mark: Mark, name: str) -> None:
        where = _("文件名里") if mark.where == "name" else _("开头")
        said = _(
            "“%(name)s”%(where)s有密级标志（%(grade)s），没有收下。涉密文件不能进本系统：请按保密规定在涉密台账"
            "登记、在涉密场所存放，在案件里只登记“涉密登记指引”。确实不是国家秘密的（如已经解密、误标），"
            "在案件的“材料”页写明理由后再传"
        )
        shown = "" if mark.where == "name" else name
        message = said % {"name": shown or _("这份文件"), "where": where, "grade": mark.grade}
        super().__init__("secret", message, name)
        self.mark = mark


def file_limit() -> int:
    """The largest file that is taken, in bytes (``GONGKAI_UPLOAD_MB``)."""
    return settings.ENVIRONMENT.upload_limit


def too_large(name: str) -> FileRefused:
    """The refusal of a file over the limit."""
    limit = file_limit() // (1024 * 1024)
    return FileRefused(
        "too_large",
        _("“%(name)s”超过 %(limit)s MB，请分开扫描或压缩后再传") % {"name": name, "limit": limit},
        name,
    )


def check_file(content: bytes, name: str) -> str:
    """The media type of a file that may be stored; raises ``FileRefused``."""
    if not content:
        raise FileRefused("empty", _("“%(name)s”是空文件") % {"name": name}, name)
    if len(content) > file_limit():
        raise too_large(name)
    media_type = media_type_of(content)
    if media_type is None:
        raise FileRefused(
            "type",
            _("“%(name)s”的类型不能收：请用 PDF、OFD、图片、Word、Excel、文本、录音或 ZIP") % {"name": name},
            name,
        )
    return media_type


def private_root() -> Path:
    """Where the sealed files are."""
    return Path(settings.ENVIRONMENT.home) / "files" / "private"


def blob_path(digest: str) -> Path:
    """Where the blob of that name is."""
    return private_root() / digest[:2] / digest


def write_blob(sealed: bytes) -> str:
    """Write sealed bytes durably and give their name: to a temporary name first, then moved."""
    digest = hashlib.sha256(sealed).hexdigest()
    path = blob_path(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{digest}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest


def store_file(
    *,
    body: Body,
    stream: str,
    content: bytes,
    name: str,
    actor: Actor,
    media_type: str = "",
    subject: Subject | None = None,
    made_here: bool = False,
    answered_for: bool = False,
) -> StoredFile:
    """Seal and keep a file: the blob first, then the row and the audit entry.

    ``made_here``: a ZIP of what is kept already; the limit for what comes from outside does not hold for it.

    ``answered_for``: somebody said in writing that a mark on it is no secret's, or the letter is our own.

    The type kept is the one that the content shows; ``media_type`` is what the sender says, and only tells
    types apart that look alike (Word and Excel files of before 2007). Raises ``FileRefused``.
    """
    found = "application/zip" if made_here else check_file(content, name)
    mark = None if made_here or answered_for else marked_file(content, found, name)
    if mark is not None:
        raise SecretRefused(mark, name)
    kept_type = media_type if found == "application/x-ole-storage" and media_type in _OLE else found
    name = safe_name(name, found)
    ref = opaque("file", 16)
    ring = private.keyring()
    digest = write_blob(ring.seal(content, bound_to=ref))
    with transaction.atomic():
        stored = StoredFile.objects.create(
            ref=ref, body=body, stream=stream, subject=subject, sha256=digest, size=len(content),
            media_type=kept_type, name_token=ring.encrypt(name.encode(), bound_to=f"{ref}/name"),
            created_at=actor.present.moment, actor=actor.key,
        )  # fmt: skip
        audit.record("file.stored", actor=actor, body=body, object=ref, detail={"stream": stream})
    return stored


def open_file(file: StoredFile) -> bytes:
    """The plain content; raises ``FileDamaged``. Whoever shows it to a person writes the audit entry."""
    try:
        sealed = blob_path(file.sha256).read_bytes()
    except FileNotFoundError:
        raise FileDamaged(file.ref) from None
    if hashlib.sha256(sealed).hexdigest() != file.sha256:
        raise FileDamaged(file.ref)
    return private.keyring().unseal(sealed, bound_to=file.ref)


def name_of(file: StoredFile) -> str:
    """The file's name."""
    return private.keyring().decrypt(file.name_token, bound_to=f"{file.ref}/name").decode()


def delete_files(files: Iterable[StoredFile]) -> int:
    """Delete rows now and their blobs once the transaction is through; how many. The caller audits it."""
    digests: list[str] = []
    for file in list(files):
        digests.append(file.sha256)
        file.delete()
    transaction.on_commit(lambda: [blob_path(digest).unlink(missing_ok=True) for digest in digests])
    return len(digests)


def move_file(*, file: StoredFile, stream: str, subject: Subject | None) -> None:
    """Give a file that was uploaded ahead to the case or letter that it belongs to."""
    file.stream, file.subject = stream, subject
    file.save(update_fields=["stream", "subject"])


_SWEPT_TOGETHER = 500
"""Blobs that are looked up in one query."""
UPLOADS = "upload-"
"""Streams of files that were uploaded with a form not yet accepted: this, then the seat's key."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed."""

    blobs: int
    """Blobs without a row: the process died between writing and the transaction's end."""
    uploads: int
    """Files of forms that were never finished."""


def sweep_orphans(
    *, actor: Actor, uploads_after: timedelta = timedelta(days=3), blobs_after: timedelta = timedelta(days=1)
) -> Swept:
    """Remove what no case will ever show: unfinished uploads, then blobs without a row.

    A blob younger than ``blobs_after`` is left, for its row may still be uncommitted.
    """
    with transaction.atomic():
        old = StoredFile.objects.filter(
            stream__startswith=UPLOADS, created_at__lt=actor.present.moment - uploads_after
        )
        uploads = delete_files(old)
    blobs, oldest = 0, time.time() - blobs_after.total_seconds()
    old_ones = (path for path in private_root().glob("*/*") if _is_older(path, oldest))
    for some in _batched(old_ones, _SWEPT_TOGETHER):
        names = [path.name for path in some]
        known = set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        for path in some:
            if path.name not in known:
                path.unlink(missing_ok=True)
                blobs += 1
    if blobs or uploads:
        audit.record("file.swept", actor=actor, detail={"blobs": blobs, "uploads": uploads})
    return Swept(blobs, uploads)


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:  # erased meanwhile
        return False


def _batched(paths: Iterable[Path], size: int) -> Iterator[list[Path]]:
    """The paths in lists of so many."""
    left = iter(paths)
    while some := list(islice(left, size)):
        yield some
