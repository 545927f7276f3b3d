"""The ways requests came in, where a sentence lists them all: they should add up to what was received.

The Regulation knows requests in person, by post and over a network; a list of all three leaves no other
way open except fax, which is why a sentence that goes on to name more is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.annual.check.narrative.matching import Narrative, quiet, quote
from gongkai.annual.check.narrative.numbers import Numeral
from gongkai.annual.check.narrative.sentences import Piece, Sentence
from gongkai.annual.check.narrative.tables import request_readings
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Verdict, finding

NOT_ADDING_UP = "AR-N-031"

_IN_PERSON = re.compile(r"当面|现场|窗口|上门|来访")
_BY_POST = re.compile(r"信函|邮寄|寄信|来信|挂号|快递")
_BY_NETWORK = re.compile(r"网络|网上|互联网|在线|线上|平台|网站|电子邮[件箱]|门户")
_WAYS = (_IN_PERSON, _BY_POST, _BY_NETWORK)
_FAX = re.compile(r"传真")
_REQUESTS = re.compile(r"公开申请|依申请公开|申请公开")
# More is told after the list, or the list says itself that it is a choice.
_MORE = re.compile(r"其余|其他|剩余|余下|另有|另外|此外|传真|等")
_JOINED = re.compile("[、和及,]")
_NOT_A_PART = re.compile(r"[较比]|同比|增|减|占|办结|答复|公开[0-9#]|上年|去年|结转")


def channel_matches(narrative: Narrative) -> Iterator[FigureMatch]:
    """Every list of channels that names all of them, beside the number of requests it divides."""
    for paragraph in narrative.paragraphs():
        for index, sentence in enumerate(paragraph):
            following = paragraph[index + 1].text if index + 1 < len(paragraph) else ""
            match = _channels(narrative, sentence, following)
            if match is not None:
                yield match


def _channels(narrative: Narrative, sentence: Sentence, following: str) -> FigureMatch | None:
    parts = _parts(sentence) or _respectively(sentence)
    if not parts:
        return None
    first, last = parts[0], parts[-1]
    before = [n for n in sentence.numerals if n.end <= first.start and n.exact_count]
    if not before or before[-1].unit != last.unit or _REQUESTS.search(sentence.text[: first.start]) is None:
        return None
    total = sum(int(n.value) for n in parts)
    told = {int(n.value) for n in before if n.unit == last.unit}
    known = {c.value for c in request_readings(narrative.report, "requests_received")}
    whole = before[0]
    span = sentence.span_of(whole)
    if total in told or total in known:
        return quiet(span, whole.value, whole.unit, "breakdown", total, Verdict.HOLDS)
    if _MORE.search(sentence.text[last.end :] + following[:12]) or len(told) != 1:
        return None
    raised = finding(
        NOT_ADDING_UP,
        expected=whole.value,
        found=total,
        spans=(span, *(sentence.span_of(n) for n in parts)),
        values={
            "quote": quote(sentence, first.start, last.end),
            "whole": f"{whole.value}{whole.unit}",
            "sum": " + ".join(str(n.value) for n in parts),
        },
    )
    return quiet(span, whole.value, whole.unit, "breakdown", total, Verdict.FAILS, raised)


def _parts(sentence: Sentence) -> tuple[Numeral, ...]:
    """The figures of a run of pieces that names each way once; none unless all three are named."""
    run: list[Numeral] = []
    ways: list[int] = []
    for piece in sentence.pieces:
        way = _way(piece)
        if way is None:
            if run:
                break
            continue
        if run and piece.numerals[0].unit != run[-1].unit and run[-1].unit:
            return ()
        run.append(piece.numerals[0])
        ways.append(way)
    # A way named twice (网站, 电子邮件) is told in two parts; fax is a part like the others.
    return tuple(run) if {0, 1, 2} <= set(ways) else ()


def _respectively(sentence: Sentence) -> tuple[Numeral, ...]:
    """通过当面、网络、信函方式分别收到20件、100件、30件: the figures, if each way has one."""
    at = sentence.masked.find("分别")
    first = next((n for n in sentence.numerals if n.start > at), None)
    if at < 0 or first is None or first.start - at > 8:
        return ()
    run = [n for n in sentence.numerals if n.start >= first.start]
    joined = [
        n for n, before in zip(run[1:], run, strict=False) if _JOINED.fullmatch(_between(sentence, before, n))
    ]
    figures = (first, *joined)
    start = max(sentence.masked.rfind(mark, 0, at) for mark in ",:(") + 1
    labels = re.split("[、和及与]", sentence.masked[start:at])
    ways = [[i for i, pattern in enumerate(_WAYS) if pattern.search(label)] for label in labels]
    alone = all(len(w) == 1 for w in ways) and {w[0] for w in ways} == {0, 1, 2}
    exact = all(n.exact_count and n.unit == first.unit for n in figures)
    return figures if alone and exact and len(figures) == len(labels) == len(run) else ()


def _between(sentence: Sentence, first: Numeral, second: Numeral) -> str:
    return sentence.text[first.end : second.start]


def _way(piece: Piece) -> int | None:
    if len(piece.numerals) != 1 or not piece.numerals[0].exact_count:
        return None
    label = piece.masked[: piece.numerals[0].start - piece.start]
    if _NOT_A_PART.search(label) or len(label) > 20:
        return None
    if _FAX.search(label):
        return len(_WAYS)
    found = [i for i, pattern in enumerate(_WAYS) if pattern.search(label)]
    # 通过网络、信函等方式20件 is more than one way.
    return found[0] if len(found) == 1 else None
