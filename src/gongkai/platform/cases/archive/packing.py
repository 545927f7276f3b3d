"""How a package is packed: safe names, hashes, a manifest; the same content gives the same bytes. No Django.

Names within the ZIP are ASCII, so that every system unpacks them alike; the names that people gave stand in
the manifest and on the page. ``SHA256SUMS`` is what ``sha256sum -c`` reads.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
INDEX, README, LEDGER, MANIFEST, SUMS = (
    "index.html", "README.txt", "ledger.jsonl", "manifest.json", "SHA256SUMS",
)  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MEMBER = re.compile(r"(?:[a-z]+/)?[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_STEM = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"[a-z0-9]{1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Packed:
    """A paper, a letter or another file in its original format, as the manifest names it."""

    path: str
    name: str
    """The name that people gave it."""
    label: str
    """What it is, in Chinese."""
    media_type: str
    size: int
    sha256: str


def member_path(folder: str, number: int, stem: str, name: str) -> str:
    """A name within the ZIP: ``papers/03-application.pdf``; the ending is that of the given name."""
    ending = name.rpartition(".")[2].lower()
    kept = ending if _ENDING.fullmatch(ending) else "bin"
    return f"{folder}/{number:02d}-{_STEM.sub('-', stem.lower()).strip('-') or 'file'}.{kept}"


def is_member(path: str) -> bool:
    """Whether a name may stand in a package: nothing that leads out of the folder it is unpacked into."""
    return _MEMBER.fullmatch(path) is not None and ".." not in path


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def as_json(value: Mapping[str, Any]) -> bytes:
    """JSON that people can read, always in the same order."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def manifest_files(files: Sequence[Packed]) -> list[dict[str, Any]]:
    """The files as the manifest lists them."""
    return [asdict(one) for one in files]


def sums(members: Mapping[str, bytes]) -> bytes:
    """The list of hashes, in the form of ``sha256sum``."""
    return "".join(f"{digest(members[path])}  {path}\n" for path in sorted(members)).encode()


def pack(members: Mapping[str, bytes]) -> bytes:
    """A ZIP of these members and the list of their hashes, in the order of their names.

    Raises ``ValueError`` for a name that may not stand in one.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for path, content in _ordered(members):
            if not is_member(path):
                raise ValueError(f"no name for a package: {path}")
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            file.writestr(entry, content)
    return out.getvalue()


def _ordered(members: Mapping[str, bytes]) -> Iterable[tuple[str, bytes]]:
    yield from sorted(members.items())
    yield SUMS, sums(members)
