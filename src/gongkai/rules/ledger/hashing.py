"""The two hash functions a ledger may name, what is hashed, and salted commitments.

SM3 (GM/T 0004-2012, GB/T 32905-2016) is the default, SHA-256 the other. SM3 comes from the OpenSSL
that Python was built with; where that one lacks it, from the ``cryptography`` package.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from typing import Protocol

from gongkai.rules.ledger.errors import LedgerError, NotCanonical

SM3 = "sm3"
SHA256 = "sha256"
ALGORITHMS = (SM3, SHA256)
DIGEST_HEX = 64
"""Both algorithms give 32 bytes, written as 64 lower-case hexadecimal digits."""

TAG_HEADER = b"gongkai:ledger:header:1\0"
TAG_ENTRY = b"gongkai:ledger:entry:1\0"
TAG_ROOT = b"gongkai:ledger:root:1\0"
TAG_COMMITMENT = b"gongkai:ledger:commitment:1\0"
"""What is hashed begins with its kind, so that no hash of one kind is ever one of another."""

SHORTEST_SALT = 16


class _State(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def copy(self) -> _State: ...
    def hexdigest(self) -> str: ...


class _CryptographySm3:
    """SM3 of the ``cryptography`` package with the manners of ``hashlib``."""

    def __init__(self, state: object = None) -> None:
        from cryptography.hazmat.primitives import hashes

        self._state = state if isinstance(state, hashes.Hash) else hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._state.update(data)

    def copy(self) -> _CryptographySm3:
        return _CryptographySm3(self._state.copy())

    def hexdigest(self) -> str:
        return self._state.copy().finalize().hex()


def new_state(algorithm: str, *, builtin: bool = True) -> _State:
    """A fresh hash state.

    ``builtin=False`` passes over Python's own SM3. Raises ``LedgerError`` ``LG-E-006`` for an
    algorithm that a ledger may not name, ``LG-E-007`` where SM3 cannot be had.
    """
    if algorithm == SHA256:
        return hashlib.sha256()
    if algorithm != SM3:
        raise LedgerError("LG-E-006", algorithm=algorithm, known="、".join(ALGORITHMS))
    if builtin:
        try:
            return hashlib.new("sm3")
        except ValueError:  # this OpenSSL was built without it, or forbids it
            pass
    try:
        return _CryptographySm3()
    except Exception as error:  # ImportError, or that library's own "unsupported"
        raise LedgerError("LG-E-007", algorithm=algorithm) from error


def chain_hash(algorithm: str, tag: bytes) -> Callable[[str, bytes], str]:
    """The function ``(previous hash in hex, content) -> hash in hex`` of chains with that tag.

    Hashed are the tag, the 32 bytes of the previous hash, and the content.
    """
    start = new_state(algorithm)
    start.update(tag)
    copy, raw = start.copy, bytes.fromhex

    def digest(previous: str, content: bytes) -> str:
        state = copy()
        state.update(raw(previous) + content)
        return state.hexdigest()

    return digest


def header_hash(algorithm: str, content: bytes) -> str:
    """The hash of a header line (without its newline): what the first entry names as the one before."""
    state = new_state(algorithm)
    state.update(TAG_HEADER + content)
    return state.hexdigest()


def commitment(secret_text: str, salt: bytes, *, algorithm: str = SM3) -> str:
    """A salted commitment to text that lies outside the ledger, such as ``sm3:66c7…``.

    - The text is taken in NFC and UTF-8; what is hashed is the tag, the salt's length (8 bytes,
      big-endian), the salt, the text.
    - The salt is random, at least 16 bytes, lies with the text and is erased with it: then nobody can
      try out names against the ledger.

    Raises ``LedgerError`` for a shorter salt, ``NotCanonical`` for text with a lone surrogate.
    """
    if len(salt) < SHORTEST_SALT:
        raise LedgerError("LG-E-024", least=SHORTEST_SALT, found=len(salt))
    try:
        text = unicodedata.normalize("NFC", secret_text).encode()
    except UnicodeEncodeError:
        raise NotCanonical("LG-E-003", where="secret_text") from None
    state = new_state(algorithm)
    state.update(TAG_COMMITMENT + len(salt).to_bytes(8, "big") + salt + text)
    return f"{algorithm}:{state.hexdigest()}"
