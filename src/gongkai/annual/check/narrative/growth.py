"""Growth: rates that no whole number of last year gives, and growth against last year's report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from gongkai.annual.check.narrative.matching import Narrative, quiet, quote
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.rounding import printed_bounds, rounded, rounds_to
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.tables import request_readings
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Finding, Span, Verdict, finding
from gongkai.annual.model import Number, Report

IMPOSSIBLE = "AR-N-042"
LAST_YEAR = "AR-N-043"
UNFIT = "AR-N-044"
FROM_TWO = "AR-N-045"

# So many origins of a rate are told; one of them is certain, two or more are not.
_SHOWN = 3

_BEFORE = (
    r"(?:与|同|和)?(?:同比|[较比]?(?:上一?年度?|去年|20\d\d年度?)(?:同期)?(?:相比)?|"
    r"[较比]上年同期|[较比]同期)"
)
_SAID = re.compile(
    r"^(?:,)?(?:并|共|总体|数量)?"
    + _BEFORE
    + r"(?:,)?(?:大幅|明显|有所|显著|净|共)?(?P<way>增长|增加|上升|增幅|增|减少|下降|降低|回落|降幅|减)"
    r"(?:了|率?为|达到?|幅度为)?$"
)
_PLAIN = re.compile(
    r"^(?P<way>增长|增加|上升|增幅|增|减少|下降|降低|回落|降幅|减)(?:了|率?为|达到?|幅度为)?$"
)
_THEN = re.compile(r"^(?:而)?(?:上年|去年|上一年)度?(?:同期)?(?:为|是|共|有|数)*$")
# 较2022年的90件增长25%, 上年为90件,增长25%: last year's figure stands between this year's and the rate.
_AGAINST_THEN = re.compile(
    r"[,(]?(?:而?(?:上年|去年|上一年)度?(?:同期)?(?:为|是|共|有|数)*|"
    r"[较比](?:上年|去年|上一年|20\d\d年)度?(?:同期)?的)"
)
# 由90件增加到120件,增长33.3%
_FROM = re.compile(r"[由从](?:上一?年|去年|20\d\d年)?度?(?:同期)?的?$")
_TO = re.compile(r"(?:增加|增长|上升|提高|提升|减少|下降|降低)(?:到|至|为)(?:今年|本年|20\d\d年)?度?的?")
_TIMES = re.compile(
    r"[,(]?(?:是|为|达到?|相当于)(?P<then>上一?年|去年|20\d\d年)度?(?:同期)?(?:申请)?(?:总?数?量?)的"
)
_DOWN = ("减少", "下降", "降低", "回落", "降幅", "减")
_REQUEST_CONCEPTS = frozenset(
    {"requests", "requests_received", "requests_new", "requests_handled", "requests_closed"}
)


@dataclass(frozen=True, slots=True)
class Growth:
    """A figure and what is said of its growth, in per cent or in number, or both."""

    sentence: Sentence
    base: Numeral
    rate: Numeral | None
    difference: Numeral | None
    down: bool
    year: int | None
    """The year it is measured from, where one is named."""
    then: Numeral | None = None
    """Last year's figure, where the sentence gives it (上年为100条)."""

    @property
    def sign(self) -> int:
        return -1 if self.down else 1


def earlier_values(now: int, rate: Decimal, step: Decimal) -> tuple[int, ...]:
    """Whole numbers of last year from which ``now`` is that growth in per cent, at most three of them.

    ``rate`` is negative for a fall. A rate counts as given if it is the true one rounded half up or cut
    off at the printed place. Solved for the bounds of last year's number, so that the time does not grow
    with the figures.
    """
    if rate < -100 or now < 0:
        return ()
    low, high = printed_bounds(abs(rate), step)
    hundred, count = Fraction(100), Fraction(now) * 100
    last: int | None
    if rate >= 0:
        # low <= 100 now / then - 100 < high
        first = floor(count / (hundred + high)) + 1
        last = floor(count / (hundred + low))
    elif now == 0:
        # Nothing is left of any number, and only a fall by all says so.
        first, last = 1, None if low <= hundred < high else 0
    else:
        # low <= 100 - 100 now / then < high, and a fall is from more
        if low >= hundred:
            return ()
        first = max(ceil(count / (hundred - low)), now + 1)
        last = ceil(count / (hundred - high)) - 1 if high < hundred else None
    first = max(first, 1)
    end = first + _SHOWN - 1 if last is None else min(last, first + _SHOWN - 1)
    return tuple(range(first, end + 1))


