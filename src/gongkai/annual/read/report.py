"""A document's blocks → the reports in it: one pipeline for every file type.

blocks → folded text → headings → printed rows → rows of the form → cells with raw text and place.
What is not such a report is refused with the reason (``report-failures``, Sections).
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from gongkai.annual.findings import Finding, finding
from gongkai.annual.form import Form, UnknownEdition, form_for_year
from gongkai.annual.model import MISSING, Cell, Report
from gongkai.annual.read import outline, preface
from gongkai.annual.read.assign import Assigned, Assigner
from gongkai.annual.read.blocks import Document, Text
from gongkai.annual.read.entries import fold_many
from gongkai.annual.read.errors import NotAReport
from gongkai.annual.read.fit import Fit, best_fit
from gongkai.annual.read.outline import Heading
from gongkai.annual.read.parts import Part, by_sections, fold_blocks, unpack
from gongkai.annual.read.refuse import refuse_others
from gongkai.annual.read.several import completes_title, cuts_of
from gongkai.annual.read.texts import consumed_by, section_texts


def reports_in(document: Document, *, source: str, forms: Sequence[Form]) -> tuple[Report, ...]:
    """All reports of a document, in order; raises ``NotAReport`` if there is none."""
    whole = fold_blocks(unpack(document.blocks, forms))
    cuts = cuts_of(whole, forms)
    reports: list[Report] = []
    refused = NotAReport("AR-X-052")
    for start, end in zip(cuts, [*cuts[1:], len(whole.blocks)], strict=True):
        part = Part(whole.blocks[start:end], whole.folded[start:end], whole.lines[start:end])
        try:
            reports.append(_read_part(part, document, source, forms))
        except NotAReport as error:
            refused = error
    if not reports:
        raise refused
    return tuple(reports)


def _read_part(part: Part, document: Document, source: str, forms: Sequence[Form]) -> Report:
    found, best = _outline_and_fit(part, forms)
    sections = best.form.sections
    title, title_lines = _title(part, found)
    refuse_others(part, best, found, title, forms)
    year, body, preface_text = _identity(part, found, title, title_lines, document)
    assigned, form, findings = _tables(best, year, forms, faithful=document.kind not in ("pdf", "ocr"))
    if document.kind == "ocr":
        findings.append(finding("AR-R-012"))
    cells: dict[str, Cell] = {p: assigned.cells.get(p, MISSING) for p in form.cells}
    cells |= {p: assigned.cells[p] for p in form.alternates if p in assigned.cells}
    consumed = consumed_by(part, best, found)
    texts, labels, signed = section_texts(part, found, consumed, title_lines)
    opening = sections[0].id
    start = next((h.line for h in found if h.section == opening), len(part.lines))
    end = next((h.line for h in found if h.line > start), len(part.lines))
    scope_text = "\n".join(part.lines[start:end])
    counts = [
        int(cells[p].value or 0)
        for p in form.stated_totals
        if p in cells and cells[p].value is not None and cells[p].value != 0
    ]
    return Report(
        form=form,
        cells=MappingProxyType(cells),
        source=source,
        body=body,
        scope=preface.scope_of(body, preface_text, scope_text, counts),
        title=title,
        year=year,
        sections=MappingProxyType(texts),
        section_labels=MappingProxyType(labels),
        notice=preface.notice_in(preface_text, forms),
        period=preface.period_in(preface_text),
        contact=preface.contact_in(preface_text),
        signed=signed,
        remnants=tuple(assigned.remnants),
        reading=tuple(findings),
    )


def _outline_and_fit(part: Part, forms: Sequence[Form]) -> tuple[list[Heading], Fit]:
    """Headings and best fit; forms with headings of their own are tried apart, and the best stands."""
    candidates = [i for i, b in enumerate(part.blocks) if isinstance(b, Text)]
    tried: list[tuple[list[Heading], Fit]] = []
    for sections, members in by_sections(forms):
        found = outline.headings(part.lines, sections, candidates)
        tried.append((found, best_fit(members, part.blocks, part.folded, _zone(part, found, members))))
    return max(tried, key=lambda t: (t[1].score + _HEADING_SCORE * len(t[0]), t[1].form.first_year))


_HEADING_SCORE = 2.0
"""What a heading counts beside the rows when forms with different headings are compared."""


def _zone(part: Part, found: Sequence[Heading], forms: Sequence[Form]) -> range:
    """Blocks whose text lines may be table cells: the tables' sections."""
    tables = {g.section for f in forms for g in f.grids}
    starts = [h.line for h in found if h.section in tables]
    start = min(starts) if starts else 0
    lasts = [h.line for h in found if h.line > start and h.section not in tables]
    return range(start + 1 if starts else 0, min(lasts, default=len(part.blocks)))


