"""Which files a directory offers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def sources_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Files to read: a file is itself, a directory is walked in sorted order.

    - Hidden files and directories, empty files and links to directories are passed over in a walk.
    - A path that is named is always given, whatever it is. ``OSError`` if it is not there.
    """
    for path in paths:
        if path.is_dir():
            yield from _walk(path)
        else:
            path.stat()
            yield path


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file() and entry.stat().st_size > 0:
            yield Path(entry.path)
