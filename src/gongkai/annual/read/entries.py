"""Blocks → printed rows: what stands as a label and what stands as numbers, in reading order.

One shape for real tables and for every kind of text that was once a table (pipes, a pipe then a
newline, one cell a line, label and numbers on one line). Nothing is decided here about the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from gongkai.annual.fold import fold, squeeze
from gongkai.annual.model import Place
from gongkai.annual.read.blocks import Block, RawCell, Table, Text
from gongkai.annual.read.values import is_blank, is_value


@dataclass(slots=True)
class Token:
    """A printed cell: as printed, folded, and where. Never changed once made; not frozen only for speed."""

    raw: str
    text: str
    base: Place
    """Place of the table or line it stands in."""
    printed_row: int | None = None
    printed_column: int | None = None
    column: int = -1
    """Logical column, 0-based, where the source's columns can be trusted; else -1."""
    span: int = 1
    block: int = -1
    """Index of the block it came from."""
    tall: bool = False
    """The cell reaches over several rows."""

    @property
    def place(self) -> Place:
        """Place of the cell itself."""
        base = self.base
        row = self.printed_row if self.printed_row is not None else base.row
        return Place(base.page, base.table, row, self.printed_column, base.line)


@dataclass(slots=True)
class Entry:
    """A printed row: labels, then values."""

    labels: list[Token] = field(default_factory=list[Token])
    values: list[Token] = field(default_factory=list[Token])
    exact: bool = False
    context: str = ""
    """Squeezed labels of the rows without numbers directly above: the headings of this row."""
    header: tuple[tuple[str, int], ...] = ()
    """The cells that ``context`` was joined from, folded, each with its block; for text-made tables."""
    headings: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    """For exact tables: squeezed headings above each logical column, the lowest one last."""
    cells: list[Token] = field(default_factory=list[Token])
    """All cells of an exact table's row, labels and blanks included."""

    @property
    def joined(self) -> str:
        return squeeze("".join(t.text for t in self.labels))

    @property
    def last(self) -> str:
        return squeeze(self.labels[-1].text) if self.labels else ""

    def place(self) -> Place | None:
        token = self.labels[-1] if self.labels else self.values[0] if self.values else None
        return token.place if token is not None else None


_PAGE_NUMBER = re.compile(
    r"[-~·•]\s*\d{1,3}\s*[-~·•]|第\s*\d{1,3}\s*页(?:\s*共\s*\d+\s*页)?|\d{1,3}\s*/\s*\d{1,3}\s*页?"
)
_TRAILING = re.compile(
    r"(?P<label>.*?\D)??(?P<values>(?:(?:^|\s+)(?:[+-]?\d[\d,]*(?:\.\d+)?(?:万元?|元|件)?|[/无-]))+)\s*$"
)
_LONG = 60
_LABEL = 6
"""Characters from which a text that is no value is taken for a label rather than a remark."""


def fold_many(texts: Sequence[str]) -> list[str]:
    """Fold many short texts at once (one pass over all of them)."""
    joined = "\n".join(t.replace("\n", " ") for t in texts)
    return fold(joined).text.split("\n")


def is_prose(folded: str) -> bool:
    """A sentence rather than a table cell."""
    if "|" in folded:
        return False
    return ("。" in folded and len(folded) > 25) or len(folded) > _LONG * 2


def split_line(raw: str, folded: str, *, edged: bool = False) -> list[tuple[str, str]]:
    """A text line → its cells as (raw, folded).

    A pipe at the right end is an edge, not a cell; one at the left end too where the text draws its tables
    so (``edged``, as Markdown does).
    """
    if "|" in folded:
        return _pipes(raw, folded, edged=edged)
    if "\t" in raw.strip():
        parts = [p.strip() for p in raw.split("\t")]
        return [(p, fold(p).text.strip()) for p in parts]
    found = _TRAILING.match(folded)
    if found is None or not found["values"].strip():
        return [(raw, folded)]
    label = (found["label"] or "").strip()
    values = found["values"].split()
    if label and len(values) == 1 and found["values"][:1] not in " ":
        return [(raw, folded)]
    cells = [(label, label)] if label else []
    return cells + [(v, v) for v in values]


def _pipes(raw: str, folded: str, *, edged: bool) -> list[tuple[str, str]]:
    parts = folded.split("|")
    # Folding keeps pipes, full-width ones become pipes too, so both split alike or the raw is not used.
    raws = re.split(r"[|｜]", raw)
    if len(raws) != len(parts):
        raws = parts
    pairs: list[tuple[str, str]] = []
    for r, p in zip(raws, parts, strict=True):
        numbers = p.split()
        if len(numbers) > 1 and all(n.isascii() and n.isdigit() for n in numbers):
            pairs.extend((n, n) for n in numbers)  # cells run together between two pipes
        else:
            pairs.append((r.strip(), p.strip()))
    if pairs and not pairs[-1][1]:
        pairs.pop()
    if edged and len(pairs) > 1 and not pairs[0][1]:
        pairs.pop(0)
    return pairs