def _tables(
    best: Fit, year: int | None, forms: Sequence[Form], *, faithful: bool
) -> tuple[Assigned, Form, list[Finding]]:
    """Cells by the tables; where the page has lost its tables, the form by the year (and it says so)."""
    if best.filled > 0:
        assigned = Assigner(best.form, faithful=faithful).assign(best.pairs, best.again)
        findings = list(assigned.findings)
        printed = [p for p in best.form.alternates if p in assigned.cells]
        if printed:
            rows = dict.fromkeys(best.form.alternates[p].row.labels[-1] for p in printed)
            findings.append(finding("AR-R-009", cells=tuple(printed), values={"row": "、".join(rows)}))
        return assigned, best.form, findings
    try:
        form = form_for_year(year, forms) if year is not None else max(forms, key=lambda f: f.first_year)
    except UnknownEdition:
        form = max(forms, key=lambda f: f.first_year)
    return Assigned(), form, [finding("AR-R-006", values={"edition": form.edition})]


def _title(part: Part, found: Sequence[Heading]) -> tuple[str | None, tuple[int, ...]]:
    """The title as printed and the blocks it stands on."""
    limit = found[0].line if found else len(part.lines)
    texts = [(i, b) for i, b in enumerate(part.blocks[:limit]) if isinstance(b, Text)]
    chosen: tuple[str, tuple[int, ...]] | None = None
    rank = -1
    lines: list[int] = []
    for position, (index, block) in enumerate(texts):
        line = part.lines[index]
        following = texts[position + 1] if position + 1 < len(texts) else None
        wrapped = outline.wrapped_title([part.lines[i] for i, _ in texts[position : position + 3]])
        above = texts[position - 1] if position > 0 else None
        completed = above is not None and completes_title(part.lines[above[0]], line)
        if wrapped:
            spot = tuple(i for i, _ in texts[position : position + wrapped])
            title, this = "".join(b.text.strip() for _, b in texts[position : position + wrapped]), 3
            if above is not None and completed:
                spot, title = (above[0], *spot), f"{above[1].text.strip()}{title}"
        elif outline.is_title(line):
            spot, title, this = (index,), block.text.strip(), 2
            if above is not None and completed:
                spot, title, this = (above[0], index), f"{above[1].text.strip()}{title}", 3
            elif preface.body_in_title(line) is None:
                this = 1
        elif following and outline.is_title_head(line) and outline.is_title_tail(part.lines[following[0]]):
            spot, title, this = (index, following[0]), f"{block.text.strip()}{following[1].text.strip()}", 2
        else:
            continue
        lines.extend(spot)
        if ":" in line or ">" in line:
            this -= 1
        if this > rank:
            chosen, rank = (title, spot), this
    return (chosen[0], tuple(lines)) if chosen else (None, ())


def _identity(
    part: Part,
    found: Sequence[Heading],
    title: str | None,
    title_lines: Sequence[int],
    document: Document,
) -> tuple[int | None, str | None, str]:
    """Year, body and the preface's folded text."""
    limit = found[0].line if found else min(len(part.lines), 12)
    before = [part.lines[i] for i in range(limit) if i not in title_lines]
    text = "\n".join(before)
    folded_title = "".join(fold_many([title])) if title is not None else ""
    year = preface.year_in(folded_title) if title is not None else None
    body = preface.body_in_title(folded_title) if title is not None else None
    period = preface.period_in(text)
    if year is None and period is not None:
        year = int(period[0][:4])
    if body is None:
        body = preface.body_in_preface(text)
    signed, _, _ = preface.signature_in([line for line in part.lines if line.strip()])
    if body is None:
        body = signed
    if document.page_title is not None:
        page = fold_many([document.page_title])[0]
        if outline.is_title(page):
            body = body if body is not None else preface.body_in_title(page)
            year = year if year is not None else preface.year_in(page)
    if year is None and found:
        year = preface.year_in("\n".join(part.lines[found[0].line : found[0].line + 4])[:200])
    return year, body, text
