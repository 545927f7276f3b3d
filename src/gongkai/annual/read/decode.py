"""Bytes to text: the encoding is chosen by which one gives plausible Chinese, not by what is declared."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Characters that stand in every Chinese official page, simplified and traditional; a wrong decoding
# spreads over rare characters and meets these only by chance.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
    "定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由"
    "其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意"
    "建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统"
    "接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处府信息市县报告收到复议诉讼申请予不行政规"
    "章范性件许可罚强制维持纠正总计自然法六七八申办公厅室（）、，。：；“”《》"
    "這為個國時來們對會發動過說產種後經進裡實兩體機當點從業應開還間樣與關數內無線變條結問題長處區報復議訴訟請"
)
# What the commonest characters become when UTF-8 is read as GBK.
_MOJIBAKE = ("鐨", "锛", "銆", "鏀", "淇", "鍏", "骞", "涓", "鏈", "浠")
_LOST_GB18030 = "\ufffd".encode("gb18030")
_TABLE_BREAK = re.compile(r"[^\r\n<>|\t ]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the name of the encoding that was used and, where text was repaired, how."""

    text: str
    encoding: str


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decode a text file.

    ``declared`` is what the file says of itself; it only breaks ties. Never raises: bytes that no
    encoding explains become U+FFFD. Text that was already wrong when it was saved (UTF-8 read as
    GBK or Latin-1) is repaired where every byte of it can be taken back.
    """
    text, encoding = _decode(data, declared)
    return _repair(text, encoding)


def _decode(data: bytes, declared: str | None) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.start > 0 and not data[: error.start].isascii():
            # Cut in the middle of the last character.
            return data[: error.start].decode("utf-8"), "utf-8"
    else:
        if "\x00" not in text:
            return text, "utf-8"
    if b"\x00" in data:
        wide = _wide(data)
        if wide is not None:
            return wide
    return _best(data, declared)


def utf16_head(head: bytes) -> str | None:
    """The first characters of a text in UTF-16 or UTF-32, with or without a mark; ``None`` if it is none."""
    found = next(((bom, e) for bom, e in _BOMS if e.startswith("utf-") and head.startswith(bom)), None)
    if found is not None and found[1] != "utf-8":
        text = head[len(found[0]) :].decode(found[1], "ignore")
    else:
        wide = _wide(head)
        if wide is None:
            return None
        text = wide[0].rstrip("\ufffd")
    odd = sum((c < " " and c not in "\t\n\x0b\x0c\r") or c == "\ufffd" for c in text)
    # Without a mark, what is neither Chinese nor plain ASCII is more likely no text at all.
    sure = found is not None or plausibility(text) > 0.3 or sum(c <= "\x7f" for c in text) * 2 > len(text)
    return text if sure and odd * 20 <= len(text) else None


def _wide(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark: told by where the NUL bytes of ASCII characters stand."""
    sample = data[: 1 << 16]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if min(even, odd) * 4 > max(even, odd):
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    return data.decode(encoding, "replace"), encoding


def _best(data: bytes, declared: str | None) -> tuple[str, str]:
    """The candidate whose text looks most like Chinese."""
    wanted = _known(declared)
    sample = data[: 1 << 18]
    best, best_score = "gb18030", float("-inf")
    for encoding in ("gb18030", "utf-8", "big5hkscs"):
        score = plausibility(_replaced(sample, encoding)) + (0.02 if encoding == wanted else 0.0)
        if score > best_score:
            best, best_score = encoding, score
    return _replaced(data, best), best.removesuffix("hkscs")


def _replaced(data: bytes, encoding: str) -> str:
    if encoding == "utf-8":
        # U+FFFD as a program wrote it that saved in GB18030: two of its bytes would read as 1 and 7.
        data = data.replace(_LOST_GB18030, "\ufffd".encode())
    return data.decode(encoding, "replace")


def _known(declared: str | None) -> str | None:
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(name, name)


