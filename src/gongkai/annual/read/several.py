"""Where the reports of a file with several begin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from gongkai.annual.fold import squeeze
from gongkai.annual.form import Form
from gongkai.annual.read import outline
from gongkai.annual.read.blocks import Table
from gongkai.annual.read.fit import matcher_for
from gongkai.annual.read.parts import Part, by_sections


def cuts_of(whole: Part, forms: Sequence[Form]) -> list[int]:
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
    return sorted({*cuts, *_restarts(whole, forms)})


def _names_row(text: str, leaves: Mapping[str, str]) -> bool:
    """True if the cell's text holds one of the labels; each comes with a word that is quick to look for."""
    if len(text) < 4 or len(text) > 400:
        return False
    return any(word in text and leaf in squeeze(text) for leaf, word in leaves.items())


def _start_of_report(whole: Part, earlier: int, later: int, forms: Sequence[Form]) -> int | None:
    """Where between two first rows of the largest table the second report begins."""
    between = range(earlier + 1, later)
    heading = next((i for i in reversed(between) if _opens(whole.lines[i], forms)), None)
    limit = heading if heading is not None else later
    title = _title_before(whole, earlier, limit)
    return title if title is not None else heading


def _title_before(whole: Part, earlier: int, limit: int) -> int | None:
    """Where the last title between two blocks begins; printed twice, or in two lines, it counts as one."""
    titles = [
        i
        for i in range(earlier + 1, limit)
        if outline.is_title(whole.lines[i]) or outline.wrapped_title(whole.lines[i : min(i + 3, limit)])
    ]
    if not titles:
        return None
    start = titles[-1]
    while any(0 < start - t <= 3 for t in titles):
        start = max(t for t in titles if 0 < start - t <= 3)
    above = whole.lines[start - 1] if start - 1 > earlier else ""
    return start - 1 if completes_title(above, whole.lines[start]) else start


_WHOLE_REPORT = 150
"""So many characters of text, or a table, stand before a title and a first heading begin a new report."""


def _restarts(whole: Part, forms: Sequence[Form]) -> list[int]:
    """Where a title and a first heading stand again behind the later parts of a report.

    A contents list has the later headings too, but nothing between them.
    """
    if sum(1 for line in whole.lines if "公开" in line and outline.is_title(line)) < 2:
        return []
    cuts: list[int] = []
    last, written, late = 0, 0, False
    groups = by_sections(forms)
    for i, line in enumerate(whole.lines):
        if isinstance(whole.blocks[i], Table):
            written += 2 * _WHOLE_REPORT
        if len(line) < 4:
            continue
        ids = {
            (sections[0].id, found[0])
            for sections, _ in groups
            if (found := outline.heading_of(line, sections))
        }
        if any(first == this for first, this in ids):
            title = _title_before(whole, last, i) if late and written > _WHOLE_REPORT else None
            if title is not None and title > 0:
                cuts.append(title)
            last, written, late = i, 0, False
        elif ids:
            late = True
        else:
            written += len(line)
    return cuts


def _opens(line: str, forms: Sequence[Form]) -> bool:
    """True if the line is the heading of a form's first section."""
    for sections, _ in by_sections(forms):
        found = outline.heading_of(line, sections)
        if found is not None and sections and found[0] == sections[0].id:
            return True
    return False


def completes_title(above: str, line: str) -> bool:
    """True where ``above`` is the body's name of a title whose line begins with the year."""
    squeezed = squeeze(above)
    return (
        2 <= len(squeezed) <= 30
        and re.match(r"\s*(?:19|20)\d\d", line) is not None
        and re.fullmatch(r"[\u4e00-\u9fff]+", squeezed) is not None
        and not re.search(r"首页|位置|字体|打印|信息公开$|年报$|栏目", squeezed)
    )
