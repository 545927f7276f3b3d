"""Uploads stay in memory: what people hand in is written to disk only sealed (``core.files``)."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from gongkai.platform.core.files import file_limit

TOGETHER = 4
"""How many times the limit of one file a single form may carry."""


class MemoryUploads(FileUploadHandler):
    """Keeps files in memory up to the limit; a larger one is passed over, and the form says so.

    Its name is added to ``request.oversized`` (a list of field and name): the other fields are not lost, as
    they would be where the connection is cut.
    """

    _buffer: io.BytesIO
    _total = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a chunk, or pass the file over once it is too large."""
        self._total += len(raw_data)
        if start + len(raw_data) > file_limit() or self._total > TOGETHER * file_limit():
            self._total -= start + len(raw_data)
            self._buffer = io.BytesIO()
            oversized: list[tuple[str, str]] = getattr(self.request, "oversized", [])
            oversized.append((str(self.field_name), str(self.file_name)))
            self.request.oversized = oversized  # type: ignore[union-attr]
            raise SkipFile
        self._buffer.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file."""
        self._buffer.seek(0)
        return InMemoryUploadedFile(
            self._buffer, self.field_name, self.file_name or "", self.content_type or "", file_size,
            self.charset, self.content_type_extra or {},
        )  # fmt: skip


def oversized(request: object) -> list[tuple[str, str]]:
    """The fields and names of uploads that were passed over as too large."""
    return getattr(request, "oversized", [])
