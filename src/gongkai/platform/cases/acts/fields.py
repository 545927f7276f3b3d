"""Fields of act forms as data: what is asked, in which shape, and where the answer goes.

A form checks shape alone; what the law says of an act is ``gongkai.rules``' to judge. Free text and names go
to the erasable store (``Goes.TEXT``), never into a payload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from gongkai.platform.cases.acts.context import FormContext
from gongkai.rules.vocabulary import Labelled

Text = str | Promise
"""Interface text: marked for translation, or a label of the vocabulary."""
Choices = tuple[tuple[str, Text], ...]
ChoicesIn = Callable[[FormContext], Choices]
InitialIn = Callable[[FormContext], str]


class Shape(StrEnum):
    """What an answer looks like."""

    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LINE = "line"
    AREA = "area"
    WHOLE = "whole"
    AMOUNT = "amount"
    NUMBER = "number"
    """A document number (文号)."""


class Goes(StrEnum):
    """Where an answer goes."""

    ON = "on"
    """The legal date of the act."""
    PAYLOAD = "payload"
    TEXT = "text"
    FORM = "form"
    """Nowhere by itself: the act's own rule makes something of it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``choices`` and ``initial`` may depend on the case."""

    name: str
    label: Text
    shape: Shape
    goes: Goes
    required: bool = True
    hint: Text = ""
    choices: Choices | ChoicesIn = ()
    initial: str | InitialIn = ""
    personal: bool = False
    """Says who somebody is: shown only when asked for, and that is audited."""

    def choices_in(self, context: FormContext) -> Choices:
        """The choices for a case."""
        return self.choices(context) if callable(self.choices) else self.choices

    def initial_in(self, context: FormContext) -> str:
        """What stands in the field at first."""
        return self.initial(context) if callable(self.initial) else self.initial


Values = Mapping[str, Any]
"""Answers by field name; ``None`` where nothing was given."""
Build = Callable[[Values, FormContext], Mapping[str, Any]]
"""Payload keys that an act makes by its own rule."""


@dataclass(frozen=True, slots=True)
class ActForm:
    """The form of one kind of act.

    ``offered``: a clerk performs it from the case page; the others (intake, the reply) have their own ways
    and their fields serve for correcting an entry. ``effect``: what it does to the clock, in one sentence.
    """

    kind: str
    group: str
    effect: Text
    fields: tuple[Field, ...]
    article: str = ""
    """The article that stands behind the act, as letters cite it."""
    offered: bool = True
    build: Build | None = None
    more: tuple[Text, ...] = field(default=())
    """Further advice, folded."""

    @property
    def payload_fields(self) -> Sequence[Field]:
        """What goes straight into the payload."""
        return [one for one in self.fields if one.goes is Goes.PAYLOAD]


def choices_of(values: Iterable[Labelled]) -> Choices:
    """The members of a vocabulary as choices."""
    return tuple((one.value, one.label_zh) for one in values)
