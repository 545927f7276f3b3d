"""Whatever the bytes are: a document, or a refusal with a public code, in bounded time; never a crash."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable

import pytest
from tests.annual.generate.content import clean
from tests.annual.generate.shapes import SHAPES

from gongkai.annual.findings import catalogue
from gongkai.annual.read.document import to_document
from gongkai.annual.read.errors import ReadError
from gongkai.annual.read.limits import Limits
from gongkai.annual.read.sniff import sniff

SECONDS = 20
"""Far more than any case takes; a quadratic one would take minutes."""
MILLION = 1_000_000
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def packed(parts: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def word(body: str, head: str = "") -> bytes:
    return packed({"word/document.xml": f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"})


def sheet(content: str) -> bytes:
    return packed(
        {
            "xl/workbook.xml": f'<workbook {S}><sheets><sheet name="a"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f"<worksheet {S}>{content}</worksheet>",
        }
    )


def far_merge() -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    return sheet(f'<sheetData>{cells}</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')


def laughs() -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return f"<!DOCTYPE w [{entities}]>"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "AR-X-001"),
    "white space": (lambda: b" \r\n\t", "AR-X-001"),
    "200 MB": (lambda: bytes(200 * MILLION), "AR-X-002"),
    "random bytes": (lambda: random.Random(7).randbytes(MILLION), "AR-X-003"),  # noqa: S311 - a seeded test
    "zeroes": (lambda: bytes(MILLION), "AR-X-003"),
    "a million divisions": (lambda: b"<html>" + b"<div>" * MILLION, "AR-X-013"),
    "a million closed spans": (lambda: b"<html>" + b"<span>" * MILLION + b"</span>" * MILLION, "AR-X-013"),
    "closings in comments": (lambda: b"<html>" + b"<div><!--</div>-->" * 200_000, "AR-X-013"),
    "a million tables": (lambda: b"<html>" + b"<table><tr><td>" * MILLION, "AR-X-013"),
    "a tag of attributes": (
        lambda: b"<html><p " + b" ".join(b"a%d" % n for n in range(100_000)) + b">",
        "AR-X-020",
    ),
    "a million lines": (lambda: "<html>政<br>".encode() + b"x<br>" * MILLION, "AR-X-014"),
    "huge spans": (
        lambda: b"<html><table>" + b"<tr><td rowspan=65000 colspan=1000>1<td>2" * 9_000,
        "AR-X-014",
    ),
    "zip bomb": (lambda: word(" " * (300 << 20)), "AR-X-012"),
    "entity expansion": (lambda: word("&e9;", laughs()), "AR-X-016"),
    "nested controls": (lambda: word("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), "AR-X-013"),
    "nested Word tables": (
        lambda: word("<w:tbl><w:tr><w:tc>" * 500 + "</w:tc></w:tr></w:tbl>" * 500),
        "AR-X-013",
    ),
    "too many elements": (lambda: word("<w:p/>" * 3 * MILLION), "AR-X-014"),
    "a merge over the whole sheet": (far_merge, "AR-X-014"),
    "too many cells": (
        lambda: sheet("<sheetData>" + "<row><c/></row>" * 250_000 + "</sheetData>"),
        "AR-X-014",
    ),
    "broken package": (lambda: word("<w:p/>")[:-30], "AR-X-009"),
    "broken XML": (lambda: word("<w:p>"), "AR-X-009"),
    "broken PDF": (lambda: b"%PDF-1.7\n" + random.Random(8).randbytes(50_000), "AR-X-009"),  # noqa: S311 - seeded
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "AR-X-023"),
    "archive": (lambda: packed({"a.txt": "a"}), "AR-X-022"),
    "fixed layout": (lambda: packed({"OFD.xml": "<x/>"}), "AR-X-004"),
    "rich text": (lambda: b"{\\rtf1 a}", "AR-X-004"),
    "old workbook": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
        "AR-X-005",
    ),
    "encrypted": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "AR-X-010",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_input_is_refused_with_its_reason_in_bounded_time(name: str) -> None:
    make, code = REFUSED[name]
    data = make()
    start = time.monotonic()
    with pytest.raises(ReadError) as caught:
        to_document(data)
    assert time.monotonic() - start < SECONDS
    assert caught.value.code == code


@pytest.mark.parametrize("name", REFUSED)
def test_every_refusal_has_its_texts(name: str) -> None:
    entry = catalogue()[REFUSED[name][1]]
    assert all(text["zh"] and text["en"] for text in (entry.title, entry.message, entry.why, entry.mend))


@pytest.mark.parametrize(
    "data",
    [
        b"<html>" + b"<p>" * 300_000,
        b"<html>" + b"<li>" * 300_000,
        b"<html>" + b'<div a="' * 5_000,
        b"<html>" + b"<!--" * MILLION,
        b"<html>" + b"<" * MILLION,
        b"<html>" + b"<b><p>" * 5_000,
        b"<html>" + b"<div>" * 5_000 + "正文".encode(),
    ],
    ids=["paragraphs", "items", "open quotes", "open comments", "brackets", "formatting", "deep but allowed"],
)
def test_odd_pages_are_read_in_bounded_time(data: bytes) -> None:
    start = time.monotonic()
    try:
        assert to_document(data).kind == "html"
    except ReadError as error:
        assert error.code in catalogue()
    assert time.monotonic() - start < SECONDS


def test_the_size_is_checked_before_anything_else() -> None:
    with pytest.raises(ReadError) as caught:
        to_document(b"<html>" * 10, limits=Limits(size=50))
    assert caught.value.code == "AR-X-002"


FUZZED = ("html", "html_word", "html_gbk", "html_utf16", "docx", "xlsx", "pdf_ruled", "markdown", "pipe")


@pytest.mark.parametrize("shape", FUZZED)
def test_mutated_files_are_read_or_refused(shape: str) -> None:
    dice = random.Random(f"hostile {shape}")  # noqa: S311 - seeded, so that a failure can be repeated
    whole = SHAPES[shape].write(clean(3, "2021"))
    end = time.monotonic() + 6
    for _ in range(120):
        data = mutate(whole, dice)
        assert isinstance(sniff(data), str)
        try:
            to_document(data, limits=Limits(seconds=5))
        except ReadError as error:
            assert error.code in catalogue()
        if time.monotonic() > end:
            break


def mutate(data: bytes, dice: random.Random) -> bytes:
    """A damaged copy: cut, bytes changed, a stretch doubled, moved or left out."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        if not out:
            break
        at, length = dice.randrange(len(out)), dice.choice((1, 2, 16, 300))
        match dice.randrange(5):
            case 0:
                del out[at:]
            case 1:
                for place in range(at, min(at + length, len(out))):
                    out[place] = dice.randrange(256)
            case 2:
                out[at:at] = out[at : at + length] * dice.choice((1, 2, 50))
            case 3:
                del out[at : at + length]
            case _:
                other = dice.randrange(len(out))
                out[at : at + length], out[other : other + length] = (
                    out[other : other + length],
                    out[at : at + length],
                )
    return bytes(out)
