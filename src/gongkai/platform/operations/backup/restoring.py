"""Restoring a backup: unpacked beside what is there, proved there, then put in its place; all or nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gongkai.i18n import _
from gongkai.platform.core.keys import KeysMissing, keys_path, load_keys
from gongkai.platform.environment import Environment
from gongkai.platform.operations.backup import archive
from gongkai.platform.operations.backup.engines import Engine, engine_for
from gongkai.platform.operations.backup.manifest import KEYS, BackupProblem, Manifest, fingerprints
from gongkai.platform.operations.backup.taking import Say
from gongkai.platform.operations.leftovers import STAGED, sweep_leftovers
from gongkai.platform.operations.setting_up import has_data
from gongkai.platform.operations.swapping import UNFINISHED, finish, move_all

ERASURES = "erasures.jsonl"
_PROVE = "gongkai.platform.operations.backup.proving"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, what was proved of it, and where what was there before lies now."""

    manifest: Manifest
    proved: Mapping[str, int]
    aside: str
    """Empty where nothing was there."""


class NotEmpty(BackupProblem):
    """There are data already."""


def is_empty(environment: Environment) -> bool:
    """Whether a restore would replace nothing; raises the driver's error where the server is away."""
    files = environment.home / "files"
    return not has_data(environment.database) and not (files.is_dir() and any(files.rglob("*")))


def restore_backup(
    environment: Environment, source: Path, now: datetime, *, replace: bool, say: Say
) -> Restored:
    """Restore a backup into the environment's home and database.

    - Every member is compared with the manifest before anything is unpacked from it;
    - the copy is brought to this version's tables, people erased since are erased again, and ledger, audit,
      list rows and every sealed file are verified, all in a place of its own;
    - only then the present data are put aside (``before-restore-…``) and the restored ones in their place.

    Nobody may use the home meanwhile (``locking``). Raises ``BackupProblem``, ``KeysMissing``, ``OSError``.
    """
    engine, home = engine_for(environment), environment.home
    finish(home, engine.swap)
    sweep_leftovers(home, now)
    engine.drop_leftovers()
    if not replace and not is_empty(environment):
        raise NotEmpty(_("这里已有数据，没有恢复。确实要用备份替换，请加 --replace。"))
    empty = not has_data(environment.database)
    stamp = now.strftime("%Y%m%d-%H%M%S")
    with _staging(engine, home) as staged:
        say(_("正在读备份文件"))
        manifest = archive.unpack(source, staged)
        if manifest.engine != engine.name:
            text = _("备份来自 {theirs}，这里用的是 {ours}，不能恢复；请改 GONGKAI_DATABASE。")
            raise BackupProblem(text.format(theirs=manifest.engine, ours=engine.name))
        keys = _keys_for(environment, manifest, staged)
        say(_("正在装入数据库"))
        address = engine.stage(staged / engine.member, staged)
        (staged / engine.member).unlink(missing_ok=True)
        _merge_erasures(engine, home, staged)
        say(_("正在验证"))
        proved = _prove(staged, keys, address, manifest)
        aside = home / f"before-restore-{stamp}"
        moves = _moves(engine, home, staged, aside)
        if keys.is_relative_to(staged):
            moves.append((keys, keys_path(home)))
        had = any(aside in target.parents for _source, target in moves)
        say(_("正在换上"))
        move_all(home, moves, engine.swap_note, engine.swap)
        database = engine.forget_empty() if empty else (engine.swap_note or {}).get("aside", "")
    there = "、".join(part for part in (database, str(aside) if had else "") if part)
    return Restored(manifest, proved, there)


@contextmanager
def _staging(engine: Engine, home: Path) -> Generator[Path]:
    """A directory in the home; it and the staged database go in the end, unless moves were broken off."""
    staged = Path(tempfile.mkdtemp(prefix=STAGED, dir=home))
    try:
        yield staged
    finally:
        if not (home / UNFINISHED).exists():
            shutil.rmtree(staged, ignore_errors=True)
            engine.drop_staged()


def _keys_for(environment: Environment, manifest: Manifest, staged: Path) -> Path:
    """The keyring that opens the backup: the one that is there, else the one that lies within."""
    path = keys_path(environment.home)
    within = staged / KEYS
    if not path.exists():
        if not within.exists():
            text = _("没有密钥文件 {path}，备份里也没有密钥。请先把备份时的密钥文件放到那里。")
            raise BackupProblem(text.format(path=path))
        path = within
    try:
        keys, index = fingerprints(load_keys(path))
    except KeysMissing as error:
        raise BackupProblem(str(error)) from error
    missing = sorted(name for name, value in manifest.keys.items() if keys.get(name) != value)
    if missing or index != manifest.index:
        text = _(
            "密钥文件 {path} 不是做这份备份时的密钥（{names}），打不开其中的内容；请换上当时的密钥文件。"
        )
        raise BackupProblem(text.format(path=path, names="、".join(missing) or _("索引密钥")))
    return path


def _merge_erasures(engine: Engine, home: Path, staged: Path) -> None:
    """The list of who was erased: what lies beside the present database, and what that one knows."""
    entries: dict[str, dict[str, Any]] = {}
    for subject, body, at, actor in engine.erasures():
        moment = at.isoformat() if isinstance(at, datetime) else f"{at.replace(' ', 'T')}+00:00"
        entries[subject] = {"subject": subject, "body": body, "erased_at": moment, "actor": actor}
    listed = home / ERASURES
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.strip():
                entry = json.loads(line)
                entries[entry["subject"]] = entry
    text = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in entries.values())
    (staged / ERASURES).write_text(text, encoding="utf-8")


def _prove(staged: Path, keys: Path, address: str, manifest: Manifest) -> dict[str, int]:
    """In a process of its own, for a process has one database: bring up to date, erase again, verify."""
    told = staged / "heads.json"
    told.write_bytes(manifest.to_json())
    environ = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "gongkai.platform.settings", "GONGKAI_HOME": str(staged),
        "GONGKAI_KEYS": str(keys), "GONGKAI_DATABASE": address, "GONGKAI_LOG": "error",
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", _PROVE, str(told)], env=environ, stdout=subprocess.PIPE, text=True, check=False
    )
    told.unlink()
    lines = done.stdout.splitlines()
    if not lines:
        text = _("验证没有做完（退出码 {code}），没有恢复任何内容；原因见上面的日志。")
        raise BackupProblem(text.format(code=done.returncode))
    answer: dict[str, Any] = json.loads(lines[-1])
    if "problem" in answer:
        raise BackupProblem(_("备份没有通过验证，没有恢复任何内容：{why}").format(why=answer["problem"]))
    return answer["proved"]


def _moves(engine: Engine, home: Path, staged: Path, aside: Path) -> list[tuple[Path, Path]]:
    """Everything present aside, then everything restored in place; only what is there now."""
    moves = engine.moves(staged, aside)
    away = [(home / name, aside / name) for name in ("files", ERASURES)]
    into = [(staged / name, home / name) for name in ("files", ERASURES)]
    moves = [*away, *moves, *into]
    return [(source, target) for source, target in moves if source.exists()]


def room_needed(source: Path) -> int:
    """Bytes that unpacking takes, roughly: databases shrink to a third when packed, sealed files do not."""
    return source.stat().st_size * 3


def has_room(environment: Environment, source: Path) -> bool:
    """Whether the home's disk has them."""
    return shutil.disk_usage(environment.home).free > room_needed(source)
