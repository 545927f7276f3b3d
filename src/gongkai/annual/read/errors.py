"""Why a source was not read: public codes with values; their texts stand in the catalogue."""

from __future__ import annotations

from types import MappingProxyType

from gongkai.annual.findings import describe, finding


class ReadError(Exception):
    """A source that cannot be read as an annual report.

    ``code`` is a public catalogue code (``AR-X-…``), ``values`` fill its message. Never a stack trace
    for the user: the command line prints ``describe`` of it.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = MappingProxyType(values)
        super().__init__(code)

    def __str__(self) -> str:
        """The code and its sentence in English and Chinese, for programs that print what they catch."""
        found = finding(self.code, values=self.values)
        return f"{self.code}: {describe(found, language='en')} {describe(found)}"


class NotAReport(ReadError):
    """A readable page that is not such a report (pre-2019 form, a notice asking for reports, any other)."""


class NeedsExtra(ReadError):
    """The type is known but an optional part is not installed; ``values['extra']`` names it."""


class Unsupported(ReadError):
    """Broken, hostile, empty or of a type that is not read."""
