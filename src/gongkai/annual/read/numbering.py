"""Numbers that Word adds to paragraphs by itself (一、 or （一）), which are not in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from gongkai.annual.numerals import chinese_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_STYLE, _NUMBERS, _OUTLINE = f"{W}pStyle", f"{W}numPr", f"{W}outlineLvl"
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand"}
    | {"japaneseCounting", "ideographDigital", "koreanCounting"}
)
_DECIMAL = frozenset(("decimal", "decimalFullWidth", "decimalHalfWidth", "decimalEnclosedParen"))
_SLOT = re.compile(r"%([1-9])")
_MAX_STYLES = 32


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    format: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class _Inherited:
    """List, level and outline that a paragraph's style gives it."""

    number: str | None
    level: int | None
    heading: bool


class Numbering:
    """Counts the numbered paragraphs of a document in order and gives each its printed number."""

    def __init__(self, numbering: ET.Element | None, styles: ET.Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str | None, str | None, int | None]] = {}
        self._outline: dict[str, bool] = {}
        self._known: dict[str | None, _Inherited] = {}
        if numbering is not None:
            self._read_numbering(numbering)
        if styles is not None:
            self._read_styles(styles)

    def is_heading(self, properties: ET.Element | None) -> bool:
        """True for a paragraph with an outline level, its own or its style's."""
        return properties is not None and (
            _outlined(properties) or self._inherited(_value(properties.find(_STYLE))).heading
        )

    def _inherited(self, style: str | None) -> _Inherited:
        """What paragraphs of a style get from it and from the styles that it is based on."""
        known = self._known.get(style)
        if known is None:
            number: str | None = None
            level: int | None = None
            heading, at = False, style
            for _ in range(_MAX_STYLES):
                if at is None:
                    break
                heading = heading or self._outline.get(at, False)
                at, own_number, own_level = self._styles.get(at, (None, None, None))
                number = number if number is not None else own_number
                level = level if level is not None else own_level
            known = self._known[style] = _Inherited(number, level, heading)
        return known

    def label(self, properties: ET.Element | None) -> str:
        """The number that Word prints before a paragraph with these properties; "" where none.

        Call once for every paragraph in document order: it counts.
        """
        if properties is None:
            return ""
        number, level = self._list_of(properties)
        if number is None or number == "0":
            return ""
        abstract = self._abstract.get(number, "")
        levels = self._levels.get(abstract, {})
        spec = levels.get(level)
        if spec is None:
            return ""
        counters = self._counters.setdefault(abstract, {})
        counters[level] = counters.get(level, spec.start - 1) + 1
        for deeper in [at for at in counters if at > level]:
            del counters[deeper]
        return self._print(spec, levels, counters)

    @staticmethod
    def _print(spec: Level, levels: dict[int, Level], counters: dict[int, int]) -> str:
        if spec.format not in _CHINESE and (
            spec.format not in _DECIMAL or not _SLOT.sub("", spec.text).strip()
        ):
            # Bullets are ornament, and a bare number could be taken for a figure.
            return ""

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            shown = levels.get(at, spec)
            value = counters.get(at, shown.start)
            return chinese_number(value) if shown.format in _CHINESE else str(value)

        return _SLOT.sub(number, spec.text)

    def _list_of(self, properties: ET.Element) -> tuple[str | None, int]:
        """List and level of a paragraph, its own or its style's."""
        own = properties.find(_NUMBERS)
        number = _value(own.find(f"{W}numId")) if own is not None else None
        level = _number(own.find(f"{W}ilvl")) if own is not None else None
        inherited = self._inherited(_value(properties.find(_STYLE)))
        number = number if number is not None else inherited.number
        level = level if level is not None else inherited.level
        return number, level or 0

    def _read_numbering(self, root: ET.Element) -> None:
        for abstract in root.iter(f"{W}abstractNum"):
            levels = {
                int(lvl.get(f"{W}ilvl", "0")) if lvl.get(f"{W}ilvl", "0").isdecimal() else 0: _level(lvl)
                for lvl in abstract.iter(f"{W}lvl")
            }
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for number in root.iter(f"{W}num"):
            key, base = number.get(f"{W}numId", ""), _value(number.find(f"{W}abstractNumId")) or ""
            if number.find(f"{W}lvlOverride") is not None:
                # A list with its own start counts apart from the others of its definition.
                levels = dict(self._levels.get(base, {}))
                base = f"{base}/{key}"
                for override in number.iter(f"{W}lvlOverride"):
                    at = override.get(f"{W}ilvl", "0")
                    start = _number(override.find(f"{W}startOverride"))
                    if at.isdecimal() and int(at) in levels and start is not None:
                        old = levels[int(at)]
                        levels[int(at)] = Level(old.format, old.text, start)
                self._levels[base] = levels
            self._abstract[key] = base

    def _read_styles(self, root: ET.Element) -> None:
        for style in root.iter(f"{W}style"):
            key = style.get(f"{W}styleId", "")
            properties = style.find(f"{W}pPr")
            numbers = properties.find(f"{W}numPr") if properties is not None else None
            self._styles[key] = (
                _value(style.find(f"{W}basedOn")),
                _value(numbers.find(f"{W}numId")) if numbers is not None else None,
                _number(numbers.find(f"{W}ilvl")) if numbers is not None else None,
            )
            name = (_value(style.find(f"{W}name")) or "").lower()
            self._outline[key] = (properties is not None and _outlined(properties)) or name in (
                "title",
                "标题",
            )


def _level(element: ET.Element) -> Level:
    return Level(
        _value(element.find(f"{W}numFmt")) or "decimal",
        _value(element.find(f"{W}lvlText")) or "",
        _number(element.find(f"{W}start")) or 1,
    )


def _outlined(properties: ET.Element) -> bool:
    level = _number(properties.find(_OUTLINE))
    return level is not None and level < 9


def _value(element: ET.Element | None) -> str | None:
    return None if element is None else element.get(VAL)


def _number(element: ET.Element | None) -> int | None:
    value = _value(element)
    return int(value) if value is not None and value.isdecimal() and len(value) < 10 else None
