"""``Clock`` and its ``Step``s: a deadline that explains itself, article by article, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

import yaml

from gongkai.rules.vocabulary import Labelled


class ClockState(StrEnum):
    """Where a clock stands on a day."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    LATE = "late"
    OVERDUE = "overdue"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation: its day, a code of ``steps.yaml`` with values, and where it is written."""

    on: date | None
    code: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    article: str | None = None

    def text(self, language: str = "zh") -> str:
        """The step as a phrase in ``zh`` or ``en``."""
        return step_texts()[self.code][language].format(
            **{key: _said(value, language) for key, value in self.values.items()}
        )


def _said(value: object, language: str) -> object:
    """Lists of days are said as in a letter."""
    if isinstance(value, Labelled):
        return value.label_zh if language == "zh" else value.value.replace("_", " ")
    if value == "?":
        return "方式未记录" if language == "zh" else "way of service not recorded"
    if isinstance(value, tuple):
        days = cast("tuple[date, ...]", value)
        if language == "zh":
            return "、".join(f"{day.month}月{day.day}日" for day in days)
        return ", ".join(day.isoformat() for day in days)
    return value


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline of a case on a given day.

    ``due_on`` is ``None`` while paused or where it is not known; then ``earliest_due_on`` assumes an
    answer on that day and ``latest_due_on`` the longest lawful wait. ``working_days_left`` counts the
    working days after the day up to and including the due date; negative when it has passed.
    """

    clock: str
    state: ClockState
    who: str
    """Who must act: organ, applicant, third_party, co_maker, agency, court."""
    started_on: date | None = None
    due_on: date | None = None
    earliest_due_on: date | None = None
    latest_due_on: date | None = None
    working_days_left: int | None = None
    provisional: bool = False
    steps: tuple[Step, ...] = ()
    ended_on: date | None = None
    party: str | None = None
    conservative_due_on: date | None = None
    """For a correction notice after its seventh day: what would be due had it not restarted the period."""

    def to_json(self, language: str = "zh") -> dict[str, Any]:
        """The clock as ``gongkai clock --json`` prints it (``docs/reference/clock-json.md``)."""
        shown: dict[str, Any] = {
            "clock": self.clock,
            "state": self.state.value,
            "who": self.who,
            "started_on": _iso(self.started_on),
            "due_on": _iso(self.due_on),
            "earliest_due_on": _iso(self.earliest_due_on),
            "latest_due_on": _iso(self.latest_due_on),
            "working_days_left": self.working_days_left,
            "provisional": self.provisional,
            "ended_on": _iso(self.ended_on),
            "steps": [
                {"on": _iso(step.on), "text": step.text(language), "article": step.article}
                for step in self.steps
            ],
        }
        if self.party is not None:
            shown["party"] = self.party
        if self.conservative_due_on is not None:
            shown["conservative_due_on"] = _iso(self.conservative_due_on)
        return shown


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@cache
def step_texts() -> Mapping[str, Mapping[str, str]]:
    """The phrase of every step code, by language."""
    file = resources.files("gongkai.rules.cases") / "steps.yaml"
    return MappingProxyType(
        cast("dict[str, dict[str, str]]", yaml.safe_load(file.read_text(encoding="utf-8")))
    )
