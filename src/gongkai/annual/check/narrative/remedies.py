"""Figures of reconsideration and litigation against Table 4, and what is said to be none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai.annual.check.narrative.against import Choice, Stance, choices
from gongkai.annual.check.narrative.matching import Claim, Narrative, settle
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.scope import Setting, narrower, other_time, setting
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.tables import remedy_cells
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.model import Number, Report

RECONSIDERATION = "AR-N-011"
LITIGATION = "AR-N-012"
RESULT = "AR-N-013"
NONE = "AR-N-014"

_RECON = ("reconsideration",)
_DIRECT = ("litigation_direct",)
_AFTER = ("litigation_after_reconsideration",)
_LITIGATION = _DIRECT + _AFTER
_ALL = _RECON + _LITIGATION

_UNITS = frozenset({"", "件", "宗", "起", "例", "次", "个", "项"})
_WORD = re.compile(
    r"(?P<after>复议后(?:又|再)?(?:起诉|提起(?:行政)?诉讼))|(?P<direct>未经复议(?:而|程序|"
    r",)?直?接?(?:起诉|提起(?:行政)?诉讼)|直接起诉)"
    r"|(?P<recon>(?:行政)?复议(?!机关|机构|决定|委))|(?P<lit>行政诉讼|诉讼(?!费|代理)|行政应诉|应诉)"
)
_RESULTS = tuple(
    (result, re.compile(pattern))
    for result, pattern in (
        ("pending", r"(?:尚|仍)?未(?:审|办)结|正在审理|在审|待审|审理中|未(?:作出)?(?:裁|判)决"),
        ("corrected", r"纠正|纠错|撤销|败诉|责令|确认违法|变更"),
        ("upheld", r"维持|胜诉"),
        ("other", r"其他结果"),
    )
)
_CLOSED = re.compile(r"(?<!未)(?:审结|办结)")
# Counted by instance or by hearing, or a result that the table does not tell apart.
_SKIP = re.compile(r"一审|二审|再审|上诉|出庭|驳回|撤诉|撤回|终止|和解|调解|不予受理|[较比增减]|同比|率|赔偿")
# Cases of every kind, of which those over disclosure are a part.
_EVERY_KIND = re.compile(
    r"占[^,#]{0,12}(?:复议|诉讼|应诉)|(?:全部|所有|各类|各种|各项|总共)(?:的)?(?:行政)?(?:复议|诉讼|应诉)"
)
_CONTEXT = re.compile(r"信息公开|依申请|申请公开|公开申请|政务公开")
_NOTHING = re.compile(
    r"没有|未发生|未收到|未出现|未产生|未引发|未涉及|未被|不存在|零(?=行政|复议|诉讼|败诉|纠错)|"
    r"(?<![有毫])无(?!论|关|正当|理由|障碍|法|需|一)"
)
# 未发生行政复议: said of every kind of case, so of those over disclosure too.
_BARE_NONE = re.compile(
    r"^(?:发生|出现|收到|产生|涉及|被|有|任何|申请|提起|提出|引起|引发|一[起件宗例]|因此)*"
    r"(?:行政)?复议(?:案件)?(?:[和、或及与]|以及)?(?:发生|被|提起)*(?:(?:行政)?诉讼)?(?:的?(?:案件|情况|情形|事项))?$|"
    r"^(?:发生|出现|收到|产生|涉及|被|有|任何|提起|引起|引发|一[起件宗例])*行政诉讼(?:的?(?:案件|情况|情形))?$"
)
_BARE_SUBJECT = re.compile(
    r"^(?:·{4}年度?|[全本](?:年度?|[省市县区镇乡州])|年内|[我本](?:机关|单位|部门|[省市县区镇乡局委厅])|并|且|"
    r"均|也|都|共|同时)*$"
)
_BARE_ZERO = re.compile(
    r"(?:·{4}年度?|[全本]年度?|共|发生|收到|被|申请|提起)*行政(?:复议|诉讼)(?:案件|案|申请)?(?:为|共|数|数量)*(?:#~*)?"
)
_BRACKETED = re.compile(r"\((?:均|都)?(?:尚)?未(?:审|办)结\)")
_ALL_UPHELD = re.compile(r"(?:均|都|全部|皆)[^,;#]{0,10}维持")


@dataclass(slots=True)
class _Topic:
    kinds: tuple[str, ...] = ()
    each: bool = False
    seen: tuple[tuple[str, ...], ...] = ()
    total: Number | None = None
    """The total last said of ``kinds``."""


def remedy_matches(narrative: Narrative, scopes: frozenset[str]) -> Iterator[FigureMatch]:
    """Every figure of remedies, every 'none' and every 'all upheld' that Table 4 can answer.

    ``scopes`` are the words of scope that mean what the tables count.
    """
    for paragraph in narrative.paragraphs():
        context = paragraph[0].section == "4"
        kinds: tuple[str, ...] = ()
        for sentence in paragraph:
            context = context or _CONTEXT.search(sentence.text) is not None
            topic = _Topic(kinds if sentence.text.startswith(("其中", "已", "均", "全部")) else ())
            for piece in sentence.pieces:
                for claim in _piece_claims(narrative.report, sentence, piece, topic, context):
                    yield settle(narrative.report, claim, scopes)
            kinds = topic.kinds


def _piece_claims(
    report: Report, sentence: Sentence, piece: Piece, topic: _Topic, context: bool
) -> Iterator[Claim]:
    none = _none(report, sentence, piece, context)
    if none is not None:
        yield none
    position = piece.start
    for numeral in piece.numerals:
        stretch = sentence.masked[position : numeral.start]
        position = numeral.end
        _turn(topic, stretch)
        claim = _claim(report, sentence, piece, numeral, stretch, topic, context)
        if claim is not None:
            yield claim
            if claim.code != RESULT and _BRACKETED.match(sentence.masked[numeral.end :]):
                # 行政复议案件1件(未审结): the figure is the total and the pending ones alike.
                readings = choices(
                    report, *(remedy_cells(report.form, g, "pending") for g in _groups(topic.kinds))
                )
                yield replace(claim, concept="remedies_pending", code=RESULT, readings=readings)
    rest = sentence.masked[position : piece.end]
    if topic.seen and (found := _ALL_UPHELD.search(rest)) is not None:
        yield _all_upheld(
            report, sentence, piece, position + found.start(), position + found.end(), topic, context
        )
    _turn(topic, rest)


def _turn(topic: _Topic, stretch: str) -> None:
    if _EVERY_KIND.search(stretch) and _CONTEXT.search(stretch) is None:
        topic.kinds, topic.total = (), None
        return
    kinds: tuple[str, ...] = ()
    for found in _WORD.finditer(stretch):
        match found.lastgroup:
            case "after":
                kinds += _AFTER
            case "direct":
                kinds += _DIRECT
            case "recon":
                kinds += _RECON
            case _:
                kinds += _LITIGATION
    if kinds:
        topic.kinds = tuple(dict.fromkeys(kinds))
        topic.total = None
        topic.each = "各" in stretch or "分别" in stretch


def _claim(
    report: Report,
    sentence: Sentence,
    piece: Piece,
    numeral: Numeral,
    stretch: str,
    topic: _Topic,
    context: bool,
) -> Claim | None:
    counted = numeral.kind is NumeralKind.COUNT and numeral.unit in _UNITS and numeral.unit != "倍"
    if not counted or not topic.kinds or _SKIP.search(sentence.masked[piece.start : piece.end]):
        return None
    if other_time(report, sentence, piece, numeral.start) or topic.each:
        return None
    named = _WORD.search(stretch) is not None
    after = sentence.masked[numeral.end : numeral.end + 8]
    result = _result(stretch, after, named)
    if result is None and not named:
        return None
    if result is None:
        topic.seen += (topic.kinds,)
        topic.total = numeral.value
        concept, code = _concept(topic.kinds)
        readings = _totals(report, topic.kinds, closed=_CLOSED.search(stretch) is not None)
    else:
        concept, code = f"remedies_{result}", RESULT
        groups = _fitting(report, topic.kinds, topic.total)
        if not named and len(topic.seen) > 1:
            groups += (_ALL,)
        # 胜诉 covers what was dismissed for other reasons too.
        won = "胜诉" in stretch + after
        readings = _result_readings(report, groups, result, won=won)
    place = setting(report, sentence, piece, numeral.start)
    # 其中县政府作为被申请人维持2件: a part, whatever the total.
    own = narrower(sentence.masked[piece.start : numeral.start])
    if not context and not (numeral.value == 0 and _of_every_kind(sentence, piece, stretch)):
        place = Setting(Stance.HOLDS_ONLY, scoped=True)
    elif "其中" in sentence.text[: numeral.start] and result is not None and not own:
        outer = setting(report, sentence, sentence.pieces[0], sentence.text.index("其中"))
        place = outer if outer.scoped else Setting(Stance.EQUAL, scoped=False)
    if context and result is not None and not own and _total_agrees(report, topic):
        # The total is the table's own, so its results are too, whatever the words of scope.
        place = Setting(Stance.EQUAL, scoped=place.scoped)
    return Claim(sentence, numeral, concept, code, readings, place, certain=context and result != "other")


def _total_agrees(report: Report, topic: _Topic) -> bool:
    """True if the sentence's total is that of the table; one or two agree too easily by chance."""
    if topic.total is None or topic.total <= 2:
        return False
    known = choices(report, *(remedy_cells(report.form, g, "total") for g in _groups(topic.kinds)))
    return any(c.value == topic.total and not c.open and not c.blanks for c in known)


