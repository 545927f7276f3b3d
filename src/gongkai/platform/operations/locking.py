"""Who uses a home: the server and the worker share it, a restore has it alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

LOCK = "in-use.lock"


class InUse(RuntimeError):
    """The home is used by somebody else."""


@contextmanager
def using(home: Path, *, alone: bool = False) -> Generator[None]:
    """Hold the home while the work inside goes on; a process that ends lets go of it, killed or not.

    Raises ``InUse`` where somebody holds it alone, or, for ``alone``, at all.
    """
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(str(home)) from None
        yield
    finally:
        os.close(descriptor)
