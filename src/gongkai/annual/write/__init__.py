"""Writing a report back in the official form: HTML, DOCX, PDF, XLSX and the JSON exchange shape.

Blank stays blank and 0 is 0; what is missing or could not be read is written empty, never invented.
The same report always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from gongkai.annual.model import Report

KINDS = ("html", "docx", "pdf", "xlsx", "json")

_EXTRAS = {"docx": "office", "xlsx": "office", "pdf": "pdf"}


class UnknownKind(ValueError):
    """A format that is not written; ``kind`` names it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"no writer for {kind!r}; known: {', '.join(KINDS)}")


class WriterMissing(RuntimeError):
    """The optional part that writes a format is not installed; ``extra`` names it."""

    def __init__(self, kind: str, extra: str) -> None:
        self.kind = kind
        self.extra = extra
        super().__init__(f"writing {kind} needs gongkai[{extra}]")


def write(report: Report, kind: str) -> bytes:
    """The report as a file of that kind (one of ``KINDS``).

    Raises ``UnknownKind``, and ``WriterMissing`` where an optional part is not installed.
    """
    if kind not in KINDS:
        raise UnknownKind(kind)
    module = "exchange" if kind == "json" else kind
    try:
        # Looked up on use: the light installation has neither Word, nor Excel, nor PDF libraries.
        found = import_module(f"gongkai.annual.write.{module}")
    except ModuleNotFoundError as error:
        if kind in _EXTRAS and not (error.name or "").startswith("gongkai"):
            raise WriterMissing(kind, _EXTRAS[kind]) from error
        raise
    return cast("Callable[[Report], bytes]", getattr(found, f"to_{kind}"))(report)
