"""Files of cases: encrypted in the private root, written before their row, never under a served path.

- A file is sealed with AES-256-GCM, bound to its reference, and named by the SHA-256 of what is written, that
  is of the sealed bytes. A hash of the plain content would tell whoever sees the directory or a backup which
  known document lies there, also after its row was erased; and two persons' files would share one blob, so
  that neither could be erased. The name still proves that the blob is whole, without any key.
- A crash leaves at most a blob without a row (``sweep_orphans``), never a row without its blob.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, StoredFile, Subject


class FileDamaged(RuntimeError):
    """A blob that is missing or is not what was written: ``ref``."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


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
    media_type: str,
    actor: Actor,
    subject: Subject | None = None,
) -> StoredFile:
    """Seal and keep a file: the blob first, then the row and the audit entry."""
    ref = opaque("file", 16)
    ring = private.keyring()
    digest = write_blob(ring.seal(content, bound_to=ref))
    with transaction.atomic():
        stored = StoredFile.objects.create(
            ref=ref, body=body, stream=stream, subject=subject, sha256=digest, size=len(content),
            media_type=media_type, name_token=ring.encrypt(name.encode(), bound_to=f"{ref}/name"),
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
