"""A line on standard error that says what the program is busy with; only where that is a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from gongkai.commands import terminal
from gongkai.i18n import _

PATIENCE = 1.0
"""Seconds before anything is shown: short work should not flicker."""
_EVERY = 1.0


@contextmanager
def busy(text: str, *, at_once: bool = False) -> Generator[None]:
    """Show the text with the seconds passed while the work inside goes on; leaves no trace behind.

    Short work shows nothing, unless ``at_once``: then it is one of many, which together are long.
    """
    stream = sys.stderr
    if not stream.isatty():
        yield
        return
    done = threading.Event()
    shown = threading.Thread(target=_tick, args=(text, done, 0.0 if at_once else PATIENCE), daemon=True)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()


def _tick(text: str, done: threading.Event, wait: float) -> None:
    start = time.monotonic()
    told = False
    while not done.wait(wait):
        wait = _EVERY
        seconds = round(time.monotonic() - start)
        passed = _("，已 {n} 秒").format(n=seconds) if seconds else ""
        room = max(1, terminal.columns(err=True) - 1 - terminal.width(passed))
        sys.stderr.write("\r\x1b[K" + terminal.shorten(text, room) + passed)
        sys.stderr.flush()
        told = True
    if told:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
