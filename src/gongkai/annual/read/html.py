"""Web pages to blocks: one walk over the parsed tree, without recursion and without selectors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import Block, Document, Table, Text
from gongkai.annual.read.decode import decode
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.limits import DEFAULT, Limits
from gongkai.annual.read.lines import Budget, Slot, collapse, join_lines, lay_out

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HIDDEN_WORDS = re.compile(r"display\s*:\s*none|\bhidden\b|visibility|font-size\s*:\s*0|:\s*-\d{4}|mso-hide", re.I)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4}|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
# What an element does to the text around it; a tag that is not here is inline.
_SKIP = frozenset(
    "script style template noscript head iframe object embed svg canvas audio video select datalist nav textarea"
    " button map rt rp math".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    "p div section article main header footer aside address blockquote center ul ol li dl dt dd pre listing form"
    " fieldset legend figure figcaption details summary hr br body caption tbody thead tfoot html dir menu".split()
)
_PRE = frozenset(("pre", "listing"))
# Names of elements that HTML closes by itself when a sibling opens, or that have no content.
_LIGHT = frozenset(
    "p li td th tr tbody thead tfoot dt dd option optgroup rt rp rb rtc colgroup col caption br hr img input meta link"
    " area base embed param source track wbr html head body frame basefont bgsound keygen".split()
)
_TAG = re.compile(
    r"<!--(?:>|->|.*?--!?>|.*\Z)"
    r"|<(script|style|title|textarea|xmp|iframe|noembed|noframes)\b.*?(?:</\1(?=[\s/>])[^>]*>|\Z)"
    r"|<(/?)([a-z][^\s/>]*)(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?)?)*+[\s/]*+>",
    re.DOTALL | re.IGNORECASE,
)
# Below this many opened elements even the worst nesting parses within half a second.
_HARMLESS = 8_000
_LONG_CELL = 400
_SHORT_ROW = 120


@dataclass(slots=True)
class _Cell:
    items: list[_Line | _Grid]
    row_span: int
    column_span: int

    def text(self) -> str:
        return join_lines(_texts(self.items))


@dataclass(slots=True)
class _Line:
    text: str
    heading: bool


@dataclass(slots=True)
class _Grid:
    rows: list[list[_Cell]]


def read_html(data: bytes, *, limits: Limits = DEFAULT) -> Document:
    """A web page as blocks.

    Takes the file's bytes in any encoding. Tables that only lay out the page are dissolved; what is
    hidden is left out, unless the page shows no table and a hidden part has one. Raises
    ``Unsupported`` beyond the limits (AR-X-013, AR-X-014).
    """
    declared = _DECLARED.search(data, 0, 2048)
    decoded = decode(data, declared=declared[1].decode("ascii") if declared else None)
    return html_document(decoded.text, encoding=decoded.encoding, limits=limits)


def html_document(text: str, *, encoding: str | None, limits: Limits = DEFAULT) -> Document:
    """As ``read_html``, from text."""
    _check_depth(text, limits)
    tree = LexborHTMLParser(text)
    root = tree.root
    if root is None:
        return Document("html", (), encoding)
    may_hide = _HIDDEN_WORDS.search(text) is not None
    items = _Walk(may_hide=may_hide, limits=limits).run(root)
    if may_hide and not any(isinstance(i, _Grid) for i in items):
        whole = _Walk(may_hide=False, limits=limits).run(root)
        if any(isinstance(i, _Grid) and len(i.rows) > 3 for i in whole):
            items = whole
    head = tree.head
    title = head.css_first("title") if head is not None else None
    name = collapse(title.text()) if title is not None else ""
    return Document("html", _blocks(items, Budget(limits)), encoding, name or None)


def _check_depth(text: str, limits: Limits) -> None:
    """Refuse a page whose nesting would make the parser quadratic; costs nothing for ordinary pages."""
    if text.count("<") - text.count("</") < _HARMLESS and text.count("<") < 2 * _HARMLESS:
        return
    depth = 0
    opened: dict[str, int] = {}
    for found in _TAG.finditer(text):
        name = found[3]
        if name is None:
            continue
        name = name.lower()
        if name in _LIGHT:
            continue
        count = opened.get(name, 0)
        if found[2] == "":
            opened[name] = count + 1
            depth += 1
            if depth > limits.depth:
                raise Unsupported("AR-X-013", limit=limits.depth)
        elif count:
            opened[name] = count - 1
            depth -= 1


class _Walk:
    """One pass over the tree; keeps its own stack, so depth costs no recursion."""

    __slots__ = ("_buffer", "_budget", "_grids", "_may_hide", "_out", "_pre", "_sinks")

    def __init__(self, *, may_hide: bool, limits: Limits) -> None:
        self._may_hide = may_hide
        self._budget = Budget(limits)
        self._buffer: list[str] = []
        self._out: list[_Line | _Grid] = []
        self._sinks: list[list[_Line | _Grid]] = []
        self._grids: list[_Grid] = []
        self._pre = 0

    def run(self, root: LexborNode) -> list[_Line | _Grid]:
        """Lines and tables of the tree in document order."""
        stack: list[tuple[LexborNode, str]] = []
        node: LexborNode = root
        while True:
            tag = node.tag or ""
            if tag == "-text":
                self._buffer.append(node.text_content or "")
            elif self._enter(tag, node):
                child = node.first_child
                if child is not None:
                    stack.append((node, tag))
                    node = child
                    continue
                self._leave(tag)
            following = node.next if stack else None
            while following is None:
                if not stack:
                    self._flush(heading=False)
                    return self._out
                node, tag = stack.pop()
                self._leave(tag)
                following = node.next if stack else None
            node = following

    def _enter(self, tag: str, node: LexborNode) -> bool:
        """Open an element; false where it and what is in it are left out."""
        if tag in _SKIP or tag.startswith("-"):
            return tag == "-document"
        if self._may_hide and _is_hidden(node):
            return False
        if tag in ("td", "th"):
            self._open_cell(node)
        elif tag in _BLOCKS:
            self._flush(heading=False)
            self._pre += tag in _PRE
        elif tag == "tr":
            if self._grids:
                self._grids[-1].rows.append([])
        elif tag == "table":
            self._flush(heading=False)
            self._grids.append(_Grid([]))
        elif tag == "img":
            # A picture between two numbers parts them as a blank does.
            self._buffer.append(" ")
        return True

    def _leave(self, tag: str) -> None:
        if tag in ("td", "th"):
            if self._grids:
                self._flush(heading=False)
                self._out = self._sinks.pop()
        elif tag in _BLOCKS:
            self._flush(heading=tag in _HEADINGS)
            self._pre -= tag in _PRE
        elif tag == "table":
            self._flush(heading=False)
            self._close_table(self._grids.pop())

    def _open_cell(self, node: LexborNode) -> None:
        if not self._grids:
            return
        self._budget.spend_cells(1)
        spans = node.attributes
        cell = _Cell([], _span(spans.get("rowspan"), zero=65_535), _span(spans.get("colspan"), zero=1))
        rows = self._grids[-1].rows
        if not rows:
            rows.append([])
        rows[-1].append(cell)
        self._sinks.append(self._out)
        self._out = cell.items

    def _close_table(self, grid: _Grid) -> None:
        rows = [row for row in grid.rows if row]
        if not rows:
            return
        if _is_layout(rows):
            for row in rows:
                for cell in row:
                    self._out.extend(cell.items)
        else:
            self._out.append(_Grid(rows))

    def _flush(self, *, heading: bool) -> None:
        """End the current line."""
        if not self._buffer:
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        for part in text.splitlines() if self._pre else (text,):
            line = collapse(part)
            if line:
                self._budget.spend_blocks()
                self._out.append(_Line(line, heading))


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


def _span(value: str | None, *, zero: int) -> int:
    """A span attribute as browsers take it: leading digits, at least 1; 0 is ``zero`` (to the end)."""
    if value is None:
        return 1
    digits = re.match(r"\s*\+?([0-9]{1,9})", value)
    return (int(digits[1]) or zero) if digits else 1


def _is_layout(rows: list[list[_Cell]]) -> bool:
    """True for a table that arranges parts of the page instead of holding data.

    That is one column only, or a cell with a data table, a heading or long running text of several
    lines in it. A small table in a cell that has one row or one column is only more layout.
    """
    if all(len(row) == 1 for row in rows):
        return True
    for row in rows:
        for cell in row:
            items = cell.items
            if len(items) < 2 and not (items and isinstance(items[0], _Grid)):
                continue
            length = 0
            for item in items:
                if isinstance(item, _Grid):
                    if len(item.rows) > 1:
                        return True
                else:
                    length += len(item.text)
            if len(items) > 2 and length > _LONG_CELL:
                return True
    return False


def _texts(items: list[_Line | _Grid]) -> list[str]:
    lines: list[str] = []
    for item in items:
        if isinstance(item, _Line):
            lines.append(item.text)
        else:
            lines.extend(cell.text() for row in item.rows for cell in row)
    return lines


def _blocks(items: list[_Line | _Grid], budget: Budget) -> tuple[Block, ...]:
    blocks: list[Block] = []
    line = table = 0
    for item in items:
        if isinstance(item, _Line):
            line += 1
            blocks.append(Text(item.text, Place(line=line), item.heading))
            continue
        for part in _parts(item):
            if isinstance(part, _Line):
                line += 1
                blocks.append(Text(part.text, Place(line=line), part.heading))
            else:
                table += 1
                blocks.append(_table(part, table, budget))
    return tuple(blocks)


def _parts(grid: _Grid) -> list[_Line | _Grid]:
    """A table with rows of running text (the whole report drawn as one table) cut at these rows."""
    if not any(len(row) == 1 and row[0].row_span == 1 and _length(row[0]) > _SHORT_ROW for row in grid.rows):
        return [grid]
    parts: list[_Line | _Grid] = []
    rows: list[list[_Cell]] = []
    for row in grid.rows:
        if len(row) == 1 and row[0].row_span == 1 and row[0].column_span > 1 and _length(row[0]) > _SHORT_ROW:
            if rows:
                parts.append(_Grid(rows))
                rows = []
            parts.extend(i for i in row[0].items if isinstance(i, _Line))
        else:
            rows.append(row)
    if rows:
        parts.append(_Grid(rows))
    return parts


def _length(cell: _Cell) -> int:
    return sum(len(i.text) for i in cell.items if isinstance(i, _Line))


def _table(grid: _Grid, number: int, budget: Budget) -> Table:
    rows: list[list[Slot]] = [[(c.text(), c.row_span, c.column_span) for c in row] for row in grid.rows]
    return lay_out(rows, Place(table=number), budget)
