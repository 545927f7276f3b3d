"""Parts and their whole within the narrative: 其中…, lists behind a colon or in brackets, 合计 at the end.

其中 parts need not add up to the whole; they may not exceed it. Parts are held to add up only where the
sentence itself claims to be complete: 其余, 已X and 未X, 分别为, a list in brackets, a sum at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.annual.check.narrative.matching import Narrative, quiet, quote
from gongkai.annual.check.narrative.numbers import Numeral
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Span, Verdict, finding
from gongkai.annual.model import Number

NOT_ADDING_UP = "AR-N-031"
EXCEEDING = "AR-N-032"

_AMONG = re.compile(r"其中|包括|包含|(?:分别|依次)(?:是|为|有)")
_GROWTH = re.compile(
    r"[较比]|同比|环比|增[长加幅]|下降|减少|提[高升]|上年|去年|20\d\d年|以上年|平均|日均|月均"
)
_CARRIED = re.compile(r"(?:上年|上一年|去年|20\d\d年)度?结转")
# A new statement, not a further part of the list.
_NEW = re.compile(
    r"此外|同时|另[外有]?|还|全年|累计|举办|召开|开展|组织|印发|回应|注销|受理|收到|结转|维持|纠正|"
    r"约谈|培训|推送|编辑|"
    r"办结|答复|回复|占|访问|阅读|浏览|点击|涉及|覆盖|超过|参与"
)
_REST = re.compile(r"^(?:其余|剩余|余下|其余的|剩下)")
_INCLUDING = re.compile(r"^(?:其中|含|包括|包含|如|例如|主要)|等$")
_ENDING = re.compile(r"^(?:共计|合计|总计|一共|共)(?:有|为)?$")
_NOT_STATES = re.compile(r"办结|答复|审结|办理|处理|结转|公开")
# One item may stand in several of these at a time, so their sum may exceed the whole.
_OVERLAPPING = re.compile(
    r"网站|微信|微博|公众号|新媒体|抖音|客户端|公报|报纸|电视|广播|平台|栏目|专栏|专题|头条|视频号|政务号"
)
DIMENSIONS = (
    re.compile(r"网上|书面|当面|信函|邮寄|传真|现场|线上|线下|在线|邮件|窗口"),
    re.compile(r"自然人|法人|企业|组织|机构|公民|个人"),
    re.compile(r"予以公开|部分公开|不予公开|无法提供|不予处理|其他处理"),
    re.compile(r"政府|部门|乡镇|街道|本级|市直|县直|县区|区县"),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole with the parts said of it."""

    sentence: Sentence
    whole: Numeral
    whole_span: Span
    parts: tuple[tuple[str, Numeral], ...]
    complete: bool
    """True if the sentence claims that the parts are all."""
    also: tuple[int, ...] = ()
    """What else the parts may be of: new and carried in together, or the other of the two."""

    @property
    def sum(self) -> int:
        return sum(int(n.value) for _, n in self.parts)


def breakdown_matches(narrative: Narrative) -> Iterator[FigureMatch]:
    """Every breakdown that adds up, should and does not, or exceeds its whole."""
    for paragraph in narrative.paragraphs():
        before: Sentence | None = None
        for sentence in paragraph:
            for found in _breakdowns(sentence, before):
                match = _judge(found)
                if match is not None:
                    yield match
            before = sentence


def _breakdowns(sentence: Sentence, before: Sentence | None) -> Iterator[Parts]:
    pieces = sentence.pieces
    for index, piece in enumerate(pieces):
        marker = _AMONG.search(piece.masked)
        if marker is not None:
            # The first part may stand behind a comma: 其中,市政府办理50件.
            start = index + 1 if marker.end() == len(piece.masked) else index
            whole = _whole_before(sentence, piece.start + marker.start()) or _whole_of(
                sentence, before, index
            )
            if whole is not None:
                named = marker[0] not in ("其中", "包括", "包含")
                yield from _listed(sentence, whole, pieces[start:], marker.end(), complete=named)
        elif index > 0 and sentence.text[piece.start - 1] in ":(" and _INCLUDING.search(piece.masked) is None:
            whole = pieces[index - 1].numerals[-1:] if _adjacent(pieces[index - 1]) else ()
            if whole and whole[0].exact_count:
                bracket = sentence.text[piece.start - 1] == "("
                inside = _inside(sentence, pieces[index:]) if bracket else pieces[index:]
                pair = whole[0], sentence.span_of(whole[0])
                yield from _listed(sentence, pair, inside, 0, complete=True)
        yield from _ending(sentence, index)


