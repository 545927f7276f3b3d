"""全部予以公开, 均为自然人申请: all requests said to be of one result or of one kind of applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.annual.check.narrative.against import Choice, choices
from gongkai.annual.check.narrative.matching import Claim, Narrative, settle
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.scope import setting
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.tables import Named, applicants, outcomes, request_cell
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Verdict
from gongkai.annual.model import Report

ALL = "AR-N-005"

_REQUESTS = frozenset(
    {"requests", "requests_received", "requests_new", "requests_handled", "requests_closed"}
)
_BEFORE = (
    r"[,(]?(?:申请)?(?:目前|现)?(?:已经?)?(?:均|全部|都|皆)"
    r"(?:已经?|依法|按规定|按时|按期|及时|为|系|由|是|属于|作出)*"
)
_BEHIND = r"(?:提出|提交|申请|处理|答复|决定|类|的)*(?=$|[,)])"


def all_matches(narrative: Narrative, known: tuple[FigureMatch, ...]) -> Iterator[FigureMatch]:
    """Every 'all of them' right behind a number of requests that agrees with Table 3.

    ``known`` are the figures already set against the table: of another number it is not known what it is
    the whole of.
    """
    whole = {m.span for m in known if m.concept in _REQUESTS and m.verdict is Verdict.HOLDS and m.figure > 0}
    for sentence in narrative.sentences:
        for piece in sentence.pieces:
            for numeral in piece.numerals:
                if sentence.span_of(numeral) in whole:
                    yield from _all(narrative.report, sentence, piece, numeral)


def _all(report: Report, sentence: Sentence, piece: Piece, base: Numeral) -> Iterator[FigureMatch]:
    results = [n for n in outcomes(report.form) if n.whole]
    kinds = [n for n in applicants(report.form) if n.whole or not _grouped(report, n)]
    for named, concept in (
        *((n, "requests_outcome") for n in results),
        *((n, "requests_applicant") for n in kinds),
    ):
        word = re.escape(named.word).replace("或", "[或和及与、]")
        found = re.compile(_BEFORE + f"(?P<word>{word})" + _BEHIND).match(sentence.masked, base.end)
        if found is None:
            continue
        rest = _other_results(report, named) if concept == "requests_outcome" else _other_kinds(report, named)
        start = found.start() + (1 if found[0][0] in ",(" else 0)
        zero = Numeral(start, found.end(), 0, "", NumeralKind.COUNT, Bound.EXACT, Decimal(1))
        place = setting(report, sentence, piece, base.start)
        yield settle(report, Claim(sentence, zero, concept, ALL, rest, place, certain=False, word=named.word))
        return


def _grouped(report: Report, named: Named) -> bool:
    """True for a column below a group: all of it is all of the group too."""
    return any(n.whole and set(named.keys) < set(n.keys) for n in applicants(report.form))


def _other_results(report: Report, named: Named) -> tuple[Choice, ...]:
    others = [k for n in outcomes(report.form) if n.whole and n.keys != named.keys for k in n.keys]
    return choices(report, [request_cell(k) for k in others])


def _other_kinds(report: Report, named: Named) -> tuple[Choice, ...]:
    keys = dict.fromkeys(k for n in applicants(report.form) for k in n.keys)
    others = [k for k in keys if k not in named.keys]
    return choices(report, *([request_cell(row, k) for k in others] for row in ("new", "total")))
