"""Where a report's parts begin: title, section headings, and the reports of a file with several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from gongkai.annual.fold import label_key, squeeze
from gongkai.annual.form import Section

_NUMBERING = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,2}\s*(?:部分)?\s*[、.,:\s)）]+|[（(]\s*[一二三四五六七]\s*[)）]\s*[、.]?|"
    r"\d{1,2}\s*[、.)）]\s*|第[一二三四五六七]部分\s*[:、]?|[IVX]{1,4}\s*[、.]\s*)"
)
_TITLE = re.compile(r"政府信息公开(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:年度报告|年报|报告)")
_TITLE_REST = re.compile(r"^(?:政府)?(?:信息公开)?(?:工作)?(?:年度)?(?:年度报告|工作报告|报告|年报)$")
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|wps|zip|rar|html?)\b|下载|附件|相关链接|上一篇|下一篇|阅读全文")
_MAX_HEADING = 60
_MOST_HEADINGS = 400
"""More lines than this that read as headings are no report's; choosing among them costs their square."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading: the line it stands on, the section, and the text behind it on that line."""

    line: int
    section: str
    rest: int
    """Index in the folded line where running text begins; its length if there is none."""
    exact: bool


_OWN_NUMBER = tuple(re.compile(rf"\s*{numeral}\s*[、.．,，]") for numeral in "一二三四五六七八九")
"""A section's heading with the number it has in the form; sub-headings are numbered in brackets."""
_TABLE_WEIGHT = 10
"""A table counts as so many lines when headings compete."""


def heading_of(folded: str, sections: Sequence[Section]) -> tuple[str, int, bool] | None:
    """(section, index of running text, exact) if the folded line is a section's heading."""
    text = folded.strip()
    if len(text) < 4:
        return None
    numbered = _NUMBERING.match(folded)
    start = numbered.end() if numbered else 0
    body = folded[start:]
    if not numbered and len(squeeze(body)) > 30:
        return None
    squeezed = squeeze(body[: _MAX_HEADING * 2])
    # A bracketed number counts points inside a section; only a whole line of it may be a section's heading.
    body_may_follow = not folded.lstrip().startswith(("(", "（"))
    aliases, exact = _aliases(sections)
    if not numbered:
        found = exact.get(squeezed)
        return (found, len(folded), True) if found is not None else None
    for section, names in aliases:
        for alias in names:
            if squeezed == alias:
                return section, len(folded), True
            if body_may_follow and squeezed.startswith(alias):
                return section, start + _cut(body, alias), False
    if 5 <= len(squeezed) <= 32:
        best = max(
            ((fuzz.ratio(squeezed, alias), section) for section, names in aliases for alias in names),
            default=(0.0, ""),
        )
        if best[0] >= 82:
            return best[1], len(folded), False
    return None


_Aliases = tuple[tuple[tuple[str, tuple[str, ...]], ...], dict[str, str]]
_ALIASES: dict[int, tuple[Sequence[Section], _Aliases]] = {}


def _aliases(sections: Sequence[Section]) -> _Aliases:
    """Each section's id and its names, squeezed, longest first; and by name the first section that has it.

    Made once for each loaded form.
    """
    known = _ALIASES.get(id(sections))
    if known is None or known[0] is not sections:
        made = tuple(
            (s.id, tuple(sorted({label_key(n) for n in (s.label, *s.aliases)}, key=len, reverse=True)))
            for s in sections
        )
        exact: dict[str, str] = {}
        for section, names in made:
            for name in names:
                exact.setdefault(name, section)
        known = _ALIASES[id(sections)] = (sections, (made, exact))
    return known[1]


def _cut(body: str, alias: str) -> int:
    """Index in ``body`` just behind the characters of ``alias``, punctuation skipped."""
    matched = 0
    for index, char in enumerate(body):
        if matched == len(alias):
            return index
        if char == alias[matched]:
            matched += 1
    return len(body)