def _adjacent(piece: Piece) -> bool:
    return bool(piece.numerals) and piece.end - piece.numerals[-1].end <= 0


def _inside(sentence: Sentence, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    inside: list[Piece] = []
    for piece in pieces:
        inside.append(piece)
        if piece.end < len(sentence.text) and sentence.text[piece.end] == ")":
            break
    return tuple(inside)


def _whole_before(sentence: Sentence, position: int) -> tuple[Numeral, Span] | None:
    """The figure right before 其中, a growth told between apart."""
    for piece in reversed(sentence.pieces):
        if piece.start >= position:
            continue
        growth = _GROWTH.search(piece.masked) is not None
        figures = [n for n in piece.numerals if n.end <= position and n.exact_count]
        if figures and not _GROWTH.search(sentence.masked[piece.start : figures[-1].start]):
            near = figures[-1].end >= min(piece.end, position) or growth
            return (figures[-1], sentence.span_of(figures[-1])) if near else None
        # Words of something else between: the parts may be of that (文件14件,开展解读,其中图解28件).
        if piece.end < position and not growth:
            return None
    return None


def _whole_of(sentence: Sentence, before: Sentence | None, index: int) -> tuple[Numeral, Span] | None:
    """For a sentence that begins with 其中: the one figure of the sentence before it."""
    if index != 0 or before is None or not sentence.text.startswith("其中"):
        return None
    figures = [
        n
        for piece in before.pieces
        for n in piece.numerals
        if n.exact_count and not _GROWTH.search(before.masked[piece.start : n.start])
    ]
    return (figures[0], before.span_of(figures[0])) if len(figures) == 1 else None


def _listed(
    sentence: Sentence, whole: tuple[Numeral, Span], pieces: tuple[Piece, ...], skip: int, *, complete: bool
) -> Iterator[Parts]:
    parts: list[tuple[str, Numeral]] = []
    for number, piece in enumerate(pieces):
        begin = piece.start + (
            skip
            if number == 0 and piece.masked[:skip].endswith(("其中", "包括", "包含", "为", "是", "有"))
            else 0
        )
        label_start = begin
        stop = False
        for numeral in piece.numerals:
            label = sentence.masked[label_start : numeral.start]
            label_start = numeral.end
            if not numeral.exact_count or numeral.unit != whole[0].unit or numeral.start < begin:
                stop = stop or (numeral.exact_count and numeral.unit != whole[0].unit)
                continue
            if stop or "其中" in label or _NEW.search(label) or _GROWTH.search(label) or _ENDING.match(label):
                stop = True
                break
            parts.append((label, numeral))
        plain = not piece.numerals and len(piece.text) > 12
        if stop or (parts and plain) or (parts and "其中" in piece.text[skip if number == 0 else 0 :]):
            break
    if parts and sentence.text.startswith("等", parts[-1][1].end):
        complete = False
    if parts and whole[0].unit:
        claimed = len(parts) > 1 and (complete or _complete(parts))
        yield Parts(sentence, whole[0], whole[1], tuple(parts), claimed, _with_carried(sentence, whole))


def _with_carried(sentence: Sentence, whole: tuple[Numeral, Span]) -> tuple[int, ...]:
    """新收120件,上年结转5件,其中…: the parts may be of either figure or of both together."""
    if whole[0] not in sentence.numerals or sentence.span_of(whole[0]) != whole[1]:
        return ()
    counts = [n for n in sentence.numerals if n.exact_count and n.unit == whole[0].unit]
    at = counts.index(whole[0])
    pair = counts[at : at + 2]
    if len(pair) < 2 or _CARRIED.search(sentence.masked[pair[0].end : pair[1].start]) is None:
        pair = counts[max(at - 1, 0) : at + 1]
        start = sentence.pieces[0].start if at < 2 else counts[at - 2].end
        if len(pair) < 2 or _CARRIED.search(sentence.masked[start : pair[1].start]) is None:
            return ()
    own = int(whole[0].value)
    other = sum(int(n.value) for n in pair) - own
    return (own + other, other)


def _complete(parts: list[tuple[str, Numeral]]) -> bool:
    if _REST.match(parts[-1][0]):
        return True
    if len(parts) == 2 and re.search("线上", parts[0][0]) and re.search("线下", parts[1][0]):
        return True
    for label, _ in parts:
        if label.startswith("未") and not _NOT_STATES.search(label):
            state = label[1:]
            return any(other != label and other.endswith(state) for other, _ in parts)
    return False


def _ending(sentence: Sentence, index: int) -> Iterator[Parts]:
    """文字6条、图文21条、动画1条,合计28条: the sum at the end of a list."""
    piece = sentence.pieces[index]
    if len(piece.numerals) != 1 or "其中" in sentence.text[: piece.start]:
        return
    whole = piece.numerals[0]
    if not whole.exact_count or not _ENDING.match(sentence.masked[piece.start : whole.start]):
        return
    parts: list[tuple[str, Numeral]] = []
    for earlier in reversed(sentence.pieces[:index]):
        same = [n for n in earlier.numerals if n.exact_count and n.unit == whole.unit]
        if len(same) != 1 or len(earlier.numerals) != 1 or _GROWTH.search(_CARRIED.sub("", earlier.masked)):
            break
        parts.insert(0, (sentence.masked[earlier.start : same[0].start], same[0]))
    # Any run of figures before the sum may be what is summed.
    for first in range(len(parts) - 1):
        if sum(int(n.value) for _, n in parts[first:]) == whole.value:
            parts = parts[first:]
            break
    if len(parts) > 1:
        yield Parts(sentence, whole, sentence.span_of(whole), tuple(parts), complete=True)


def _judge(found: Parts) -> FigureMatch | None:
    whole = int(found.whole.value)
    if len(found.parts) > 1 and found.sum == whole:
        return _match(found, Verdict.HOLDS, whole, None)
    if found.also:
        # Against any of the wholes it may be of, and never held wrong: which one is meant is not said.
        fits = found.sum in found.also
        return _match(found, Verdict.HOLDS, found.sum, None) if fits else None
    greatest = max(found.parts, key=lambda p: int(p[1].value))
    bare = _NOT_STATES.fullmatch(greatest[0].lstrip("已共"))
    if int(greatest[1].value) > whole and not found.complete and bare is None:
        return _match(found, Verdict.FAILS, int(greatest[1].value), EXCEEDING, greatest[1])
    labels = "、".join(label for label, _ in found.parts)
    if found.complete and _OVERLAPPING.search(labels):
        return None
    if found.complete:
        return _match(found, Verdict.FAILS, found.sum, NOT_ADDING_UP)
    mixed = sum(1 for d in DIMENSIONS if d.search(labels)) > 1
    loose = mixed or _OVERLAPPING.search(labels) is not None or _NOT_STATES.search(labels) is not None
    if found.sum > whole and not loose and len(found.parts) > 1:
        return _match(found, Verdict.FAILS, found.sum, EXCEEDING)
    return None


def _match(
    found: Parts, verdict: Verdict, against: Number, code: str | None, part: Numeral | None = None
) -> FigureMatch:
    shown = [part] if part is not None else [n for _, n in found.parts]
    spans = (found.whole_span, *(found.sentence.span_of(n) for n in shown))
    raised = None
    if code is not None:
        last = shown[-1].end
        first = min(shown[0].start, found.whole.start if found.whole_span == spans[0] else shown[0].start)
        raised = finding(
            code,
            expected=found.whole.value,
            found=against,
            spans=spans,
            values={
                "quote": quote(found.sentence, min(first, shown[0].start), last),
                "whole": f"{found.whole.value}{found.whole.unit}",
                "sum": " + ".join(str(n.value) for n in shown),
            },
        )
    return quiet(found.whole_span, found.whole.value, found.whole.unit, "breakdown", against, verdict, raised)
