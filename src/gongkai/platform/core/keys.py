"""Encryption at rest: AES-256-GCM with the key's id in the token, and a keyed hash for blind indexes.

The keyring is a file readable by its owner alone (``GONGKAI_KEYS``; by default ``keys.json`` in the home).
Without it the platform does not start.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = b"gongkai-file-1:"
"""The first bytes of every sealed file."""


class KeysMissing(RuntimeError):
    """There is no usable keyring: ``path`` and what is ``wrong`` (Chinese)."""

    def __init__(self, path: Path, wrong: str) -> None:
        super().__init__(f"密钥文件 {path} {wrong}。")
        self.path, self.wrong = path, wrong


class CannotDecrypt(ValueError):
    """A token that these keys did not write, or that was changed."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by id, the one that encrypts now, and the separate key of the blind indexes."""

    current: str
    keys: Mapping[str, bytes]
    index: bytes
    secret: str
    """Django's secret key: sessions and form tokens."""

    def encrypt(self, plain: bytes, *, bound_to: str) -> str:
        """A token; it can only be read again with the same ``bound_to`` (the reference of its row)."""
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, plain, bound_to.encode())
        return f"{self.current}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, token: str, *, bound_to: str) -> bytes:
        """The plain bytes; raises ``CannotDecrypt``."""
        key_id, _colon, text = token.partition(":")
        if key_id not in self.keys:
            raise CannotDecrypt(f"key {key_id}")
        try:
            raw = base64.urlsafe_b64decode(text)
            return AESGCM(self.keys[key_id]).decrypt(raw[:12], raw[12:], bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotDecrypt(bound_to) from error

    def seal(self, plain: bytes, *, bound_to: str) -> bytes:
        """As ``encrypt``, for the bytes of a file: mark, key id, a zero byte, nonce, ciphertext."""
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, plain, bound_to.encode())
        return SEALED + self.current.encode() + b"\0" + nonce + sealed

    def unseal(self, sealed: bytes, *, bound_to: str) -> bytes:
        """The plain bytes of what ``seal`` wrote; raises ``CannotDecrypt``."""
        key_id, raw = self.sealed_with(sealed), sealed.partition(b"\0")[2]
        if key_id not in self.keys:
            raise CannotDecrypt(f"key {key_id}")
        try:
            return AESGCM(self.keys[key_id]).decrypt(raw[:12], raw[12:], bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotDecrypt(bound_to) from error

    @staticmethod
    def sealed_with(sealed: bytes) -> str:
        """The key id of sealed bytes; empty where they are none."""
        mark, _zero, _rest = sealed[:80].partition(b"\0")
        return mark.removeprefix(SEALED).decode("ascii", "replace") if mark.startswith(SEALED) else ""

    def blind(self, field: str, value: str) -> str:
        """The keyed hash of a value: width, case and spaces do not matter."""
        plain = "".join(unicodedata.normalize("NFKC", value).split()).casefold()
        return hmac.new(self.index, f"{field}\0{plain}".encode(), "sha256").hexdigest()


def keys_path(home: Path) -> Path:
    """Where the keyring is."""
    return Path(os.environ.get("GONGKAI_KEYS") or home / "keys.json")


def create_keys(path: Path) -> None:
    """Write a new keyring; raises ``FileExistsError`` where there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {
        "current": "k1",
        "keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
        "index": base64.b64encode(secrets.token_bytes(32)).decode(),
        "secret": secrets.token_urlsafe(50),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(data, file)


@lru_cache(maxsize=4)
def load_keys(path: Path) -> Keyring:
    """The keyring of a file; raises ``KeysMissing`` where it is not there, open to others, or damaged."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except OSError:
        why = "不存在或不能读；新建用 gongkai setup，对演示的数据用 script/gongkai"
        raise KeysMissing(path, why) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysMissing(path, "的权限太宽，应为 0600")
    try:
        data = json.loads(text)
        keys = {name: base64.b64decode(key) for name, key in data["keys"].items()}
        ring = Keyring(data["current"], keys, base64.b64decode(data["index"]), data["secret"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeysMissing(path, "已损坏") from None
    if ring.current not in keys or any(len(key) != 32 for key in keys.values()) or len(ring.index) != 32:
        raise KeysMissing(path, "已损坏")
    return ring