def _of_every_kind(sentence: Sentence, piece: Piece, stretch: str) -> bool:
    """行政复议0件: none of any kind, nothing before it saying what of."""
    first = sentence.pieces[0]
    subject = _BARE_SUBJECT.match(first.masked) or _BARE_ZERO.fullmatch(first.masked)
    return subject is not None and _BARE_ZERO.fullmatch(stretch) is not None


def _result(stretch: str, after: str, named: bool) -> str | None:
    for result, pattern in _RESULTS:
        if pattern.search(stretch):
            return result
    for result, pattern in _RESULTS:
        # 3件未审结, 8件维持: the result behind the figure, if no noun claims the figure for a total.
        if not named and pattern.match(after.lstrip("均被已")):
            return result
    return None


def _concept(kinds: tuple[str, ...]) -> tuple[str, str]:
    if set(kinds) <= set(_RECON):
        return "reconsideration", RECONSIDERATION
    if set(kinds) <= set(_LITIGATION):
        return "litigation", LITIGATION
    return "remedies", LITIGATION


def _totals(report: Report, kinds: tuple[str, ...], *, closed: bool) -> tuple[Choice, ...]:
    alternatives = [remedy_cells(report.form, group, "total") for group in _groups(kinds)]
    if closed:
        alternatives.append(
            tuple(p for r in ("upheld", "corrected", "other") for p in remedy_cells(report.form, kinds, r))
        )
    return choices(report, *alternatives)


