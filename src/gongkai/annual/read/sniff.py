"""What a file is, told from its first bytes and its parts, never from its name."""

from __future__ import annotations

import codecs
import re
import zipfile
from io import BytesIO

from gongkai.annual.read.decode import utf16_head

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "bmp?"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "webp?"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"AT&TFORM", "djvu"),
    (b"MZ", "program?"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3\x00", "binary"),
    (b"PAR1", "binary"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|div|title|tbody|tr|td|p|span|article|center|font|pre|h[1-6]|br)\b",
    re.IGNORECASE,
)
_MIME = re.compile(rb"\A\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?MIME-Version:", re.IGNORECASE)
_MARKDOWN = re.compile(rb"^(?:#{1,6} \S|\|? *:?-{3,}:? *\|)", re.MULTILINE)
_HEAD = 4096


def sniff(data: bytes) -> str:
    """The kind of the file: what ``to_document`` reads, or a word for what it refuses.

    Read: ``html, mhtml, docx, doc, pdf, xlsx, text, markdown``; ``json`` is the exchange shape.
    Refused: ``empty, xls, ppt, wps, rtf, ofd, odf, image, archive, djvu, encrypted, word-xml, xml, program,
    binary``. Never raises.
    """
    if not data.strip(b"\x00 \t\r\n") if len(data) < _HEAD else False:
        return "empty"
    head = data[:_HEAD]
    if head.startswith(_OLE):
        return _ole(data)
    if head.startswith(_ZIP):
        return _zip(data)
    # A PDF may have some bytes of rubbish before its header; the standard's readers allow 1 KiB.
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (not kind.endswith("?") or b"\x00" in head[:64]):
            return kind.rstrip("?").replace("bmp", "image").replace("webp", "image")
    return _text(data, head)


def _text(data: bytes, head: bytes) -> str:
    """Kinds that are text in some encoding; UTF-16 is decoded first so that its markup is seen too."""
    plain = head
    if b"\x00" in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wide = utf16_head(head)
        if wide is None:
            return "binary"
        plain = wide.encode("utf-8", "replace")
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json" if start[:2] != b"[[" or b'"' in start else "text"
    if b"<?mso-application" in start or b"<w:wordDocument" in start:
        return "word-xml"
    if _MIME.match(start) and (b"multipart/" in plain.lower() or b"text/html" in plain.lower()):
        return "mhtml"
    if start.startswith(b"<?xml") and b"<html" not in plain.lower():
        return "xml" if not _HTML.search(plain) else "html"
    if _HTML.search(plain) or (len(data) > _HEAD and _html_later(data)):
        return "html"
    if _control_share(plain) > 0.1:
        return "binary"
    return "markdown" if _MARKDOWN.search(data[: 16 * _HEAD] if plain is head else plain) else "text"


def _html_later(data: bytes) -> bool:
    """True for a page that starts with a long comment or script-less prose but is markup after all."""
    later = data[_HEAD : 64 * _HEAD]
    return len(_HTML.findall(later)) >= 5


def _control_share(head: bytes) -> float:
    controls = sum(head.count(bytes((c,))) for c in range(32) if c not in (9, 10, 12, 13))
    return controls / len(head) if head else 0.0


def _ole(data: bytes) -> str:
    """Which program wrote an OLE file, from the names of its streams (UTF-16 in the directory)."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return "encrypted"
    if has("WordDocument"):
        return "doc"
    if has("Workbook") or has("Book"):
        return "xls"
    if has("PowerPoint Document"):
        return "ppt"
    return "wps" if has("WpsContent") or has("Wps") else "binary"


def _zip(data: bytes) -> str:
    """Which format a packed file is, from the names in its directory."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {info.filename for info in archive.filelist[:4096]}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        # Its directory is lost; the names before the parts still say what it was meant to be.
        names = {n for n in ("word/document.xml", "xl/workbook.xml", "OFD.xml") if n.encode() in data}
    if any(n.startswith("word/") for n in names):
        return "docx"
    if any(n.startswith("xl/") for n in names):
        return "xlsx"
    if any(n.startswith("ppt/") for n in names):
        return "ppt"
    if any(n.rsplit("/", 1)[-1] == "OFD.xml" for n in names):
        return "ofd"
    return "odf" if {"mimetype", "content.xml"} <= names else "archive"
