"""Packed office files (DOCX, XLSX): parts are read only after their sizes and their XML were found safe."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree as ET

from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.limits import MIB, Limits

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Files of the "strict" kind differ for a reader only in the names of their namespaces.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_MAX_PARTS = 20_000


class Package:
    """An opened office file.

    Raises ``Unsupported``: AR-X-009 damaged, AR-X-010 encrypted, AR-X-012 unpacks to too much. A
    part can never give more bytes than its directory entry says, so declared sizes are enough.
    """

    def __init__(self, data: bytes, kind: str, limits: Limits) -> None:
        self._kind = kind
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
            parts = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise Unsupported("AR-X-009", kind=kind) from error
        self._parts = {part.filename: part for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise Unsupported("AR-X-010", kind=kind)
        unpacked = sum(part.file_size for part in parts)
        if unpacked > limits.unpacked or len(parts) > _MAX_PARTS:
            raise Unsupported("AR-X-012", kind=kind, limit=f"{limits.unpacked // MIB} MiB")
        self._part_limit = limits.part
        self._elements = limits.elements

    def names(self) -> tuple[str, ...]:
        """Names of the parts."""
        return tuple(self._parts)

    def read(self, name: str) -> bytes | None:
        """A part's bytes, ``None`` where there is no such part.

        Raises ``Unsupported``: AR-X-009 damaged, AR-X-012 too large, AR-X-016 with a DTD or entities.
        """
        part = self._parts.get(name)
        if part is None:
            return None
        if part.file_size > self._part_limit:
            raise Unsupported("AR-X-012", kind=self._kind, limit=f"{self._part_limit // MIB} MiB")
        try:
            data = self._archive.read(part)
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            NotImplementedError,
            OSError,
            EOFError,
            RuntimeError,
        ) as e:
            raise Unsupported("AR-X-009", kind=self._kind) from e
        # A part in UTF-16 has a NUL beside every letter of its markup.
        if _DTD.search(data.replace(b"\x00", b"") if b"\x00" in data else data):
            raise Unsupported("AR-X-016", kind=self._kind)
        for strict, common in _STRICT:
            if strict in data:
                data = data.replace(strict, common)
        return data

    def xml(self, name: str, shortened: Callable[[bytes], bytes] | None = None) -> ET.Element | None:
        """A part parsed; ``None`` where there is none. Raises as ``read``.

        ``shortened`` takes what nobody asks for out of the part's bytes, so that it need not be parsed.
        Also ``Unsupported`` AR-X-009 for broken XML and AR-X-014 for too many elements.
        """
        data = self.read(name)
        if data is None:
            return None
        if shortened is not None:
            data = shortened(data)
        if data.count(b"<") > 2 * self._elements:
            raise Unsupported("AR-X-014", limit=self._elements)
        try:
            return ET.fromstring(data)  # noqa: S314 - ``read`` has refused every DTD and entity
        except (ET.ParseError, ValueError, LookupError) as error:
            raise Unsupported("AR-X-009", kind=self._kind) from error
