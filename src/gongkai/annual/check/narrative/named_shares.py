"""Shares of a total that the words name (占办结总数的53.0%): computed from the part and Table 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.annual.check.narrative.against import choices
from gongkai.annual.check.narrative.matching import Narrative, quote
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.rounding import rounded, rounds_to
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.shares import SHARE
from gongkai.annual.check.narrative.tables import outcomes, request_cell, request_readings
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Span, Verdict, finding
from gongkai.annual.model import Report

# The editions have six; an added one with many more is not summed without end.
_MOST_GROUPS = 10

_OF_NAMED = re.compile(
    r"占(?:全部|全年|本年度?|年度|当年|所有)*(?P<act>已?办结|办理|答复|处理|新?收到?|受理|接收)?"
    r"(?:的)?(?:政府信息公开|依申请公开|信息公开)?(?P<object>申请)?(?:件)?(?P<sum>总件?数量?|总量|件数|数量?|量)?"
    r"(?:的(?:比例|比重)?)?(?:为|达到?|是)?$"
)
# 占比, 占总数: the whole is left to the reader.
_OF_ALL = re.compile(r"占(?:比|其)?(?P<act>(?!))?(?P<object>(?!))?(?:约)?(?:为|达到?)?$")
_NEAR = re.compile(r"[,(、]?")


def named_share_matches(narrative: Narrative, known: tuple[FigureMatch, ...]) -> Iterator[FigureMatch]:
    """Shares of the requests closed or received, said of a figure that agrees with Table 3.

    ``known`` are the figures already set against Table 3. Only these have a share that can be wrong: of
    another figure the whole is not certain. A share that any admissible total gives is right.
    """
    parts = {m.span: m for m in known if m.concept in ("requests_outcome", "requests_applicant")}
    for paragraph in narrative.paragraphs():
        told: list[Numeral] = []
        for sentence in paragraph:
            told += [n for n in sentence.numerals if n.exact_count]
            for piece in sentence.pieces:
                for numeral in piece.numerals:
                    match = _share(narrative, sentence, piece, numeral, told, parts)
                    if match is not None:
                        yield match


def _share(
    narrative: Narrative,
    sentence: Sentence,
    piece: Piece,
    numeral: Numeral,
    told: list[Numeral],
    parts: dict[Span, FigureMatch],
) -> FigureMatch | None:
    if numeral.kind is not NumeralKind.PERCENT or numeral.bound is not Bound.EXACT:
        return None
    said = _OF_NAMED.search(sentence.masked[piece.start : numeral.start])
    if said is None:
        said = _OF_ALL.search(sentence.masked[piece.start : numeral.start])
    if said is None:
        return None
    before = [n for n in sentence.numerals if n.end <= numeral.start]
    part = before[-1] if before else None
    if part is None or not part.exact_count or not part.value:
        return None
    match = parts.get(sentence.span_of(part))
    start = piece.start + said.start()
    if match is None or match.against is None or not _NEAR.fullmatch(sentence.text[part.end : start]):
        return None
    named = said["act"] is not None or said["object"] is not None
    concepts = _concepts(said["act"])
    readings = [c for concept in concepts for c in request_readings(narrative.report, concept)]
    totals = [int(c.value) for c in readings if c.value is not None and not c.open and not c.blanks]
    wholes = [*totals, *(int(n.value) for n in told if n.unit == part.unit and n is not part)]
    # A bare 占 may be of any results taken together (of all that was answered, of all that was refused).
    wholes += [] if named else _sums_of_results(narrative.report)
    printed = Decimal(numeral.value)
    span = sentence.span_of(numeral)
    # A part that contradicts the table is told for itself; its share may be of the true one.
    counts = {Decimal(part.value), Decimal(match.against)}
    for whole in wholes:
        if whole > 0 and any(rounds_to(c / whole * 100, printed, numeral.step) for c in counts):
            return FigureMatch(span, printed, "%", "share", (), Decimal(whole), Verdict.HOLDS)
    agrees = match.verdict in (Verdict.HOLDS, Verdict.HOLDS_IF_BLANK_IS_ZERO)
    whole = next((t for t in totals if t > 0), None)
    if not agrees or whole is None:
        return None
    ratio = Decimal(part.value) / whole * 100
    raised = finding(
        SHARE,
        cells=tuple(dict.fromkeys((*match.cells, *readings[0].cells))),
        expected=rounded(ratio, Decimal("0.01")),
        found=printed,
        spans=(span, sentence.span_of(part)),
        values={
            "quote": quote(sentence, numeral.start, numeral.end),
            "part": str(part.value),
            "whole": str(whole),
            "printed": sentence.text[numeral.start : numeral.end],
        },
    )
    return FigureMatch(span, printed, "%", "share", (), ratio, Verdict.FAILS, raised)


def _sums_of_results(report: Report) -> list[int]:
    """Sums of neighbouring result groups of Table 3, and of all groups but one.

    Not of any choice of groups: among so many sums some would give almost every share.
    """
    order = {path: index for index, path in enumerate(report.form.cells)}
    named = [n for n in outcomes(report.form) if n.whole]
    named.sort(key=lambda n: order.get(request_cell(n.keys[0]), len(order)))
    groups = [choices(report, [request_cell(k) for k in n.keys]) for n in named]
    values = [int(g[0].value) for g in groups if g and g[0].value is not None][:_MOST_GROUPS]
    runs = {sum(values[i:j]) for i in range(len(values)) for j in range(i + 1, len(values) + 1)}
    return sorted(runs | {sum(values) - value for value in values})


def _concepts(act: str | None) -> tuple[str, ...]:
    match act:
        case None:
            return ("requests_received", "requests_answered")
        case "收" | "收到" | "新收" | "新收到" | "受理" | "接收":
            return ("requests_received",)
        case "办结" | "已办结" | "答复" | "处理" | "办理":
            return ("requests_answered",)
        case _:
            return ("requests_answered", "requests_received")
