"""What a parameter of the law is: dated values with their references, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What the value of a parameter is."""

    PERIOD = "period"
    """A whole number of the parameter's unit, or ``None`` where there is no limit."""
    NUMBER = "number"
    CHOICE = "choice"
    SWITCH = "switch"
    LIST = "list"
    """Keys of outcomes."""
    MONTH_DAY = "month_day"
    """A day of the year, ``"01-31"``."""
    SCHEDULE = "schedule"
    """Brackets of a progressive fee."""


class Unit(StrEnum):
    """What a number counts. Each parameter has its own; there is no general rule."""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SECOND = "second"
    PERCENT = "percent"
    YUAN = "yuan"
    NONE = "none"


class Mark(StrEnum):
    """How well a value is known."""

    VERIFIED = "V"
    """Read in the instrument itself."""
    SECOND_HAND = "V2"
    """Read in a page that reports or applies the rule."""
    MEMORY = "M"
    """Not seen; a default to confirm."""
    DESIGN = "D"
    """Our own decision where no rule was found."""


class LocalRule(StrEnum):
    """What a body may set for itself."""

    STRICTER = "stricter"
    """Only a value that is stricter than the law's."""
    SETTING = "setting"
    """Any allowed value."""
    FIXED = "fixed"
    """Nothing: the value is a right of others, or not the body's to set."""


class Limit(StrEnum):
    """Whether the law sets the longest or the shortest period; smaller or larger is then stricter."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"


@dataclass(frozen=True, slots=True)
class Bracket:
    """Units ``first`` to ``last`` cost ``rate`` each; where ``every`` is given the rate grows by ``increase``
    after each ``every`` units."""

    first: int
    last: int | None
    rate: Decimal
    every: int | None = None
    increase: Decimal | None = None


Value = int | str | bool | Decimal | tuple[str, ...] | tuple[Bracket, ...] | None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, regulation or notice."""

    key: str
    title_zh: str
    short_zh: str
    number: str | None
    in_force_from: date | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rule:
    """The value of a parameter on a day, and where it comes from.

    ``article`` is as the file has it: ``"33"``, ``"23.1.4"`` (article, paragraph, item; ``"31..3"`` where the
    article has one paragraph only), several joined by commas, or ``None`` where the article is not known.
    ``local_source`` names the instrument of a body's own value.
    """

    key: str
    value: Value
    unit: Unit
    effective_from: date
    instrument: Instrument
    article: str | None
    mark: Mark
    local_source: str | None
    label_zh: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value of a parameter from a day on; ``until`` is its last day if it ended without a successor."""

    effective_from: date
    value: Value
    unit: Unit
    instrument: str
    article: str | None
    mark: Mark
    until: date | None = None
    local_source: str | None = None


@dataclass(frozen=True, slots=True)
class NotModelled:
    """A part of an article that this software does not carry out, and why; officers decide it by hand."""

    article: str
    part: str
    reason: str
    instrument: str = "ogi_regulation_2019"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the law with all its values."""

    key: str
    topic: str
    label_zh: str
    kind: Kind
    unit: Unit
    local: LocalRule
    limit: Limit | None
    nullable: bool
    choices: Mapping[str, str]
    values: tuple[DatedValue, ...]
    checked_on: date
    note: str | None
    not_modelled: tuple[NotModelled, ...]


@dataclass(frozen=True, slots=True)
class LocalValue:
    """A body's own value from a day on, with the instrument that sets it.

    ``kind``: ``stricter`` than the law, or a ``setting`` that the law leaves open.
    """

    key: str
    value: Value
    from_date: date
    source: str
    kind: str = "setting"
