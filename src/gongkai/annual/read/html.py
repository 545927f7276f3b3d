"""Web pages to blocks: one walk over the parsed tree, without recursion and without selectors."""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.annual.model import Place
from gongkai.annual.read.blocks import Block, Document, Table, Text
from gongkai.annual.read.decode import decode
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.limits import DEFAULT, Limits
from gongkai.annual.read.lines import Budget, Slot, collapse, join_lines, lay_out

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HIDDEN_WORDS = (b"hid", b"none", b"-999", b"font-size:0", b"font-size: 0", b"HID", b"NONE")
_HIDDEN_SELECTOR = (
    '[hidden],[style*="none" i],[style*="hid" i],[style*="-999"]'
    ',[style*="font-size:0" i],[style*="font-size: 0" i]'
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-999|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
# What an element does to the text around it; a tag that is not here is inline.
_SKIP = frozenset(
    ("script", "style", "template", "noscript", "head", "iframe", "object", "embed", "svg", "canvas", "audio")
    + ("video", "select", "datalist", "nav", "textarea", "button", "map", "rt", "rp", "math")
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    ("p", "div", "section", "article", "main", "header", "footer", "aside", "address", "blockquote", "center")
    + (
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "listing",
        "form",
        "fieldset",
        "legend",
        "figure",
        "figcaption",
    )
    + ("details", "summary", "hr", "br", "body", "caption", "tbody", "thead", "tfoot", "html", "dir", "menu")
)
_NOT_INLINE = _BLOCKS | _SKIP | {"td", "th", "tr", "table", "img", "-document", "-comment", "-doctype"}
_PRE = frozenset(("pre", "listing"))
# Names of elements that HTML closes by itself when a sibling opens, or that have no content.
_LIGHT = frozenset(
    (
        "p",
        "li",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "dt",
        "dd",
        "option",
        "optgroup",
        "rt",
        "rp",
        "rb",
    )
    + (
        "rtc",
        "colgroup",
        "col",
        "caption",
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "area",
        "base",
        "embed",
    )
    + ("param", "source", "track", "wbr", "html", "head", "body", "frame", "basefont", "bgsound", "keygen")
)
_TAG = re.compile(
    r"<!--(?:>|->|.*?--!?>|.*\Z)"
    r"|<(script|style|title|textarea|xmp|iframe|noembed|noframes)\b.*?(?:</\1(?=[\s/>])[^>]*>|\Z)"
    r"|<(/?)([a-z][^\s/>]*)(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?)?)*+[\s/]*+>",
    re.DOTALL | re.IGNORECASE,
)
# With so few tags even the worst nesting parses within half a second.
_HARMLESS = 16_000
_LONG_CELL = 400
_SHORT_ROW = 120


class _Heading(str):
    """A line that the page marks as a heading."""

    __slots__ = ()


class _Cell(NamedTuple):
    items: list[_Item]
    row_span: int
    column_span: int


_Row = list[_Cell]


class _Grid(NamedTuple):
    rows: list[_Row]


_Item = str | _Grid
"""A line of text or a table, on the way to a block."""


def read_html(data: bytes, *, limits: Limits = DEFAULT) -> Document:
    """A web page as blocks.

    Takes the file's bytes in any encoding. Tables that only lay out the page are dissolved; what is
    hidden is left out, unless the page shows no table and a hidden part has one. Raises
    ``Unsupported`` beyond the limits (AR-X-013, AR-X-014).
    """
    declared = _DECLARED.search(data, 0, 2048)
    decoded = decode(data, declared=declared[1].decode("ascii") if declared else None)
    may_hide = b"\x00" in data or any(word in data for word in _HIDDEN_WORDS)
    return html_document(decoded.text, encoding=decoded.encoding, may_hide=may_hide, limits=limits)


def html_document(
    text: str, *, encoding: str | None = None, may_hide: bool = True, limits: Limits = DEFAULT
) -> Document:
    """As ``read_html``, from text; ``may_hide`` is false where nothing in the page can be hidden."""
    _check_depth(text, limits)
    tree = LexborHTMLParser(text)
    root = tree.root
    if root is None:
        return Document("html", (), encoding)
    hidden = _hidden(tree) if may_hide else frozenset[int]()
    items = _Walk(hidden, limits).run(root)
    if hidden and not any(isinstance(i, _Grid) for i in items):
        whole = _Walk(frozenset(), limits).run(root)
        if any(isinstance(i, _Grid) and len(i.rows) > 3 for i in whole):
            items = whole
    head = tree.head
    title = head.css_first("title") if head is not None else None
    name = collapse(title.text()) if title is not None else ""
    return Document("html", _blocks(items, Budget(limits)), encoding, name or None)


def _check_depth(text: str, limits: Limits) -> None:
    """Refuse a page whose nesting would make the parser quadratic; costs nothing for ordinary pages."""
    if text.count("<") < _HARMLESS:
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


def _hidden(tree: LexborHTMLParser) -> frozenset[int]:
    """Elements that a browser does not show, by the parser's own id."""
    found: list[int] = []
    for node in tree.css(_HIDDEN_SELECTOR):
        attributes = node.attributes
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            found.append(node.mem_id)
    return frozenset(found)


class _Walk:
    """One pass over the tree; keeps its own stack, so depth costs no recursion."""

    __slots__ = ("_budget", "_buffer", "_grids", "_hidden", "_out", "_pre", "_sinks")

    def __init__(self, hidden: frozenset[int], limits: Limits) -> None:
        self._hidden = hidden
        self._budget = Budget(limits)
        self._buffer: list[str] = []
        self._out: list[_Item] = []
        self._sinks: list[list[_Item]] = []
        self._grids: list[_Grid] = []
        self._pre = 0

    def run(self, root: LexborNode) -> list[_Item]:
        """Lines and tables of the tree in document order."""
        stack: list[tuple[LexborNode, str]] = []
        node: LexborNode = root
        buffer, hidden = self._buffer, self._hidden
        special, push, pop = _NOT_INLINE, stack.append, stack.pop
        while True:
            # This loop is the cost of reading a page: inline elements and text make no call.
            tag = node.tag or "-comment"
            if tag == "-text":
                buffer.append(node.text_content or "")
            elif hidden and node.mem_id in hidden:
                pass
            elif tag not in special or self._enter(tag, node):
                child = node.first_child
                if child is not None:
                    push((node, tag))
                    node = child
                    continue
                if tag in special:
                    self._leave(tag)
            following = node.next if stack else None
            while following is None:
                if not stack:
                    self._flush()
                    return self._out
                node, tag = pop()
                if tag in special:
                    self._leave(tag)
                following = node.next if stack else None
            node = following

    def _enter(self, tag: str, node: LexborNode) -> bool:
        """Open an element that is not inline; false where it and what is in it are left out."""
        if tag in _BLOCKS:
            if self._buffer:
                self._flush()
            if tag in _PRE:
                self._pre += 1
        elif tag in _SKIP or (tag[0] == "-" and tag != "-document"):
            return False
        elif tag == "td" or tag == "th":
            self._open_cell(node)
        elif tag == "tr":
            if self._grids:
                self._grids[-1].rows.append([])
        elif tag == "table":
            self._flush()
            self._grids.append(_Grid([]))
        elif tag == "img":
            # A picture between two numbers parts them as a blank does.
            self._buffer.append(" ")
        return True

    def _leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            if self._buffer:
                self._flush(heading=tag in _HEADINGS)
            if tag in _PRE:
                self._pre -= 1
        elif tag == "td" or tag == "th":
            if self._grids:
                if self._buffer:
                    self._flush()
                self._out = self._sinks.pop()
        elif tag == "table":
            self._flush()
            self._close_table(self._grids.pop())

    def _open_cell(self, node: LexborNode) -> None:
        if not self._grids:
            return
        self._budget.spend_cells(1)
        if self._buffer:
            self._flush()
        spans = node.attributes
        items: list[_Item] = []
        cell = _Cell(items, 1, 1)
        if "rowspan" in spans or "colspan" in spans:
            cell = _Cell(items, _span(spans.get("rowspan"), zero=65_535), _span(spans.get("colspan"), zero=1))
        rows = self._grids[-1].rows
        if not rows:
            rows.append([])
        rows[-1].append(cell)
        self._sinks.append(self._out)
        self._out = items

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

    def _flush(self, *, heading: bool = False) -> None:
        """End the current line."""
        buffer = self._buffer
        text = buffer[0] if len(buffer) == 1 else "".join(buffer)
        buffer.clear()
        for part in text.splitlines() if self._pre else (text,):
            line = collapse(part)
            if line:
                self._budget.spend_blocks()
                self._out.append(_Heading(line) if heading else line)


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
                if isinstance(item, str):
                    length += len(item)
                elif len(item.rows) > 1:
                    return True
            if len(items) > 2 and length > _LONG_CELL:
                return True
    return False


def _cell_text(items: list[_Item]) -> str:
    if not items:
        return ""
    if len(items) == 1 and isinstance(items[0], str):
        return items[0]
    lines: list[str] = []
    for item in items:
        if isinstance(item, str):
            lines.append(item)
        else:
            lines.extend(_cell_text(cell.items) for row in item.rows for cell in row)
    return join_lines(lines)


def _blocks(items: list[_Item], budget: Budget) -> tuple[Block, ...]:
    blocks: list[Block] = []
    line = table = 0
    for item in items:
        for part in (item,) if isinstance(item, str) else _parts(item):
            if isinstance(part, str):
                line += 1
                blocks.append(Text(str(part), Place(line=line), isinstance(part, _Heading)))
            else:
                table += 1
                blocks.append(_table(part, table, budget))
    return tuple(blocks)


def _parts(grid: _Grid) -> list[_Item]:
    """A table with rows of running text (the whole report drawn as one table) cut at these rows."""
    parts: list[_Item] = []
    rows: list[_Row] = []
    for row in grid.rows:
        if len(row) == 1 and _is_prose(row[0]):
            if rows:
                parts.append(_Grid(rows))
                rows = []
            parts.extend(i for i in row[0].items if isinstance(i, str))
        else:
            rows.append(row)
    if rows:
        parts.append(_Grid(rows))
    return parts


def _is_prose(cell: _Cell) -> bool:
    """True for a cell over the whole width that holds running text."""
    if cell.row_span > 1 or cell.column_span == 1:
        return False
    return sum(len(i) for i in cell.items if isinstance(i, str)) > _SHORT_ROW


def _table(grid: _Grid, number: int, budget: Budget) -> Table:
    rows: list[list[Slot]] = [[(_cell_text(i), tall, wide) for i, tall, wide in row] for row in grid.rows]
    return lay_out(rows, Place(table=number), budget)
