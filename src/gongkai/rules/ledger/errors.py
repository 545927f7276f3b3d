"""What the ledger refuses, finds damaged or cannot exclude: public codes; the texts stand in one catalogue.

``LG-E`` codes are exceptions, ``LG-D`` codes damages that a verification found, ``LG-V`` codes what it
cannot exclude. A code is never reused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

import yaml

CHANGED = "LG-D-001"
REMOVED = "LG-D-002"
INSERTED = "LG-D-003"
REORDERED = "LG-D-004"
MALFORMED = "LG-D-005"
HEADER_CHANGED = "LG-D-006"
TORN_TAIL = "LG-D-007"
NUMBERING = "LG-D-008"
CLOCK_BACKWARDS = "LG-D-009"
TRUNCATED = "LG-D-010"
COMPUTED_ANEW = "LG-D-011"
FILE_MISSING = "LG-D-012"
ROOT_MISSING = "LG-D-013"
MORE = "LG-D-014"
HEAD_DIFFERS = "LG-D-015"

CANNOT_EXCLUDE_CUT = "LG-V-001"
CANNOT_EXCLUDE_ANEW = "LG-V-002"
CANNOT_EXCLUDE_AFTER_ANCHOR = "LG-V-003"
CANNOT_EXCLUDE_OTHER_BODIES = "LG-V-004"


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """What the catalogue says of a code, by language (``zh``, ``en``)."""

    code: str
    title: Mapping[str, str]
    message: Mapping[str, str]
    mend: Mapping[str, str]


@cache
def catalogue() -> Mapping[str, CodeEntry]:
    """Every public code of the ledger with its texts, in catalogue order."""
    text = (resources.files("gongkai.rules.ledger") / "catalogue.yaml").read_text(encoding="utf-8")
    data = cast("dict[str, dict[str, Any]]", yaml.safe_load(text))
    return MappingProxyType(
        {
            code: CodeEntry(code, title=entry["title"], message=entry["message"], mend=entry["mend"])
            for code, entry in data.items()
        }
    )


def describe(code: str, values: Mapping[str, object], *, language: str = "zh") -> str:
    """The code's sentence in ``zh`` or ``en`` with its values filled in; one not given is an ellipsis.

    Raises ``KeyError`` for a code that is not in the catalogue, ``ValueError`` for another language.
    """
    message = catalogue()[code].message
    if language not in message:
        raise ValueError(f"no texts in language {language!r}; there are {', '.join(message)}")
    return message[language].format_map(_Slots(values))


class _Slots(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


class LedgerError(Exception):
    """What the ledger refuses to do or to read: a public code and the values of its message."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values: Mapping[str, object] = MappingProxyType(values)

    def __str__(self) -> str:
        return f"{self.code}: {describe(self.code, self.values, language='en')}"


class NotCanonical(LedgerError):
    """A value that has no canonical form: a float, a lone surrogate, a whole number too large."""


class StaleWriter(LedgerError):
    """Somebody else appended to the stream since the writer read it."""


class UnfinishedAppend(LedgerError):
    """The file ends in an append that was never completed; ``repair`` settles it."""


class Unreadable(LedgerError):
    """No ledger, or a line of it cannot be read."""
