"""Rates of results of remedies (复议维持率80%) against Table 4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.annual.check.narrative.against import Choice, choices
from gongkai.annual.check.narrative.matching import Narrative, quote
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.rounding import rounded, rounds_to
from gongkai.annual.check.narrative.scope import other_time, setting
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.tables import remedy_cells
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Verdict, finding
from gongkai.annual.model import Report

RATE = "AR-N-016"

_RATE = re.compile(
    r"(?P<kind>复议|诉讼|应诉)(?:案件)?(?:的)?(?:被)?(?P<result>维持|胜诉|纠错|纠正|败诉)率(?:均|都|为|达到?|是|仅)*$"
)
_CONTEXT = re.compile(r"信息公开|依申请|申请公开|公开申请")
_DIRECT, _AFTER = ("litigation_direct",), ("litigation_after_reconsideration",)
_UPHELD, _CORRECTED, _OTHER = ("upheld",), ("corrected",), ("other",)
# What a rate may be measured by: all cases, those decided, those upheld or corrected.
_WHOLES = (("total",), _UPHELD + _CORRECTED + _OTHER, _UPHELD + _CORRECTED)


def remedy_rate_matches(narrative: Narrative) -> Iterator[FigureMatch]:
    """Every rate of cases upheld or corrected, in paragraphs on disclosure, that Table 4 can answer."""
    for paragraph in narrative.paragraphs():
        context = paragraph[0].section == "4"
        for sentence in paragraph:
            context = context or _CONTEXT.search(sentence.text) is not None
            for piece in sentence.pieces if context else ():
                for numeral in piece.numerals:
                    match = _match(narrative.report, sentence, piece, numeral)
                    if match is not None:
                        yield match


def _match(report: Report, sentence: Sentence, piece: Piece, numeral: Numeral) -> FigureMatch | None:
    if numeral.kind is not NumeralKind.PERCENT or numeral.bound is not Bound.EXACT:
        return None
    said = _RATE.search(sentence.masked[piece.start : numeral.start])
    if said is None or other_time(report, sentence, piece, numeral.start):
        return None
    ratios = _ratios(report, said["kind"], said["result"])
    if not ratios:
        return None
    span, printed = sentence.span_of(numeral), Decimal(numeral.value)
    for cells, ratio in ratios:
        if rounds_to(ratio, printed, numeral.step):
            return FigureMatch(span, printed, "%", "share", cells, ratio, Verdict.HOLDS)
    cells, ratio = ratios[0]
    if setting(report, sentence, piece, numeral.start).scoped:
        return FigureMatch(span, printed, "%", "share", cells, ratio, Verdict.CANNOT_TELL)
    raised = finding(
        RATE,
        cells=cells,
        expected=rounded(ratio, numeral.step),
        found=printed,
        spans=(span,),
        values={
            "quote": quote(sentence, numeral.start, numeral.end),
            "printed": sentence.text[numeral.start : numeral.end],
        },
    )
    return FigureMatch(span, printed, "%", "share", cells, ratio, Verdict.FAILS, raised)


def _ratios(report: Report, kind: str, result: str) -> list[tuple[tuple[str, ...], Decimal]]:
    """Every admissible rate with its cells; none where a cell is not known."""
    groups = (("reconsideration",),) if kind == "复议" else (_DIRECT + _AFTER, _DIRECT, _AFTER)
    match result:
        case "维持":
            parts = (_UPHELD,)
        case "胜诉":
            parts = (_UPHELD, _UPHELD + _OTHER)
        case _:
            parts = (_CORRECTED,)
    found: list[tuple[tuple[str, ...], Decimal]] = []
    for group in groups:
        for whole in (_sum(report, group, names) for names in _WHOLES):
            for part in (_sum(report, group, names) for names in parts):
                if whole is None or part is None or whole.value is None or part.value is None:
                    return []
                if whole.value > 0:
                    ratio = Decimal(part.value) / Decimal(whole.value) * 100
                    found.append((tuple(dict.fromkeys((*part.cells, *whole.cells))), ratio))
    return found


def _sum(report: Report, group: tuple[str, ...], names: tuple[str, ...]) -> Choice | None:
    found = choices(report, tuple(p for name in names for p in remedy_cells(report.form, group, name)))
    return found[0] if found and not found[0].open and not found[0].blanks else None
