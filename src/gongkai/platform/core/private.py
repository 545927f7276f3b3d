"""The store of personal data and free text: keep, read, find, erase. The ledger holds references only."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.keys import Keyring, keys_path, load_keys
from gongkai.platform.core.models import BlindIndex, Body, PrivateRecord, Subject
from gongkai.platform.core.secrecy import refuse_secret_texts
from gongkai.rules.ledger import commitment

INDEXED = ("name", "identity_number", "phone")
"""Fields that can be searched by their exact value."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a payload may hold of a record: its reference, and a salted commitment to its content."""

    ref: str
    commitment: str

    def payload(self) -> dict[str, str]:
        """As payload keys."""
        return {"ref": self.ref, "commitment": self.commitment}


def keyring() -> Keyring:
    """The installation's keys; raises ``KeysMissing``."""
    return load_keys(keys_path(settings.ENVIRONMENT.home))


def new_subject(*, body: Body, actor: Actor) -> Subject:
    """A person or organisation outside the office, to which records belong."""
    return Subject.objects.create(key=opaque("subject"), body=body, created_at=actor.present.moment)


def keep(
    *,
    body: Body,
    stream: str,
    kind: str,
    fields: Mapping[str, Any],
    actor: Actor,
    subject: Subject | str | None = None,
) -> Kept:
    """Encrypt and keep ``fields`` (JSON values); exact search works for those of ``INDEXED``.

    The commitment is over the fields with a random salt that is encrypted beside them: once a record is
    erased, nobody can guess what was committed to. Raises ``SecretText``.
    """
    refuse_secret_texts(fields.values())
    ring, ref = keyring(), opaque("ref", 16)
    key = subject.key if isinstance(subject, Subject) else subject
    salt = secrets.token_bytes(16)
    plain = json.dumps(dict(fields), ensure_ascii=False, sort_keys=True)
    token = ring.encrypt(json.dumps([salt.hex(), plain]).encode(), bound_to=ref)
    record = PrivateRecord.objects.create(
        ref=ref, body=body, stream=stream, subject_id=key, kind=kind, token=token,
        created_at=actor.present.moment,
    )  # fmt: skip
    BlindIndex.objects.bulk_create(
        BlindIndex(record=record, body=body, field=field, digest=ring.blind(field, str(fields[field])))
        for field in INDEXED
        if fields.get(field)
    )
    return Kept(ref, commitment(plain, salt))


def read(record: PrivateRecord) -> dict[str, Any]:
    """The fields of a record. Whoever shows them to a person writes the audit entry (``core.audit``)."""
    _salt, plain = json.loads(keyring().decrypt(record.token, bound_to=record.ref))
    return json.loads(plain)


def read_many(refs: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The fields of records by reference; erased ones are absent."""
    return {record.ref: read(record) for record in PrivateRecord.objects.filter(ref__in=set(refs))}


def committed_to(commitments: Mapping[str, str]) -> dict[str, bool | None]:
    """Whether each record is still what a payload committed to; ``None`` for one that was erased."""
    found: dict[str, bool | None] = dict.fromkeys(commitments)
    for record in PrivateRecord.objects.filter(ref__in=list(commitments)):
        salt, plain = json.loads(keyring().decrypt(record.token, bound_to=record.ref))
        found[record.ref] = commitment(plain, bytes.fromhex(salt)) == commitments[record.ref]
    return found


def find(*, body: Body, value: str, fields: Iterable[str] = INDEXED) -> list[PrivateRecord]:
    """The records of a body in which one of ``fields`` is exactly ``value``."""
    ring = keyring()
    digests = [ring.blind(field, value) for field in fields]
    return list(PrivateRecord.objects.filter(indexes__body=body, indexes__digest__in=digests).distinct())