_RULE_LINE = re.compile(r"[\s|:+=_-]+")


def is_rule_line(folded: str) -> bool:
    """A line that only draws (Markdown's ``|---|---|``)."""
    return "---" in folded and _RULE_LINE.fullmatch(folded) is not None


class RunBuilder:
    """Builds rows from a run of cells in reading order.

    ``before`` is true where labels stand before their numbers, false where numbers stand above them.
    """

    def __init__(self, known: frozenset[str], *, before: bool = True) -> None:
        self._known = known
        self._before = before
        self._labels: list[Token] = []
        self._values: list[Token] = []
        self._context: list[tuple[str, int]] = []
        self._above: list[tuple[str, int]] = []
        self.entries: list[Entry] = []

    def label(self, token: Token) -> None:
        """Take a label cell; what stands behind a row's label or its numbers on the same line is a value."""
        if self._before:
            if self._behind_row(token):
                self._values.append(token)
                return
            self._drop_row_number(token)
        if self._values and self._before:
            self.flush()
        self._labels.append(token)

    def _behind_row(self, token: Token) -> bool:
        line = token.block
        own = [t for t in self._labels if t.block == line]
        if not own:
            return False
        if any(t.block == line and not is_blank(t.text) for t in self._values):
            return True
        return len(token.text) < _LABEL and squeeze(own[-1].text) in self._known

    def _drop_row_number(self, token: Token) -> None:
        """A number alone before a label on its line counts the rows; it is no value of the row above."""
        if self._values and self._values[-1].block == token.block:
            line = [t for t in self._values if t.block == token.block]
            if len(line) == 1 and not any(t.block == token.block for t in self._labels):
                self._values.pop()

    def value(self, token: Token) -> None:
        """Take a value cell (a blank one included)."""
        if not self._before and self._labels:
            self.flush()
        if self._values and token.block != self._values[-1].block and self._only_filler():
            self.flush()
        self._values.append(token)

    def _only_filler(self) -> bool:
        """The blanks that a heading row of a text-made table ends with: several on one line, nothing else."""
        line = self._values[-1].block
        return not any(t.text for t in self._values) and sum(1 for t in self._values if t.block == line) > 1

    def flush(self) -> None:
        """Close the row that is being built."""
        if not self._labels and not self._values:
            return
        if self._before:
            self._close_before()
        else:
            self._close_above()
        self._labels, self._values = [], []

    def _close_before(self) -> None:
        # A label whose numbers are all absent is swallowed by the next one; give it a row of its own.
        for token in self._labels[:-1]:
            if squeeze(token.text) in self._known:
                self.entries.append(Entry(labels=[token]))
        entry = Entry(
            labels=self._labels,
            values=self._values,
            context=_joined(self._context),
            header=tuple(self._context),
        )
        self.entries.append(entry)
        if any(t.text.strip() for t in self._values):
            self._context.clear()
        else:
            self._context.extend((t.text, t.block) for t in self._labels)

    def _close_above(self) -> None:
        """Numbers, then the line with their label, then perhaps the headings of what follows."""
        first = self._labels[0].block if self._labels else -1
        own = [t for t in self._labels if t.block == first]
        self.entries.append(
            Entry(labels=own, values=self._values, context=_joined(self._above), header=tuple(self._above))
        )
        self._above = [(t.text, t.block) for t in self._labels]


def _joined(cells: Iterable[tuple[str, int]]) -> str:
    return squeeze("".join(text for text, _ in cells))


@dataclass(slots=True)
class _Headings:
    """Heading rows seen so far above the rows of exact tables."""

    context: list[str] = field(default_factory=list[str])
    paths: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    width: int = 0
    used: bool = False
    """Numbers have followed; the next heading row begins anew."""

    def add(self, entry: Entry, cells: Sequence[tuple[RawCell, str]], width: int) -> None:
        """Take a heading row."""
        if self.used:
            self.context, self.paths, self.used = [], {}, False
        self.context.append(entry.joined)
        paths = dict(self.paths)
        for cell, text in cells:
            name = squeeze(text)
            if name and cell.column_span < width:
                for column in range(cell.column, cell.column + cell.column_span):
                    above = paths.get(column, ())
                    paths[column] = above if above[-1:] == (name,) else (*above, name)
        self.paths = paths


