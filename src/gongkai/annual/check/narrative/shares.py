"""Shares within the narrative: those said of one whole, those its own figures give, and words of rank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, permutations

from gongkai.annual.check.narrative.breakdowns import DIMENSIONS
from gongkai.annual.check.narrative.matching import Narrative, quiet, quote
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.rounding import rounded, rounds_to
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Verdict, finding

SHARES = "AR-N-033"
SHARE = "AR-N-041"
RANK = "AR-N-051"
RATE = "AR-N-046"

_OF = re.compile(r"占(?:比|总数|总量|全部|全年|其)?[^,#]{0,12}$|(?:比例|比重)(?:为|达|是|约)*$")
_OVERLAPPING = re.compile(r"同比|[较比]上|增长|下降|其中[^,]*其中|满意|知晓|率")
_DIVIDED = re.compile(r"分为|共[^,#]{0,8}类|由[^,#]{1,30}组成|[两三四五六七]类")
_COMMON = re.compile(r"其中|分别|从[^,#]{1,12}看|按[^,#]{1,12}分|[合总共]计#")
# Labels of one kind in a row (政策类占, 民生类占) are parts of one whole, though no word says so.
_ALIKE = re.compile(
    r"^(?P<name>[^,#占]{1,12}?(?P<kind>类|方面|领域)(?:信息|内容|申请|文件|问题|事项)?)的?(?:信息)?占(?:比|到)?(?:为|达)?$"
)
_AMONG_KIND = re.compile(
    r"^(?:其中)?[^,#占]{1,10}(?:类|方面|领域)(?:信息|内容|申请|文件|问题|事项)?(?:为|有)?$"
)
# Several of these may be true of one thing, or the share may go up by steps.
_NOT_APART = re.compile(r"累计|前[两三四五]|网站|微信|微博|公众号|新媒体|客户端|平台|分别占各|各自|有的")
# Rates of things that are done or not: none can pass the whole. 办结率 alone may count cases carried in.
_BOUNDED_RATE = re.compile(
    r"(?:(?:按时|按期|及时|如期|限时|期限内)(?:办结|答复|回复|办理|公开|公示|反馈|处理|整改|更新)|答复|回复|满意|"
    r"知晓|合格|达标|覆盖|准确|正确|及时|公开|公示|反馈|整改|维持|纠错|败诉|胜诉)[率度]"
    r"(?:均|都|全部|已|也|一直|保持|稳定|在|为|是|达到|达|:)*$"
)
# A share of a whole that the words call the sum of all.
_BOUNDED_SHARE = re.compile(
    r"占(?:(?!计划|目标|任务|上年|去年|同期|预算|上一年)[^,#占]){0,10}总(?:数量?|量)的?(?:比例|比重)?(?:为|达)?$"
)
_WITHIN = re.compile(r"(?:中|里|来?看)$")
_ACTIONS = re.compile(r"首先")
_FIRST = re.compile(r"最多|居首|首位|第一|为主|占|最高|主要")
_ORDER = (re.compile(r"其次"), re.compile(r"再次|再者|第三|最后|最少"))


def share_matches(narrative: Narrative) -> Iterator[FigureMatch]:
    """Shares that add to 100 or should, and shares that figures of the paragraph give."""
    for paragraph in narrative.paragraphs():
        earlier: list[tuple[Sentence, Numeral]] = []
        for sentence in paragraph:
            yield from _adding(sentence)
            yield from _rates(sentence)
            earlier += [(sentence, n) for n in sentence.numerals if n.exact_count]
            for piece in sentence.pieces:
                for numeral in piece.numerals:
                    match = _share(sentence, piece, numeral, earlier)
                    if match is not None:
                        yield match


def rank_matches(narrative: Narrative) -> Iterator[FigureMatch]:
    """其次 before a smaller figure than 再次, and a first that is smaller than 其次."""
    for sentence in narrative.sentences:
        if "其次" not in sentence.text or _ACTIONS.search(sentence.text):
            continue
        ranked = _ranked(sentence)
        for (_, higher), (word, lower) in pairwise(ranked):
            same = higher.kind is lower.kind and higher.unit == lower.unit
            if not same:
                continue
            wrong = Decimal(lower.value) > Decimal(higher.value)
            raised = None
            if wrong:
                raised = finding(
                    RANK,
                    expected=higher.value,
                    found=lower.value,
                    spans=(sentence.span_of(higher), sentence.span_of(lower)),
                    values={
                        "quote": quote(sentence, higher.start, lower.end),
                        "higher": sentence.text[higher.start : higher.end],
                        "lower": sentence.text[lower.start : lower.end],
                        "word": word,
                    },
                )
            verdict = Verdict.FAILS if wrong else Verdict.HOLDS
            span = sentence.span_of(lower)
            yield quiet(span, lower.value, lower.unit, "rank", higher.value, verdict, raised)


def _ranked(sentence: Sentence) -> list[tuple[str, Numeral]]:
    """The figures of the first, 其次 and 再次 pieces, as far as each has exactly one."""
    ranked: list[tuple[str, Numeral]] = []
    pieces = sentence.pieces
    seen_second = False
    for index, piece in enumerate(pieces):
        if not seen_second and _ORDER[0].search(piece.masked):
            seen_second = True
            first = pieces[index - 1] if index > 0 else None
            if first is not None and len(first.numerals) == 1 and _FIRST.search(first.masked):
                ranked.append(("", first.numerals[0]))
            ranked.extend(_ranked_in("其次", pieces, index))
        elif seen_second and re.search(r"其[他它余]", piece.masked):
            break  # what is left over has no rank
        elif seen_second and (found := _ORDER[1].search(piece.masked)) is not None:
            ranked.extend(_ranked_in(found[0], pieces, index))
    return ranked


def _ranked_in(word: str, pieces: tuple[Piece, ...], index: int) -> list[tuple[str, Numeral]]:
    piece = pieces[index]
    if not piece.numerals and index + 1 < len(pieces):
        # 其次是民生类,占10%
        piece = pieces[index + 1]
        if not piece.masked.startswith(("占", "有", "共", "为", "达", "#")):
            return []
    exact = [n for n in piece.numerals if n.bound is Bound.EXACT]
    return [(word, exact[0])] if len(exact) == 1 and len(piece.numerals) == 1 else []


def _rates(sentence: Sentence) -> Iterator[FigureMatch]:
    """按时办结率110%: a rate of what is done or not, above all of it."""
    for piece in sentence.pieces:
        for numeral in piece.numerals:
            before = sentence.masked[piece.start : numeral.start]
            if numeral.kind is not NumeralKind.PERCENT or numeral.value <= 100:
                continue
            bounded = _BOUNDED_RATE.search(before) or _BOUNDED_SHARE.search(before)
            if numeral.bound is Bound.AT_MOST or bounded is None:
                continue
            span = sentence.span_of(numeral)
            raised = finding(
                RATE,
                expected=Decimal(100),
                found=numeral.value,
                spans=(span,),
                values={
                    "quote": quote(sentence, numeral.start, numeral.end),
                    "printed": sentence.text[numeral.start : numeral.end],
                },
            )
            yield quiet(span, numeral.value, "%", "share", Decimal(100), Verdict.FAILS, raised)


def _within(sentence: Sentence, first: int, labels: list[str]) -> bool:
    """公开的信息中,工作动态占40%,…: one whole for all, unless the labels divide it in several ways."""
    plain = all(re.fullmatch(r"[^,#占]{2,10}占(?:比)?(?:为|达)?", label) for label in labels)
    before = sentence.pieces[first - 1] if first > 0 else None
    if before is None or before.numerals or _WITHIN.search(before.masked) is None or not plain:
        return False
    # Two ways of dividing (自然人, 网上) each have a 100 per cent of their own.
    return sum(1 for d in DIMENSIONS if d.search("、".join(labels))) == 0


def _alike(sentence: Sentence, shares: list[Numeral]) -> bool:
    """True if three shares or more, piece after piece, are of kinds named alike or within one whole."""
    kinds: list[str] = []
    names: list[str] = []
    places: list[int] = []
    labels: list[str] = []
    for index, piece in enumerate(sentence.pieces):
        if not any(n in shares for n in piece.numerals):
            continue
        label = piece.masked[: piece.numerals[0].start - piece.start]
        if len(piece.numerals) != 1:
            return False
        labels.append(label)
        places.append(index)
        found = _ALIKE.match(label)
        if found is not None:
            kinds.append(found["kind"])
            names.append(found["name"])
    in_a_row = places == list(range(places[0], places[0] + len(places))) if places else False
    if len(places) > 2 and in_a_row and _within(sentence, places[0], labels):
        return True
    return (
        len(kinds) > 2
        and len(kinds) == len(places)
        and len(set(kinds)) == 1
        and len(set(names)) == len(names)
        and in_a_row
    )


def _adding(sentence: Sentence) -> Iterator[FigureMatch]:
    """Shares after 占 in one sentence: they may not pass 100, and reach it where the whole is divided."""
    shares: list[Numeral] = []
    for piece in sentence.pieces:
        for n in piece.numerals:
            if n.kind is not NumeralKind.PERCENT:
                continue
            said = "占" in piece.masked or (
                bool(shares) and piece.masked.startswith(("其次", "再次", "最后"))
            )
            listed = (
                bool(shares) and "、" in sentence.text[shares[-1].end : n.start] and "分别" in sentence.text
            )
            among = "其中" in sentence.text[: n.start] and _AMONG_KIND.match(
                sentence.masked[piece.start : n.start]
            )
            if said or listed or among:
                shares.append(n)
    exact = all(n.bound is Bound.EXACT for n in shares)
    if (
        len(shares) < 2
        or not exact
        or _OVERLAPPING.search(sentence.masked)
        or sentence.text.count("其中") > 1
    ):
        return
    total = sum((Decimal(n.value) for n in shares), Decimal(0))
    slack = sum((n.step for n in shares), Decimal(0))
    divided = _DIVIDED.search(sentence.masked) is not None and "分别" in sentence.text
    span = sentence.span(shares[0].start, shares[-1].end)
    if abs(total - 100) < slack:
        yield quiet(span, total, "%", "shares", Decimal(100), Verdict.HOLDS)
        return
    # Without a common 其中 or 分别 the shares may be of different wholes.
    common = _COMMON.search(sentence.masked) is not None
    divided = divided or re.search(r"[合总共]计100%", sentence.text) is not None
    alike = total > 100 and _NOT_APART.search(sentence.masked) is None and _alike(sentence, shares)
    if (total > 100 and common) or divided or alike:
        raised = finding(
            SHARES,
            expected=Decimal(100),
            found=total,
            spans=tuple(sentence.span_of(n) for n in shares),
            values={
                "quote": quote(sentence, shares[0].start, shares[-1].end),
                "sum": " + ".join(f"{n.value}%" for n in shares),
            },
        )
        yield quiet(span, total, "%", "shares", Decimal(100), Verdict.FAILS, raised)


def _share(
    sentence: Sentence, piece: Piece, numeral: Numeral, earlier: list[tuple[Sentence, Numeral]]
) -> FigureMatch | None:
    """占30%, 比例为14%: a share that two figures of the paragraph give, or that its own two do not."""
    if numeral.kind is not NumeralKind.PERCENT or numeral.bound is not Bound.EXACT:
        return None
    if _OF.search(sentence.masked[piece.start : numeral.start]) is None or numeral.value > 100:
        return None
    before = [(s, n) for s, n in earlier if s is not sentence or n.end <= numeral.start]
    figures = [n for _, n in before]
    printed = Decimal(numeral.value)
    span = sentence.span_of(numeral)
    own = _own(sentence, piece, numeral)
    if own is not None and _gives(own[0], own[1], printed, numeral.step):
        return quiet(span, printed, "%", "share", _ratio(*own), Verdict.HOLDS)
    for part, whole in permutations(reversed(figures[-8:]), 2):
        if part.unit == whole.unit and _gives(part, whole, printed, numeral.step) and printed not in (0, 100):
            return quiet(span, printed, "%", "share", _ratio(part, whole), Verdict.HOLDS)
    if own is None:
        return None
    raised = finding(
        SHARE,
        expected=rounded(_ratio(*own), Decimal("0.01")),
        found=printed,
        spans=(span, sentence.span_of(own[0]), sentence.span_of(own[1])),
        values={
            "quote": quote(sentence, numeral.start, numeral.end),
            "part": f"{own[0].value}",
            "whole": f"{own[1].value}",
            "printed": sentence.text[numeral.start : numeral.end],
        },
    )
    return quiet(span, printed, "%", "share", _ratio(*own), Verdict.FAILS, raised)


def _own(sentence: Sentence, piece: Piece, numeral: Numeral) -> tuple[Numeral, Numeral] | None:
    """共1000条,其中政策文件300条,占30%: the part directly before and the one whole before 其中."""
    if "其中" not in sentence.text[: numeral.start] or sentence.text.count("其中") > 1:
        return None
    # 占 followed by a noun names a whole of its own (占依申请公开总量的30%).
    if (
        re.search(
            r"占(?:比|总数|总量|全部|总数的|总量的)?(?:为|达)?$", sentence.masked[piece.start : numeral.start]
        )
        is None
    ):
        return None
    marker = sentence.text.index("其中")
    wholes = [n for n in sentence.numerals if n.end <= marker and n.kind is NumeralKind.COUNT]
    parts = [n for n in sentence.numerals if marker < n.start and n.end <= numeral.start]
    counts = [n for n in parts if n.kind is NumeralKind.COUNT]
    if len(wholes) != 1 or not counts or not wholes[0].exact_count or not counts[-1].exact_count:
        return None
    near = sentence.masked[counts[-1].end : numeral.start]
    if (
        re.fullmatch(r"[,(、]?占(?:比|总数|总量|全部|总数的|总量的)?(?:为|达)?", near) is None
        or counts[-1].unit != wholes[0].unit
    ):
        return None
    return counts[-1], wholes[0]


def _ratio(part: Numeral, whole: Numeral) -> Decimal:
    return Decimal(part.value) / Decimal(whole.value) * 100


def _gives(part: Numeral, whole: Numeral, printed: Decimal, step: Decimal) -> bool:
    if whole.value == 0 or part.value > whole.value:
        return False
    return rounds_to(_ratio(part, whole), printed, step)
