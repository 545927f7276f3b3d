"""Figures of requests against Table 3: received, carried, handled, by result, by kind of applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai.annual.check.narrative.against import Choice, Stance, choices, judge
from gongkai.annual.check.narrative.matching import Claim, Narrative, settle
from gongkai.annual.check.narrative.numbers import Bound, Numeral, NumeralKind
from gongkai.annual.check.narrative.scope import Setting, after_among_them, narrower, other_time, setting
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.tables import (
    Named,
    applicants,
    outcome_words,
    outcomes,
    request_cell,
    request_readings,
)
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Verdict
from gongkai.annual.model import Report

COUNT = "AR-N-001"
OUTCOME = "AR-N-002"
APPLICANT = "AR-N-003"

_UNITS = frozenset({"", "件", "宗", "起", "份", "例", "条", "项", "次", "件次", "个"})
# A bare 申请 is one for information only where nothing says what else was asked for (补贴申请, 登记申请).
_OBJECT = re.compile(
    r"信息公开申请|依申请|申请公开|公开申请|公开的申请|(?:^|[共了到收、]|受理|接收|办理|办结|答复|新增|"
    r"网上|网络|书面|当面|"
    r"信函|邮寄|在线|邮件|平台|自然人|公民|个人|企业|组织|机构|年度?)申请(?=[^,]{0,6}#)"
)
# What may stand in one sentence with requests and is counted for itself.
_OTHER = re.compile(
    r"复议|诉讼|应诉|起诉|建议|提案|留言|咨询|热线|电话|诉求|举报|投诉|信件(?!申请)|来信|规范性文件|"
    r"规章|解读|"
    r"主动公开|新媒体|公众号|账号|培训|会议|活动|访谈|稿件|栏目|专题|政务信息|调查|征集|指导|协助|督促|"
    r"督办|转办|配合|会同|"
    r"审查|许可|处罚|事项|文书|约谈|通报|检查|环节|领域|补正|延期|延长|意见|异议|收费|费用|不予受理|"
    r"未予受理|不受理|撤回|退件|"
    r"逾期|超期|超时|答复书|样式|模板|范本|案例|抽查|评查|选取|台账"
)
_ROLES = tuple(
    (concept, re.compile(pattern))
    for concept, pattern in (
        (
            "requests_carried_out",
            r"结转(?:至|到|入|转)?(?:下|次|明)(?:一?年度?)?(?:继续)?(?:办理|处理|答复)?|"
            r"(?:转|延续|延)(?:至|到|入)(?:下|次)年?|跨年度?(?:办理|继续)|"
            r"正在(?:办理|处理|答复)|在办|(?:未|待)(?:办结|答复|办理|处理)",
        ),
        (
            "requests_carried_in",
            r"(?:上年|上一年|去年)度?[^#,]{0,6}(?:结转|遗留|转入)|结转(?:自)?(?:上|去)年",
        ),
        ("requests_new", r"新收|新受理|新增|新接收"),
        ("requests_closed", r"办结|办毕|审结"),
        ("requests_answered", r"答复|办复"),
        ("requests_handled", r"办理|处理"),
        ("requests_received", r"收到|受理|接收|接到|收件|收悉|共收"),
    )
)
_CARRY_YEAR = re.compile(r"(?:(20\d\d)年度?[^#,]{0,4}结转)|(?:结转(?:至|到|入)?(20\d\d)年)")
# 其余9件结转下年度办理: the word stands behind the figure.
_REST = re.compile(r"(?:其中)?(?:其余|剩余|余下|剩下|尚有|还有|仍有|另有|另)?的?")
_GOES_ON = re.compile(
    r"(?:申请)?(?:将|则|已|均|依法|按规定)*(?:结转|转|延续|延)(?:至|到|入)?(?:下|次|明)一?年"
    r"度?(?:继续)?(?:办理|处理|答复)?(?=$|[,)])"
)
_FILLER = re.compile(r"(?:总?共计?|总计|合计|累计|计|总?数量?(?:为|是)?|总量(?:为|是)?|有|为)*")
_BOUNDARY = re.compile(r"^(?:$|[,:;()、和及与]|(?:申请|的|均|全部|已|都))")


@dataclass(slots=True)
class _Topic:
    """What the sentence speaks of so far."""

    requests: bool
    other: bool = False
    applicant: bool = False


def request_matches(narrative: Narrative, scopes: frozenset[str]) -> Iterator[FigureMatch]:
    """Every figure of requests that can be set against Table 3; for ``scopes`` see ``table_scopes``."""
    for claims in _claims(narrative):
        yield from _settled(narrative.report, claims, scopes)


def table_scopes(narrative: Narrative) -> frozenset[str]:
    """Words of scope under which a number of requests agrees with Table 3, so that the tables count it."""
    return frozenset(
        claim.setting.word
        for claims in _claims(narrative)
        for claim in claims
        if claim.setting.word
        # One or two agree too easily by chance, a few of many results and applicants too.
        and claim.numeral.value > (2 if claim.code == COUNT else 9)
        and judge(claim.numeral, Stance.HOLDS_ONLY, claim.readings)[0] is Verdict.HOLDS
    )


def _claims(narrative: Narrative) -> Iterator[list[Claim]]:
    """What each sentence says of requests."""
    words = outcome_words(narrative.report.form)
    if words is None:
        return
    for paragraph in narrative.paragraphs():
        told = False
        for sentence in paragraph:
            topic = _Topic(requests=told and _continues(sentence))
            claims: list[Claim] = []
            for piece in sentence.pieces if sentence.numerals else ():
                _turn(topic, piece, words)
                if not topic.requests or topic.other:
                    continue
                for numeral in piece.numerals:
                    claim = _claim(narrative.report, sentence, piece, numeral, topic)
                    if claim is not None:
                        claims.append(claim)
            yield claims
            told = told or _OBJECT.search(sentence.masked) is not None


def _settled(report: Report, claims: list[Claim], scopes: frozenset[str]) -> Iterator[FigureMatch]:
    """The claims of one sentence; where several bodies' figures stand side by side, none is held wrong."""
    for claim in claims:
        match = settle(report, claim, scopes)
        beside = [c.numeral.value for c in claims if c.concept == claim.concept]
        known = {r.value for r in claim.readings}
        shared = len(beside) > 1 and (not known.isdisjoint(beside) or sum(beside) in known)
        if match.finding is not None and claim.code == COUNT and shared:
            match = settle(report, replace(claim, setting=Setting(Stance.HOLDS_ONLY, scoped=True)))
        yield match


