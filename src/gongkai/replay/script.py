"""The script of a case: its acts in working days after the receipt, always within the periods of law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.replay.chance import Chance
from gongkai.replay.grounds import SUB_KIND_WEIGHTS, basis_of
from gongkai.replay.life import CLERK, HEAD, At, Lengths
from gongkai.rules.cases.lawful import Facts
from gongkai.rules.vocabulary import Outcome

UNITS = tuple(f"unit-{n}" for n in range(1, 9))
PLAIN_KINDS = frozenset(
    {
        "task.assigned", "task.done", "agency.consulted", "agency.answered", "reply.issued",
        "reply.dispatched", "reply.delivered", "request.withdrawn", "case.archived",
    }
)  # fmt: skip
"""Acts on which no dated parameter bears: they can be told of a case from before the rules known here."""


@dataclass(slots=True)
class Line:
    """One act of a script."""

    offset: int
    kind: str
    payload: dict[str, Any]
    actor: str = CLERK
    facts: Facts = field(default_factory=Facts)


class Script:
    """Acts in the making. ``now`` is the day of the last one, ``due`` the last day for the reply."""

    def __init__(self, chance: Chance, lengths: Lengths, start: int = 0) -> None:
        self.chance, self.lengths = chance, lengths
        self.lines: list[Line] = []
        self.now = 0
        self.end = 0
        """Day of the act that decides the outcome."""
        self._start = start
        self._longer = 0
        self._parties = 0
        self._unit: str | None = None
        self._delayed = False

    @property
    def due(self) -> int:
        """The last day of the reply period."""
        return self._start + self.lengths.reply + self._longer

    @property
    def plain(self) -> bool:
        """No act in it needs a parameter of law."""
        return all(line.kind in PLAIN_KINDS for line in self.lines)

    def act(self, offset: int, kind: str, actor: str = CLERK, /, **payload: Any) -> int:
        """Add an act on that day and go there."""
        self.lines.append(Line(offset, kind, payload, actor))
        self.now = max(self.now, offset)
        return offset

    def soon(self, low: int, high: int) -> int:
        """A day from ``low`` to ``high`` working days on, the earlier the likelier, never the receipt's."""
        return max(1, self.now + self.chance.near(low, high, 0.35))

    def _restart(self, on: int) -> None:
        self._start, self._longer = on, 0

    def _exclude(self, sent: int, through: int) -> None:
        """Days of waiting; one fewer than usual, for a body may leave out the day of the answer."""
        self._longer += max(0, through - sent - 1)

    # --- what may come before the reply ---------------------------------------------------------------

    def assign(self) -> None:
        """Give the work to a unit."""
        self._unit = self.chance.one(UNITS)
        self.act(self.soon(0, 1), "task.assigned", unit=self._unit, kind="handle")

    def ask_correction(self) -> int:
        """Ask for a clearer request within the period for that; gives the last day for the applicant."""
        lengths = self.lengths
        last = self._start + (lengths.notice if self._start == 0 or self.now == 0 else lengths.further_round)
        asked = min(self.soon(1, lengths.notice), max(1, last))
        if self.chance.often(0.5):
            term: dict[str, Any] = {"respond_by": At(asked + lengths.correction + 3)}
        else:
            term = {"working_days": lengths.correction}
        self.act(asked, "correction.requested", **term)
        delivered = self.act(self.soon(0, 2), "correction.delivered")
        return max(delivered + lengths.correction, asked + lengths.correction + 3)

    def corrected(self) -> None:
        """One round of correction that the applicant answers in time: the period runs anew."""
        self.ask_correction()
        asked = max(line.offset for line in self.lines if line.kind == "correction.requested")
        # In time wherever the body lets the applicant's period begin.
        on = max(self.now, min(self.soon(1, 12), asked + self.lengths.correction))
        self._restart(self.act(on, "correction.received"))

    def not_corrected(self) -> None:
        """The applicant lets the time for correcting pass."""
        last = self.ask_correction()
        self.act(last + self.chance.whole(1, 3), "correction.lapsed")

    def consult_third_party(self, answer: bool | None) -> str:
        """Ask a third party; ``None``: it stays silent. Gives its opaque name."""
        self._parties += 1
        party = f"party-{self._parties}"
        sent = self.act(self.soon(1, 5), "third_party.consulted", party=party)
        delivered = self.act(self.soon(1, 3), "third_party.delivered", party=party)
        limit = delivered + self.lengths.third_party
        if answer is None:
            self.act(limit + 1, "third_party.lapsed", party=party)
            self._exclude(sent, limit)
        else:
            on = self.act(min(self.soon(2, 12), limit), "third_party.answered", party=party, consent=answer)
            self._exclude(sent, on)
        return party

    def consult_co_maker(self) -> None:
        """Ask an organ that made the information too; its silence is consent."""
        name = f"body-{self.chance.whole(1, 40)}"
        sent = self.act(self.soon(1, 4), "co_maker.consulted", body=name)
        delivered = self.act(self.soon(0, 2), "co_maker.delivered", body=name)
        limit = delivered + self.lengths.co_maker
        if self.chance.often(0.2):
            self.act(limit + 1, "co_maker.lapsed", body=name)
            self._exclude(sent, limit)
        else:
            on = self.act(min(self.soon(2, 10), limit), "co_maker.answered", body=name, consent=True)
            self._exclude(sent, on)

    def consult_agency(self) -> None:
        """Ask another organ for its opinion."""
        name = f"body-{self.chance.whole(1, 40)}"
        sent = self.act(self.soon(1, 4), "agency.consulted", body=name)
        on = self.act(self.soon(2, 8), "agency.answered", body=name)
        self._exclude(sent, on)

    def extend(self) -> None:
        """Tell the applicant, in time, that the reply takes longer."""
        days = min(self.chance.one((5, 10, 15, 20)), self.lengths.extension)
        told = max(self.now + 1, self.due - self.chance.whole(1, 5))
        if told <= self.due and not self._delayed:
            self.act(told, "extension.told", working_days=days, approved_by=HEAD)
            self._longer += days

    def ask_fee(self) -> int:
        """Notify the processing fee for copies; gives the last day for paying."""
        pages = self.chance.whole(31, 100)
        self.lines.append(
            Line(
                max(1, self.soon(2, 6)),
                "fee.notified",
                {"amount": str((pages - 30) * 10), "basis": "fee_measures_2020:5"},
                facts=Facts(cases_this_month=self.chance.whole(1, 4)),
            )
        )
        self.now = self.lines[-1].offset
        return self.act(self.soon(0, 2), "fee.delivered") + (self.lengths.fee or 0)

    def paid(self) -> None:
        """The fee is paid in time: the period runs anew."""
        last = self.ask_fee()
        amount = next(line.payload["amount"] for line in self.lines if line.kind == "fee.notified")
        notified = next(line.offset for line in self.lines if line.kind == "fee.notified")
        on = self.act(min(self.soon(1, 12), last), "fee.paid", amount=amount)
        if self.lengths.fee_restarts:
            self._restart(on)
        else:
            self._exclude(notified, on)

    def not_paid(self) -> None:
        """The applicant lets the time for paying pass."""
        last = self.ask_fee()
        self.act(last + self.chance.whole(1, 3), "fee.lapsed")

    def ask_reasons(self, reasonable: bool | None) -> None:
        """Ask why so many requests were made; ``None``: no answer comes."""
        asked = self.soon(1, 3)
        # Asking does not stop the clock: the answer has to leave time for the reply.
        last = asked + max(1, min(10, (self.due - asked) // 2))
        self.act(asked, "reasons.requested", respond_by=At(last))
        if reasonable is None:
            self.act(last + 1, "reasons.lapsed")
        else:
            self.act(min(self.soon(1, 5), last), "reasons.received", reasonable=reasonable)
            if reasonable:
                due = self.due + 20
                self.act(self.soon(1, 2), "delay.set", due_on=At(due))
                self._start, self._longer, self._delayed = due - self.lengths.reply, 0, True

    # --- how it ends ----------------------------------------------------------------------------------

    def _last_day(self) -> int:
        """A day for the reply: after all that came before, and two days before the period ends."""
        low = self.now + 1
        return self.chance.near(low, max(low, self.due - 2), 0.6)

    def withdraw(self) -> None:
        """The applicant takes the request back."""
        self.end = self.act(self._last_day(), "request.withdrawn", scope="whole")
        self._close_task(self.end)
        self.act(self.end + self.chance.whole(2, 15), "case.archived")

    def reply(
        self, outcome: Outcome, more: Mapping[str, Any] | None = None, *, at_once: bool = False
    ) -> None:
        """Decide; ``at_once`` where nothing is awaited any more, ``more`` goes into the payload."""
        payload = dict(more or {})
        sub_kind: str | None = None
        if outcome in SUB_KIND_WEIGHTS:
            sub_kind = self.chance.weighted(SUB_KIND_WEIGHTS[outcome])
            payload["sub_kind"] = sub_kind
        if (basis := basis_of(outcome, sub_kind)) is not None:
            payload["basis"] = basis
        on = self.now + self.chance.whole(0, 3) if at_once else self._last_day()
        self._close_task(on)
        self.end = self.act(on, "reply.issued", HEAD, outcome=outcome.value, **payload)

    def _close_task(self, on: int) -> None:
        if self._unit is not None:
            self.act(on, "task.done", unit=self._unit, kind="handle")
            self._unit = None