def _groups(kinds: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Blocks of Table 4 that a word may mean; 诉讼 may be one of the two blocks or both."""
    if kinds == _LITIGATION:
        return (_LITIGATION, _DIRECT, _AFTER)
    return (kinds,)


def _fitting(report: Report, kinds: tuple[str, ...], total: Number | None) -> tuple[tuple[str, ...], ...]:
    """The blocks a result may be of: those whose total is the one the sentence gave, if any is."""
    groups = _groups(kinds)
    if total is None:
        return groups
    found = ((g, choices(report, remedy_cells(report.form, g, "total"))) for g in groups)
    fitting = tuple(g for g, c in found if c and c[0].value == total)
    return fitting or groups


def _result_readings(
    report: Report, groups: tuple[tuple[str, ...], ...], result: str, *, won: bool
) -> tuple[Choice, ...]:
    alternatives = [remedy_cells(report.form, group, result) for group in groups]
    if won:
        alternatives += [
            cells + remedy_cells(report.form, group, "other")
            for cells, group in zip(alternatives, groups, strict=True)
        ]
    return choices(report, *alternatives)


def _none(report: Report, sentence: Sentence, piece: Piece, context: bool) -> Claim | None:
    """没有…行政复议、行政诉讼, 无败诉 against the cells that must then be 0."""
    if piece.numerals or other_time(report, sentence, piece, piece.start):
        return None
    nothing = _NOTHING.search(piece.masked)
    if nothing is None:
        return None
    rest = piece.masked[nothing.end() :]
    topic = _Topic()
    _turn(topic, rest)
    result = next((r for r, pattern in _RESULTS if pattern.search(rest)), None)
    if (
        result not in (None, "corrected")
        or _SKIP.search(rest)
        or re.search(r"逾期|不当|违规|因未|程序|风险", rest)
    ):
        return None
    kinds = topic.kinds or (_LITIGATION if "败诉" in rest else ())
    if not kinds:
        return None
    cells = remedy_cells(report.form, kinds, "total" if result is None else result)
    start = piece.start + nothing.start()
    # None of any kind is none over disclosure; without the word a slip of the pen is likelier, so no error.
    bare = result is None and _BARE_NONE.match(rest) and _BARE_SUBJECT.match(piece.masked[: nothing.start()])
    bare = bare and all(_BARE_SUBJECT.match(p.masked) for p in sentence.pieces if p.start < piece.start)
    known = context or bool(bare)
    place = setting(report, sentence, piece, start) if known else Setting(Stance.HOLDS_ONLY, scoped=True)
    zero = Numeral(start, piece.end, 0, "", NumeralKind.COUNT, Bound.EXACT, Decimal(1))
    concept = _concept(kinds)[0] if result is None else f"remedies_{result}"
    return Claim(sentence, zero, concept, NONE, choices(report, cells), place, certain=context)


def _all_upheld(
    report: Report, sentence: Sentence, piece: Piece, start: int, end: int, topic: _Topic, context: bool
) -> Claim:
    """都获得维持: nothing corrected, nothing otherwise, nothing pending among what was named."""
    kinds = tuple(dict.fromkeys(k for group in topic.seen for k in group))
    rest = [
        tuple(p for r in ("corrected", "other", "pending") for p in remedy_cells(report.form, group, r))
        for group in (kinds, topic.seen[-1])
    ]
    place = setting(report, sentence, piece, start) if context else Setting(Stance.HOLDS_ONLY, scoped=True)
    zero = Numeral(start, end, 0, "", NumeralKind.COUNT, Bound.EXACT, Decimal(1))
    return Claim(sentence, zero, "remedies_upheld", "AR-N-015", choices(report, *rest), place)
