"""Which remedy paragraph a reply must carry, by its outcome and date (law.md 9.1).

Since 1 January 2024 a refusal under arts. 14 to 16 must first be taken to reconsideration, and the reply
must say so (Administrative Reconsideration Law 2023, art. 23). Authority, defendant and court follow from
the body in whose name the reply stands (法释〔2021〕5号 art. 6), not from who received the application.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast

from gongkai.rules.law import Law
from gongkai.rules.vocabulary import Outcome


class Road(StrEnum):
    """What a dissatisfied applicant may do."""

    RECONSIDERATION_FIRST = "reconsideration_first"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class ReplyBody:
    """What the remedy paragraph must know of the body in whose name a reply stands.

    ``kind``: ``department`` (of a county or higher government), ``government``, or ``vertical`` (customs,
    finance, foreign exchange, tax, state security: upper department). Names are as letters print them.
    """

    kind: str
    government: str
    """The government of the same level for a department; the next higher one for a government."""
    upper_department: str | None = None
    court: str | None = None
    """Competent court of first instance: a setting, since jurisdiction is often centralised across areas."""


class NoAuthority(ValueError):
    """The body does not tell who decides on reconsideration: ``missing`` names what must be set."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"no reconsideration authority: {missing} is not set")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class RemedyParagraph:
    """What the paragraph says: the road, the authority, the court, the periods (calendar days, months)."""

    road: Road
    authority: str
    court: str | None
    reconsideration_days: int
    litigation_months: int | None
    litigation_after_days: int
    articles: tuple[str, ...]


def reconsideration_first(outcome: str, on: date, law: Law) -> bool:
    """Whether a reply of ``outcome`` given on ``on`` must go to reconsideration before a court.

    The list of outcomes is law (art. 23); partial disclosure and registers with rules of their own are
    settings that a legal office confirms.
    """
    decided = Outcome(outcome)
    always = cast("Sequence[str]", law.value("reconsideration_first", on=on))
    if not always:
        return False  # before 2024 no outcome had to, and the settings have no value then
    if decided is Outcome.PARTIAL:
        return law.value("reconsideration_first_partial", on=on) is True
    if decided is Outcome.DENIED_INQUIRY:
        return law.value("reconsideration_first_inquiry", on=on) is True
    return outcome in always


def reconsideration_first_on_silence(on: date, law: Law) -> bool:
    """Whether the silence of an organ at the end of the period on ``on`` must go to reconsideration first.

    Unsettled (law.md 9.1): a setting that a legal office confirms; no rule before the law of 2024.
    """
    if not law.value("reconsideration_first", on=on):
        return False
    return law.value("reconsideration_first_silence", on=on) is True


def remedy_paragraph(outcome: str, on: date, body: ReplyBody, law: Law) -> RemedyParagraph:
    """The remedy paragraph for a reply of ``outcome`` dated ``on`` in the name of ``body``.

    Raises ``NoAuthority`` where the body lacks what names the authority.
    """
    first = reconsideration_first(outcome, on, law)
    if body.kind == "vertical":
        if not body.upper_department:
            raise NoAuthority("upper_department")
        authority = body.upper_department
    else:
        if not body.government:
            raise NoAuthority("government")
        authority = body.government
    keys = ["reconsideration_period", "litigation_after_reconsideration_period"]
    if first:
        keys.append("reconsideration_first")
    else:
        keys.append("litigation_period")
    return RemedyParagraph(
        road=Road.RECONSIDERATION_FIRST if first else Road.EITHER,
        authority=authority,
        court=body.court,
        reconsideration_days=_length(law, "reconsideration_period", on),
        litigation_months=None if first else _length(law, "litigation_period", on),
        litigation_after_days=_length(law, "litigation_after_reconsideration_period", on),
        articles=tuple(law.cite(key, on=on) for key in keys),
    )


def _length(law: Law, key: str, on: date) -> int:
    value = law.value(key, on=on)
    if not isinstance(value, int):
        raise TypeError(f"{key} is no length: {value!r}")
    return value
