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
    moves = [(Path(source), Path(target)) for source, target in plan["moves"]]
    for place, (source, target) in enumerate(moves):
        if not source.exists():  # this move was made before the crash
            continue
        if target.exists():
            if _made_good(source, moves[place + 1 :]):
                continue
            if source.parent == home:  # away: something new stands where the old one was
                target = _free(target)
            else:
                target.replace(_free(target))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        source.replace(target)
    path.unlink()
    return True


def _made_good(place: Path, later: Sequence[tuple[Path, Path]]) -> bool:
    """Whether what stands there was put there by a later move, which was made before the crash."""
    return any(target == place and not source.exists() for source, target in later)


def _free(path: Path) -> Path:
    """A name beside for what somebody put there since the crash, such as a program making a new database."""
    number = 1
    while (found := path.with_name(f"{path.name}.stray-{number}")).exists():
        number += 1
    return found
