"""The columns of past cases: what each holds, how the template heads it, and what offices call it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

MOST_REMEDIES = 3
"""Proceedings that a row may tell of; further ones are entered on the case's page."""


class Shape(StrEnum):
    """What may stand in a column."""

    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    WHOLE = "whole"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Field:
    """A column; ``choices`` names the words of ``past.words`` that may stand in it."""

    key: str
    heading: str
    shape: Shape
    hint: str
    aliases: tuple[str, ...] = ()
    choices: str = ""
    width: int = 14
    longest: int = 200
    private: bool = False
    """Personal data or free text."""


def _read() -> tuple[Field, ...]:
    file = resources.files("gongkai.platform.cases.past") / "fields.yaml"
    found: list[Field] = []
    entries: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    of_remedies = [entry for entry in entries if "@" in entry["key"]]
    for entry in entries:
        if "@" not in entry["key"]:
            found.append(_field(entry))
        elif entry is of_remedies[0]:
            for place in range(1, MOST_REMEDIES + 1):
                found += [_field(one, place) for one in of_remedies]
    return tuple(found)


def _field(entry: Mapping[str, Any], place: int = 0) -> Field:
    """A column; those of remedies come once for each place, and are called otherwise only in the first."""
    return Field(
        key=entry["key"].replace("@", str(place)),
        heading=entry["heading"].replace("@", str(place)),
        shape=Shape(entry.get("shape", "text")),
        hint=entry["hint"],
        aliases=tuple(entry.get("aliases", ())) if place < 2 else (),
        choices=entry.get("choices", ""),
        width=entry.get("width", 14),
        longest=entry.get("longest", 200),
        private=entry.get("private", False),
    )


FIELDS = _read()
"""In the order of the template."""

BY_KEY: Mapping[str, Field] = MappingProxyType({field.key: field for field in FIELDS})

NEEDED = ("number", "channel", "applicant_kind", "name")
"""Fields without which no row can be a case; the column must be there."""
_BRACKETED = re.compile(r"[(（\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s*:：、，,。.“”\"'‘’/\\|_\-—;；]+")


def compared(text: str) -> str:
    """A heading as it is compared: without blanks, signs, full width and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", text)
    outside = _NOISE.sub("", _BRACKETED.sub("", plain))
    return (outside or _NOISE.sub("", plain)).lower()[:120]


def _meanings() -> dict[str, str]:
    found: dict[str, str] = {}
    for field in FIELDS:
        for word in (str(field.heading), *field.aliases):
            if found.setdefault(compared(word), field.key) != field.key:
                raise ValueError(f"two meanings of the heading {word}")
    return found


MEANINGS: Mapping[str, str] = MappingProxyType(_meanings())
"""What is understood without being told: the field of a heading as compared."""