def growth_matches(narrative: Narrative, matched: tuple[FigureMatch, ...]) -> Iterator[FigureMatch]:
    """Every growth that can be tested; ``matched`` tells which figures were known to be of requests."""
    known = {m.span: m.concept for m in matched if m.concept in _REQUEST_CONCEPTS}
    # What differs from the table may be a part of it, whose growth last year's table cannot tell.
    whole = {m.span for m in matched if m.verdict in (Verdict.HOLDS, Verdict.HOLDS_IF_BLANK_IS_ZERO)}
    for sentence in narrative.sentences:
        for growth in _growths(sentence):
            span = sentence.span_of(growth.base)
            yield from _judge(narrative, growth, known.get(span), whole=span in whole)
        for growth in _times(sentence):
            span = sentence.span_of(growth.base)
            if growth.rate is not None:
                concept = known.get(span) if span in whole else None
                yield _times_match(narrative, growth, growth.rate, concept)


def _growths(sentence: Sentence) -> Iterator[Growth]:
    pieces = sentence.pieces
    for index, piece in enumerate(pieces):
        for numeral in piece.numerals:
            pair = _pair(sentence, numeral)
            if pair is not None:
                yield pair
                continue
            said, base = _said(sentence, piece, numeral, index)
            if said is None or base is None or numeral.bound is not Bound.EXACT:
                continue
            named = re.search(r"(20\d\d)年", sentence.text[base.end : numeral.start])
            year = int(named[1]) if named is not None else None
            down = said["way"] in _DOWN
            then = base if _is_last_year(sentence, base) else None
            if then is not None:
                base = _figure_before(sentence, then)
                if base is None:
                    continue
            if numeral.kind is NumeralKind.PERCENT:
                difference = _difference_after(sentence, base, numeral, down=down)
                yield Growth(sentence, base, numeral, difference, down, year, then)
            elif numeral.exact_count and numeral.unit == base.unit:
                rate = _rate_after(sentence, index, numeral)
                yield Growth(sentence, base, rate, numeral, down, year, then)


def _pair(sentence: Sentence, numeral: Numeral) -> Growth | None:
    """A rate right behind the figures of both years."""
    before = [n for n in sentence.numerals if n.end <= numeral.start]
    if numeral.kind is not NumeralKind.PERCENT or numeral.bound is not Bound.EXACT or len(before) < 2:
        return None
    first, second = before[-2:]
    if not first.exact_count or not second.exact_count or first.unit != second.unit:
        return None
    words = sentence.text[second.end : numeral.start].lstrip(",(")
    said = _SAID.match(words) or _PLAIN.match(words)
    if said is None:
        return None
    down = said["way"] in _DOWN
    between = sentence.text[first.end : second.start]
    if _AGAINST_THEN.fullmatch(between) is not None:
        return Growth(sentence, first, numeral, None, down, None, second)
    if _TO.fullmatch(between) is not None and _FROM.search(sentence.text[: first.start]) is not None:
        return Growth(sentence, second, numeral, None, down, None, first)
    return None


