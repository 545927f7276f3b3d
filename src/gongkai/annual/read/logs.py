"""Other libraries' log messages, kept off the user's screen while we call them."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_held: dict[str, tuple[int, int]] = {}
"""How many calls hold a logger quiet, and the level it had before the first."""


@contextmanager
def quiet(*names: str) -> Generator[None]:
    """Keep the named loggers below errors silent inside the block; their levels come back afterwards.

    What they warn of (fonts without a measure, odd colours) is no concern of who reads a report. Several
    threads may be inside at the same time.
    """
    with _lock:
        for name in names:
            logger = logging.getLogger(name)
            count, level = _held.get(name, (0, logger.level))
            _held[name] = (count + 1, level)
            logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        with _lock:
            for name in names:
                count, level = _held.pop(name)
                if count > 1:
                    _held[name] = (count - 1, level)
                else:
                    logging.getLogger(name).setLevel(level)
