"""Shares of the requests whose part is not printed: of a kind of applicant, or given by no whole number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil

from gongkai.annual.check.narrative.against import Choice, choices
from gongkai.annual.check.narrative.matching import Narrative, quote
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.rounding import printed_bounds, rounded, rounds_to
from gongkai.annual.check.narrative.scope import other_time, setting
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.shares import SHARE
from gongkai.annual.check.narrative.tables import (
    Named,
    applicants,
    outcome_words,
    request_cell,
    request_readings,
)
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Verdict, finding
from gongkai.annual.model import Report

IMPOSSIBLE = "AR-N-047"

_OBJECT = re.compile(r"公开申请|依申请公开|申请公开")
_OF_ALL = (
    r"(?:占比?|比例|比重)(?:全部|全年|本年度?|新收|收到|办结|办理|所有|的)*(?:政府信息公开|信息公开)?(?:申请)?"
    r"(?:总件?数量?|总量|件数)?(?:的)?(?:比例|比重)?(?:为|达到?|是)?$"
)
_KIND_BEHIND = r"(?:的|提出|提交|类)*(?:申请)?(?:人|量|件|数)?" + _OF_ALL
_REQUESTS = re.compile(r"^(?:其中)?(?:通过|以)?[^,#占中]{0,10}申请(?:量|数|件)?" + _OF_ALL)
# A whole of its own named before (不予公开的申请中,自然人占…); of all requests is none.
_AMONG = re.compile(r"[中里]$")
_AMONG_ALL = re.compile(r"(?:收到|受理|办理|接收|新收|全部|所有)的?[^,#]{0,12}申请[中里]$")
_ROWS = (("new",), ("total",), ("new", "carried_in"))


def shares_of_requests(narrative: Narrative) -> Iterator[FigureMatch]:
    """Shares without a figure of their part, in paragraphs on requests, against Table 3."""
    for paragraph in narrative.paragraphs():
        told: list[int] = []
        context = False
        for sentence in paragraph:
            context = context or _OBJECT.search(sentence.text) is not None
            told += [int(n.value) for n in sentence.numerals if n.exact_count]
            for piece in sentence.pieces if context else ():
                match = _share(narrative.report, sentence, piece, told)
                if match is not None:
                    yield match


def _share(report: Report, sentence: Sentence, piece: Piece, told: list[int]) -> FigureMatch | None:
    if len(piece.numerals) != 1:
        return None
    (numeral,) = piece.numerals
    if numeral.kind is not NumeralKind.PERCENT or numeral.bound is not Bound.EXACT or numeral.value > 100:
        return None
    label = sentence.masked[piece.start : numeral.start]
    named = _kind(report, label)
    if named is None and _REQUESTS.match(label) is None:
        return None
    if other_time(report, sentence, piece, numeral.start):
        return None
    wholes = _totals(report)
    if not wholes:
        return None
    certain = _of_everything(report, sentence, piece)
    if named is None:
        return _impossible(sentence, numeral, [*wholes, *told]) if certain else None
    return _of_kind(report, sentence, numeral, named, told, certain=certain)


def _kind(report: Report, label: str) -> Named | None:
    for named in applicants(report.form):
        word = re.escape(named.word).replace("或", "[或和及与、]")
        if re.match(r"(?:其中)?由?" + word + _KIND_BEHIND, label):
            return named
    return None


def _of_everything(report: Report, sentence: Sentence, piece: Piece) -> bool:
    """True if nothing before it makes the share one of a part, of one body or of some months."""
    before = sentence.masked[: piece.start]
    words = outcome_words(report.form)
    index = sentence.pieces.index(piece)
    last = sentence.pieces[index - 1].masked if index > 0 else ""
    if (words is not None and words.search(before)) or (_AMONG.search(last) and not _AMONG_ALL.search(last)):
        return False
    head = sentence.text.find("其中")
    at = head if 0 <= head < piece.end else piece.start
    first = next(p for p in sentence.pieces if p.start <= at <= p.end)
    return not setting(report, sentence, first, at).scoped


def _totals(report: Report) -> list[int]:
    """Every admissible total of the requests; none where one is not known."""
    readings = request_readings(report, "requests_received") + request_readings(report, "requests_answered")
    if any(_unknown(r) for r in readings):
        return []
    return list(dict.fromkeys(int(r.value) for r in readings if r.value is not None and r.value > 0))


def _unknown(reading: Choice) -> bool:
    return reading.value is None or reading.open or reading.blanks


def _of_kind(
    report: Report, sentence: Sentence, numeral: Numeral, named: Named, told: list[int], *, certain: bool
) -> FigureMatch | None:
    parts = choices(report, *([request_cell(r, key) for key in named.keys for r in row] for row in _ROWS))
    if not parts or any(_unknown(p) for p in parts):
        return None
    # A part of the new requests is of the new ones; of a total that is told, it may be any of them.
    own = choices(report, *([request_cell(r) for r in row] for row in _ROWS))
    if len(own) != len(parts) or any(_unknown(w) for w in own):
        return None
    span, printed = sentence.span_of(numeral), Decimal(numeral.value)
    for part, of in zip(parts, own, strict=True):
        for whole in (of.value, *told):
            if part.value is None or whole is None or whole <= 0:
                continue
            ratio = Decimal(part.value) / Decimal(whole) * 100
            if rounds_to(ratio, printed, numeral.step):
                return FigureMatch(span, printed, "%", "share", part.cells, ratio, Verdict.HOLDS)
    first = parts[0]
    whole = own[0].value
    if not certain or first.value is None or whole is None or whole <= 0:
        return None
    ratio = Decimal(first.value) / Decimal(whole) * 100
    raised = finding(
        SHARE,
        cells=first.cells,
        expected=rounded(ratio, Decimal("0.01")),
        found=printed,
        spans=(span,),
        values={
            "quote": quote(sentence, numeral.start, numeral.end),
            "part": str(first.value),
            "whole": str(whole),
            "printed": sentence.text[numeral.start : numeral.end],
        },
    )
    return FigureMatch(span, printed, "%", "share", first.cells, ratio, Verdict.FAILS, raised)


def _impossible(sentence: Sentence, numeral: Numeral, wholes: list[int]) -> FigureMatch | None:
    """A share that no whole number of any admissible total gives."""
    span, printed = sentence.span_of(numeral), Decimal(numeral.value)
    low, high = printed_bounds(printed, numeral.step)
    for whole in wholes:
        part = ceil(low * whole / 100)
        if Fraction(part * 100) < high * whole:
            return FigureMatch(span, printed, "%", "share", (), None, Verdict.CANNOT_TELL)
    total = wholes[0]
    part = int(printed * total / 100)
    near = [(n, rounded(Decimal(n) / total * 100, numeral.step)) for n in (part, part + 1)]
    raised = finding(
        IMPOSSIBLE,
        expected=None,
        found=printed,
        spans=(span,),
        values={
            "quote": quote(sentence, numeral.start, numeral.end),
            "printed": sentence.text[numeral.start : numeral.end],
            "whole": str(total),
            "nearest_zh": "，".join(f"{n} 件是 {share}%" for n, share in near),
            "nearest_en": ", ".join(f"{n} are {share}%" for n, share in near),
        },
    )
    return FigureMatch(span, printed, "%", "share", (), None, Verdict.FAILS, raised)