def _continues(sentence: Sentence) -> bool:
    """A sentence that goes on about the requests of the one before it."""
    first = sentence.pieces[0].text
    return _OTHER.search(first) is None and (
        first.startswith(("其中", "已", "全部", "均", "共", "从", "按", "上年", "结转", "办结", "答复"))
        or any(pattern.search(first) for _, pattern in _ROLES)
        or "公开" in first
    )


def _turn(topic: _Topic, piece: Piece, words: re.Pattern[str]) -> None:
    # The form's own results (行政查询事项, 信访举报投诉类) hold words that elsewhere mean other work.
    if _OTHER.search(words.sub("", piece.masked)):
        topic.other = True
        topic.requests = topic.requests and not piece.numerals
    elif _OBJECT.search(piece.masked):
        topic.requests, topic.other = True, False
    elif any(pattern.search(piece.masked) for _, pattern in _ROLES):
        topic.other = topic.other and not topic.requests


def _claim(report: Report, sentence: Sentence, piece: Piece, numeral: Numeral, topic: _Topic) -> Claim | None:
    if numeral.kind is not NumeralKind.COUNT or numeral.unit not in _UNITS or numeral.unit == "倍":
        return None
    after = sentence.masked[numeral.end : piece.end]
    if numeral.unit in ("", "个", "项") and _BOUNDARY.match(after) is None:
        return None
    stretch = _stretch(sentence, piece, numeral)
    if re.search(r"[较比]|同比|增|减|占|率|平均|日均", stretch):
        return None
    found = _by_outcome(report, stretch, after, topic) or _by_applicant(report, stretch, topic)
    if found is None:
        found = _by_role(report, stretch, after, sentence, piece)
    if found is None or (
        "carried" not in found.concept and other_time(report, sentence, piece, numeral.start)
    ):
        return None
    place = _place(report, sentence, piece, numeral, found)
    return Claim(
        sentence, numeral, found.concept, found.code, found.readings, place, found.certain, found.word
    )


@dataclass(frozen=True, slots=True)
class _Found:
    concept: str
    code: str
    readings: tuple[Choice, ...]
    certain: bool
    word: str | None = None
    agree_only: bool = False


def _stretch(sentence: Sentence, piece: Piece, numeral: Numeral) -> str:
    """What stands between the figure before it (or the piece's beginning) and the figure.

    Where that is a mere 共计, the piece before is taken in, if it has no figure of its own.
    """
    before = [n.end for n in piece.numerals if n.end <= numeral.start]
    stretch = sentence.masked[max([piece.start, *before]) : numeral.start]
    if not before and _FILLER.fullmatch(stretch):
        index = sentence.pieces.index(piece)
        if index > 0 and not sentence.pieces[index - 1].numerals:
            return sentence.pieces[index - 1].masked + stretch
    return stretch


def _by_outcome(report: Report, stretch: str, after: str, topic: _Topic) -> _Found | None:
    named = _named(outcomes(report.form), stretch, after)
    if named is None:
        return None
    readings = choices(report, [request_cell(key) for key in named.keys])
    return _Found("requests_outcome", OUTCOME, readings, named.whole, named.word, topic.applicant)


