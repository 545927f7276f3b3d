"""What an import would add to the figures: cases by year, outcome and kind of applicant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.rules.cases.state import CaseState
from gongkai.rules.vocabulary import ApplicantKind, Outcome

NEW, CARRIED_OUT = "new", "carried_out"
WITHDRAWN = Outcome.OTHER_OTHER.value
"""The row of a withdrawal in Table 3 (counting.md)."""


@dataclass(slots=True)
class Preview:
    """Counts by year, row and kind of applicant, as Table 3 will have them for these cases.

    A case is new in the year of its receipt, its outcome counts in the year of the reply or the withdrawal,
    and it is carried out of every year at whose end it had none. What was not received counts nowhere.
    """

    counts: Counter[tuple[int, str, str]] = field(default_factory=Counter[tuple[int, str, str]])
    remedies: Counter[tuple[int, str, str]] = field(default_factory=Counter[tuple[int, str, str]])
    unreceived: int = 0
    open: int = 0

    def add(self, state: CaseState, today: date) -> None:
        """Count a case."""
        if state.reply is None and state.withdrawn_on is None:
            self.open += 1
        if state.received_on is None:
            self.unreceived += 1
            return
        kind = state.applicant_kind or ApplicantKind.OTHER.value
        received = state.received_on.year
        self.counts[received, NEW, kind] += 1
        ended, row = _ending(state)
        if ended is not None:
            self.counts[max(ended, received), row, kind] += 1
        last = today.year if ended is None else ended - 1
        for year in range(received, last + 1):
            self.counts[year, CARRIED_OUT, kind] += 1
        for remedy in state.remedies:
            if remedy.decided_on is not None and remedy.result is not None:
                self.remedies[remedy.decided_on.year, str(remedy.kind), str(remedy.result)] += 1

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "counts": [[*key, number] for key, number in sorted(self.counts.items())],
            "remedies": [[*key, number] for key, number in sorted(self.remedies.items())],
            "unreceived": self.unreceived,
            "open": self.open,
        }


def _ending(state: CaseState) -> tuple[int | None, str]:
    if state.withdrawn_on is not None:
        return state.withdrawn_on.year, WITHDRAWN
    if state.replies:
        return state.replies[0].issued_on.year, str(state.replies[0].outcome)
    return None, ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the preview: what it counts, in words, and the numbers of its columns, the total last."""

    label: str
    numbers: tuple[int, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class PreviewYear:
    """The table of a year."""

    year: int
    rows: tuple[PreviewRow, ...]
    new: int
    finished: int
    carried_out: int


KINDS = tuple(ApplicantKind)


def years_of(stored: dict[str, Any]) -> list[PreviewYear]:
    """The tables of what was stored, newest year first; rows without a case are left out."""
    counts = {(year, row, kind): number for year, row, kind, number in stored.get("counts", [])}
    found: list[PreviewYear] = []
    for year in sorted({year for year, _row, _kind in counts}, reverse=True):

        def numbers(row: str, year: int = year) -> tuple[int, ...]:
            by_kind = [counts.get((year, row, str(kind)), 0) for kind in KINDS]
            return (*by_kind, sum(by_kind))

        outcomes = [(one, numbers(str(one))) for one in Outcome]
        rows = [PreviewRow("新收", numbers(NEW), total=True)]
        rows += [PreviewRow(one.label_zh, row) for one, row in outcomes if row[-1]]
        finished = sum(row[-1] for _one, row in outcomes)
        rows.append(PreviewRow("结转下年度继续办理", numbers(CARRIED_OUT), total=True))
        found.append(
            PreviewYear(year, tuple(rows), numbers(NEW)[-1], finished, numbers(CARRIED_OUT)[-1])
        )  # fmt: skip
    return found
