"""Putting what was restored in place of what was there, so that a crash in between can be gone on from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

UNFINISHED = "restore-unfinished.json"
"""In the home while files are being moved; nothing starts while it is there."""
Swap = Callable[[Mapping[str, str]], None]
"""Renames databases on a server; done twice, the second changes nothing."""


def move_all(
    home: Path, moves: Sequence[tuple[Path, Path]], note: Mapping[str, str] | None, swap: Swap
) -> None:
    """Rename databases (``note``, by ``swap``), then every source to its target, in this order.

    All of it is written down first, so that ``finish`` can carry out the rest after a crash. Where ``swap``
    refuses, nothing was done and nothing is left written down.
    """
    path = home / UNFINISHED
    temporary = path.with_suffix(".part")
    plan = {"databases": note, "moves": [[str(source), str(target)] for source, target in moves]}
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(plan, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    try:
        if note is not None:
            swap(note)
    except BaseException:
        path.unlink()
        raise
    finish(home, swap)


def finish(home: Path, swap: Swap) -> bool:
    """Carry out moves that were broken off; whether there were any."""
    path = home / UNFINISHED
    if not path.exists():
        return False
    plan = json.loads(path.read_text(encoding="utf-8"))
    if plan["databases"] is not None:
        swap(plan["databases"])
    for source, target in ((Path(a), Path(b)) for a, b in plan["moves"]):
        # Every target is free when its turn comes; where it is there, this move was made before the crash.
        if source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            source.replace(target)
    path.unlink()
    return True
