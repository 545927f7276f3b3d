"""Invented files whose heads are read."""

from __future__ import annotations

import io

import docx

from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of


def word_of(*lines: str, header: str = "") -> bytes:
    """A Word file with these paragraphs."""
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pdf_of(*lines: str) -> bytes:
    """A PDF of one page, made as our own letters are; the first line stands at its head."""
    sheet = Sheet(head=lines[0], title="报告", blocks=blocks_of("\n".join(lines[1:])), number="")
    return to_pdf(sheet)
