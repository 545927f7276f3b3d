"""File bytes to blocks, by what the bytes are; the name of a file is never trusted."""

from __future__ import annotations

from email import policy
from email.errors import MessageError
from email.parser import BytesParser

from gongkai.annual.read.blocks import Document
from gongkai.annual.read.doc import read_doc
from gongkai.annual.read.docx import read_docx
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.html import read_html
from gongkai.annual.read.limits import DEFAULT, Limits, check_size
from gongkai.annual.read.pdf import read_pdf
from gongkai.annual.read.sniff import sniff
from gongkai.annual.read.text import read_text
from gongkai.annual.read.xlsx import read_xlsx

# Types that another program can save as one that is read.
_LABELS = {
    "rtf": " RTF ",
    "wps": " WPS 文字",
    "ofd": " OFD ",
    "odf": " ODF ",
    "ppt": "演示文稿",
    "word-xml": " Word XML ",
    "djvu": " DjVu ",
}


def to_document(
    data: bytes, *, kind: str | None = None, name: str = "", ocr: bool = False, limits: Limits = DEFAULT
) -> Document:
    """Turn a file into paragraphs and tables.

    - ``kind`` is what ``sniff`` says of the data, where it was asked already;
    - ``name`` is only put into messages; the type is told by content.
    - ``ocr`` asks for recognition of scanned PDF pages (extra ``ocr``).

    The exchange shape (JSON) is not read here: ask ``sniff`` first; here it is refused as unknown.
    Raises ``NeedsExtra`` where an optional part is missing, else ``Unsupported``.
    """
    check_size(len(data), limits)
    kind = kind if kind is not None else sniff(data)
    match kind:
        case "html":
            return read_html(data, limits=limits)
        case "mhtml":
            return _read_mhtml(data, limits)
        case "text" | "markdown":
            return read_text(data, markdown=kind == "markdown", limits=limits)
        case "docx":
            return read_docx(data, limits=limits)
        case "doc":
            return read_doc(data, limits=limits)
        case "pdf":
            return read_pdf(data, ocr=ocr, limits=limits)
        case "xlsx":
            return read_xlsx(data, limits=limits)
        case "xls":
            raise Unsupported("AR-X-005", name=name)
        case "encrypted":
            raise Unsupported("AR-X-010", kind="Office", name=name)
        case "empty":
            raise Unsupported("AR-X-001", name=name)
        case "archive":
            raise Unsupported("AR-X-022", name=name)
        case "image":
            raise Unsupported("AR-X-023", name=name)
        case _ if kind in _LABELS:
            raise Unsupported("AR-X-004", kind=_LABELS[kind], name=name)
        case _:
            raise Unsupported("AR-X-003", name=name)


def _read_mhtml(data: bytes, limits: Limits) -> Document:
    """A web page saved with its parts in one file (Word does so too): its first HTML part."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                body = part.get_payload(decode=True)
                if isinstance(body, bytes) and body.strip():
                    return read_html(body, limits=limits)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # The standard library's parser is known to fail in these ways on broken headers.
        raise Unsupported("AR-X-009", kind="MHTML") from error
    raise Unsupported("AR-X-019", kind="MHTML")
