"""The name of a file as text that can be printed and written, whatever bytes it is made of."""

from __future__ import annotations

import os
from pathlib import Path


def shown_name(path: Path | str) -> str:
    """The path as text that every encoding of Unicode takes.

    Systems keep names as bytes, and archives made on Chinese Windows leave GBK ones behind; Python
    carries these as lone surrogates, which cannot be printed, stored or put into JSON. Each part of
    such a path is taken as GBK where that gives printable text, else its bytes are written ``\\xc4``.
    """
    text = str(path)
    if not _broken(text):
        return text
    return os.sep.join(_part(part) for part in text.split(os.sep))


def _broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _part(part: str) -> str:
    if not _broken(part):
        return part
    data = part.encode("utf-8", "surrogatepass") if os.name == "nt" else os.fsencode(part)
    try:
        told = data.decode("gbk")
    except UnicodeDecodeError:
        told = ""
    return told if told.isprintable() and told else data.decode("utf-8", "backslashreplace")
