"""Random commands for a case: any kind, any date near the last one, payloads that fit in shape.

Drawn from a seeded ``Random`` and not from strategies: a history must get deep before it meets most rules,
and strategies prefer short ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from gongkai.rules.cases.decide import Command, allowed
from gongkai.rules.cases.state import CaseState
from gongkai.rules.kinds import CASE_KINDS
from gongkai.rules.vocabulary import (
    SUB_KINDS,
    ApplicantKind,
    Channel,
    Instance,
    Method,
    NoteKind,
    Outcome,
    Procedure,
    RemedyKind,
    RemedyResult,
    RevokedBy,
    Scope,
    TaskKind,
)

FIRST = date(2024, 6, 3)
KINDS = sorted(CASE_KINDS)
PARTIES = ("party-1", "party-2")
NUMBERS = ("1号", "2号")
SUBS = sorted(name for names in SUB_KINDS.values() for name in names)
RARE = frozenset(
    {
        "opening.case", "request.submitted", "case.split", "request.registered", "disclosure.converted",
        "note.added", "task.assigned", "task.returned", "task.done", "request.withdrawn", "case.archived",
        "entry.corrected",
    }
)  # fmt: skip
"""Kinds that lead nowhere or end everything: a walk over likely kinds takes them seldom."""


class Draw:
    """Payloads and dates from a seeded source."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def of(self, values: Iterable[Any]) -> Any:
        """One of some values; of an enum its string."""
        found = self.random.choice(list(values))
        return str(getattr(found, "value", found))

    def maybe(self, value: Any) -> Any:
        """The value, or nothing."""
        return value if self.random.random() < 0.5 else None

    def flag(self) -> bool:
        """True or false."""
        return self.random.random() < 0.5

    def day(self, on: date) -> str:
        """A day near another one."""
        return (on + timedelta(days=self.random.randint(-5, 60))).isoformat()

    def command(self, kind: str, on: date, seqs: int) -> Command:
        """A command of one kind on one day, in a stream of ``seqs`` entries."""
        made = self.payload(kind, on, seqs)
        return Command(kind, on, {k: v for k, v in made.items() if v is not None or k == "replacement"})

    def next(self, state: CaseState, last: date) -> Command:
        """A command for a state: mostly of a kind that it allows, mostly a few days after ``last``."""
        likely = [kind for kind in allowed(state) if kind not in RARE or self.random.random() < 0.08]
        kind = self.random.choice(KINDS if not likely or self.random.random() < 0.25 else likely)
        step = self.random.choice([0, 1, 2, 3, 5, 8, 12, 20, 27, 35, -1, -3, -12])
        on = max(last + timedelta(days=step), FIRST - timedelta(days=10))
        return self.command(kind, on, state.last_seq)

    def payload(self, kind: str, on: date, seqs: int) -> dict[str, Any]:
        """Keys and values of a kind; ``None`` is left out later."""
        days = self.random.randint(0, 22)
        match kind:
            case "opening.case":
                return {"received_on": self.day(on), "applicant_kind": self.of(ApplicantKind)}
            case "request.submitted":
                return {"channel": self.of(Channel)}
            case "request.received":
                return {"channel": self.of(Channel), "applicant_kind": self.of(ApplicantKind)}
            case "case.split":
                return {
                    "from": "letter-1",
                    "received_on": self.maybe(self.day(on)),
                    "channel": self.maybe(self.of(Channel)),
                    "applicant_kind": self.maybe(self.of(ApplicantKind)),
                }
            case "request.registered":
                return {"number": self.of(NUMBERS)}
            case "correction.requested":
                return {"working_days": self.maybe(days), "respond_by": self.maybe(self.day(on))}
            case "third_party.consulted" | "third_party.told":
                return {"party": self.of(PARTIES)}
            case "co_maker.consulted" | "agency.consulted":
                return {"body": self.of(PARTIES)}
            case "third_party.answered":
                return {"consent": self.flag(), "party": self.maybe(self.of(PARTIES))}
            case "co_maker.answered":
                return {"consent": self.flag(), "body": self.maybe(self.of(PARTIES))}
            case "third_party.delivered" | "third_party.lapsed" | "third_party.abandoned":
                return {"party": self.maybe(self.of(PARTIES))}
            case (
                "co_maker.delivered" | "co_maker.lapsed" | "co_maker.abandoned" | "agency.answered"
                | "agency.lapsed"
            ):  # fmt: skip
                return {"body": self.maybe(self.of(PARTIES))}
            case "reasons.requested":
                return {"respond_by": self.maybe(self.day(on))}
            case "reasons.received":
                return {"reasonable": self.flag()}
            case "delay.set":
                return {"due_on": self.day(on)}
            case "extension.told":
                return {"working_days": days, "approved_by": self.maybe("head")}
            case "fee.notified":
                return {"amount": "380"}
            case "task.assigned" | "task.returned" | "task.done":
                return {"unit": "unit-1", "kind": self.of(TaskKind)}
            case "reply.issued":
                return {
                    "outcome": self.of(Outcome),
                    "sub_kind": self.maybe(self.maybe(self.maybe(self.of(SUBS)))),
                    "method": self.maybe(self.of(Method)),
                    "number": self.maybe(self.of(NUMBERS)),
                    "supersedes": self.maybe(self.of(NUMBERS)),
                    "remedies_told": self.maybe(self.flag()),
                    "parts": self.maybe(self.parts()),
                }
            case "reply.dispatched" | "reply.delivered":
                return {"method": self.maybe(self.of(Method))}
            case "reply.revoked":
                return {"by": self.of(RevokedBy)}
            case "rehandling.started":
                return {"working_days": self.maybe(days), "due_on": self.maybe(self.day(on))}
            case "request.withdrawn":
                return {"scope": self.maybe(self.of(Scope))}
            case "disclosure.converted":
                return {"record": "record-1"}
            case "note.added":
                return {"kind": self.of(NoteKind)}
            case "remedy.filed":
                return {
                    "remedy": self.of(PARTIES),
                    "kind": self.of(RemedyKind),
                    "instance": self.maybe(self.of(Instance)),
                    "procedure": self.maybe(self.of(Procedure)),
                    "reached_on": self.maybe(self.day(on)),
                }
            case "remedy.answered":
                return {"remedy": self.of(PARTIES)}
            case "remedy.decided":
                return {"remedy": self.of(PARTIES), "result": self.of(RemedyResult)}
            case "entry.corrected":
                return {
                    "seq": self.random.randint(1, max(seqs, 1)),
                    "replacement": self.maybe({"occurred_on": self.day(on)}),
                }
            case _:
                return {}

    def parts(self) -> list[dict[str, Any]]:
        """Parts of a partial reply."""
        count = self.random.randint(0, 2)
        return [{"part": "part", "disclosed": self.flag(), "party": self.of(PARTIES)} for _ in range(count)]
