"""Changing the keys: a new one encrypts from now on, what older ones wrote is written anew, in batches.

- ``add_key`` puts a new key into the keyring and makes it current; the older ones stay, for they still read.
- ``rotate_keys`` writes records, names, files and the shared keys of second factors anew under the current
  key, a batch a transaction. It can be stopped at any time and called again: what is done already is passed
  over, told by the key id in each token.
- ``remove_key`` takes a key out once nothing is written with it any more.

The key of the blind indexes is its own: ``rotate_index_key`` computes all digests anew from the records.
Recovery codes are kept as such digests alone, from which no other can be computed: they end with it.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import blob_path, open_file, write_blob
from gongkai.platform.core.keys import Keyring, load_keys
from gongkai.platform.core.models import Authenticator, BlindIndex, PrivateRecord, RecoveryCode, StoredFile


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key, and what it still encrypts."""

    key_id: str
    current: bool
    records: int
    files: int
    second_factors: int

    @property
    def in_use(self) -> bool:
        """Whether something could not be read without it, or it is the one that encrypts."""
        return self.current or self.records + self.files + self.second_factors > 0


class KeyInUse(ValueError):
    """A key that cannot go yet: what it is used for."""

    def __init__(self, use: KeyUse) -> None:
        super().__init__(str(use))
        self.use = use


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was written anew."""

    records: int
    files: int
    second_factors: int
    left: int
    """What is still under an older key (where ``most`` ended the run)."""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What a new key of the indexes brought."""

    digests: int
    """Computed anew."""
    codes: int
    """Recovery codes that ended, used by nobody yet."""