def table_entries(
    table: Table, folded: Sequence[str], block: int, known: frozenset[str], above: _Headings
) -> Iterator[Entry]:
    """Rows of a printed table whose logical columns can be trusted.

    ``folded`` are the folded texts of ``table.cells`` in the same order; ``known`` the squeezed labels of the
    form's rows: behind one of these every cell is a value, whatever stands in it. ``above`` carries heading
    rows on, also into the next table where a table of headings stands alone above its numbers.
    """
    rows: dict[int, list[tuple[RawCell, str]]] = {}
    for cell, text in zip(table.cells, folded, strict=True):
        rows.setdefault(cell.row, []).append((cell, text))
    width = max((c.column + c.column_span for c in table.cells), default=0)
    if above.used or above.width != width:
        above.context, above.paths, above.used = [], {}, False
    above.width = width
    base = table.place
    for index in sorted(rows):
        cells = rows[index]
        entry = Entry(exact=True)
        named = _row_label(cells, known)
        edge = _last_label(cells) if named is None else named
        for position, (cell, text) in enumerate(cells):
            column = cell.column
            token = Token(
                cell.text,
                text,
                base,
                index + 1,
                column + 1,
                column,
                cell.column_span,
                block,
                cell.row_span > 1,
            )
            entry.cells.append(token)
            if position > edge:
                entry.values.append(token)
            elif text.strip():
                entry.labels.append(token)
        if named is not None or any(t.text and is_value(t.text) for t in entry.values):
            entry.context = "".join(above.context)
            entry.headings = above.paths
            above.used = True
        else:
            above.add(entry, cells, width)
        yield entry


def _row_label(cells: Sequence[tuple[RawCell, str]], known: frozenset[str]) -> int | None:
    """Index of the cell that is exactly the label of a row of the form, with cells behind it."""
    for position in range(len(cells) - 2, -1, -1):
        text = cells[position][1]
        if len(text) > 1 and not is_value(text) and squeeze(text) in known:
            # A group's label may have the name of a row; then a label of its own stands behind it.
            return None if _reads_as_label(cells[position + 1][1], known) else position
    return None


def _reads_as_label(text: str, known: frozenset[str]) -> bool:
    """True for a text like the label of a row, misspelt or padded; not for a remark in a number's place."""
    if len(text) < _LABEL or is_value(text):
        return False
    squeezed = squeeze(text)
    return any(leaf in squeezed or fuzz.ratio(leaf, squeezed) >= 60 for leaf in known if len(leaf) > 2)


def _last_label(cells: Sequence[tuple[RawCell, str]]) -> int:
    """Index of the last cell of a row that is a label; -1 if the row has none."""
    for position in range(len(cells) - 1, -1, -1):
        if not is_value(cells[position][1]):
            return position
    return -1


def entries_of(
    blocks: Sequence[Block],
    folded: Sequence[Sequence[str]],
    known: frozenset[str],
    zone: range,
    *,
    before: bool = True,
) -> list[Entry]:
    """All printed rows of the blocks in ``zone`` (tables anywhere count; text only inside it).

    ``folded[i]`` are the folded texts of block ``i``: one for a text, one a cell for a table. ``known``
    are the squeezed labels of the form's rows.
    """
    builder = RunBuilder(known, before=before)
    above = _Headings()
    edged = _draws_edges(folded[i][0] for i in zone if isinstance(blocks[i], Text))
    result = builder.entries
    for index, block in enumerate(blocks):
        if isinstance(block, Table) and block.exact:
            builder.flush()
            result.extend(table_entries(block, folded[index], index, known, above))
        elif index in zone:
            for token in _line_tokens(block, folded[index], index, edged=edged):
                if token is None:
                    builder.flush()
                elif is_value(token.text):
                    builder.value(token)
                else:
                    builder.label(token)
    builder.flush()
    return result


def _draws_edges(lines: Iterable[str]) -> bool:
    """True if nearly every line with pipes begins with one."""
    piped = [line.lstrip() for line in lines if "|" in line and line.strip("| ")]
    return len(piped) > 3 and sum(1 for line in piped if line.startswith("|")) > 0.8 * len(piped)


def _line_tokens(block: Block, folded: Sequence[str], index: int, *, edged: bool) -> Iterator[Token | None]:
    """Cells of a text line or an inexact table; ``None`` where running text breaks the run."""
    if isinstance(block, Table):
        yield from _inexact_tokens(block, folded, index)
        return
    text = folded[0]
    if is_prose(text):
        yield None
        return
    if _PAGE_NUMBER.fullmatch(text.strip()) or is_rule_line(text):
        return
    for position, (raw, cell) in enumerate(split_line(block.text, text, edged=edged)):
        yield Token(raw, cell, block.place, printed_column=position + 1, block=index)


def _inexact_tokens(table: Table, folded: Iterable[str], index: int) -> Iterator[Token]:
    for cell, text in zip(table.cells, folded, strict=True):
        yield Token(cell.text, text.strip(), table.place, cell.row + 1, cell.column + 1, block=index)