def plausibility(text: str) -> float:
    """How much a text looks like Chinese: the share of common characters less twice that of lost ones."""
    wide = [c for c in text if c > "\x7f"]
    if not wide:
        return 0.0
    common = sum(c in _COMMON for c in wide)
    lost = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or "\x80" <= c < "\xa0" for c in wide)
    return (common - 2 * lost) / len(wide)


def damaged(text: str) -> bool:
    """True for text of which hardly a character is what it was: question marks, or a wrong decoding."""
    lost = sum(text.count(c) for c in "?？\ufffd锟斤")
    if lost * 3 > len(text) > 40:
        return True
    wide = sum(c > "\x7f" for c in text)
    if wide < 40:
        return False
    latin = len(_LATIN.findall(text))
    if latin * 2 > wide and latin * 2 > len(text) - sum(map(str.isspace, text)):
        return True
    return sum(text.count(c) for c in _MOJIBAKE) * 25 > wide and plausibility(text) < 0.15


def _repair(text: str, encoding: str) -> Decoded:
    """Take back a wrong decoding that was made before the file was saved."""
    if ("锛" in text or "銆" in text) and _outweigh(text, _MOJIBAKE):
        fixed = _taken_back(text, "gb18030")
        if fixed is not None:
            return Decoded(fixed, f"{encoding}, utf-8 read as gbk")
    elif _all_latin(text):
        # Every character must go back to its byte and the bytes to Chinese, else all stays as it is.
        data = _latin_bytes(text)
        for right in ("utf-8", "gb18030") if data is not None else ():
            try:
                fixed = (data or b"").decode(right)
            except UnicodeDecodeError:
                continue
            if plausibility(fixed) > 0.3:
                name = "utf-8" if right == "utf-8" else "gbk"
                return Decoded(fixed, f"{encoding}, {name} read as latin-1")
    return Decoded(text, encoding)


# The letters and signs that the bytes from 0x80 are in Latin-1 and in Windows' Western code page.
_WESTERN = {chr(b): b for b in range(0x80, 0x100)} | {
    sign: b for b in range(0x80, 0xA0) if (sign := bytes((b,)).decode("cp1252", "ignore"))
}
_LATIN = re.compile(f"[{re.escape(''.join(_WESTERN))}]")


def _all_latin(text: str) -> bool:
    """True where hardly a character beyond ASCII is none of a Western code page."""
    head = text[: 1 << 16]
    # Counted by the encoder, not by a loop: this is asked of every page.
    wide = len(head) - len(head.encode("ascii", "ignore"))
    # Of a report's characters far more than one in twenty are these; only then is every one looked at.
    if sum(map(head.count, "政府信息公开")) * 20 >= wide:
        return False
    return wide > 30 and len(_LATIN.findall(head)) * 20 > wide * 19


def _latin_bytes(text: str) -> bytes | None:
    """The bytes that were read as a Western code page; ``None`` where one is lost."""
    try:
        return bytes(_WESTERN[c] if c > "\x7f" else ord(c) for c in text)
    except KeyError:
        return None


def _outweigh(text: str, damaged: tuple[str, ...]) -> bool:
    return sum(text.count(c) for c in damaged) > 3 + text.count("的") + text.count("年")


def _taken_back(text: str, wrong: str) -> str | None:
    """The text as it was; stretches whose bytes are lost for good stay as they are.

    Returns ``None`` where less than half of the damaged characters can be taken back.
    """
    try:
        return text.encode(wrong).decode("utf-8")
    except UnicodeError:
        pass
    kept = changed = 0

    def mend(found: re.Match[str]) -> str:
        nonlocal kept, changed
        stretch = found[0]
        if stretch.isascii():
            return stretch
        try:
            fixed = stretch.encode(wrong).decode("utf-8")
        except UnicodeError:
            kept += len(stretch)
            return stretch
        changed += len(stretch)
        return fixed

    fixed = _TABLE_BREAK.sub(mend, text)
    return fixed if changed > kept else None
