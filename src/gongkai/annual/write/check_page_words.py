"""Words of the check page in two languages, and the escaping that every text goes through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from types import MappingProxyType
from typing import cast

import yaml

from gongkai.paper.text import clean

LANGUAGES: Mapping[str, str] = MappingProxyType({"zh": "zh-CN", "en": "en"})
"""Languages of the page with what stands in ``<html lang>``."""

# Characters that only traditional text has, and that any report uses: 國務開報辦關條據與個...
_TRADITIONAL = frozenset("國務開報辦關條據與個請發統計總結處數訟議")
_ENOUGH = 8
_DEFINITION = re.compile(r"^(.+?)(（[^（）]{7,}）)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Words:
    """Messages of one language; ``words("key", n=3)`` gives the sentence, not yet escaped."""

    language: str

    def __call__(self, key: str, /, **slots: object) -> str:
        """The message with its slots filled; ``KeyError`` for an unknown key or a slot not given."""
        return messages()[key][self.language].format(**slots)

    def html(self, key: str, /, **slots: str) -> str:
        """The message escaped, its slots filled with what is HTML already."""
        return safe(messages()[key][self.language]).format(**slots)

    @property
    def tag(self) -> str:
        """Language tag for HTML."""
        return LANGUAGES[self.language]


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """Every message of the page by key and language."""
    text = (resources.files("gongkai.annual.write") / "check_page.yaml").read_text(encoding="utf-8")
    return MappingProxyType(cast("dict[str, Mapping[str, str]]", yaml.safe_load(text)))


def words_for(language: str) -> Words:
    """The messages of ``zh`` or ``en``; ``ValueError`` for another language."""
    if language not in LANGUAGES:
        raise ValueError(f"no check page in {language!r}; there are {', '.join(LANGUAGES)}")
    return Words(language)


def safe(text: object) -> str:
    """The text for use inside HTML, attributes included."""
    return escape(clean(str(text)))


LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
"""One line of a section's text."""


def visible(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of a stretch that can be marked: its first line with anything on it, without outer spaces.

    ``None`` where the stretch lies outside the text or holds nothing but spaces.
    """
    if not 0 <= start < end <= len(text):
        return None
    for line in LINE.finditer(text, start, end):
        words = line[0].strip()
        if words:
            first = line.start() + len(line[0]) - len(line[0].lstrip())
            return first, first + len(words)
    return None


def label_html(text: str) -> str:
    """A label of the form; a definition in brackets at its end is set in small type."""
    split = _DEFINITION.match(text)
    return safe(text) if split is None else f"{safe(split[1])}<small>{safe(split[2])}</small>"


def is_traditional(text: str) -> bool:
    """True where the text is written in traditional characters (a few in a quotation are not enough)."""
    return len({c for c in text if c in _TRADITIONAL}) >= _ENOUGH
