"""What a file is, told from its content; and a name for it that every system can save."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from types import MappingProxyType

EXTENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "application/pdf": ("pdf",),
        "application/ofd": ("ofd",),
        "image/jpeg": ("jpg", "jpeg"),
        "image/png": ("png",),
        "image/tiff": ("tif", "tiff"),
        "image/bmp": ("bmp",),
        "image/webp": ("webp",),
        "image/heic": ("heic", "heif"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
        "application/x-ole-storage": ("doc", "xls", "ppt", "wps", "et", "msg"),
        "application/zip": ("zip",),
        "text/plain": ("txt", "csv", "eml", "json", "md"),
        "audio/mpeg": ("mp3",),
        "audio/wav": ("wav",),
        "audio/mp4": ("m4a",),
        "audio/amr": ("amr",),
    }
)
"""The types that are taken, with the endings that belong to them; the first is put where one is missing."""

SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""Types that a browser may show in place of saving; never HTML, SVG or anything that runs."""

_HEADS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
)
_OFFICE = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?xml|xml)", re.IGNORECASE)


def media_type_of(content: bytes) -> str | None:
    """The type that the content shows, whatever name or header say; ``None`` for a type that is not taken.

    HTML, SVG, XML and programs are not taken: opened from our own address they could act as the officer.
    """
    for head, media_type in _HEADS:
        if content.startswith(head):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content[:4] == b"RIFF" and content[8:12] in (b"WEBP", b"WAVE"):
        return "image/webp" if content[8:12] == b"WEBP" else "audio/wav"
    if content[4:8] == b"ftyp":
        if content[8:12] in (b"heic", b"heix", b"mif1", b"hevc"):
            return "image/heic"
        return "audio/mp4" if content[8:12] == b"M4A " else None
    return "text/plain" if _is_text(content) else None


def _packed(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = file.namelist()
    except (zipfile.BadZipFile, ValueError):
        return None
    if "OFD.xml" in names:
        return "application/ofd"
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _OFFICE if any(n.startswith(part) for n in names)), None)
    return "application/zip"


def _is_text(content: bytes) -> bool:
    if b"\0" in content or content.startswith(b"MZ") or content.startswith(b"#!"):
        return False
    if _MARKUP.search(content[:4096]):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\f" for sign in text[:4096])
    return False


LONGEST_NAME = 120
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe_name(name: str, media_type: str) -> str:
    """A file name that Windows, macOS and Linux can save, close to the one that was given.

    - folders are dropped, whichever slash they are written with; signs that Windows refuses become ``_``;
    - invisible signs (direction marks, joiners) go: they can make ``gpj.exe`` look like a picture;
    - no name reserved on Windows, no dot or space at the end, at most 120 signs, ending kept;
    - an ending that does not belong to the content is followed by one that does.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(
        s for s in base if unicodedata.category(s) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    base = _UNSAFE.sub("_", base).strip(" .")
    stem, dot, ending = base.rpartition(".")
    fitting = EXTENSIONS.get(media_type, ("bin",))
    if not dot or not stem.strip(" .") or ending.lower() not in fitting:
        stem, ending = base, fitting[0]
    stem = stem[: LONGEST_NAME - len(ending) - 1].rstrip(" .") or "未命名"
    if _RESERVED.match(stem):
        stem = f"_{stem[: LONGEST_NAME - len(ending) - 2]}"
    return f"{stem}.{ending}"
