"""Figures of documents, decisions and charges against Table 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.annual.check.narrative.against import Choice, Stance, choices
from gongkai.annual.check.narrative.matching import Claim, Narrative, quote, settle
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.scope import Setting, after_among_them, other_time, setting
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Severity, Verdict, finding
from gongkai.annual.form import ValueType
from gongkai.annual.model import Number, Report

DOCUMENTS = "AR-N-021"
DECISIONS = "AR-N-022"
MONEY = "AR-N-023"

_UNITS = frozenset({"", "件", "部", "份", "个", "项", "条", "篇"})
_KINDS = (
    ("normative", re.compile(r"规范性文件")),
    ("regulations", re.compile(r"(?<!法律法)(?<!法规)(?<!法规、)规章")),
)
# Documents that are dealt with in another way than made, repealed or in force.
_OTHER = re.compile(
    r"审查|审核|备案|清理|修改|修订|修正|解读|图解|评估|征求|意见|征集|草案|起草|拟|报送|建议|汇编|"
    r"目录|等级|党内|政策性文件|"
    r"政策文件|纳入|涉及|转发|上级|宣布失效|失效|继续有效|保留|录入|上传|梳理|[较比增减]|同比|占|率|"
    r"相关|历史|补录"
)
_ACTS = tuple(
    (act, sure, re.compile(pattern))
    for act, sure, pattern in (
        ("repealed", True, r"废止"),
        ("valid", True, r"现行有效|现有有效|有效"),
        ("made", True, r"制发|制定|出台|制作|新制"),
        ("made", False, r"印发|发布"),
        ("shown", False, r"公布|公开|下发|新增"),
        ("valid", False, r"对外公开总|累计公开|公开总"),
    )
)
# Columns of the two editions that an act may stand in, likeliest first.
_COLUMNS = {
    "made": ("made", "published"),
    "shown": ("made", "published"),
    "repealed": ("repealed",),
    "valid": ("valid", "total"),
}
_DECISIONS = (("licensing", "许可"), ("punishment", "处罚"), ("coercion", "强制"))
_DECIDED = re.compile(r"作出|做出|处理决定|实施|办理|办结|下达")
_SHOWN = re.compile(
    r"公开|公示|公布|发布|录入|归集|上传|网站|平台|信息|清单|目录|事项|案例|[较比增减]|同比|执法|措施"
)
_FEES = re.compile(
    r"行政事业性收费(?:总?金额|总额|收入|共计?|合计|为|是|总计|收取|,|金额为)*$|收取行政事业性收费[^,#]{0,6}$"
)
_NOT_FEES = re.compile(r"减免|降低|减轻|取消|停征|免征|目录|清单|标准|处理费|[较比增]|同比")
_PROCUREMENT = re.compile(r"集中采购[^,#]{0,4}(?:总?金额|总额|金额共?计?)[^#]{0,6}$")


def proactive_matches(narrative: Narrative) -> Iterator[FigureMatch]:
    """Every figure of normative documents, regulations, decisions and charges that Table 2 can answer."""
    for sentence in narrative.sentences:
        if not sentence.numerals:
            continue
        kind: str | None = None
        act: tuple[str, bool] | None = None
        for piece in sentence.pieces:
            position = piece.start
            if _OTHER.search(piece.masked):
                kind = act = None
            for numeral in piece.numerals:
                stretch = sentence.masked[position : numeral.start]
                position = numeral.end
                named = _kind(stretch)
                kind, act = named or kind, _act(stretch, act)
                claim = _documents(narrative.report, sentence, piece, numeral, stretch, kind, act)
                claim = claim or _decisions(narrative.report, sentence, piece, numeral, stretch)
                if claim is not None:
                    yield settle(narrative.report, claim)
                money = _money(narrative.report, sentence, piece, numeral)
                if money is not None:
                    yield money
            rest = sentence.masked[position : piece.end]
            kind, act = _kind(rest) or (None if piece.numerals and not _near(rest) else kind), _act(rest, act)


def _near(rest: str) -> bool:
    return len(rest) <= 2


def _kind(stretch: str) -> str | None:
    found = [(m.end(), kind) for kind, pattern in _KINDS for m in pattern.finditer(stretch)]
    return max(found)[1] if found else None


def _act(stretch: str, before: tuple[str, bool] | None) -> tuple[str, bool] | None:
    found = [(m.end(), act, sure) for act, sure, pattern in _ACTS for m in pattern.finditer(stretch)]
    if not found:
        return before
    _, act, sure = max(found, key=lambda f: f[0])
    return act, sure


def _documents(
    report: Report,
    sentence: Sentence,
    piece: Piece,
    numeral: Numeral,
    stretch: str,
    kind: str | None,
    act: tuple[str, bool] | None,
) -> Claim | None:
    if kind is None or act is None or not _counts(numeral) or _OTHER.search(piece.masked):
        return None
    named = _kind(stretch) is not None
    # A figure further on needs an act of its own: 制发规范性文件14件,废止59件.
    if not named and _act(stretch, None) is None:
        return None
    if named and len(stretch) - max(m.end() for _, p in _KINDS for m in p.finditer(stretch)) > 6:
        return None
    if (
        not named
        and re.fullmatch(r"[^#]{0,4}(?:废止|现行有效|有效|制发|制定|公开总数?|共|了|其中|的|为)+", stretch)
        is None
    ):
        return None
    if other_time(report, sentence, piece, numeral.start):
        return None
    cells = tuple(f"proactive.{kind}_{column}" for column in _COLUMNS[act[0]])
    readings = choices(report, *((c,) for c in cells))
    if not readings:
        return None
    place = setting(report, sentence, piece, numeral.start)
    # What is made public may be older or another body's, and what 等 ends is a choice of them.
    loose = act[0] == "shown" or "等" in stretch
    if loose or (act[0] == "made" and after_among_them(sentence, numeral.start) and not act[1]):
        # 公开信息600件,其中规范性文件70件: the kinds are told after 其中, whole for themselves.
        place = Setting(Stance.HOLDS_ONLY, scoped=True)
    elif not act[1]:
        place = Setting(place.stance, scoped=True)
    return Claim(
        sentence, numeral, f"{kind}_{'made' if act[0] == 'shown' else act[0]}", DOCUMENTS, readings, place
    )


def _counts(numeral: Numeral) -> bool:
    return numeral.kind is NumeralKind.COUNT and numeral.unit in _UNITS


def _decisions(
    report: Report, sentence: Sentence, piece: Piece, numeral: Numeral, stretch: str
) -> Claim | None:
    if numeral.kind is not NumeralKind.COUNT or numeral.unit not in {"", "件", "宗", "起", "例", "项", "个"}:
        return None
    word = re.search(r"行政(许可|处罚|强制)(?:处理)?(?:决定|案件)?(?:数量|共|共计|总数|为|了)*$", stretch)
    if word is None or other_time(report, sentence, piece, numeral.start):
        return None
    key = next(k for k, w in _DECISIONS if w == word[1])
    readings = choices(report, (f"proactive.{key}",), (f"proactive.{key}_decisions",))
    place = setting(report, sentence, piece, numeral.start)
    before = sentence.masked[: numeral.start]
    if _SHOWN.search(before) or _DECIDED.search(before) is None or not readings:
        place = Setting(Stance.HOLDS_ONLY, scoped=True)
    return Claim(sentence, numeral, key, DECISIONS, readings, place, certain=False) if readings else None


def _money(report: Report, sentence: Sentence, piece: Piece, numeral: Numeral) -> FigureMatch | None:
    """An amount in yuan against a cell in its own unit, at the precision of the coarser of the two."""
    if numeral.kind is not NumeralKind.MONEY or other_time(report, sentence, piece, numeral.start):
        return None
    before = sentence.masked[max(0, piece.start - 12) : numeral.start]
    fees = _FEES.search(before) is not None and _NOT_FEES.search(before) is None
    if not fees and _PROCUREMENT.search(before) is None:
        return None
    concept, path = (
        ("fees", "proactive.fees_wan_yuan") if fees else ("procurement", "proactive.procurement_amount_yuan")
    )
    readings = choices(report, (path,))
    if not readings or readings[0].value is None:
        return None
    reading, value = readings[0], readings[0].value
    factor = 10000 if report.form.cells[path].type is ValueType.WAN_YUAN else 1
    amount = Decimal(value) * factor
    place = setting(report, sentence, piece, numeral.start)
    verdict = _money_verdict(numeral, amount, _step(value) * factor, place, reading)
    raised = None
    span = sentence.span_of(numeral)
    if verdict is Verdict.FAILS:
        slip = _unit_slip(Decimal(numeral.value), amount)
        raised = finding(
            MONEY,
            severity=Severity.WARNING if place.scoped or numeral.bound is not Bound.EXACT else Severity.ERROR,
            cells=reading.cells,
            expected=value,
            found=numeral.value,
            spans=(span,),
            values={
                "quote": quote(sentence, numeral.start, numeral.end),
                "printed": sentence.text[numeral.start : numeral.end],
                "unit_zh": "万元" if factor != 1 else "元",
                "unit_en": "ten thousand yuan" if factor != 1 else "yuan",
                "slip_zh": "两个数只差单位，可能把“元”和“万元”弄混了。" if slip else "",
                "slip_en": "They differ by the unit alone: yuan and ten thousand yuan may be confused."
                if slip
                else "",
            },
        )
    return FigureMatch(span, numeral.value, "元", concept, reading.cells, value, verdict, raised)


def _money_verdict(
    numeral: Numeral, amount: Decimal, step: Decimal, place: Setting, reading: Choice
) -> Verdict:
    printed = Decimal(numeral.value)
    if reading.blanks or reading.open:
        return Verdict.CANNOT_TELL
    if numeral.bound is Bound.EXACT:
        if abs(printed - amount) < max(numeral.step, step) or printed == amount:
            return Verdict.HOLDS
    elif amount / 2 <= printed <= amount * 2:
        return Verdict.HOLDS
    match place.stance:
        case Stance.PART if printed <= amount:
            return Verdict.CANNOT_TELL
        case Stance.WHOLE if printed >= amount:
            return Verdict.CANNOT_TELL
        case Stance.HOLDS_ONLY:
            return Verdict.CANNOT_TELL
        case _:
            return Verdict.FAILS


def _step(value: Number) -> Decimal:
    """Worth of one in the last printed place of a cell's number."""
    exponent = Decimal(value).as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)


def _unit_slip(printed: Decimal, amount: Decimal) -> bool:
    """True if the two differ by just the factor between yuan and ten thousand yuan."""
    return printed * 10000 == amount or printed == amount * 10000
