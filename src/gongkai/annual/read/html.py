"""Web pages to blocks: one walk over the parsed tree, without recursion and without selectors."""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.annual.read.blocks import Document, Text
from gongkai.annual.read.decode import decode
from gongkai.annual.read.errors import NotAReport, Unsupported
from gongkai.annual.read.html_tags import (
    APART,
    BLOCKS,
    CHECK_PAGE,
    HEADINGS,
    LIGHT,
    LOOKS,
    NOT_INLINE,
    PRE,
    SKIP,
    WRAPPERS,
)
from gongkai.annual.read.limits import DEFAULT, Limits
from gongkai.annual.read.lines import Budget, collapse
from gongkai.annual.read.pieces import Cell, Grid, Heading, Item, close_grid, to_blocks

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HIDDEN_WORDS = (b"hid", b"display", b"-999", b"font-size:0", b"font-size: 0", b"HID", b"DISPLAY")
_HIDDEN_SELECTOR = (
    '[hidden],[style*="none" i],[style*="hid" i],[style*="-999"]'
    ',[style*="font-size:0" i],[style*="font-size: 0" i]'
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-999|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_SPANS = re.compile("(?:row|col)span", re.IGNORECASE)
_TAG = re.compile(
    r"<!--(?:>|->|.*?--!?>|.*\Z)"
    r"|<(script|style|title|textarea|xmp|iframe|noembed|noframes)\b.*?(?:</\1(?=[\s/>])[^>]*>|\Z)"
    r"|<(/?)([a-z][^\s/>]*)(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?)?)*+[\s/]*+(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# With so few tags even the worst nesting parses within a second.
_HARMLESS = 12_000
# Characters of a tag without its quoted values: thousands of attributes. The parser compares each with
# all before it.
_LONG_TAG = 8_000
_SMALL_PAGE = 200_000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def read_html(data: bytes, *, limits: Limits = DEFAULT) -> Document:
    """A web page as blocks.

    Takes the file's bytes in any encoding. Tables that only lay out the page are dissolved; what is
    hidden is left out, unless the page shows no table and a hidden part has one. Raises
    ``Unsupported`` beyond the limits (AR-X-013, AR-X-014), ``NotAReport`` for a check page of ours, whose
    tables hold remarks beside the figures (AR-X-055).
    """
    declared = _DECLARED.search(data, 0, 2048)
    decoded = decode(data, declared=declared[1].decode("ascii") if declared else None)
    may_hide = b"\x00" in data or any(word in data for word in _HIDDEN_WORDS)
    return html_document(decoded.text, encoding=decoded.encoding, may_hide=may_hide, limits=limits)


_ELSEWHERE = re.compile(rb"<(?:iframe|frame|embed|object)\b[^>]{0,400}(?:src|data)\s*=", re.IGNORECASE)
_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
_LITTLE = 400


def loads_elsewhere(data: bytes, document: Document) -> bool:
    """True for a page with hardly a word that a script, or a frame's other page, fills when it is opened."""
    if document.kind != "html" or any(not isinstance(b, Text) for b in document.blocks):
        return False
    words = sum(len(b.text) for b in document.blocks if isinstance(b, Text))
    page = data.replace(b"\x00", b"")
    framed = words <= _LITTLE and _ELSEWHERE.search(page) is not None
    return framed or (words <= _LITTLE // 2 and _SCRIPT.search(page) is not None)


def html_document(
    text: str, *, encoding: str | None = None, may_hide: bool = True, limits: Limits = DEFAULT
) -> Document:
    """As ``read_html``, from text; ``may_hide`` is false where nothing in the page can be hidden."""
    _check_shape(text, limits)
    tree = LexborHTMLParser(text)
    root = tree.root
    if root is None:
        return Document("html", (), encoding)
    if CHECK_PAGE in text and tree.css_first(f'meta[name="generator"][content="{CHECK_PAGE}"]') is not None:
        raise NotAReport("AR-X-055")
    hidden = _hidden(tree) if may_hide else _NOTHING
    spans = _Spans(tree, text)
    items = _Walk(hidden, spans, limits).run(root)
    if hidden.nodes and not any(isinstance(i, Grid) for i in items):
        whole = _Walk(_NOTHING, spans, limits).run(root)
        if any(isinstance(i, Grid) and len(i.rows) > 3 for i in whole):
            items = whole
    head = tree.head
    title = head.css_first("title") if head is not None else None
    name = collapse(title.text()) if title is not None else ""
    return Document("html", to_blocks(items, Budget(limits)), encoding, name or None)


def _check_shape(text: str, limits: Limits) -> None:
    """Refuse a page on which the parser would take quadratic time: nested too deep, or huge tags.

    Ordinary pages are let through by two counts; only large or odd ones are gone through tag by tag.
    """
    if len(text) < _SMALL_PAGE and text.count("<") < _HARMLESS:
        # A stretch of that length without "<" would fill at least one of these windows.
        half = _LONG_TAG // 2
        if all(text.find("<", at, at + half) >= 0 for at in range(0, len(text) - half, half)):
            return
    depth = 0
    opened: dict[str, int] = {}
    for found in _TAG.finditer(text):
        name = found[3]
        if name is None:
            continue
        if found.end() - found.start() > _LONG_TAG and len(_QUOTED.sub("", found[0])) > _LONG_TAG:
            raise Unsupported("AR-X-020", limit=_LONG_TAG)
        name = name.lower()
        if name in LIGHT:
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


class _Hidden(NamedTuple):
    """Elements that a browser does not show, and those that have such a one in them, by the parser's id."""

    nodes: frozenset[int]
    around: frozenset[int]


_NOTHING = _Hidden(frozenset(), frozenset())


def _hidden(tree: LexborHTMLParser) -> _Hidden:
    nodes: set[int] = set()
    around: set[int] = set()
    for node in tree.css(_HIDDEN_SELECTOR):
        attributes = node.attributes
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            nodes.add(node.mem_id)
            above = node.parent
            while above is not None and above.mem_id not in around:
                around.add(above.mem_id)
                above = above.parent
    return _Hidden(frozenset(nodes), frozenset(around))


class _Spans:
    """Spans of the few cells that have any; asking every cell for its attributes costs more than its text."""

    __slots__ = ("_nodes",)

    def __init__(self, tree: LexborHTMLParser, text: str) -> None:
        # Nearly every table writes them in small letters, which is quick to see.
        any_told = "colspan" in text or "rowspan" in text or _SPANS.search(text) is not None
        told = tree.css("[rowspan],[colspan]") if any_told else ()
        self._nodes = frozenset(node.mem_id for node in told)

    def cell(self, node: LexborNode, items: list[Item]) -> Cell:
        """A table cell with its spans."""
        if node.mem_id not in self._nodes:
            return Cell(items, 1, 1)
        told = node.attributes
        return Cell(items, _span(told.get("rowspan"), zero=65_535), _span(told.get("colspan"), zero=1))


class _Walk:
    """One pass over the tree; keeps its own stack, so depth costs no recursion."""

    __slots__ = ("_around", "_budget", "_buffer", "_grids", "_hidden", "_out", "_pre", "_sinks", "_spans")

    def __init__(self, hidden: _Hidden, spans: _Spans, limits: Limits) -> None:
        self._hidden, self._around = hidden
        self._spans = spans
        self._budget = Budget(limits)
        self._buffer: list[str] = []
        self._out: list[Item] = []
        self._sinks: list[list[Item]] = []
        self._grids: list[Grid] = []
        self._pre = 0

    def run(self, root: LexborNode) -> list[Item]:
        """Lines and tables of the tree in document order."""
        stack: list[tuple[LexborNode, str]] = []
        node: LexborNode = root
        buffer, hidden = self._buffer, self._hidden
        special, push, pop = NOT_INLINE, stack.append, stack.pop
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
        if tag in BLOCKS:
            if self._buffer:
                self._flush()
            if tag in PRE:
                self._pre += 1
            elif tag not in HEADINGS and not self._pre and node.mem_id not in self._around:
                text = _only_text(node)
                if text is not None:
                    if text:
                        self._budget.spend_blocks()
                        self._out.append(text)
                    return False
        elif tag in SKIP or (tag[0] == "-" and tag != "-document"):
            return False
        elif tag == "td" or tag == "th":
            return self._open_cell(node)
        elif tag == "tr":
            if self._grids:
                self._grids[-1].rows.append([])
        elif tag == "table":
            self._flush()
            self._grids.append(Grid([]))
        elif tag in APART:
            self._buffer.append(" ")
        return True

    def _leave(self, tag: str) -> None:
        if tag in BLOCKS:
            if self._buffer:
                self._flush(heading=tag in HEADINGS)
            if tag in PRE:
                self._pre -= 1
        elif tag in APART:
            self._buffer.append(" ")
        elif tag == "td" or tag == "th":
            if self._grids:
                if self._buffer:
                    self._flush()
                self._out = self._sinks.pop()
        elif tag == "table":
            self._flush()
            close_grid(self._grids.pop().rows, self._out)

    def _open_cell(self, node: LexborNode) -> bool:
        """Open a cell; false where it holds one line only, which is then taken already."""
        if not self._grids:
            return True
        self._budget.spend_cells(1)
        if self._buffer:
            self._flush()
        items: list[Item] = []
        rows = self._grids[-1].rows
        if not rows:
            rows.append([])
        rows[-1].append(self._spans.cell(node, items))
        if not self._pre and node.mem_id not in self._around:
            text = _only_text(node)
            if text is not None:
                if text:
                    items.append(text)
                return False
        self._sinks.append(self._out)
        self._out = items
        return True

    def _flush(self, *, heading: bool = False) -> None:
        """End the current line."""
        buffer = self._buffer
        text = buffer[0] if len(buffer) == 1 else "".join(buffer)
        buffer.clear()
        for part in text.splitlines() if self._pre else (text,):
            line = collapse(part)
            if line:
                self._budget.spend_blocks()
                self._out.append(Heading(line) if heading else line)


def _only_text(node: LexborNode) -> str | None:
    """The text of an element that holds one line and nothing else, however wrapped; ``None`` for any other.

    Most cells and paragraphs are like this; seen in one go they need no bookkeeping.
    """
    child = node.first_child
    while child is not None and child.next is None and child.tag in WRAPPERS:
        child = child.first_child
    texts: list[str] = []
    following: list[LexborNode | None] = []
    while True:
        while child is not None:
            tag = child.tag
            if tag == "-text":
                texts.append(child.text_content or "")
                child = child.next
            elif tag in LOOKS:
                following.append(child.next)
                child = child.first_child
            else:
                return None
        if not following:
            return collapse(texts[0] if len(texts) == 1 else "".join(texts))
        child = following.pop()


def _span(value: str | None, *, zero: int) -> int:
    """A span attribute as browsers take it: leading digits, at least 1; 0 is ``zero`` (to the end)."""
    if value is None:
        return 1
    digits = re.match(r"\s*\+?([0-9]{1,9})", value)
    return (int(digits[1]) or zero) if digits else 1
