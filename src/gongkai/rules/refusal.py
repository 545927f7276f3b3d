"""``Refusal``: what the law does not allow, as a value; its texts stand in ``refusals.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Protocol, cast, runtime_checkable

import yaml


@runtime_checkable
class Told(Protocol):
    """A value that says itself in a language (such as what is wrong with a payload)."""

    def text(self, language: str = "zh") -> str:
        """The value in ``zh`` or ``en``."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that cannot be carried out in this state.

    ``code`` is public and never reused; ``values`` fill its message.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def article(self) -> str:
        """The instrument and article that stand against the command, in Chinese.

        A value ``article`` goes before the catalogue's, for codes that several articles share.
        """
        told = self.values.get("article")
        return str(told) if told is not None else refusals()[self.code].article

    @property
    def instead(self) -> tuple[str, ...]:
        """Kinds of events that may be entered instead."""
        return refusals()[self.code].instead

    def text(self, language: str = "zh") -> str:
        """The reason, as a value within another message."""
        return self.message(language)

    def message(self, language: str = "zh") -> str:
        """The reason as a sentence in ``zh`` or ``en``."""
        values = {key: v.text(language) if isinstance(v, Told) else v for key, v in self.values.items()}
        return refusals()[self.code].message[language].format(**values)


@dataclass(frozen=True, slots=True)
class RefusalEntry:
    """What the catalogue says of a code, by language (``zh``, ``en``)."""

    code: str
    article: str
    message: Mapping[str, str]
    instead: tuple[str, ...]


@cache
def refusals() -> Mapping[str, RefusalEntry]:
    """Every public refusal code with its texts, in catalogue order."""
    file = resources.files("gongkai.rules") / "refusals.yaml"
    data = cast("dict[str, dict[str, Any]]", yaml.safe_load(file.read_text(encoding="utf-8")))
    return MappingProxyType(
        {
            code: RefusalEntry(code, entry["article"], entry["message"], tuple(entry.get("instead", ())))
            for code, entry in data.items()
        }
    )


def refuse(code: str, **values: object) -> Refusal:
    """A ``Refusal``; ``KeyError`` for a code that is not in the catalogue."""
    return Refusal(refusals()[code].code, MappingProxyType(values))