def _change(path: Path, change: Callable[[dict[str, Any]], None]) -> Keyring:
    """Change the keyring file: written beside it with mode 0600, then moved into its place."""
    load_keys.cache_clear()
    load_keys(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(data, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    load_keys.cache_clear()
    return load_keys(path)


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def add_key(path: Path, *, actor: Actor) -> str:
    """Put a new key into the keyring, make it current, and give its id; raises ``KeysMissing``.

    Other processes read the keyring when they start: restart them before ``rotate_keys``, or they go on
    writing with the key before, and cannot read what is new.
    """
    numbers = [int(name[1:]) for name in load_keys(path).keys if re.fullmatch(r"k[0-9]+", name)]
    key_id = f"k{max(numbers, default=0) + 1}"

    def change(data: dict[str, Any]) -> None:
        data["keys"] = {**data["keys"], key_id: _fresh()}
        data["current"] = key_id

    with transaction.atomic():
        audit.record("keys.added", actor=actor, detail={"key": key_id})
        _change(path, change)
    return key_id


def rotate_keys(*, actor: Actor, batch: int = 200, most: int | None = None) -> Rotated:
    """Write everything that an older key wrote anew under the current one.

    ``most`` ends the run after so many rows. A file's old blob is deleted once the row that names the new one
    is through. Raises ``CannotDecrypt`` where a key is missing, ``FileDamaged``.
    """
    current = f"{private.keyring().current}:"
    done = dict.fromkeys((_rotate_records, _rotate_files, _rotate_second_factors), 0)
    for rotate in done:
        while (some := _room(batch, most, sum(done.values()))) and (rows := rotate(current, some)):
            done[rotate] += rows
    records, files, factors = done.values()
    left = sum(_old(model, column, current).count() for model, column in _TOKENS)
    if records or files or factors:
        audit.record(
            "keys.rotated", actor=actor,
            detail={"records": records, "files": files, "second_factors": factors, "left": left},
        )  # fmt: skip
    return Rotated(records, files, factors, left)


_TOKENS: tuple[tuple[type[Model], str], ...] = (
    (PrivateRecord, "token"), (StoredFile, "name_token"), (Authenticator, "key_token"),
)  # fmt: skip
"""Whatever is written with a key and stays. A file's blob is sealed with the key of its name."""


def _room(batch: int, most: int | None, done: int) -> int:
    return batch if most is None else min(batch, most - done)


def _old(model: type[Model], column: str, current: str) -> Any:
    return model._default_manager.exclude(**{f"{column}__startswith": current})


@transaction.atomic
def _rotate_records(current: str, some: int) -> int:
    ring = private.keyring()
    rows = list(_old(PrivateRecord, "token", current).select_for_update().order_by("ref")[:some])
    for row in rows:
        row.token = ring.encrypt(ring.decrypt(row.token, bound_to=row.ref), bound_to=row.ref)
    PrivateRecord.objects.bulk_update(rows, ["token"])
    return len(rows)


@transaction.atomic
def _rotate_files(current: str, some: int) -> int:
    ring = private.keyring()
    rows = list(_old(StoredFile, "name_token", current).select_for_update().order_by("ref")[:some])
    former: list[str] = []
    for row in rows:
        name = f"{row.ref}/name"
        former.append(row.sha256)
        row.sha256 = write_blob(ring.seal(open_file(row), bound_to=row.ref))
        row.name_token = ring.encrypt(ring.decrypt(row.name_token, bound_to=name), bound_to=name)
    StoredFile.objects.bulk_update(rows, ["sha256", "name_token"])
    transaction.on_commit(lambda: [blob_path(digest).unlink(missing_ok=True) for digest in former])
    return len(rows)


@transaction.atomic
def _rotate_second_factors(current: str, some: int) -> int:
    rows = list(_old(Authenticator, "key_token", current).select_for_update().order_by("pk")[:some])
    for row in rows:
        row.set_key(row.key())
    Authenticator.objects.bulk_update(rows, ["key_token"])
    return len(rows)


def keys_in_use(path: Path) -> list[KeyUse]:
    """The keys of the keyring in their order, each with what is written with it; raises ``KeysMissing``."""
    ring = load_keys(path)

    def written_with(key_id: str) -> list[int]:
        return [
            model._default_manager.filter(**{f"{column}__startswith": f"{key_id}:"}).count()
            for model, column in _TOKENS
        ]

    return [KeyUse(key_id, key_id == ring.current, *written_with(key_id)) for key_id in ring.keys]


def remove_key(path: Path, key_id: str, *, actor: Actor) -> None:
    """Take an old key out of the keyring; raises ``KeyInUse``, ``KeyError`` for one that is not there.

    Backups from before cannot be read without it: keep it with them, apart from the installation.
    """
    uses = {use.key_id: use for use in keys_in_use(path)}
    use = uses[key_id]
    if use.in_use:
        raise KeyInUse(use)

    def change(data: dict[str, Any]) -> None:
        data["keys"] = {name: key for name, key in data["keys"].items() if name != key_id}

    with transaction.atomic():
        audit.record("keys.removed", actor=actor, detail={"key": key_id})
        _change(path, change)


def rotate_index_key(path: Path, *, actor: Actor, batch: int = 500) -> Reindexed:
    """Give the blind indexes a new key, and compute all digests anew. Nobody may work meanwhile.

    All digests are computed from the records, whatever key they have: after a crash in the middle, call it
    again. Recovery codes end, for only their digests are known; who has an app makes new ones.
    """
    with transaction.atomic():
        fresh = secrets.token_bytes(32)
        ring = load_keys(path)
        renewed = Keyring(ring.current, ring.keys, fresh, ring.secret)
        number, last = 0, ""
        while True:
            rows = list(
                BlindIndex.objects.filter(record__ref__gt=last)
                .select_related("record")
                .order_by("record__ref")[:batch]
            )
            if not rows:
                break
            # A record has one row a field: the last one read may have more than were read.
            if len(rows) == batch:
                rows = [row for row in rows if row.record.ref != rows[-1].record.ref] or rows
            for row in rows:
                row.digest = renewed.blind(row.field, str(private.read(row.record)[row.field]))
            BlindIndex.objects.bulk_update(rows, ["digest"])
            number, last = number + len(rows), rows[-1].record.ref
        codes = RecoveryCode.objects.count()
        RecoveryCode.objects.all().delete()
        audit.record("keys.rotated", actor=actor, detail={"index": number, "codes": codes})

        def change(data: dict[str, Any]) -> None:
            data["index"] = base64.b64encode(fresh).decode()

        _change(path, change)
    return Reindexed(number, codes)
