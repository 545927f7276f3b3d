"""Taking a backup."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongkai import __version__
from gongkai.i18n import _
from gongkai.platform.core.keys import keys_path, load_keys
from gongkai.platform.environment import Environment
from gongkai.platform.operations.backup import archive
from gongkai.platform.operations.backup.engines import Engine, engine_for
from gongkai.platform.operations.backup.manifest import KEYS, BackupProblem, Manifest, fingerprints
from gongkai.platform.operations.leftovers import COPYING

PRIVATE = "files/private"
Say = Callable[[str], None]
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written and read back."""

    path: Path
    manifest: Manifest
    size: int
    sha256: str


def take_backup(
    environment: Environment, target: Path, now: datetime, *, with_keys: bool, force: bool, say: Say
) -> Taken:
    """Write a backup while the platform runs, read it back, then give it its name.

    - First a copy of the database, then the sealed files that its rows name: files are written before their
      row, so all of them are there; where one was erased meanwhile, all is begun anew.
    - ``with_keys``: also the keyring; who has such a file can read everything.

    Raises ``BackupProblem``, ``KeysMissing``, ``OSError``.
    """
    if target.exists() and not force:
        raise BackupProblem(_("{target} 已经存在，没有覆盖。要覆盖请加 --force。").format(target=target))
    if target.is_dir():
        raise BackupProblem(_("{target} 是目录，请写文件名。").format(target=target))
    engine, home = engine_for(environment), environment.home
    ring = load_keys(keys_path(home))
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix=COPYING, dir=home) as name:
        for attempt in range(_ATTEMPTS):
            copy = Path(name) / f"{attempt}-{engine.member}"
            say(_("正在复制数据库"))
            facts = engine.copy_to(copy)
            _require_room(target, copy)
            writer = archive.Writer(part)
            try:
                say(_("正在写备份文件"))
                writer.add(engine.member, copy)
                for blob in facts.blobs:
                    writer.add(_place(blob), home / _place(blob))
                if with_keys:
                    writer.add(KEYS, keys_path(home))
                keys, index = fingerprints(ring)
                made = now.strftime("%Y-%m-%dT%H:%M:%SZ")
                writer.close(
                    Manifest(__version__, made, engine.name, facts, keys, index, tuple(writer.members))
                )
                say(_("正在读回验证"))
                manifest = archive.verify(part)
                taken = Taken(target, manifest, part.stat().st_size, _sha256(part))
                part.replace(target)
                return taken
            except FileNotFoundError as error:
                _require_gone(engine, error)
            finally:
                writer.drop()
                part.unlink(missing_ok=True)
                copy.unlink(missing_ok=True)
    raise BackupProblem(_("备份时不断有文件被删除或换密钥，没有写成；请稍后再试。"))


def _place(blob: str) -> str:
    return f"{PRIVATE}/{blob[:2]}/{blob}"


def _require_gone(engine: Engine, error: FileNotFoundError) -> None:
    """A file that was erased, or written anew under another key, since the copy was made: once more."""
    blob = Path(error.filename).name
    if blob in engine.blobs_now():
        text = _("数据库里有而磁盘上没有的文件：{name}。备份没有写成；请从以前的备份里找回这个文件。")
        raise BackupProblem(text.format(name=_place(blob))) from None


def _require_room(target: Path, copy: Path) -> None:
    free = shutil.disk_usage(target.parent if str(target.parent) else Path()).free
    if free < copy.stat().st_size // 2:
        text = _("{folder} 所在的磁盘空间不足（还有 {n} MB）。请换一个位置。")
        raise BackupProblem(text.format(folder=target.parent, n=free // 1024**2))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
