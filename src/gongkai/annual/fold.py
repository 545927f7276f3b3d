"""Text folded for matching, with the way back: the printed original is never replaced.

Published reports come in traditional characters, with pinyin notes after characters, with Kangxi
radicals out of PDF fonts, full-width digits and doubled punctuation (``report-failures``,
Characters). Everything is matched on the folded text; places are given in the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

import opencc

# NFKC does not know these radicals of the CJK supplement block that PDF fonts put in place of characters.
_RADICALS = dict(
    zip(
        "⺁⺄⺆⺈⺊⺋⺍⺓⺕⺗⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺹⺺⺻⺼⺽⺾⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻋⻌⻍⻎⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乙冂刀卜㔾小幺彑心手攵旡月母民水氺火爪爪爿牛犬王疋示礻竹糸纟罒罒罒罒冈羊羊耂聿聿肉臼艹艹虎衤覀西见角角讠贝车辶辶辶钅长镸长门阜阝雨青韦页风飞食饣饣马骨鬼鱼鸟卤麦黄黾齐齿齿竜龙龟龟龟",
        strict=True,
    )
)
# Mainland terms that the converter leaves in another shape, or that it makes a rarer variant of.
_EXCEPTIONS = {"覆议": "复议", "覆議": "复议", "捨": "舍", "徵": "征"}

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ"
_NOTE = re.compile(rf"(?<=[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff)）])[(（]([a-z{_TONED}ɡ]{{1,7}})[)）]")
_CHAR_BEFORE = re.compile(r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff]")
_DOUBLED = re.compile(r"[,，]+(?=[、,，。；;：:！？])")
_INITIALS = r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
_SYLLABLE = re.compile(
    rf"{_INITIALS}(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|er|i|ia|ie|iao|iu|ian|in|iang|ing|u|ua|uo|uai|ui|"
    r"uan|un|uang|ong|iong|v|ve|ue|van|vn)"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` for matching and, for each of its characters, the index in the original."""

    text: str
    origins: tuple[int, ...] | None
    """``None`` where every character stands at its own index."""
    length: int
    """Length of the original."""

    def origin(self, index: int) -> int:
        """Index in the original of the folded character at ``index`` (the end maps to the end)."""
        if index >= len(self.text):
            return self.length
        return index if self.origins is None else self.origins[index]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original stretch behind folded characters ``start`` to ``end`` (exclusive)."""
        if end <= start:
            return self.origin(start), self.origin(start)
        return self.origin(start), self.origin(end - 1) + 1

    def folded_index(self, original: int) -> int:
        """The first folded index at or after that index of the original."""
        if self.origins is None:
            return min(original, len(self.text))
        return bisect_left(self.origins, original)


@cache
def _converter() -> Callable[[str], str]:
    # tw2s, not t2s: it also settles 著/着; not tw2sp, which would change words. The package has no types.
    return cast("Callable[[str], str]", opencc.OpenCC("tw2s").convert)


def _char_table() -> dict[int, str]:
    table: dict[int, str] = {ord(k): v for k, v in _RADICALS.items()}
    for code in range(0x2F00, 0x2FD6):  # Kangxi radicals
        table[code] = unicodedata.normalize("NFKC", chr(code))
    for code in range(0xF900, 0xFB00):  # compatibility ideographs
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1:
            table[code] = folded
    for code in range(0xFF01, 0xFF5F):  # full-width forms
        table[code] = chr(code - 0xFEE0)
    for code in (0x00A0, 0x3000, 0x2002, 0x2003, 0x2009, 0x200A, 0x202F, 0x0009, 0xFEFF, 0x2007, 0x2005):
        table[code] = " "
    table |= {
        ord(a): b for a, b in zip("−－–—﹣﹢․．﹑﹒﹕﹖﹗﹙﹚﹪％ɡ", "-----+..、.:?!()%%g", strict=True)
    }
    table |= {ord(a): b for a, b in zip("─━―‐‑‒", "------", strict=True)}
    return table


_REPLACEMENTS = {chr(code): folded for code, folded in _char_table().items()}
_FOLDED = frozenset(_REPLACEMENTS)


def strip_notes(text: str) -> tuple[str, list[int] | None]:
    """Take out pinyin notes such as ``條(jù)例``; real bracketed Latin such as ``(PDF)`` stays.

    Returns the text and the origin of each character (``None`` if nothing was taken out). A note
    without tone marks is taken out only if it is a pinyin syllable and the text carries several.
    """
    if "(" not in text and "（" not in text:
        return text, None
    found = list(_NOTE.finditer(text))
    if not found:
        return text, None
    toned = [m for m in found if any(c in _TONED for c in m[1])]
    marked = {m.start() for m in toned}
    plain = [m for m in found if m.start() not in marked and _SYLLABLE.fullmatch(m[1])]
    # One bracketed plain syllable may be a real word (an app's name); a page full of them is notes.
    notes = toned + plain if len(toned) + len(plain) >= 3 else toned
    # Behind a bracket a note is only another note (doubled), not what follows some other bracket.
    ends = {m.end() for m in notes}
    cuts = sorted(
        (m.start(), m.end()) for m in notes if text[m.start() - 1] not in ")）" or m.start() in ends
    )
    if not cuts:
        return text, None
    pieces: list[str] = []
    origins: list[int] = []
    at = 0
    for start, end in cuts:
        pieces.append(text[at:start])
        origins.extend(range(at, start))
        at = end
    pieces.append(text[at:])
    origins.extend(range(at, len(text)))
    return "".join(pieces), origins


def fold(text: str) -> Folded:
    """Fold for matching: radicals, widths, notes, doubled punctuation, traditional → simplified.

    Takes any text; returns ``Folded``. The same text always gives the same result.
    """
    length = len(text)
    if text.isascii():
        return Folded(text, None, length)
    # A text has few different characters to fold; replacing each is many times faster than translating all.
    for char in _FOLDED.intersection(text):
        text = text.replace(char, _REPLACEMENTS[char])
    text, origins = strip_notes(text)
    if "," in text:
        doubled = list(_DOUBLED.finditer(text))
        if doubled:
            base = origins if origins is not None else list(range(len(text)))
            keep: list[str] = []
            kept: list[int] = []
            at = 0
            for m in doubled:
                keep.append(text[at : m.start()])
                kept.extend(base[at : m.start()])
                at = m.end()
            keep.append(text[at:])
            kept.extend(base[at:])
            text, origins = "".join(keep), kept
    text = simplify(text)
    return Folded(text, tuple(origins) if origins is not None else None, length)


@cache
def _traditional() -> frozenset[str]:
    """Characters that simplifying changes; a text without any is left as it is."""
    chars = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))]
    simplified = _converter()("\n".join(chars)).split("\n")
    changed = {c for c, s in zip(chars, simplified, strict=True) if c != s}
    # 著 and 乾 stay or change by the word they stand in.
    return frozenset(changed | {"著", "乾"})


def simplify(text: str) -> str:
    """Simplified characters, one for one; a converter's change of length falls back to single characters."""
    converted = text
    if not _traditional().isdisjoint(text):
        converted = _converter()(text)
        if len(converted) != len(text):
            converted = "".join(_single(c) for c in text)
    for wrong, right in _EXCEPTIONS.items():
        if wrong in converted:
            converted = converted.replace(wrong, right)
    return converted


@cache
def _single(char: str) -> str:
    converted = _converter()(char)
    return converted if len(converted) == 1 else char


_NOISE = re.compile(r"[\s\W_]+")


_LABEL_LENGTH = 40


def squeeze(folded: str) -> str:
    """Folded text without spaces and punctuation: what labels are compared by."""
    return _squeezed_label(folded) if len(folded) <= _LABEL_LENGTH else _NOISE.sub("", folded)


@lru_cache(maxsize=8192)
def _squeezed_label(folded: str) -> str:
    """Labels recur in every report, and within one several times; remembered, they cost a look-up."""
    return _NOISE.sub("", folded)


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """A label of the form as labels are compared: folded and squeezed (remembered, they recur)."""
    return squeeze(fold(text).text)