def _said(
    sentence: Sentence, piece: Piece, numeral: Numeral, index: int
) -> tuple[re.Match[str] | None, Numeral | None]:
    """The words of growth before a figure and the count they are said of.

    The count is the last one before them, with nothing but these words between: a growth with a subject
    of its own (访问量同比增长…) is of a figure that is not printed there.
    """
    text = sentence.text[: numeral.start]
    before = [n for n in sentence.numerals if n.end <= numeral.start]
    if not before or not before[-1].exact_count or before[-1].unit in ("倍", "分", "人次"):
        return None, None
    base = before[-1]
    said = _SAID.match(re.sub(r"^[(,]", "", text[base.end :]))
    if said is not None and _listed(sentence, piece, base, index):
        return None, None
    return said, base if said is not None else None


def _listed(sentence: Sentence, piece: Piece, base: Numeral, index: int) -> bool:
    """True if the base is one of several figures of a list, so that the growth may be of their sum."""
    at = next(i for i, p in enumerate(sentence.pieces) if base in p.numerals)
    own = [n for n in sentence.pieces[at].numerals if n.kind is NumeralKind.COUNT]
    joined = at > 0 and sentence.text[sentence.pieces[at].start - 1] in "、和及"
    # 其中当面20件,网络131件,比上年增加15件: the growth may be of the whole before 其中.
    earlier = sentence.pieces[at - 1].numerals[-1:] if at > 0 else ()
    among = "其中" in sentence.text[: base.start] and any(
        n.exact_count and n.unit == base.unit and n.end == sentence.pieces[at - 1].end for n in earlier
    )
    return len(own) > 1 or joined or among


def _rate_after(sentence: Sentence, index: int, difference: Numeral) -> Numeral | None:
    """较上年增加118件,增长67.8%: the rate said along with the difference."""
    following = [n for n in sentence.numerals if n.start >= difference.end]
    if not following or following[0].kind is not NumeralKind.PERCENT or following[0].bound is not Bound.EXACT:
        return None
    between = sentence.masked[difference.end : following[0].start].lstrip(",(、")
    said = _SAID.match(between) or _PLAIN.match(between)
    return following[0] if said is not None else None


def _difference_after(sentence: Sentence, base: Numeral, rate: Numeral, *, down: bool) -> Numeral | None:
    """同比增长33.3%,增加30件: the difference said along with the rate."""
    following = [n for n in sentence.numerals if n.start >= rate.end]
    if not following or not following[0].exact_count or following[0].unit != base.unit:
        return None
    between = sentence.masked[rate.end : following[0].start].lstrip(",(、")
    said = _SAID.match(between) or _PLAIN.match(between)
    ended = sentence.text[following[0].end : following[0].end + 1] in ("", ",", ")")
    return following[0] if said is not None and (said["way"] in _DOWN) == down and ended else None


def _times(sentence: Sentence) -> Iterator[Growth]:
    """是上年的2倍: the figure directly before and how many times last year's it is."""
    for first, second in pairwise(sentence.numerals):
        if second.unit != "倍" or second.bound is not Bound.EXACT or not first.exact_count:
            continue
        said = _TIMES.fullmatch(sentence.text[first.end : second.start])
        if said is not None:
            named = re.match(r"(20\d\d)年", said["then"])
            year = int(named[1]) if named is not None else None
            yield Growth(sentence, first, second, None, down=False, year=year)


def _times_match(narrative: Narrative, growth: Growth, said: Numeral, concept: str | None) -> FigureMatch:
    span = growth.sentence.span_of(said)
    last = [v for v in _last_values(narrative, growth, concept) if v > 0]
    if not last:
        return quiet(span, said.value, said.unit, "growth_rate", None, Verdict.CANNOT_TELL)
    for now in _bases(narrative.report, growth, concept):
        for then in last:
            if rounds_to(Decimal(now) / then, Decimal(said.value), said.step):
                return quiet(span, said.value, said.unit, "growth_rate", then, Verdict.HOLDS)
    raised = _against_last(growth, span, tuple(last), said.value)
    return quiet(span, said.value, said.unit, "growth_rate", last[0], Verdict.FAILS, raised)


