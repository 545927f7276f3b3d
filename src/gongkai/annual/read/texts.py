"""The text of a report's sections, as printed, without what was a table and without page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.annual.fold import fold, squeeze
from gongkai.annual.read import preface
from gongkai.annual.read.blocks import Block, Table, Text
from gongkai.annual.read.entries import is_prose
from gongkai.annual.read.fit import Fit
from gongkai.annual.read.outline import Heading
from gongkai.annual.read.parts import Part


def consumed_by(part: Part, best: Fit, found: Sequence[Heading]) -> set[int]:
    """Text blocks that were table cells."""
    heads = {h.line for h in found}
    taken: set[int] = set()
    by_grid: dict[str, set[int]] = {}
    for pair in best.pairs:
        spots = {t.block for t in (*pair.entry.labels, *pair.entry.values) if t.block >= 0}
        by_grid.setdefault(pair.target.grid.id, set()).update(
            b for b in spots if isinstance(part.blocks[b], Text) or not _exact(part.blocks[b])
        )
    for spots in by_grid.values():
        if not spots:
            continue
        low, high = min(spots), max(spots)
        while low - 1 >= 0 and low - 1 not in heads and _cell_like(part, low - 1):
            low -= 1
        while (
            high + 1 < len(part.blocks) and high + 1 not in heads and not squeeze(part.lines[high + 1] or "x")
        ):
            high += 1
        taken |= {
            i for i in range(low, high + 1) if i in spots or (i not in heads and not is_prose(part.lines[i]))
        }
    return taken


def _exact(block: Block) -> bool:
    return isinstance(block, Table) and block.exact


def _cell_like(part: Part, index: int) -> bool:
    line = part.lines[index]
    return isinstance(part.blocks[index], Text) and not is_prose(line) and "。" not in line and len(line) < 80


_FURNITURE = re.compile(
    r"^(?:扫一扫.*|返回顶部.*|关闭本页|关闭窗口|【?(?:关闭|打印|打印本页|字体.*)】?|上一篇.*|下一篇.*|分享到?.*|附件[::]?|"
    r"相关(?:附件|链接|稿件|文档)[::]?.*|关联稿件[::]?|年报下载.*|访问量[::]?.*|浏览次数.*|责任编辑.*|来源[::].*|"
    r"主办单位.*|承办单位.*|版权所有.*|.*ICP备.*|网站标识码.*|.*公网安备.*)$"
)


def section_texts(
    part: Part, found: Sequence[Heading], consumed: set[int], title_lines: Sequence[int]
) -> tuple[dict[str, str], dict[str, str], tuple[str | None, str | None]]:
    """Section texts and headings as printed, and the signature."""
    texts: dict[str, str] = {}
    labels: dict[str, str] = {}
    signed: tuple[str | None, str | None] = (None, None)
    first = found[0].line if found else len(part.blocks)
    start = max(title_lines, default=-1) + 1
    opening = _kept(part, range(start, first), consumed)
    if opening:
        texts["0"] = "\n".join(_original(part, i) for i in opening)
    for position, heading in enumerate(found):
        end = found[position + 1].line if position + 1 < len(found) else len(part.blocks)
        kept = _kept(part, range(heading.line + 1, end), consumed)
        line = _original(part, heading.line)
        rest = ""
        if heading.rest < len(part.lines[heading.line]):
            cut = _original_cut(line, heading.rest)
            line, rest = line[:cut].strip(), line[cut:].strip()
        labels[heading.section] = line
        if position == len(found) - 1:
            kept, signed = _close(part, kept)
        body = [rest] if rest else []
        body.extend(_original(part, i) for i in kept)
        texts[heading.section] = "\n".join(body)
    return texts, labels, signed


def _close(part: Part, kept: list[int]) -> tuple[list[int], tuple[str | None, str | None]]:
    """Cut page furniture and the signature off the last section."""
    for position, index in enumerate(kept):
        if position > 0 and _FURNITURE.match(part.lines[index].strip()):
            kept = kept[:position]
            break
    signed, day, taken = preface.signature_in([part.lines[i] for i in kept])
    return (kept[: len(kept) - taken] if taken else kept), (signed, day)


def _kept(part: Part, lines: range, consumed: set[int]) -> list[int]:
    return [
        i for i in lines if i not in consumed and isinstance(part.blocks[i], Text) and part.lines[i].strip()
    ]


def _original(part: Part, index: int) -> str:
    block = part.blocks[index]
    return block.text.strip() if isinstance(block, Text) else ""


def _original_cut(line: str, folded_index: int) -> int:
    return fold(line).origin(folded_index)
