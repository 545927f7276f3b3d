"""What a killed backup or restore left in the home: copies of the database, with people erased since."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from gongkai.platform.operations.swapping import UNFINISHED

STAGED, COPYING = "restore-", "backup-"
"""How the directories are called in which a restore and a backup do their work."""
_BACKUP_TAKES = timedelta(days=1)
"""At most, by far."""


def sweep_leftovers(home: Path, now: datetime) -> int:
    """Remove such directories; how many. To be called by who uses the home (``locking``): no restore runs.

    One of a restore that was broken off while files were moved is still needed, and left.
    """
    if (home / UNFINISHED).exists():
        return 0
    old = (now - _BACKUP_TAKES).timestamp()
    found = [path for path in home.glob(f"{STAGED}*") if path.is_dir()]
    found += [path for path in home.glob(f"{COPYING}*") if path.is_dir() and path.stat().st_mtime < old]
    for path in found:
        shutil.rmtree(path)
    return len(found)
