"""Reading published annual reports, whatever their shape.

``read_bytes`` and ``read_path`` give one ``Report`` for each report found; what is no such report
raises ``NotAReport`` with the reason, what cannot be read ``ReadError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from gongkai.annual.form import Form, builtin_forms
from gongkai.annual.model import Report
from gongkai.annual.read.document import to_document
from gongkai.annual.read.errors import NeedsExtra, NotAReport, ReadError, Unsupported
from gongkai.annual.read.exchange import reports_from_json
from gongkai.annual.read.html import loads_elsewhere
from gongkai.annual.read.limits import DEFAULT, Limits, check_size
from gongkai.annual.read.names import shown_name
from gongkai.annual.read.report import reports_in
from gongkai.annual.read.sniff import sniff

__all__ = ["Limits", "NeedsExtra", "NotAReport", "ReadError", "Unsupported", "read_bytes", "read_path"]


def read_bytes(
    data: bytes,
    *,
    source: str = "",
    forms: Sequence[Form] | None = None,
    ocr: bool = False,
    limits: Limits = DEFAULT,
) -> tuple[Report, ...]:
    """Read every report in a file's bytes.

    - ``source`` names the file in messages and in the reports;
    - ``forms`` are the editions looked for (the shipped ones unless given);
    - ``ocr`` reads scanned pages, which needs the ``ocr`` extra;
    - our own JSON gives the reports as they were written, with the source they came from.

    Returns at least one report. Raises ``NotAReport`` for a page that is none, ``ReadError`` for what
    cannot be read; both carry a public code. The same bytes always give the same reports.
    """
    if not isinstance(cast("object", data), bytes | bytearray | memoryview):
        raise TypeError(f"read_bytes takes the bytes of a file, not {type(data).__name__}; see read_path")
    editions = tuple(forms) if forms is not None else builtin_forms()
    check_size(len(data), limits)
    kind = sniff(data)
    if kind == "json":
        told = reports_from_json(data, forms=editions)
        return tuple(r if r.source else replace(r, source=source) for r in told)
    document = to_document(data, kind=kind, name=source, ocr=ocr, limits=limits)
    try:
        return reports_in(document, source=source, forms=editions)
    except NotAReport as error:
        if error.code in ("AR-X-052", "AR-X-054") and loads_elsewhere(data, document):
            raise NotAReport("AR-X-021") from error
        raise


def read_path(
    path: Path | str, *, forms: Sequence[Form] | None = None, ocr: bool = False, limits: Limits = DEFAULT
) -> tuple[Report, ...]:
    """As ``read_bytes`` for a file; also raises ``OSError`` where the file cannot be opened.

    A name that is no Unicode text becomes one in ``Report.source`` (``read.names``).
    """
    file = Path(path)
    # The size is asked before anything is read, so that a huge file costs nothing.
    check_size(file.stat().st_size, limits)
    return read_bytes(file.read_bytes(), source=shown_name(path), forms=forms, ocr=ocr, limits=limits)
