"""A document's blocks → the reports in it: one pipeline for every file type.

blocks → folded text → headings → printed rows → rows of the form → cells with raw text and place.
What is not such a report is refused with the reason (``report-failures``, Sections).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from gongkai.annual.findings import Finding, finding
from gongkai.annual.fold import fold, squeeze
from gongkai.annual.form import Form, Section, UnknownEdition, form_for_year
from gongkai.annual.model import MISSING, Cell, Place, Report
from gongkai.annual.read import outline, preface
from gongkai.annual.read.assign import Assigned, Assigner
from gongkai.annual.read.blocks import Block, Document, RawCell, Table, Text
from gongkai.annual.read.decode import damaged
from gongkai.annual.read.entries import fold_many, is_prose
from gongkai.annual.read.errors import NotAReport
from gongkai.annual.read.fit import Fit, best_fit, form_rows, matcher_for
from gongkai.annual.read.outline import Heading


@dataclass(frozen=True, slots=True)
class _Part:
    """One report's stretch of the document."""

    blocks: tuple[Block, ...]
    folded: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    """Folded text of each block; empty for a table."""


def reports_in(document: Document, *, source: str, forms: Sequence[Form]) -> tuple[Report, ...]:
    """All reports of a document, in order; raises ``NotAReport`` if there is none."""
    sections = max(forms, key=lambda f: f.first_year).sections
    whole = _fold_blocks(unpack(document.blocks, sections))
    cuts = _cuts(whole, forms)
    reports: list[Report] = []
    refused = NotAReport("AR-X-052")
    for start, end in zip(cuts, [*cuts[1:], len(whole.blocks)], strict=True):
        part = _Part(whole.blocks[start:end], whole.folded[start:end], whole.lines[start:end])
        try:
            reports.append(_read_part(part, document, source, forms))
        except NotAReport as error:
            refused = error
    if not reports:
        raise refused
    return tuple(reports)


def unpack(blocks: Sequence[Block], sections: Sequence[Section]) -> list[Block]:
    """Take running text out of tables that hold the whole page (title, headings, prose in one-cell rows)."""
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            result.extend(_unpack_table(block, sections))
        else:
            result.append(block)
    return result