def _judge(
    narrative: Narrative, growth: Growth, concept: str | None, *, whole: bool
) -> Iterator[FigureMatch]:
    if growth.base.value == 0:
        return
    if growth.then is not None:
        if growth.rate is not None and growth.then.value != 0:
            yield _from_two(growth, growth.then, growth.rate)
        return
    bases = _bases(narrative.report, growth, concept)
    last = _last_values(narrative, growth, concept) if whole else ()
    if growth.difference is not None:
        yield _difference(growth, growth.difference, bases, last)
    if growth.rate is None:
        return
    rate = Decimal(growth.rate.value) * growth.sign
    span = growth.sentence.span_of(growth.rate)
    if growth.difference is not None:
        yield _fit(growth, growth.difference, growth.rate)
        return
    possible = {now: earlier_values(now, rate, growth.rate.step) for now in bases}
    if not any(possible.values()):
        raised = finding(
            IMPOSSIBLE,
            expected=None,
            found=growth.rate.value,
            spans=(growth.sentence.span_of(growth.base), span),
            values=_values(growth) | _nearest(int(growth.base.value), rate, growth.rate.step),
        )
        yield quiet(span, growth.rate.value, "%", "growth_rate", None, Verdict.FAILS, raised)
        return
    if last:
        fits = next((v for v in last for found in possible.values() if v in found), None)
        fits = fits if fits is not None else _fits(bases, last, rate, growth.rate.step)
        if fits is not None:
            yield quiet(span, growth.rate.value, "%", "growth_rate", fits, Verdict.HOLDS)
        else:
            raised = _against_last(growth, span, last, growth.rate.value)
            yield quiet(span, growth.rate.value, "%", "growth_rate", last[0], Verdict.FAILS, raised)
        return
    only = {v for found in possible.values() for v in found}
    against = next(iter(only)) if len(only) == 1 else None
    yield quiet(span, growth.rate.value, "%", "growth_rate", against, Verdict.CANNOT_TELL)


def _fits(bases: tuple[int, ...], last: tuple[int, ...], rate: Decimal, step: Decimal) -> int | None:
    """A value of last year that gives the rate from an admissible base (many may, so test directly)."""
    for then in last:
        for now in bases:
            if then > 0 and rounds_to(abs(Decimal(now - then) / then * 100), abs(rate), step):
                return then
    return None


def _is_last_year(sentence: Sentence, numeral: Numeral) -> bool:
    """True for 上年为100条: the figure said to be last year's."""
    piece = next(p for p in sentence.pieces if numeral in p.numerals)
    return _THEN.search(sentence.masked[piece.start : numeral.start]) is not None


def _figure_before(sentence: Sentence, numeral: Numeral) -> Numeral | None:
    """The figure directly before, of the same unit."""
    before = [n for n in sentence.numerals if n.end <= numeral.start]
    if not before or not before[-1].exact_count or before[-1].unit != numeral.unit:
        return None
    return before[-1]


def _from_two(growth: Growth, then: Numeral, said: Numeral) -> FigureMatch:
    """A rate with both years' figures in the same sentence."""
    span, rate = growth.sentence.span_of(said), Decimal(said.value) * growth.sign
    true = Decimal(int(growth.base.value) - int(then.value)) / int(then.value) * 100
    if rounds_to(abs(true), abs(rate), said.step) and (true == 0 or (true > 0) == (growth.sign > 0)):
        return quiet(span, said.value, "%", "growth_rate", then.value, Verdict.HOLDS)
    raised = finding(
        FROM_TWO,
        expected=rounded(true, said.step),
        found=rate,
        spans=(growth.sentence.span_of(growth.base), growth.sentence.span_of(then), span),
        values=_values(growth) | {"then": then.value},
    )
    return quiet(span, said.value, "%", "growth_rate", then.value, Verdict.FAILS, raised)


