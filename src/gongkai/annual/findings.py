"""Findings: what a check or a reading noticed, as data; their texts stand in one catalogue.

A check yields ``Finding``s; it never raises and never formats prose. Codes are public, documented
and never reused. ``describe`` turns a finding into a sentence of the asked language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

import yaml


class Severity(StrEnum):
    """How sure and how grave: an error is provable from what was published."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Verdict(StrEnum):
    """Outcome of a relation or a comparison."""

    HOLDS = "holds"
    FAILS = "fails"
    HOLDS_IF_BLANK_IS_ZERO = "holds_if_blank_is_zero"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a section's text as printed: characters ``start`` to ``end`` (exclusive)."""

    section: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed.

    ``cells`` are paths (``table.row.column``); ``expected`` and ``found`` are what the rule wants and
    what was printed; ``values`` fill the message of the catalogue.
    """

    code: str
    severity: Severity
    cells: tuple[str, ...] = ()
    expected: int | Decimal | str | None = None
    found: int | Decimal | str | None = None
    verdict: Verdict = Verdict.FAILS
    relation: str | None = None
    """Instance of the form's relation, e.g. ``AR-T3-002:natural_person``."""
    spans: tuple[Span, ...] = ()
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """What the catalogue says of a code, by language (``zh``, ``en``)."""

    code: str
    severity: Severity
    title: Mapping[str, str]
    message: Mapping[str, str]
    why: Mapping[str, str]
    mend: Mapping[str, str]
    reference: str


@cache
def catalogue() -> Mapping[str, CodeEntry]:
    """Every public finding code with its texts, in catalogue order."""
    data: dict[str, dict[str, Any]] = {}
    folder = resources.files("gongkai.annual") / "catalogue"
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name):
        for code, entry in cast("dict[str, Any]", yaml.safe_load(file.read_text(encoding="utf-8"))).items():
            if code in data:
                raise ValueError(f"finding code {code} stands twice in the catalogue")
            data[code] = entry
    return MappingProxyType(
        {
            code: CodeEntry(
                code=code,
                severity=Severity(entry["severity"]),
                title=entry["title"],
                message=entry["message"],
                why=entry["why"],
                mend=entry["mend"],
                reference=entry["reference"],
            )
            for code, entry in data.items()
        }
    )


def finding(code: str, **rest: Any) -> Finding:
    """A ``Finding`` with the catalogue's severity; ``KeyError`` for a code that is not in it."""
    values = rest.pop("values", None)
    severity = rest.pop("severity", None)
    return Finding(
        code=code,
        severity=severity if severity is not None else catalogue()[code].severity,
        values=MappingProxyType(dict(values)) if values is not None else MappingProxyType({}),
        **rest,
    )


RELATION_CODE = "AR-T0-001"
"""Stands for the relations of an added edition, whose ids are not in the catalogue."""


def entry_of(found: Finding) -> CodeEntry:
    """What the catalogue says of the finding's code.

    A relation of an added edition has no entry of its own: its texts come from the general entry, its
    title from the form (the finding carries it as ``values["title"]``). Any other unknown code is a
    ``KeyError``.
    """
    entry = catalogue().get(found.code)
    if entry is not None:
        return entry
    if found.relation is None:
        raise KeyError(found.code)
    title = found.values.get("title")
    return replace(
        catalogue()[RELATION_CODE],
        code=found.code,
        severity=found.severity,
        title=cast("Mapping[str, str]", title)
        if isinstance(title, Mapping)
        else {"zh": found.code, "en": found.code},
    )


def describe(found: Finding, *, language: str = "zh") -> str:
    """The finding as one or two sentences in ``zh`` or ``en``, from the catalogue.

    A value that is a mapping with that language as a key gives its text in it. Raises ``ValueError``
    for a language in which the catalogue has no texts.
    """
    entry = entry_of(found)
    if language not in entry.message:
        raise ValueError(f"no texts in language {language!r}; there are {', '.join(entry.message)}")
    slots: dict[str, object] = {
        "expected": found.expected,
        "found": found.found,
        "cells": "、".join(found.cells) if language == "zh" else ", ".join(found.cells),
    }
    slots.update({name: _spoken(value, language) for name, value in found.values.items()})
    slots["title"] = entry.title[language]
    return entry.message[language].format_map(_Slots(slots))


def _spoken(value: object, language: str) -> object:
    """The value in that language where it has several."""
    if isinstance(value, Mapping):
        told = cast("Mapping[str, object]", value)
        return told.get(language, told)
    return value


class _Slots(dict[str, object]):
    """Slots of a message; a name the finding does not carry is shown as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"
