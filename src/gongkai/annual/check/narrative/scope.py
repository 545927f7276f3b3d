"""Whose figure a sentence gives, and of when: words that set it apart from what the tables count.

The office's own figure beside the area's, one channel's, one quarter's or another year's is no
contradiction; these words decide how a figure may differ from the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.annual.check.narrative.against import Stance
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.model import Report, Scope

_NARROW = re.compile(
    r"本级|[市县区省州旗]直|(?<!本)(?<!我)(?<!各)部门|(?<!本)(?<!我)(?<!各)单位|办公室|办公厅|"
    r"[省市县区州旗乡镇](?:人民)?政府办?(?!信息|门户|网|公开申请|依申请)|(?:以|由)[^,#]{1,16}?名义|"
    r"[市县区省](?!政府)[\u4e00-\u9fff]{2,8}?[局委厅](?=共?[收受办新承接])|"
    r"乡镇|镇街|街道|县区|县\(区\)|县市区|[县区]\(市|[市县区]级(?!以上)|科室|下属|所属|直属|其他机关"
)
# Other bodies than the one that reports: its tables may not count them at all.
_OTHERS = re.compile(
    r"直$|部门|单位|乡镇|镇街|街道|县区|县\(区\)|县市区|科室|下属|所属|直属|其他机关|[局委厅]$|[乡镇]政府"
)
_WIDE = re.compile(
    r"全[省市县区州旗镇乡]|全街道|全系统|各级|各部门|各单位|各地|各乡镇|两级|我[省市县区](?!政府|局)"
)
_CHANNEL = re.compile(
    r"书面|网上|网络|网站|信函|信件|当面|邮寄|邮件|电子邮箱|传真|窗口|现场|在线|平台|来信|来访|口头|"
    r"线上|线下|系统|"
    r"微信|互联网|快递|挂号"
)
_ALL_CHANNELS = re.compile(
    r"等(?:多种|各种|各类|不同)?(?:渠道|方式|形式|途径|平台)|多种渠道|各种渠道|各渠道|多渠道"
)
_PERIOD = re.compile(r"季度|上半年|下半年|月(?:份)?(?:共|收|受|办)|期间|截至(?![^,]{0,6}12月)[^,]{0,8}月")
# A part of the year anywhere before the figure (截至11月底,收到…), until words of the whole year follow.
_PART_OF_YEAR = re.compile(
    r"[一二三四1-4前]季度|[上下前后]半年|前[\d一二两三四五六七八九十]{1,2}个?月|"
    r"(?:(?<!\d)(?:[1-9]|1[01])|(?<!十)[一二三四五六七八九十]|十一)月(?:底|末|份(?![至到以起]))|"
    r"(?:(?<!\d)\d{1,2}|[一二三四五六七八九十]{1,2})月?份?[-—–~至到](?!12|十二)(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?!\d)|"
    r"(?<!\d)(?:[2-9]|1[0-2])月?份?[-—–~至到]\d{1,2}月(?!\d)|"
    r"截[至止](?:到)?(?![^,]{0,6}(?:12|十二)月)(?:20\d\d年)?[^,]{0,4}月"
)
_WHOLE_YEAR = re.compile(r"全年|本年度?|年度|年内|一年来|20\d\d年(?!\d{1,2}月)")
# Several years taken together; dates of one year (1月1日至12月31日) are none.
_YEARS = re.compile(
    r"20\d\d年?度?(?:[-—–~至到、和及]|以来)(?:20\d\d年?度?)?(?=[^\d]|$)|[两三四五六七八九十\d]年(?:来|间|以来)"
)
_TITLE = re.compile(r"《[^》]*》")
_OTHER_TIME = re.compile(
    r"上年|去年|上一年|前年|往年|历年|同期|近[三五两]年|施行以来|实施以来|成立以来|建立以来"
)
# Not a year that the figure is compared with (较2022年), nor one that cases were carried from or to.
_YEAR = re.compile(r"(?<![\d较比与同和])(?<!结转至)(?<!结转到)(20\d\d)年(?!度?[^,#\d]{0,4}结转)")
_PLAN = re.compile(r"下一步|下一年|明年|计划|力争|拟于|预计")


_AREA = re.compile(r"[全我][省市县区州旗镇乡]")


def same_scope(word: str, known: frozenset[str]) -> bool:
    """True if ``word`` is among the words of scope ``known``, or it and one of them mean the whole area."""
    return word in known or (
        _AREA.fullmatch(word) is not None and any(_AREA.fullmatch(other) for other in known)
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """How a figure at some place of a sentence stands to the tables."""

    stance: Stance
    scoped: bool
    """True if a word of scope stands before it, so that a difference is not proof of an error."""
    word: str = ""
    """The word of scope that decided (本级, 全市), where one did."""


def setting(report: Report, sentence: Sentence, piece: Piece, position: int) -> Setting:
    """The setting of a figure at ``position`` of the sentence, in that piece."""
    before = sentence.masked[:position]
    here = sentence.masked[piece.start : position]
    if _PERIOD.search(sentence.text[piece.start : position]):
        return Setting(Stance.PART, scoped=True)
    if _of_part_of_year(sentence.text[:position]):
        return Setting(Stance.HOLDS_ONLY, scoped=True)
    if after_among_them(sentence, position):
        return Setting(Stance.PART, scoped=True)
    if _CHANNEL.search(here) and not _ALL_CHANNELS.search(before):
        return Setting(Stance.PART, scoped=True)
    # The word of scope nearest before the figure rules: "全市共办理…,市政府办理…".
    narrow = _final(_NARROW, before)
    wide = _final(_WIDE, before)
    if narrow is not None and (wide is None or narrow.start() > wide.start()):
        # A government's report may count its whole area; its own figure is then a part.
        itself = _is_body(report, narrow[0]) and (
            report.scope is Scope.OWN or not (report.body or "").endswith("政府")
        )
        if not itself and _OTHERS.search(narrow[0]):
            return Setting(Stance.HOLDS_ONLY, scoped=True)
        return Setting(Stance.EQUAL if itself else Stance.PART, scoped=True, word=narrow[0])
    if wide is not None:
        area = report.scope is Scope.AREA
        return Setting(Stance.EQUAL if area else Stance.WHOLE, scoped=True, word=wide[0])
    return Setting(Stance.EQUAL, scoped=False)


def after_among_them(sentence: Sentence, position: int) -> bool:
    """True if 其中 stands before that place in the sentence."""
    return "其中" in sentence.text[:position]


def narrower(text: str) -> bool:
    """True if words of one body or one level stand in the text (本级, 县政府, 部门)."""
    return _NARROW.search(text) is not None


def other_time(report: Report, sentence: Sentence, piece: Piece, position: int) -> bool:
    """True if the figure there is of another year than the report's, or only planned."""
    here = sentence.text[piece.start : position]
    if _OTHER_TIME.search(here) or _PLAN.search(sentence.text[:position]):
        return True
    text = _TITLE.sub("", sentence.text[:position])
    several = _final(_YEARS, text)
    if several is not None and _WHOLE_YEAR.search(text, several.end()) is None:
        return True
    years = _YEAR.findall(text)
    return bool(years) and report.year is not None and int(years[-1]) != report.year


def _of_part_of_year(text: str) -> bool:
    found = _final(_PART_OF_YEAR, text)
    return found is not None and _WHOLE_YEAR.search(text, found.end()) is None


def _final(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _is_body(report: Report, word: str) -> bool:
    body = (report.body or "").replace("人民", "")
    bare = word.replace("人民", "")
    return bool(body) and len(bare) > 1 and (body.endswith(bare) or (len(bare) > 3 and bare[1:] in body))