def headings(folded: Sequence[str], sections: Sequence[Section], lines: Sequence[int]) -> list[Heading]:
    """The report's own section headings, in order; a contents list before the text is passed over.

    ``lines`` are the indexes of the lines that may be headings.
    """
    hits: list[Heading] = []
    for index in lines:
        text = folded[index]
        if len(text) >= 4:
            found = heading_of(text, sections)
            if found is not None:
                hits.append(Heading(index, found[0], found[1], found[2]))
                if len(hits) == _MOST_HEADINGS:
                    break
    if not hits:
        return []
    return _chain(hits, folded, [s.id for s in sections])


def _chain(hits: list[Heading], folded: Sequence[str], order: list[str]) -> list[Heading]:
    """The increasing chain of headings that has the most text and tables behind it."""
    rank = {s: i for i, s in enumerate(order)}
    best: list[tuple[float, int]] = []
    for i, hit in enumerate(hits):
        following = hits[i + 1].line if i + 1 < len(hits) else len(folded)
        # A table is one block without a line of its own, and more than any paragraph a section's body:
        # else （一）主动公开政府信息情况 with its text would win over the section that has only a table.
        lines = sum(1 if folded[k] else _TABLE_WEIGHT for k in range(hit.line + 1, following))
        behind = lines + (1 if hit.rest < len(folded[hit.line]) else 0)
        weight = 1.0 + min(behind, 20) / 4 + (0.5 if hit.exact else 0.0)
        if _OWN_NUMBER[rank[hit.section] % len(_OWN_NUMBER)].match(folded[hit.line]):
            weight += 4.0
        score, previous = weight, -1
        for j in range(i):
            if rank[hits[j].section] < rank[hit.section] and best[j][0] + weight > score:
                score, previous = best[j][0] + weight, j
        best.append((score, previous))
    at = max(range(len(hits)), key=lambda k: (best[k][0], k))
    chain: list[Heading] = []
    while at >= 0:
        chain.append(hits[at])
        at = best[at][1]
    return chain[::-1]


def is_title(folded: str) -> bool:
    """A line that reads as the title of an annual report (alone on its line)."""
    text = folded.strip()
    if not 8 <= len(text) <= 80 or "公" not in text or "。" in text or _FILE.search(text):
        return False
    squeezed = squeeze(text)
    if re.match(r"(?:本报告|按照|根据|依据|现将|为|全文)", squeezed) or "通知" in squeezed:
        return False
    found = _TITLE.search(squeezed)
    return found is not None and ("年" in squeezed) and len(squeezed) - found.end() <= 12


def is_title_tail(folded: str) -> bool:
    """The second line of a title broken in two (``年度报告``)."""
    return _TITLE_REST.match(squeeze(folded)) is not None


def is_title_head(folded: str) -> bool:
    """The first line of a title broken in two (``…2024年政府信息公开工作``)."""
    squeezed = squeeze(folded)
    return (
        re.search(r"(?:19|20)\d\d年?度?政府信息公开(?:工作)?$", squeezed) is not None and len(squeezed) <= 50
    )


_MOST_LINES = 3
_BETWEEN = re.compile(r"[。:：;；!?>|/]|\d[月日]|\d-\d")
"""Not in a title: the marks of sentences and paths, and dates."""
_YEAR_AT_END = re.compile(r"(?:19|20)\d\d\s*$")
_YEAR_SOMEWHERE = re.compile(r"(?:19|20)\d\d")


def wrapped_title(lines: Sequence[str]) -> int:
    """How many of the folded lines are one title that was too long for its line; 0 if they are none.

    ``lines`` begin with the line in question. A line may break anywhere, also between the year's figures
    and 年, so all is decided by the lines put together.
    """
    first = lines[0] if lines else ""
    if not 2 <= len(first) <= 50 or not _YEAR_SOMEWHERE.search(first) or is_title(first):
        return 0
    joined = first
    for count, line in enumerate(lines[1:_MOST_LINES], 2):
        if _BETWEEN.search(joined) or not 1 <= len(line.strip()) <= 50:
            return 0
        # A line that is a title by itself stands for itself, unless its year is on the line above.
        if is_title(line) and not (_YEAR_AT_END.search(joined) and line.lstrip().startswith("年")):
            return 0
        joined += line
        if is_title(joined):
            return count
    return 0
