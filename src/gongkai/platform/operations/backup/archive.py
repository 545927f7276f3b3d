"""The backup as a file: a compressed tar whose last member is the manifest."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from gongkai.i18n import _
from gongkai.platform.operations.backup.manifest import (
    NAME,
    BackupDamaged,
    Manifest,
    Member,
    is_member_name,
    parse_manifest,
)

_BLOCK = 1024 * 1024
Progress = Callable[[str], None]


class _Hashing(io.RawIOBase):
    """Reads another file and hashes what passes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


class Writer:
    """A backup in the making, at a path where nothing is yet."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._packed = gzip.GzipFile(fileobj=self._file, mode="wb", compresslevel=1, filename="", mtime=0)
        self._tar = tarfile.TarFile(fileobj=self._packed, mode="w", format=tarfile.PAX_FORMAT)
        self.members: list[Member] = []

    def add(self, name: str, path: Path) -> None:
        """Add a file; raises ``FileNotFoundError``."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            hashing = _Hashing(file)
            info = tarfile.TarInfo(name)
            info.size, info.mode = size, 0o600
            self._tar.addfile(info, cast("IO[bytes]", hashing))
        self.members.append(Member(name, size, hashing.digest.hexdigest()))

    def close(self, manifest: Manifest) -> None:
        """Add the manifest, and see that everything is on the disk."""
        data = manifest.to_json()
        info = tarfile.TarInfo(NAME)
        info.size, info.mode = len(data), 0o600
        self._tar.addfile(info, io.BytesIO(data))
        self._tar.close()
        self._packed.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def drop(self) -> None:
        """Close without finishing."""
        self._file.close()


def verify(path: Path) -> Manifest:
    """Read a backup to its last byte and compare it with its manifest; raises ``BackupDamaged``."""
    return _read(path, None)


def unpack(path: Path, folder: Path) -> Manifest:
    """Write the members into a folder, verified as ``verify`` does; on an error the caller removes it."""
    return _read(path, folder)


def _read(path: Path, folder: Path | None) -> Manifest:
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(path, "r:gz") as tar:
            for info in tar:
                if (
                    manifest is not None
                    or info.name in found
                    or not info.isreg()
                    or not is_member_name(info.name)
                ):
                    raise BackupDamaged(info.name[:100], _("不该有这个文件"))
                file = tar.extractfile(info)
                assert file is not None  # noqa: S101 - a regular file
                if info.name == NAME:
                    manifest = parse_manifest(file.read())
                    continue
                found[info.name] = _take(info, file, None if folder is None else folder / info.name)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise
        if isinstance(error, OSError) and error.errno is not None:  # the disk's, not the file's
            raise
        raise BackupDamaged(path.name, _("不是完整的备份文件")) from error
    if manifest is None:
        raise BackupDamaged(NAME, _("没有清单"))
    _compare({member.name: member for member in manifest.members}, found)
    return manifest


def _take(info: tarfile.TarInfo, file: IO[bytes], target: Path | None) -> Member:
    digest = hashlib.sha256()
    out: Any = None
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        out = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    try:
        for block in _blocks(file):
            digest.update(block)
            if out is not None:
                out.write(block)
        if out is not None:
            out.flush()
            os.fsync(out.fileno())
    finally:
        if out is not None:
            out.close()
    return Member(info.name, info.size, digest.hexdigest())


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _compare(told: dict[str, Member], found: dict[str, Member]) -> None:
    for name in told.keys() - found.keys():
        raise BackupDamaged(name, _("清单上有而文件里没有"))
    for name in found.keys() - told.keys():
        raise BackupDamaged(name, _("清单上没有"))
    for name, member in found.items():
        if told[name] != member:
            raise BackupDamaged(name, _("与清单的散列值不符"))
        if name.startswith("files/") and name.rsplit("/", 1)[1] != member.sha256:
            raise BackupDamaged(name, _("与文件名的散列值不符"))
