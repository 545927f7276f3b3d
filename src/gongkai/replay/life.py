"""The life of a case before it is performed: dated steps, and what was decided for it beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.rules.cases.lawful import Facts
from gongkai.rules.cases.periods import Rules
from gongkai.rules.law import NoRuleInForce
from gongkai.rules.vocabulary import Outcome

CLERK, HEAD, SYSTEM = "officer-1", "head-1", "system"
"""Opaque actors: who does the work, who approves, and what happens by itself."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """The periods of law that a story has to keep, all in working days."""

    reply: int
    notice: int
    correction: int
    further_round: int
    third_party: int
    co_maker: int
    extension: int
    rehandling: int
    fee: int | None
    """``None`` where there is no rule on fees in force."""
    fee_restarts: bool
    """Whether the reply period runs anew from payment (a setting)."""

    @classmethod
    def of(cls, rules: Rules, on: date, since: date) -> Lengths:
        """The periods in force on a day; fees only where their rule holds from ``since`` on."""
        try:
            fee: int | None = rules.days("fee_payment_period", since)
        except NoRuleInForce:
            fee = None
        return cls(
            reply=rules.days("reply_period", on),
            notice=rules.days("correction_notice_period", on),
            correction=rules.days("correction_response_period", on),
            further_round=rules.days("correction_further_round_period", on),
            third_party=rules.days("third_party_period", on),
            co_maker=rules.days("co_maker_period", on),
            extension=rules.days("extension_limit", on),
            rehandling=rules.days("rehandling_period", on),
            fee=fee,
            fee_restarts=fee is not None and rules.law.value("fee_clock", on=on) == "restart",
        )


@dataclass(frozen=True, slots=True)
class At:
    """In a payload: the date that lies so many working days after the receipt."""

    offset: int


@dataclass(slots=True)
class Step:
    """An act to be performed on a day."""

    on: date
    kind: str
    payload: dict[str, Any]
    actor: str = CLERK
    facts: Facts = field(default_factory=Facts)


@dataclass(slots=True)
class Life:
    """One case: what must become of it, and its steps."""

    column: str
    opening: bool
    """It begins as ``opening.case``."""
    outcome: Outcome | None
    """``None``: open at the end of the year, or of no account in the tables of this year."""
    received_on: date
    steps: list[Step] = field(default_factory=list[Step])
    channel: str = ""
    number: str = ""
    stream: str = ""
    split_from: Life | None = None
    replied_on: date | None = None
    served_on: date | None = None

    def add(self, on: date, kind: str, actor: str = CLERK, /, **payload: Any) -> None:
        """Add a step; steps are performed in the order of their days."""
        self.steps.append(Step(on, kind, payload, actor))

    def drop(self, kinds: Iterable[str]) -> None:
        """Take the steps of those kinds out again."""
        gone = frozenset(kinds)
        self.steps = [step for step in self.steps if step.kind not in gone]
