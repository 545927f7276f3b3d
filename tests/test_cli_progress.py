"""Long work is told on a terminal and nowhere else."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.test_cli_annual import page

_SLOW = """
import time
from gongkai.commands.progress import busy
with busy("正在识别扫描件"):
    time.sleep({seconds})
"""


def on_a_terminal(code: str, *arguments: str) -> tuple[str, bytes]:
    """What the program writes to a terminal on standard error, and to a file on standard output."""
    ours, theirs = pty.openpty()
    told = b""
    with tempfile.TemporaryFile() as out:
        with subprocess.Popen([sys.executable, "-c", code, *arguments], stderr=theirs, stdout=out):
            os.close(theirs)
            with contextlib.suppress(OSError):  # how Linux says that the other side is closed
                while piece := os.read(ours, 4096):
                    told += piece
        os.close(ours)
        out.seek(0)
        return told.decode(), out.read()


def test_long_work_tells_the_seconds_and_leaves_no_trace() -> None:
    told, _out = on_a_terminal(_SLOW.format(seconds=1.5))
    assert "正在识别扫描件，已 1 秒" in told
    assert told.endswith("\r\x1b[K")


def test_short_work_tells_nothing() -> None:
    assert on_a_terminal(_SLOW.format(seconds=0.1))[0] == ""


def test_nothing_is_told_where_no_terminal_is() -> None:
    done = subprocess.run([sys.executable, "-c", _SLOW.format(seconds=1.2)], capture_output=True, check=True)
    assert done.stderr == b""


def test_a_folder_tells_how_far_it_is(tmp_path: Path) -> None:
    for seed in range(60):
        (tmp_path / f"{seed:02}.html").write_bytes(page(seed % 4))
    # Patience is cut short so that the test needs no thousand files.
    code = "from gongkai.commands import inputs; inputs.PATIENCE = 0.05; from gongkai.cli import main; main()"
    told, out = on_a_terminal(code, "annual", "read", str(tmp_path), "--json")
    assert len(out.splitlines()) == 60
    assert "/60] 正在读" in told
