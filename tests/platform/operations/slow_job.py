"""A job that takes long enough to be killed in."""

from __future__ import annotations

import time
from pathlib import Path

from django_tasks import task


@task()
def write_twice(path: str, seconds: float) -> str:
    """Say that it began, wait, say that it is done. The second run does not wait."""
    begun = Path(path).exists()
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("begun\n")
    if not begun:
        time.sleep(seconds)
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("done\n")
    return "done"


@task()
def fail_with(text: str) -> None:
    """Fail with a text that somebody entered."""
    raise ValueError(text)
