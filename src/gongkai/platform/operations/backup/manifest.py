"""What a backup says of itself. The file format is described in ``docs/how-to/backup.md``."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gongkai.i18n import _
from gongkai.platform.core.keys import Keyring

FORMAT = 1
NAME = "manifest.json"
KEYS = "keys.json"
SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"
_MEMBER = re.compile(
    r"manifest\.json|keys\.json|database\.(?:sqlite3|dump)|files/[a-z]+/[0-9a-f]{2}/[0-9a-f]{64}", re.ASCII
)


class BackupProblem(RuntimeError):
    """Why a backup or a restore does not go on, in a Chinese sentence that also says what to do."""


class BackupDamaged(BackupProblem):
    """The file is not what was written: ``member`` is where."""

    def __init__(self, member: str, what: str) -> None:
        text = _("备份文件已损坏或被改动：{member}：{what}。没有恢复任何内容；请用另一份备份。")
        super().__init__(text.format(member=member, what=what))
        self.member = member


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger of a body ended."""

    body: str
    algorithm: str
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database holds, read from the copy that lies in the backup."""

    heads: tuple[Head, ...]
    audit_position: int
    audit_hash: str
    schema: Mapping[str, str]
    """The last migration of each app."""
    blobs: tuple[str, ...]
    """Names of the sealed files that rows speak of."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole manifest."""

    version: str
    made_at: str
    engine: str
    facts: Facts
    keys: Mapping[str, str]
    """Key id → a value that only this key gives, to tell the right keyring; no key can be got from it."""
    index: str
    """The same for the key of the blind indexes."""
    members: tuple[Member, ...]
    format: int = FORMAT

    @property
    def with_keys(self) -> bool:
        """Whether the keys lie within."""
        return any(member.name == KEYS for member in self.members)

    def to_json(self) -> bytes:
        """The manifest's bytes; the names of blobs stand among the members already."""
        told = asdict(self)
        del told["facts"]["blobs"]
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def parse_manifest(raw: bytes) -> Manifest:
    """The manifest of its bytes; raises ``BackupDamaged``, ``BackupProblem`` for a newer format."""
    try:
        told: dict[str, Any] = json.loads(raw)
        if told["format"] > FORMAT:
            raise BackupProblem(_("备份是更新的版本做的（格式 {n}），请升级软件。").format(n=told["format"]))
        facts = told["facts"]
        return Manifest(
            told["version"],
            told["made_at"],
            told["engine"],
            Facts(
                tuple(Head(**head) for head in facts["heads"]),
                facts["audit_position"], facts["audit_hash"], facts["schema"], (),
            ),
            told["keys"],
            told["index"],
            tuple(Member(**member) for member in told["members"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise BackupDamaged(NAME, _("不是清单")) from error


def is_member_name(name: str) -> bool:
    """Whether a backup may hold a file of that name; nothing else is ever unpacked."""
    return _MEMBER.fullmatch(name) is not None


def fingerprints(ring: Keyring) -> tuple[dict[str, str], str]:
    """What tells a keyring: for each key, and for the key of the indexes."""
    keys = {name: _fingerprint(key) for name, key in ring.keys.items()}
    return keys, _fingerprint(ring.index)


def _fingerprint(key: bytes) -> str:
    return hmac.new(key, b"gongkai:backup:key:1", "sha256").hexdigest()[:32]
