"""What a written report says, apart from its tables' shape: title, parts, paragraphs, printed figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from gongkai.annual.form import CellSpec, ValueType
from gongkai.annual.model import Cell, Number, Report
from gongkai.annual.numerals import chinese_number
from gongkai.annual.write.layout import TableLayout, layouts
from gongkai.paper.text import clean

REPORT_NAME = "政府信息公开工作年度报告"

_SUBHEADING = re.compile(r"^（[一二三四五六七八九十]{1,3}）")
_LEAD = re.compile(r"^(（[一二三四五六七八九十]{1,3}）[^。；]{2,40}。)(.+)$", re.DOTALL)
_LONGEST_SUBHEADING = 36


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text; ``subheading`` is true for a short line such as （一）主动公开."""

    text: str
    subheading: bool = False

    @property
    def lead(self) -> tuple[str, str]:
        """The numbered first sentence and the rest; the first is empty where there is none."""
        found = None if self.subheading else _LEAD.match(self.text)
        return (found[1], found[2]) if found is not None else ("", self.text)


@dataclass(frozen=True, slots=True)
class Part:
    """One numbered part of the report with its text and its tables."""

    id: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[TableLayout, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report, ready to be laid out in any format."""

    title: str
    preface: tuple[Paragraph, ...]
    parts: tuple[Part, ...]
    signature: tuple[str, ...]


def page_of(report: Report) -> Page:
    """The report's content in the order of the official form.

    A part that the report does not have is left out, unless a table of the form stands in it.
    Headings are the form's; text is as published, one paragraph a line.
    """
    title = title_of(report)
    signature = _signature(report)
    parts: list[Part] = []
    tables = layouts(report)
    known = {section.id for section in report.form.sections}
    extra = [key for key in report.sections if key not in known and key != "0"]
    stray = [t for t in tables if t.grid.section not in known and t.grid.section not in extra]
    labels = [(s.id, heading(s.id, s.label)) for s in report.form.sections]
    labels += [(key, report.section_labels.get(key, key)) for key in extra]
    for key, label in labels:
        mine = tuple(t for t in tables if t.grid.section == key)
        text = report.sections.get(key)
        if text is not None or mine:
            parts.append(Part(key, label, paragraphs(text or ""), mine))
    parts += [Part(t.grid.section, t.grid.title, (), (t,)) for t in stray]
    preface = list(paragraphs(report.sections.get("0", "")))
    preface = _without_title(preface, title)
    if parts and signature:
        last = parts[-1]
        kept = _without_signature(last.paragraphs, signature)
        parts[-1] = Part(last.id, last.heading, kept, last.tables)
        stated = {_bare(p.text) for p in preface}
        signature = tuple(line for line in signature if _bare(line) not in stated)
    return Page(title, tuple(preface), tuple(parts), signature)


def title_of(report: Report) -> str:
    """The title as published, or put together from body and year as far as they are known."""
    if report.title is not None and report.title.strip():
        return clean(re.sub(r"\s*\n\s*", "", report.title.strip()))
    year = "" if report.year is None else f"{report.year}年"
    return clean(f"{report.body or ''}{year}{REPORT_NAME}")


def heading(number: str, label: str) -> str:
    """A part's heading, ``三、…``, from its number and label."""
    return f"{chinese_number(int(number))}、{label}" if number.isdigit() else label


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The text's lines as paragraphs; blank lines are dropped."""
    lines = (clean(line).strip() for line in text.splitlines())
    return tuple(Paragraph(line, _is_subheading(line)) for line in lines if line)


def figure_text(report: Report, path: str) -> str:
    """The cell's number as a reader of the printed form expects it, empty where there is none.

    - A change keeps the plus sign that was printed.
    - An amount in yuan carries its unit, since the form's column does not name one.
    """
    value = report.value(path)
    if value is None:
        return ""
    spec = report.form.spec(path)
    text = plain(value)
    if signed_plus(report.cell(path), spec):
        return f"+{text}"
    return f"{text}元" if spec.type is ValueType.YUAN and value != 0 else text


def signed_plus(cell: Cell, spec: CellSpec) -> bool:
    """True where the cell holds a growth that was printed with its sign."""
    raw = (cell.raw or "").strip()
    return (
        spec.type is ValueType.SIGNED
        and cell.value is not None
        and cell.value > 0
        and raw.startswith(("+", "＋", "增"))
    )


def plain(value: Number) -> str:
    """The number in digits, without exponent and without grouping."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@cache
def _date_line(iso: str) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.year}年{day.month}月{day.day}日"


def _signature(report: Report) -> tuple[str, ...]:
    name, day = report.signed
    return tuple(
        clean(line).strip() for line in (name or "", _date_line(day) if day else "") if clean(line).strip()
    )


def _is_subheading(line: str) -> bool:
    return (
        _SUBHEADING.match(line) is not None
        and len(line) <= _LONGEST_SUBHEADING
        and not any(mark in line for mark in "。；！？")
    )


def _bare(text: str) -> str:
    return re.sub(r"[\s()（）]+", "", text)


def _without_title(preface: list[Paragraph], title: str) -> list[Paragraph]:
    """Leading lines that together are the title again are not printed twice."""
    wanted, seen = _bare(title), ""
    for count, paragraph in enumerate(preface, start=1):
        seen += _bare(paragraph.text)
        if seen == wanted:
            return preface[count:]
        if not wanted.startswith(seen):
            break
    return preface


def _without_signature(lines: tuple[Paragraph, ...], signature: tuple[str, ...]) -> tuple[Paragraph, ...]:
    """Closing lines that are the signature stand below the text, not in it."""
    wanted = {_bare(line) for line in signature}
    kept = list(lines)
    while kept and _bare(kept[-1].text) in wanted:
        kept.pop()
    return tuple(kept)