def _unpack_table(table: Table, sections: Sequence[Section]) -> list[Block]:
    rows: dict[int, list[RawCell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    prose: set[int] = set()
    for index, cells in rows.items():
        filled = [c for c in cells if c.text.strip()]
        if len(filled) == 1 and len(filled[0].text) >= 4 and _is_running_text(filled[0].text, sections):
            prose.add(index)
    if not prose:
        return [table]
    result: list[Block] = []
    pending: list[RawCell] = []
    for index in sorted(rows):
        if index not in prose:
            pending.extend(rows[index])
            continue
        if pending:
            result.append(Table(tuple(pending), table.place, table.exact))
            pending = []
        text = next(c.text for c in rows[index] if c.text.strip())
        place = Place(page=table.place.page, table=table.place.table, row=index + 1, line=table.place.line)
        result.extend(Text(line.strip(), place) for line in text.split("\n") if line.strip())
    if pending:
        result.append(Table(tuple(pending), table.place, table.exact))
    return result


def _is_running_text(text: str, sections: Sequence[Section]) -> bool:
    folded = fold(text).text
    return (
        "。" in folded
        or len(folded) > 60
        or outline.heading_of(folded, sections) is not None
        or outline.is_title(folded)
        or preface.is_closing(folded)
    )


def _fold_blocks(blocks: Sequence[Block]) -> _Part:
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            texts.extend(c.text for c in block.cells)
        else:
            texts.append(block.text)
    folded = fold_many(texts)
    parts: list[tuple[str, ...]] = []
    at = 0
    for block in blocks:
        size = len(block.cells) if isinstance(block, Table) else 1
        parts.append(tuple(folded[at : at + size]))
        at += size
    lines = tuple(p[0] if isinstance(b, Text) else "" for b, p in zip(blocks, parts, strict=True))
    return _Part(tuple(blocks), tuple(parts), lines)


# -- several reports in one file -----------------------------------------------------------------------


def _cuts(whole: _Part, forms: Sequence[Form]) -> list[int]:
    """Indexes of the blocks at which a report begins; the first is always 0."""
    firsts: dict[str, str] = {}
    for form in forms:
        largest = max(form.grids, key=lambda g: sum(len(b.rows) for b in g.blocks))
        row = next((t for t in matcher_for(form).targets if t.grid.id == largest.id and t.leaf), None)
        if row is not None:
            firsts[row.leaf] = row.keywords[0] if row.keywords else row.leaf[:2]
    hits = [i for i, cells in enumerate(whole.folded) for text in cells if _names_row(text, firsts)]
    cuts = [0]
    for earlier, later in pairwise(hits):
        start = _start_of_report(whole, earlier, later, forms)
        if start is not None:
            cuts.append(start)
    return cuts


def _names_row(text: str, leaves: Mapping[str, str]) -> bool:
    """True if the cell's text holds one of the labels; each comes with a word that is quick to look for."""
    if len(text) < 4 or len(text) > 400:
        return False
    return any(word in text and leaf in squeeze(text) for leaf, word in leaves.items())


def _start_of_report(whole: _Part, earlier: int, later: int, forms: Sequence[Form]) -> int | None:
    """Where between two first rows of the largest table the second report begins."""
    between = range(earlier + 1, later)
    sections = forms[-1].sections
    first = sections[0].id if sections else ""
    heading = next(
        (
            i
            for i in reversed(between)
            if (found := outline.heading_of(whole.lines[i], sections)) is not None and found[0] == first
        ),
        None,
    )
    limit = heading if heading is not None else later
    titles = [
        i
        for i in range(earlier + 1, limit)
        if outline.is_title(whole.lines[i]) or outline.wrapped_title(whole.lines[i : min(i + 3, limit)])
    ]
    if titles:
        # A title printed twice, or in two lines, counts as one.
        start = titles[-1]
        while any(0 < start - t <= 3 for t in titles):
            start = max(t for t in titles if 0 < start - t <= 3)
        above = whole.lines[start - 1] if start - 1 > earlier else ""
        return start - 1 if _completes_title(above, whole.lines[start]) else start
    return heading


# -- one report ----------------------------------------------------------------------------------------


def _read_part(part: _Part, document: Document, source: str, forms: Sequence[Form]) -> Report:
    sections = max(forms, key=lambda f: f.first_year).sections
    candidates = [i for i, b in enumerate(part.blocks) if isinstance(b, Text)]
    found = outline.headings(part.lines, sections, candidates)
    zone = _zone(part, found, forms)
    best = best_fit(forms, part.blocks, part.folded, zone)
    title, title_lines = _title(part, found)
    _refuse_others(part, best, found, title)
    year, body, preface_text = _identity(part, found, title, title_lines, document)
    assigned, form, findings = _tables(best, year, forms, faithful=document.kind not in ("pdf", "ocr"))
    if document.kind == "ocr":
        findings.append(finding("AR-R-012"))
    cells: dict[str, Cell] = {p: assigned.cells.get(p, MISSING) for p in form.cells}
    cells |= {p: assigned.cells[p] for p in form.alternates if p in assigned.cells}
    consumed = _consumed(part, best, found)
    texts, labels, signed = _sections(part, found, consumed, title_lines)
    opening = sections[0].id
    start = next((h.line for h in found if h.section == opening), len(part.lines))
    end = next((h.line for h in found if h.line > start), len(part.lines))
    scope_text = "\n".join(part.lines[start:end])
    counts = [
        int(cells[p].value or 0)
        for p in ("requests.new.total", "requests.total.total")
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
        notice=preface.notice_in(preface_text),
        period=preface.period_in(preface_text),
        contact=preface.contact_in(preface_text),
        signed=signed,
        remnants=tuple(assigned.remnants),
        reading=tuple(findings),
    )


def _zone(part: _Part, found: Sequence[Heading], forms: Sequence[Form]) -> range:
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


_PRE_2019 = re.compile(
    r"主动公开(?:政府信息数|规范性文件数)|(?:收到|办结)申请数|申请答复数|举报、投诉数|受理申请情况统计|依申请公开政府信息收费"
)
_NOTICE_TITLE = re.compile(
    r"(?:关于|做好|开展|组织|报送|编制|公布|发布).{0,40}年度报告.{0,24}(?:通知|函|通报|工作方案)"
)


def _is_notice_title(line: str) -> bool:
    """The title of a notice, alone on its line; a preface that cites one is a sentence."""
    text = line.strip()
    squeezed = squeeze(text)
    return (
        len(text) <= 90
        and "。" not in text
        and "," not in text
        and _NOTICE_TITLE.search(squeezed) is not None
    )


def _refuse_others(part: _Part, best: Fit, found: Sequence[Heading], title: str | None) -> None:
    """Raise ``NotAReport`` for what is readable but no report of a known form."""
    rows = len(form_rows(best.form))
    exact = len({h.section for h in found})
    if best.filled >= max(2, 0.3 * rows):
        return
    text = "\n".join(part.lines)
    if damaged(text):
        raise NotAReport("AR-X-053")
    year = preface.year_in("".join(fold_many([title]))) if title is not None else preface.year_in(text[:400])
    old = _PRE_2019.search(text) is not None or (year is not None and year < 2019)
    if old and best.filled < 3:
        raise NotAReport("AR-X-050", year=year if year is not None else "")
    named = title is not None or outline.is_title(part.lines[0] if part.lines else "")
    if best.filled == 0 and _written(part, found) < _LEAST_TEXT and (named or exact >= 2):
        raise NotAReport("AR-X-054")
    if exact < 4 and any(_is_notice_title(line) for line in part.lines[:40]):
        raise NotAReport("AR-X-051")
    if exact >= 4 or (best.filled >= max(2, 0.15 * rows) and (named or exact >= 2)):
        return
    raise NotAReport("AR-X-052")


_LEAST_TEXT = 60
"""Characters of running text below which a page with neither table nor number is only an outline."""


def _written(part: _Part, found: Sequence[Heading]) -> int:
    """Characters of running text outside headings and title."""
    heads = {h.line for h in found}
    return sum(
        len(line.strip())
        for i, line in enumerate(part.lines)
        if i not in heads and not outline.is_title(line)
    )


def _completes_title(above: str, line: str) -> bool:
    """True where ``above`` is the body's name of a title whose line begins with the year."""
    squeezed = squeeze(above)
    return (
        2 <= len(squeezed) <= 30
        and re.match(r"\s*(?:19|20)\d\d", line) is not None
        and re.fullmatch(r"[\u4e00-\u9fff]+", squeezed) is not None
        and not re.search(r"首页|位置|字体|打印|信息公开$|年报$|栏目", squeezed)
    )


def _title(part: _Part, found: Sequence[Heading]) -> tuple[str | None, tuple[int, ...]]:
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
        completed = above is not None and _completes_title(part.lines[above[0]], line)
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
    part: _Part,
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


# -- the sections' text --------------------------------------------------------------------------------


def _consumed(part: _Part, best: Fit, found: Sequence[Heading]) -> set[int]:
    """Text blocks that were table cells."""
    heads = {h.line for h in found}
    taken: set[int] = set()
    by_grid: dict[str, set[int]] = {}
    for pair in best.pairs:
        spots = {t.block for t in (*pair.entry.labels, *pair.entry.values) if t.block >= 0}
        by_grid.setdefault(pair.target.grid.id, set()).update(
            b for b in spots if isinstance(part.blocks[b], Text) or not _exact(part.blocks[b])
        )
    for spots in by_grid.values():
        if not spots:
            continue
        low, high = min(spots), max(spots)
        while low - 1 >= 0 and low - 1 not in heads and _cell_like(part, low - 1):
            low -= 1
        while (
            high + 1 < len(part.blocks) and high + 1 not in heads and not squeeze(part.lines[high + 1] or "x")
        ):
            high += 1
        taken |= {
            i for i in range(low, high + 1) if i in spots or (i not in heads and not is_prose(part.lines[i]))
        }
    return taken


def _exact(block: Block) -> bool:
    return isinstance(block, Table) and block.exact


def _cell_like(part: _Part, index: int) -> bool:
    line = part.lines[index]
    return isinstance(part.blocks[index], Text) and not is_prose(line) and "。" not in line and len(line) < 80


_FURNITURE = re.compile(
    r"^(?:扫一扫.*|返回顶部.*|关闭本页|关闭窗口|【?(?:关闭|打印|打印本页|字体.*)】?|上一篇.*|下一篇.*|分享到?.*|附件[::]?|"
    r"相关(?:附件|链接|稿件|文档)[::]?.*|关联稿件[::]?|年报下载.*|访问量[::]?.*|浏览次数.*|责任编辑.*|来源[::].*|"
    r"主办单位.*|承办单位.*|版权所有.*|.*ICP备.*|网站标识码.*|.*公网安备.*)$"
)


def _sections(
    part: _Part, found: Sequence[Heading], consumed: set[int], title_lines: Sequence[int]
) -> tuple[dict[str, str], dict[str, str], tuple[str | None, str | None]]:
    """Section texts and headings as printed, and the signature."""
    texts: dict[str, str] = {}
    labels: dict[str, str] = {}
    signed: tuple[str | None, str | None] = (None, None)
    first = found[0].line if found else len(part.blocks)
    start = max(title_lines, default=-1) + 1
    opening = _kept(part, range(start, first), consumed)
    if opening:
        texts["0"] = "\n".join(_original(part, i) for i in opening)
    for position, heading in enumerate(found):
        end = found[position + 1].line if position + 1 < len(found) else len(part.blocks)
        kept = _kept(part, range(heading.line + 1, end), consumed)
        line = _original(part, heading.line)
        rest = ""
        if heading.rest < len(part.lines[heading.line]):
            cut = _original_cut(line, heading.rest)
            line, rest = line[:cut].strip(), line[cut:].strip()
        labels[heading.section] = line
        if position == len(found) - 1:
            kept, signed = _close(part, kept)
        body = [rest] if rest else []
        body.extend(_original(part, i) for i in kept)
        texts[heading.section] = "\n".join(body)
    return texts, labels, signed


def _close(part: _Part, kept: list[int]) -> tuple[list[int], tuple[str | None, str | None]]:
    """Cut page furniture and the signature off the last section."""
    for position, index in enumerate(kept):
        if position > 0 and _FURNITURE.match(part.lines[index].strip()):
            kept = kept[:position]
            break
    signed, day, taken = preface.signature_in([part.lines[i] for i in kept])
    return (kept[: len(kept) - taken] if taken else kept), (signed, day)


def _kept(part: _Part, lines: range, consumed: set[int]) -> list[int]:
    return [
        i for i in lines if i not in consumed and isinstance(part.blocks[i], Text) and part.lines[i].strip()
    ]


def _original(part: _Part, index: int) -> str:
    block = part.blocks[index]
    return block.text.strip() if isinstance(block, Text) else ""


def _original_cut(line: str, folded_index: int) -> int:
    return fold(line).origin(folded_index)
