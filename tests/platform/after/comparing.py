"""What the case page says to a reader, against what the package that the reader gets says and holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

LEFT_OUT = (
    ".noprint", "form", "nav", "script", "style", ".vh", ".key", "#h-clk", "#archive",
    "section:has(#h-sim)", "a[href$='?save']", "a[href*='/papers/']", ".ident .quiet", "#tasks p.quiet",
    ".note--warn", "#sensitive h2", "#sensitive p.quiet",
)  # fmt: skip
"""What leads on to work, what tells signs of a drawing, and what is about other cases."""
HEADINGS = ("h-tasks", "h-duty")
"""Of panels that stand there empty, or whose parts have headings of their own."""
_SHORT = re.compile(r"\d\d-\d\d\d\d:\d\d$")
"""A moment without its year, as the chain of a draft has it; the package has the year, too."""
_SPACE = re.compile(r"\s+")


def words(text: str) -> str:
    """The text without any space: pages and packages break lines differently."""
    return _SPACE.sub("", text)


def said_on_the_page(html: str) -> Iterator[str]:
    """Every piece of text of the case page that is about the case."""
    tree = LexborHTMLParser(html)
    for selector in LEFT_OUT:
        for node in tree.css(selector):
            node.decompose()
    for part in (*tree.css(".case__head"), *tree.css("main")):
        for node in part.traverse(include_text=True):
            if node.tag == "-text":
                piece = words(node.text_content or "").strip("·")
                piece = _SHORT.sub("", piece)
                if piece and not (node.parent is not None and node.parent.id in HEADINGS):
                    yield piece


def text_of(html: str) -> str:
    """All text of a page, without spaces."""
    body = LexborHTMLParser(html).body
    return "" if body is None else words(body.text())


def left_out(page: str, index: str) -> list[str]:
    """What the page says and the package does not."""
    held = text_of(index)
    return sorted({piece for piece in said_on_the_page(page) if piece not in held})


def files_offered(page: str) -> int:
    """How many files the page lets its reader open: papers, and letters in each format."""
    tree = LexborHTMLParser(page)
    addresses = {str(a.attributes.get("href") or "").partition("?")[0] for a in tree.css("a")}
    return sum(
        "/desk/files/" in one or re.search(r"/letters/[^/]+\.(docx|pdf)$", one) is not None
        for one in addresses
    )


def files_held(manifest: bytes) -> int:
    """How many papers and letters a package holds."""
    return len(json.loads(manifest)["files"])
