"""Marks of a template that were never filled in: XX年, 20××年, ×月×日."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.annual.findings import Finding, Span, finding
from gongkai.annual.model import Report

PLACEHOLDER = "AR-N-061"

_MARK = "[XxＸｘ×✕╳＊*]"
# Only before what a template leaves open: a name or a number hidden on purpose (张××, 138××××0000) is none.
_OPEN = re.compile(
    rf"(?<![A-Za-zＡ-Ｚａ-ｚ0-9０-９XxＸｘ×✕╳＊*])(?:20{_MARK}{{2}}|{_MARK}{{1,4}})年(?![A-Za-z])"
    rf"|(?<![A-Za-z0-9XxＸｘ×✕╳＊*]){_MARK}{{1,2}}月{_MARK}{{1,2}}[日号]"
    rf"|(?<=[\u4e00-\u9fff,，、:：]){_MARK}{{2,4}}(?:余?[件条次个份场期篇]|万元|%|％)"
    rf"|[〔\[]20{_MARK}{{2}}[〕\]]"
)


def placeholders(report: Report) -> Iterator[Finding]:
    """Every place of the text where a template's mark stands for a year, a date or a figure."""
    for key, text in report.sections.items():
        for found in _OPEN.finditer(text):
            start = max(found.start() - 8, text.rfind("\n", 0, found.start()) + 1)
            yield finding(
                PLACEHOLDER,
                found=found[0],
                spans=(Span(key, found.start(), found.end()),),
                values={"mark": found[0], "quote": text[start : found.end() + 8].split("\n")[0]},
            )
