"""A document's blocks made ready for reading: running text out of layout tables, everything folded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.annual.fold import fold
from gongkai.annual.form import Form, Section
from gongkai.annual.model import Place
from gongkai.annual.read import outline, preface
from gongkai.annual.read.blocks import Block, RawCell, Table, Text
from gongkai.annual.read.entries import fold_many


@dataclass(frozen=True, slots=True)
class Part:
    """One report's stretch of the document."""

    blocks: tuple[Block, ...]
    folded: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    """Folded text of each block; empty for a table."""


Groups = tuple[tuple[tuple[Section, ...], tuple[Form, ...]], ...]
_GROUPS: dict[tuple[int, ...], tuple[tuple[Form, ...], Groups]] = {}


def by_sections(forms: Sequence[Form]) -> Groups:
    """Forms that share their headings, together; made once for the same forms."""
    key = tuple(map(id, forms))
    known = _GROUPS.get(key)
    if known is None:
        groups: dict[tuple[Section, ...], list[Form]] = {}
        for form in forms:
            groups.setdefault(form.sections, []).append(form)
        # The forms are kept with their key, so that no other form can come to have the same identity.
        made = tuple((members[0].sections, tuple(members)) for members in groups.values())
        known = _GROUPS[key] = (tuple(forms), made)
    return known[1]


def unpack(blocks: Sequence[Block], forms: Sequence[Form]) -> list[Block]:
    """Take running text out of tables that hold the whole page (title, headings, prose in one-cell rows)."""
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            result.extend(_unpack_table(block, forms))
        else:
            result.append(block)
    return result


def _unpack_table(table: Table, forms: Sequence[Form]) -> list[Block]:
    rows: dict[int, list[RawCell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    prose: set[int] = set()
    for index, cells in rows.items():
        filled = [c for c in cells if c.text.strip()]
        if len(filled) == 1 and len(filled[0].text) >= 4 and _is_running_text(filled[0].text, forms):
            prose.add(index)
    if not prose:
        return [table]
    result: list[Block] = []
    pending: list[RawCell] = []
    for index in sorted(rows):
        if index not in prose:
            pending.extend(rows[index])
            continue
        if pending:
            result.append(Table(tuple(pending), table.place, table.exact))
            pending = []
        text = next(c.text for c in rows[index] if c.text.strip())
        place = Place(page=table.place.page, table=table.place.table, row=index + 1, line=table.place.line)
        result.extend(Text(line.strip(), place) for line in text.split("\n") if line.strip())
    if pending:
        result.append(Table(tuple(pending), table.place, table.exact))
    return result


def _is_running_text(text: str, forms: Sequence[Form]) -> bool:
    folded = fold(text).text
    return (
        "。" in folded
        or len(folded) > 60
        or any(outline.heading_of(folded, s) is not None for s, _ in by_sections(forms))
        or outline.is_title(folded)
        or preface.is_closing(folded)
    )


def fold_blocks(blocks: Sequence[Block]) -> Part:
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            texts.extend(c.text for c in block.cells)
        else:
            texts.append(block.text)
    folded = fold_many(texts)
    parts: list[tuple[str, ...]] = []
    at = 0
    for block in blocks:
        size = len(block.cells) if isinstance(block, Table) else 1
        parts.append(tuple(folded[at : at + size]))
        at += size
    lines = tuple(p[0] if isinstance(b, Text) else "" for b, p in zip(blocks, parts, strict=True))
    return Part(tuple(blocks), tuple(parts), lines)
