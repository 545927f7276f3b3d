"""What is readable but no report of a known form, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.annual.fold import squeeze
from gongkai.annual.form import Form
from gongkai.annual.read import outline, preface
from gongkai.annual.read.decode import damaged
from gongkai.annual.read.entries import fold_many
from gongkai.annual.read.errors import NotAReport
from gongkai.annual.read.fit import Fit, form_rows
from gongkai.annual.read.outline import Heading
from gongkai.annual.read.parts import Part

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


def refuse_others(
    part: Part, best: Fit, found: Sequence[Heading], title: str | None, forms: Sequence[Form]
) -> None:
    """Raise ``NotAReport`` for what is readable but no report of a known form."""
    rows = len(form_rows(best.form))
    exact = len({h.section for h in found})
    if best.filled >= max(2, 0.3 * rows):
        return
    text = "\n".join(part.lines)
    if damaged(text):
        raise NotAReport("AR-X-053")
    year = preface.year_in("".join(fold_many([title]))) if title is not None else preface.year_in(text[:400])
    old = _PRE_2019.search(text) is not None or (year is not None and year < min(f.first_year for f in forms))
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


def _written(part: Part, found: Sequence[Heading]) -> int:
    """Characters of running text outside headings and title."""
    heads = {h.line for h in found}
    return sum(
        len(line.strip())
        for i, line in enumerate(part.lines)
        if i not in heads and not outline.is_title(line)
    )
