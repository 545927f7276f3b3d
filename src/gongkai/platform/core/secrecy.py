"""Recognising the mark of a state secret at the head of a file or a text: such content is not taken.

Software outside the secret network must not hold state secrets (Law on Guarding State Secrets; law.md 8).
A document that is one says so on its first page: 绝密, 机密 or 秘密, then ★ and a term. Looked for is that
mark, not the words: 保守国家秘密 and 商业秘密 stand in any application. What a scan shows is not read;
docs/how-to/sensitive.md says what this cannot find.
"""

from __future__ import annotations

import html
import io
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from django.utils.translation import gettext as _

from gongkai.platform.core.pdfium import ALONE

HEAD = 20
"""So many lines that are not empty count as the head of a document."""
_ALONE = 3
"""A grade that stands alone on its line is a mark only so far up."""
_READ = 512 * 1024
"""Bytes that are unpacked of one part of a document; the head lies within them."""
_SIGNS = 4_000
"""Signs of the first page of a PDF that are read."""

_GRADE = r"(?P<grade>绝密|机密|秘密)"
_TERM = r"(?:\d{1,2}(?:年|个月|月|天|日)|长期|启用前|(?:至|到)?\d{4}年\d{1,2}月\d{1,2}日)"
_BEFORE = r"(?:(?:份号)?[::]?(?:No\.?)?\d{1,10})?(?:密级和保密期限|密级)?[::]?[\[【(〔<《]?"
_HURRY = r"(?:特提|特急|加急|平急|急件)?"
_STARRED = re.compile(rf"{_HURRY}{_BEFORE}{_GRADE}[★☆✩✭⭐]")
"""At the beginning of a line: whatever follows, for what is read of a page may run on."""
_WHOLE = re.compile(rf"{_HURRY}{_BEFORE}{_GRADE}(?:级)?[★☆✩✭⭐*]?{_TERM}[\])】〕>》]?{_HURRY}")
_LABELLED = re.compile(rf"密级(?:和保密期限)?[::]{_GRADE}(?:级)?[★*]?(?:{_TERM})?")
_BARE = re.compile(rf"[\[【(〔]?{_GRADE}(?:级)?[\])】〕]?")
_BOXED = _GRADE.replace("grade", "boxed")
_NAMED = re.compile(rf"(?:^|[^\u4e00-\u9fff]){_GRADE}[★☆✩✭⭐]|[\[【(〔]{_BOXED}(?:级|[★☆]?{_TERM})?[\])】〕]")
_LIFTED = re.compile(r"已解密|已解除密级|已降为公开")
_TEXT_RUN = re.compile(r"<w:t(?:\s[^>]*)?>([^<]*)</w:t>")
_OFD_RUN = re.compile(r"<(?:\w+:)?TextCode[^>]*>([^<]*)<")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that was found: its grade, and where (``name``, ``head``, ``text``)."""

    grade: str
    where: str


class SecretText(ValueError):
    """A text that begins like a state secret and is not kept: ``mark``, and ``message`` (Chinese)."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark.grade)
        self.mark = mark
        self.message = _(
            "文字开头有密级标志（%(grade)s），没有保存。涉密内容不能进本系统：请按保密规定在涉密台账登记，"
            "在案件里只登记“涉密登记指引”。不是国家秘密的，请去掉行首的密级标志再写。"
        ) % {"grade": mark.grade}


def marked_text(text: str, where: str = "text") -> Mark | None:
    """The mark at the head of a text; ``None`` where it bears none."""
    return _in_lines(text.splitlines(), where)


def marked_name(name: str) -> Mark | None:
    """The mark in the name of a file."""
    plain = _plain(name)
    found = _NAMED.search(plain)
    if found is None or _LIFTED.search(plain):
        return None
    return Mark(found["grade"] or found["boxed"], "name")


def marked_file(content: bytes, media_type: str, name: str) -> Mark | None:
    """The mark of a file: in its name, or at its head where it is text, DOCX, PDF, OFD or an old Word file.

    A file that cannot be read has no mark that could be found; whether it is taken is decided elsewhere.
    """
    return marked_name(name) or _in_lines(_head_of(content, media_type), "head")


def refuse_secret_texts(values: Iterable[Any]) -> None:
    """Raise ``SecretText`` where one of these values is a text with a mark."""
    for value in values:
        mark = marked_text(value) if isinstance(value, str) else None
        if mark is not None:
            raise SecretText(mark)


def _in_lines(lines: Iterable[str], where: str) -> Mark | None:
    at = 0
    for line in lines:
        plain = _plain(line)
        if not plain:
            continue
        at += 1
        if at > HEAD:
            return None
        found = _STARRED.match(plain) or _WHOLE.fullmatch(plain) or _LABELLED.fullmatch(plain)
        if found is None and at <= _ALONE:
            found = _BARE.fullmatch(plain)
        if found is not None and not _LIFTED.search(plain):
            return Mark(found["grade"], where)
    return None


def _plain(text: str) -> str:
    """Without spaces, full-width signs made narrow: marks are often spaced out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _head_of(content: bytes, media_type: str) -> Iterator[str]:
    match media_type:
        case "text/plain":
            yield from _decoded(content[:_READ]).splitlines()
        case "application/pdf":
            yield from _first_page(content).splitlines()
        case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
            yield from _word(content)
        case "application/ofd":
            yield from _ofd(content)
        case "application/x-ole-storage" | "application/msword":
            yield from _old_word(content)
        case _:
            return


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("gb18030", "replace")


def _first_page(content: bytes) -> str:
    with ALONE:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError:
            return ""
        try:
            if not len(document):
                return ""
            page = document[0].get_textpage()
            return page.get_text_range(0, min(_SIGNS, page.count_chars()))
        except pdfium.PdfiumError:
            return ""
        finally:
            document.close()


def _parts(content: bytes, wanted: re.Pattern[str]) -> Iterator[str]:
    """The beginnings of the parts of a ZIP whose names fit, in the order of their names."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for name in sorted(name for name in file.namelist() if wanted.fullmatch(name))[:10]:
                with file.open(name) as part:
                    yield part.read(_READ).decode("utf-8", "replace")
    except _UNREADABLE:
        return


_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError, RuntimeError,
    OSError,
)  # fmt: skip
"""What a damaged, cut off or locked ZIP raises when a part is read."""


_WORD_PARTS = re.compile(r"word/(?:header\d*|document)\.xml")
_OFD_PARTS = re.compile(r"Doc_0/(?:Pages/Page_0|Tpls/Tpl_\d+)/Content\.xml", re.IGNORECASE)


def _word(content: bytes) -> Iterator[str]:
    """The first paragraphs of the document and of each of its headers."""
    for part in _parts(content, _WORD_PARTS):
        paragraphs = (html.unescape("".join(_TEXT_RUN.findall(one))) for one in part.split("</w:p>"))
        yield from [one for one in paragraphs if one.strip()][: HEAD // 2]


def _ofd(content: bytes) -> Iterator[str]:
    for part in _parts(content, _OFD_PARTS):
        yield from (html.unescape(one) for one in _OFD_RUN.findall(part)[:HEAD])


def _old_word(content: bytes) -> Iterator[str]:
    """Files of before 2007 are not parsed: looked for is a grade with its star, as the text lies in them."""
    for grade in ("绝密", "机密", "秘密"):
        for star in "★☆":
            if f"{grade}{star}".encode("utf-16-le") in content:
                yield f"{grade}{star}"
