"""``LETTERS``: every letter that an office writes, and ``VARIABLES``: what its text may say.

Both are data (``shipped/*.yaml``, ``variables.yaml``): own wording, to be confirmed by a legal office before
live use. The set follows ``law.md`` 9.2; replies have one letter for each outcome and sub-kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

import yaml
from django.utils.translation import gettext_lazy as _

from gongkai.rules.vocabulary import Outcome


class Source(StrEnum):
    """Where the value of a variable comes from."""

    BODY = "body"
    CASE = "case"
    EVENT = "event"
    CLOCK = "clock"
    REPLY = "reply"
    FIELD = "field"
    """Asked for when the letter is written."""


SOURCES: Mapping[Source, Any] = MappingProxyType(
    {
        Source.BODY: _("机关设置"),
        Source.CASE: _("案件"),
        Source.EVENT: _("所办事项"),
        Source.CLOCK: _("期限计算"),
        Source.REPLY: _("答复"),
        Source.FIELD: _("办理时填写"),
    }
)


class Recipient(StrEnum):
    """To whom a letter goes."""

    APPLICANT = "applicant"
    OTHER = "other"
    """A third party or another body, named in the field ``recipient``."""
    NONE = "none"
    """A form or certificate, addressed to nobody."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that a letter may say: its name in templates, its identifier, and what it is."""

    name: str
    key: str
    source: Source
    about: str
    example: str
    lines: bool = False
    """A field of more than one line."""


@dataclass(frozen=True, slots=True)
class Field:
    """A variable that must or may be filled in by hand for a letter."""

    variable: Variable
    required: bool

    @property
    def key(self) -> str:
        """The key in ``fields`` of the services."""
        return self.variable.key


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A letter: its public key, title, sequence of numbers, the act it tells of, its fields and its text."""

    key: str
    label: str
    """In lists and menus."""
    title: str
    """On the paper."""
    text: str
    """The shipped template."""
    number: str = ""
    """Key of ``NUMBER_KINDS``; empty for letters without a number."""
    event: str = ""
    """The kind of act that it tells of; empty for letters of no act."""
    automatic: bool = True
    """Written with its act; otherwise when somebody asks for it."""
    to: Recipient = Recipient.APPLICANT
    outcome: str = ""
    sub_kinds: tuple[str, ...] = ("",)
    """Of a reply: the sub-kinds of its outcome that it serves; the empty one: none was named."""
    basis: tuple[str, ...] = ()
    """Articles that it usually rests on, as references (``ogi_regulation_2019:36..3``)."""
    remedies: str = ""
    """The outcome by which its remedy paragraph is chosen; empty for letters without one."""
    fields: tuple[Field, ...] = ()
    about: str = ""
    """Of a reply: when it is the right one, in a sentence."""
    requires: tuple[str, ...] = ()
    """Variables without which the letter would be defective: an office's own text must keep them."""


def _yaml(*path: str) -> dict[str, Any]:
    file = resources.files("gongkai.platform.cases.letters").joinpath(*path)
    return cast("dict[str, Any]", yaml.safe_load(file.read_text(encoding="utf-8")))


def _variables() -> dict[str, Variable]:
    return {
        name: Variable(
            name, entry["key"], Source(entry["source"]), entry["about"], entry["example"],
            entry.get("lines", False),
        )
        for name, entry in _yaml("variables.yaml").items()
    }  # fmt: skip


VARIABLES: Mapping[str, Variable] = MappingProxyType(_variables())
"""By the name that templates use."""
BY_KEY: Mapping[str, Variable] = MappingProxyType({one.key: one for one in VARIABLES.values()})
"""By identifier."""


_SUBJECTS = _yaml("subjects.yaml")
SUBJECTS: Mapping[str, str] = MappingProxyType(dict(_SUBJECTS["articles"]))
"""What articles of the Regulation that replies rest on are about, in our own words."""


def _kind(key: str, entry: Mapping[str, Any]) -> LetterKind:
    fields = {name: need == "required" for name, need in entry.get("fields", {}).items()}
    return LetterKind(
        key=key,
        label=entry["label"],
        title=entry["title"],
        text=entry["text"],
        number=entry.get("number", ""),
        event=entry.get("event", ""),
        automatic=entry.get("automatic", True),
        to=Recipient(entry.get("to", "applicant")),
        outcome=entry.get("outcome", ""),
        sub_kinds=tuple(entry.get("sub_kinds", ("",))),
        basis=tuple(entry.get("basis", ())),
        remedies=entry.get("remedies", ""),
        fields=tuple(Field(BY_KEY[name], required) for name, required in fields.items()),
        about=_SUBJECTS["replies"].get(key, ""),
        requires=tuple(entry.get("requires", ())),
    )


LETTERS: Mapping[str, LetterKind] = MappingProxyType(
    {
        key: _kind(key, entry)
        for file in ("procedure.yaml", "replies.yaml")
        for key, entry in _yaml("shipped", file).items()
    }
)
"""Every letter by its key; keys are public and never given to another letter."""


@cache
def letter_for_event(kind: str) -> LetterKind | None:
    """The letter that is written with an act, if there is one; for replies see ``reply_letter``."""
    found = [letter for letter in LETTERS.values() if letter.event == kind and letter.automatic]
    return found[0] if len(found) == 1 else None


@cache
def reply_letter(outcome: str, sub_kind: str = "") -> LetterKind:
    """The letter of a reply; raises ``ValueError`` for an outcome or sub-kind that is not known."""
    Outcome(outcome)
    for letter in LETTERS.values():
        if letter.outcome == outcome and sub_kind in letter.sub_kinds:
            return letter
    raise ValueError(f"{outcome}: {sub_kind}")