def _fit(growth: Growth, difference: Numeral, said: Numeral) -> FigureMatch:
    """A difference and a rate in one sentence: they must come from one number of last year."""
    span, rate = growth.sentence.span_of(said), Decimal(said.value) * growth.sign
    change = int(difference.value) * growth.sign
    then = int(growth.base.value) - change
    true = Decimal(change) / then * 100 if then > 0 else None
    if true is not None and rounds_to(abs(true), abs(rate), said.step):
        return quiet(span, said.value, "%", "growth_rate", then, Verdict.HOLDS)
    raised = finding(
        UNFIT,
        expected=None if true is None else rounded(abs(true), said.step),
        found=said.value,
        spans=(growth.sentence.span_of(growth.base), growth.sentence.span_of(difference), span),
        values=_values(growth) | {"then": then, "difference": difference.value},
    )
    return quiet(span, said.value, "%", "growth_rate", then, Verdict.FAILS, raised)


def _difference(growth: Growth, said: Numeral, bases: tuple[int, ...], last: tuple[int, ...]) -> FigureMatch:
    change = int(said.value) * growth.sign
    span = growth.sentence.span_of(said)
    unit, printed = said.unit, said.value
    then = int(growth.base.value) - change
    if not last:
        return quiet(span, printed, unit, "growth_count", then, Verdict.CANNOT_TELL)
    if any(now - change in last for now in bases):
        fitting = next(now - change for now in bases if now - change in last)
        return quiet(span, printed, unit, "growth_count", fitting, Verdict.HOLDS)
    raised = _against_last(growth, span, last, printed)
    return quiet(span, printed, unit, "growth_count", last[0], Verdict.FAILS, raised)


def _bases(report: Report, growth: Growth, concept: str | None) -> tuple[int, ...]:
    """The figure itself and, for requests, what else it may be counted from (received or handled)."""
    values: list[Number | None] = [growth.base.value]
    if concept is not None and concept != "requests_new":
        values += [r.value for r in request_readings(report, "requests") if not r.open and not r.blanks]
    return tuple(dict.fromkeys(int(v) for v in values if isinstance(v, int)))


def _last_values(narrative: Narrative, growth: Growth, concept: str | None) -> tuple[int, ...]:
    if narrative.last_year is None or concept is None:
        return ()
    if growth.year is not None and growth.year != narrative.last_year.year:
        return ()
    # 新收 can only be measured from last year's 新收; 收到 and 办理 do not say their base.
    base = concept if concept == "requests_new" else "requests"
    readings = request_readings(narrative.last_year, base)
    if any(r.open or r.blanks or r.value is None for r in readings):
        return ()
    return tuple(dict.fromkeys(int(r.value) for r in readings if isinstance(r.value, int)))


def _against_last(growth: Growth, span: Span, last: tuple[int, ...], printed: Number) -> Finding:
    return finding(
        LAST_YEAR,
        expected=last[0],
        found=printed,
        spans=(growth.sentence.span_of(growth.base), span),
        values=_values(growth) | {"last_zh": "、".join(map(str, last)), "last_en": ", ".join(map(str, last))},
    )


def _values(growth: Growth) -> dict[str, object]:
    end = max(n.end for n in (growth.rate, growth.difference) if n is not None)
    return {
        "quote": quote(growth.sentence, growth.base.start, end),
        "now": growth.base.value,
        "rate": growth.rate.value if growth.rate is not None else "",
    }


def _nearest(now: int, rate: Decimal, step: Decimal) -> dict[str, object]:
    """The two whole numbers around the one that would be needed, with the rates they give."""
    middle = Decimal(now) / (1 + rate / 100) if rate > -100 else Decimal(1)
    lower = max(int(middle.to_integral_value(rounding=ROUND_FLOOR)), 1)
    shown = [(then, rounded(abs((Decimal(now) - then) / then * 100), step)) for then in (lower, lower + 1)]
    return {
        "nearest_zh": "，".join(f"{then} 得 {true}%" for then, true in shown),
        "nearest_en": ", ".join(f"{then} gives {true}%" for then, true in shown),
    }
