"""What the answers with a file share: the type of a sheet, the header with its name."""

from __future__ import annotations

from urllib.parse import quote

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


def disposition(name: str, *, inline: bool) -> str:
    """The header with a name of any script (RFC 6266): an ASCII one for old programs, then the whole."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name)
    whole = quote(name, safe="")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{whole}"
