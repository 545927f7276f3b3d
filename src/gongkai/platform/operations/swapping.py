"""Putting what was restored in place of what was there, so that a crash in between can be gone on from."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

UNFINISHED = "restore-unfinished.json"
"""In the home while files are being moved; nothing starts while it is there."""


def move_all(home: Path, moves: Sequence[tuple[Path, Path]]) -> None:
    """Rename every source to its target, in this order; what is missing is passed over.

    The moves are written down first, so that ``finish`` can carry out the rest after a crash.
    """
    note = home / UNFINISHED
    text = json.dumps([[str(source), str(target)] for source, target in moves])
    temporary = note.with_suffix(".part")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(note)
    finish(home)


def finish(home: Path) -> bool:
    """Carry out moves that were broken off; whether there were any."""
    note = home / UNFINISHED
    if not note.exists():
        return False
    for source, target in json.loads(note.read_text(encoding="utf-8")):
        # Done already where the source is gone: each rename happens whole or not at all.
        if os.path.lexists(source):
            Path(target).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            Path(source).replace(target)
    note.unlink()
    return True
