"""What a reply of each outcome rests on (Regulation articles), and its finer kinds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gongkai.rules.vocabulary import Outcome

INSTRUMENT = "ogi_regulation_2019"

BASIS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.GRANTED: "36..2",
        Outcome.PARTIAL: "37",
        Outcome.DENIED_STATE_SECRET: "14",
        Outcome.DENIED_LAW_FORBIDS: "14",
        Outcome.DENIED_THREE_SECURITIES: "14",
        Outcome.DENIED_THIRD_PARTY: "15",
        Outcome.DENIED_INTERNAL: "16.1",
        Outcome.DENIED_PROCESS: "16.2",
        Outcome.DENIED_ENFORCEMENT_FILE: "16.2",
        Outcome.DENIED_INQUIRY: "36..7",
        Outcome.UNAVAILABLE_NOT_HELD: "36..4",
        Outcome.UNAVAILABLE_NEEDS_CREATION: "38",
        Outcome.UNAVAILABLE_STILL_UNCLEAR: "30",
        Outcome.REJECTED_PETITION: "39.1",
        Outcome.REJECTED_REPEAT: "36..6",
        Outcome.REJECTED_PUBLICATION: "39.2",
        Outcome.REJECTED_EXCESSIVE: "35",
        Outcome.OTHER_NO_CORRECTION: "30",
        Outcome.OTHER_OTHER: "2",
    }
)
"""Articles of the Regulation; outcomes that are not named rest on another instrument, or on none."""

SUB_KIND_WEIGHTS: Mapping[Outcome, Mapping[str, float]] = MappingProxyType(
    {
        Outcome.GRANTED: {"provided": 7, "already_public": 3},
        Outcome.UNAVAILABLE_NOT_HELD: {"not_held": 6, "not_ours": 4},
        Outcome.OTHER_OTHER: {"enquiry": 5, "not_government_information": 4, "terminated": 1},
    }
)

SUB_KIND_BASIS: Mapping[str, str] = MappingProxyType(
    {"already_public": "36..1", "provided": "36..2", "not_held": "36..4", "not_ours": "36..5"}
)

REFUSALS = frozenset(outcome for outcome in Outcome if outcome.value.startswith("denied_"))
"""Refusals under arts. 14 to 16 and their like, for which reconsideration comes first since 2024."""


def basis_of(outcome: Outcome, sub_kind: str | None) -> str | None:
    """The reference that a reply names; ``None`` where none is named."""
    if outcome is Outcome.OTHER_UNPAID:
        return "fee_measures_2020"
    article = SUB_KIND_BASIS.get(sub_kind or "") or BASIS.get(outcome)
    return None if article is None else f"{INSTRUMENT}:{article}"
