"""The words that may stand in a column of choices: official labels, our own, and what offices write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from gongkai.platform.cases.showing.timeline import SUB_KINDS as SUB_KIND_LABELS
from gongkai.rules.vocabulary import (
    SUB_KINDS,
    ApplicantKind,
    Channel,
    Method,
    Outcome,
    RemedyKind,
    RemedyResult,
)

WITHDRAWN = "withdrawn"
"""What ``outcome`` says of a request that was withdrawn: no reply, but an end."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Words:
    """The values of one kind of choice: their labels in order, and every word that means one of them."""

    labels: Mapping[str, str]
    meanings: Mapping[str, str]

    def read(self, text: str) -> str | None:
        """The value, ``None`` for a word that means none of them for certain."""
        return self.meanings.get(plain(text))


_NUMBERED = re.compile(r"^(?:[(（]?[0-9一二三四五六七八九十]{1,2}[)）.、．]\s*)+")
_SIGNS = re.compile(r"[\s“”\"'‘’、，,。.:：;；()（）/\-—]+")


def plain(text: str) -> str:
    """A word without numbering, blanks and signs."""
    text = unicodedata.normalize("NFKC", text).strip()
    return _SIGNS.sub("", _NUMBERED.sub("", text)).lower()


def _words(labels: Iterable[tuple[str, str]], name: str) -> Words:
    known = dict(labels)
    found: dict[str, str] = {}
    given: Mapping[str, list[str]] = _GIVEN[name]
    for value in [*known, *(one for one in given if one not in known)]:
        for word in (known[value], *given.get(value, ())):
            if found.setdefault(plain(word), value) != value:
                raise ValueError(f"two meanings of {word}")
    return Words(MappingProxyType(known), MappingProxyType(found))


def _file() -> dict[str, Any]:
    file = resources.files("gongkai.platform.cases.past") / "words.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


_GIVEN = _file()
_WITH_SUB_KIND: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        plain(word): (str(Outcome(entry["outcome"])), str(entry["sub_kind"]))
        for entry in _GIVEN["outcome_with_sub_kind"]
        for word in entry["words"]
    }
)


def _labels(members: Iterable[object]) -> list[tuple[str, str]]:
    return [(str(one), str(getattr(one, "label_zh", one))) for one in members]


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        name: _words(labels, name)
        for name, labels in {
            "channel": _labels(Channel),
            "applicant_kind": _labels(ApplicantKind),
            "method": _labels(Method),
            "outcome": [*_labels(Outcome), (WITHDRAWN, "撤回")],
            "sub_kind": [
                (one, str(SUB_KIND_LABELS[one])) for names in SUB_KINDS.values() for one in sorted(names)
            ],
            "consent": [(YES, "同意"), (NO, "不同意")],
            "reasonable": [(YES, "合理"), (NO, "不合理")],
            "remedy_kind": _labels(RemedyKind),
            "remedy_result": _labels(RemedyResult),
        }.items()
    }
)
"""By the name that ``Field.choices`` gives."""


def outcome_of(text: str) -> tuple[str, str] | None:
    """The outcome and, where the word says that too, its sub-kind (empty: none); ``None``: not certain."""
    found = _WITH_SUB_KIND.get(plain(text))
    if found is not None:
        return found
    value = WORDS["outcome"].read(text)
    return None if value is None else (value, "")
