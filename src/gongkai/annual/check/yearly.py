"""This year's report against last year's: the form's yearly relations, and sentences carried over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gongkai.annual.check.bodies import same_body
from gongkai.annual.check.registry import CheckContext, check
from gongkai.annual.findings import Finding, Severity, Span, Verdict, finding
from gongkai.annual.form import YearlyRelation
from gongkai.annual.model import Number, Report
from gongkai.annual.relations import evaluate_yearly

OTHER_BODY = "AR-Y-010"
NOT_CONSECUTIVE = "AR-Y-011"
COPIED = "AR-Y-012"

MIN_COPIED = 16
"""Characters, without punctuation, from which two equal sentences are no chance."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_INSTRUMENT = re.compile(
    r"《[^》]*》|[〔\[(（【][^〕\])）】]*号?[〕\])）】]\s*\d*\s*[号號]?|第\s*\d+\s*[号號]|https?://\S+"
)
_BLANK = "空"
_NOT_TEXT = re.compile(r"[\W_]+")


@check("yearly", OTHER_BODY, NOT_CONSECUTIVE, COPIED)
def yearly(context: CheckContext) -> Iterator[Finding]:
    """Nothing without last year's report; no relation between reports of other bodies or other years."""
    this, last = context.report, context.last_year
    if last is None:
        return
    comparable = True
    if this.body is not None and last.body is not None and not same_body(this.body, last.body):
        comparable = False
        yield finding(OTHER_BODY, expected=this.body, found=last.body)
    if this.year is not None and last.year is not None and last.year != this.year - 1:
        comparable = False
        yield finding(NOT_CONSECUTIVE, expected=this.year - 1, found=last.year, values={"year": this.year})
    if comparable:
        yield from _relations(this, last)
        yield from _copied(this, last)


def _relations(this: Report, last: Report) -> Iterator[Finding]:
    for relation in this.form.yearly:
        evaluation = evaluate_yearly(this, last, relation)
        if evaluation is None or evaluation.verdict is not Verdict.FAILS:
            continue
        yield finding(
            relation.id,
            severity=Severity(relation.severity),
            cells=tuple(path for _, path in relation.this),
            expected=evaluation.last,
            found=evaluation.this,
            relation=relation.instance,
            values={
                "title": relation.title,
                "where": _place(this, relation),
                "left": written_terms(this, relation.this),
                "right": written_terms(last, relation.last),
            },
        )


def _place(this: Report, relation: YearlyRelation) -> str:
    specs = [this.form.spec(path) for _, path in relation.this]
    if len(specs) > 1 and len({s.row.key for s in specs}) == 1 and specs[0].row.labels:
        return specs[0].row.labels[-1]
    labels = specs[0].column.labels
    return " · ".join(labels[1:] if len(labels) > 1 else labels)


def written_terms(report: Report, terms: tuple[tuple[int, str], ...]) -> str:
    """The terms in numbers, e.g. ``40 - 12 + 3 = 31``; a single one is just its number, a blank is ``空``."""
    parts: list[str] = []
    total: Number = 0
    for sign, path in terms:
        value = report.value(path)
        # A blank is none for the sum, and no printed 0.
        total = total if value is None else total + sign * value
        shown = _BLANK if value is None else str(value)
        operator = "-" if sign < 0 else "+"
        parts.append(f"{operator} {shown}" if parts else (f"-{shown}" if sign < 0 else shown))
    return parts[0] if len(parts) == 1 else f"{' '.join(parts)} = {total}"


def _copied(this: Report, last: Report) -> Iterator[Finding]:
    """Sentences with figures or dates that stand in last year's report word for word."""
    before = {key for text in last.sections.values() for _, _, key in _figure_sentences(text)}
    for number, text in this.sections.items():
        for start, end, key in _figure_sentences(text):
            if key in before:
                yield finding(
                    COPIED,
                    found=text[start:end],
                    spans=(Span(number, start, end),),
                    values={"sentence": text[start:end], "number": number},
                )


_CONTACT = re.compile("电话|電話|邮编|郵編|邮政编码|郵政編碼|地址|联系|聯系|聯繫|下载|下載")
"""How to reach the office is meant to stand every year."""


def _figure_sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """Sentences that state figures or dates, as (start, end, text without punctuation).

    Numbers of instruments, articles and addresses are no figures: these may well stand every year.
    """
    for match in _SENTENCE.finditer(text):
        raw = match[0]
        if not any(c.isdigit() for c in _INSTRUMENT.sub("", raw)):
            continue
        if "|" in raw or _CONTACT.search(raw):
            continue
        key = _NOT_TEXT.sub("", unicodedata.normalize("NFKC", raw))
        if len(key) >= MIN_COPIED:
            lead = len(raw) - len(raw.lstrip())
            yield match.start() + lead, match.end(), key
