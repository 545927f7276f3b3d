"""Legacy Word files through LibreOffice, which runs apart, without a window, and for a bounded time."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai.annual.read.blocks import Document
from gongkai.annual.read.docx import read_docx
from gongkai.annual.read.errors import NeedsExtra, ReadError, Unsupported
from gongkai.annual.read.limits import DEFAULT, Limits

_PROGRAMS = ("soffice", "libreoffice")
_USUAL = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def converter() -> str | None:
    """Path of LibreOffice's command, ``None`` where it is not installed."""
    for name in _PROGRAMS:
        found = shutil.which(name)
        if found is not None:
            return found
    return next((p for p in _USUAL if os.access(p, os.X_OK)), None)


def read_doc(data: bytes, *, limits: Limits = DEFAULT) -> Document:
    """A legacy Word file as blocks.

    Raises ``NeedsExtra`` (AR-X-006) without LibreOffice, ``Unsupported`` AR-X-007 where it fails or takes
    longer than ``limits.seconds``, and what ``read_docx`` raises.
    """
    program = converter()
    if program is None:
        raise NeedsExtra("AR-X-006", extra="LibreOffice")
    with TemporaryDirectory(prefix="gongkai-doc-") as folder:
        # A profile of its own: a running office program or a second conversion does not get in the way.
        source, out = Path(folder, "report.doc"), Path(folder, "out")
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--infilter=MS Word 97", "--convert-to", "docx", "--outdir", str(out), str(source)),
        ]
        _run(command, folder, limits.seconds)
        made = out / "report.docx"
        if not made.is_file() or made.stat().st_size > limits.size:
            raise Unsupported("AR-X-007")
        try:
            return read_docx(made.read_bytes(), limits=limits, kind="doc")
        except ReadError as error:
            if error.code == "AR-X-009":
                raise Unsupported("AR-X-007") from error
            raise


def _run(command: list[str], folder: str, seconds: float) -> None:
    """Run the converter; its whole process group is ended when the time is up."""
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
    environment["HOME"] = folder
    try:
        process = subprocess.Popen(  # noqa: S603 - our own argument list, no shell
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise Unsupported("AR-X-007") from error
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise Unsupported("AR-X-007") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the converter and what it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