def _by_applicant(report: Report, stretch: str, topic: _Topic) -> _Found | None:
    named = _named(applicants(report.form), stretch, "")
    if named is None:
        return None
    topic.applicant = True
    rows = (("new",), ("total",), ("new", "carried_in"))
    readings = choices(report, *([request_cell(r, key) for key in named.keys for r in row] for row in rows))
    return _Found("requests_applicant", APPLICANT, readings, certain=False, word=named.word)


def _named(known: tuple[Named, ...], stretch: str, after: str) -> Named | None:
    """The form's word nearest before the figure, or directly after it (15件予以公开)."""
    best: tuple[int, Named] | None = None
    for named in known:
        pattern = re.escape(named.word).replace("或", "[或和及与、]")
        for found in re.finditer(pattern, stretch):
            gap = len(stretch) - found.end()
            if stretch[: found.start()].endswith(("、", "和", "及", "与", "或")):
                continue  # 公民、法人和其他组织: everybody, not this kind
            if gap <= 10 and (best is None or gap < best[0]):
                best = gap, named
    if best is not None:
        return best[1]
    if stretch.strip("其中有的") == "":
        for named in known:
            if re.match(r"(?:申请)?(?:属于|为|系|被|作出)?" + re.escape(named.word), after):
                return named
    return None


def _by_role(report: Report, stretch: str, after: str, sentence: Sentence, piece: Piece) -> _Found | None:
    if _REST.fullmatch(stretch) and _GOES_ON.match(after):
        readings = request_readings(report, "requests_carried_out")
        return _Found("requests_carried_out", COUNT, readings, certain=True)
    concept = _role(report, stretch, sentence.text[piece.start : piece.end])
    if concept is None:
        # 依申请公开信息15件 may be what was asked for or what was given.
        if _OBJECT.search(stretch) is None:
            return None
        concept = _role(report, sentence.masked[: piece.start + len(stretch)], "") or "requests"
        readings = request_readings(report, concept)
        return _Found(_told(concept), COUNT, readings, certain=False, agree_only=True)
    certain = _told(concept) != "requests_closed"
    return _Found(_told(concept), COUNT, request_readings(report, concept), certain)


def _told(role: str) -> str:
    """The concept of a role: what is answered is counted with what is closed."""
    return "requests_closed" if role == "requests_answered" else role


def _role(report: Report, text: str, raw: str) -> str | None:
    by_year = _CARRY_YEAR.search(raw)
    if by_year is not None and report.year is not None:
        if by_year[1] is not None and int(by_year[1]) == report.year - 1:
            return "requests_carried_in"
        if by_year[2] is not None and int(by_year[2]) == report.year + 1:
            return "requests_carried_out"
    best: tuple[int, str] | None = None
    for concept, pattern in _ROLES:
        for found in pattern.finditer(text):
            if best is None or found.end() > best[0]:
                best = found.end(), concept
    return best[1] if best is not None else None


def _place(report: Report, sentence: Sentence, piece: Piece, numeral: Numeral, found: _Found) -> Setting:
    place = setting(report, sentence, piece, numeral.start)
    if found.agree_only:
        # A channel's figure may still not exceed the whole.
        part = place.stance is Stance.PART and found.concept != "requests"
        return place if part else Setting(Stance.HOLDS_ONLY, scoped=True)
    inherent = found.concept not in ("requests_received", "requests_handled", "requests_closed")
    among = place.stance is Stance.PART and after_among_them(sentence, numeral.start)
    if inherent and among and not narrower(sentence.masked[piece.start : numeral.start]):
        # 其中 is how results and applicants are told; what stood before it still rules.
        head = sentence.text.index("其中")
        outer = setting(report, sentence, sentence.pieces[0], head)
        return outer if outer.scoped else Setting(Stance.EQUAL, scoped=False)
    return place


_NONE = re.compile(
    r"(?:没有|未|无)(?:发生)?(?:收到|受理|接到|接收)?(?:任何|过|到)*(?:[^,;#]{0,10}提出的)?(?:政府|"
    r"政务)?(?:信息)?"
    r"(?:公开申请|依申请公开|申请公开)(?:件|事项|情况|的情况|信息|政府信息)*$"
)


def none_received(narrative: Narrative) -> Iterator[FigureMatch]:
    """未收到政府信息公开申请 against the row of new requests."""
    for sentence in narrative.sentences:
        for piece in sentence.pieces:
            found = _NONE.search(piece.masked)
            if found is None or piece.numerals:
                continue
            start, end = piece.start + found.start(), piece.start + found.end()
            if other_time(narrative.report, sentence, piece, start):
                continue
            zero = Numeral(start, end, 0, "", NumeralKind.COUNT, Bound.EXACT, Decimal(1))
            place = setting(narrative.report, sentence, piece, start)
            readings = request_readings(narrative.report, "requests_new")
            yield settle(narrative.report, Claim(sentence, zero, "requests_new", COUNT, readings, place))
