"""A file is what its content shows, and gets a name that every system can save."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.platform.private.conftest import PDF, PNG, packed

from gongkai.platform.core.file_types import EXTENSIONS, LONGEST_NAME, media_type_of, safe_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0..", "image/jpeg"),
        (packed("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (packed("[Content_Types].xml", "word/document.xml"), DOCX),
        (packed("甲.txt"), "application/zip"),
        ("补正材料一份".encode(), "text/plain"),
        ("补正材料一份".encode("gb18030"), "text/plain"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
    ],
)
def test_the_content_tells_the_type(content: bytes, expected: str) -> None:
    assert media_type_of(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><a/>",
        b"\xef\xbb\xbf<html></html>",
        b"MZ\x90\0\x03",
        b"MZ program",
        b"\x7fELF\x02",
        b"#!/bin/sh\nrm",
        b"PK\x03\x04 torn",
        packed("[Content_Types].xml", "other/part.xml"),
        b"\0\0\0\x18ftypqt  ",
        bytes(range(1, 32)),
    ],
)
def test_what_could_run_or_is_unknown_is_not_taken(content: bytes) -> None:
    assert media_type_of(content) is None


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("申请表.pdf", "application/pdf", "申请表.pdf"),
        ("C:\\Users\\chen\\身份证.JPG", "image/jpeg", "身份证.JPG"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("CON.pdf", "application/pdf", "_CON.pdf"),
        ("合同:最终?.pdf", "application/pdf", "合同_最终_.pdf"),
        ("图片\u202egpj.exe", "image/png", "图片gpj.exe.png"),
        ("网页.html", "text/plain", "网页.html.txt"),
        ("... ", "application/pdf", "未命名.pdf"),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("说明。", "text/plain", "说明。.txt"),
    ],
)
def test_names_become_ones_that_can_be_saved(name: str, media_type: str, expected: str) -> None:
    assert safe_name(name, media_type) == expected


@given(st.text(max_size=300), st.sampled_from(sorted(EXTENSIONS)))
def test_every_name_can_be_saved_on_windows(name: str, media_type: str) -> None:
    safe = safe_name(name, media_type)
    assert 0 < len(safe) <= LONGEST_NAME
    assert not re.search(r'[<>:"/\\|?*]', safe)
    assert safe == safe.strip(" .")
    assert not any(unicodedata.category(sign).startswith("C") for sign in safe)
    assert safe.rpartition(".")[2].lower() in EXTENSIONS[media_type]
    assert safe.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert safe_name(safe, media_type) == safe
