"""``FormContext``: the case, the law and the day that a form takes its choices and defaults from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.platform.cases.showing.names import Names
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.models import Body
from gongkai.rules.cases.periods import Rules
from gongkai.rules.cases.state import CaseState
from gongkai.rules.law import NoRuleInForce
from gongkai.rules.workdays import CalendarNotPublished


@dataclass(frozen=True, slots=True)
class FormContext:
    """What is known when a form is shown."""

    body: Body
    stream: str
    state: CaseState
    basis: Basis
    actor: Actor
    names: Names
    cases_this_month: int | None = None
    """The applicant's cases in the month of today, this one included; ``None``: unknown."""

    @property
    def today(self) -> date:
        """The legal day."""
        return self.actor.today

    @property
    def rules(self) -> Rules:
        """Law and calendar, as the rules take them."""
        return Rules(self.basis.law, self.basis.calendar)

    def after(self, key: str) -> str:
        """The last day of a period of the law that begins today, in ISO; empty where it cannot be told."""
        try:
            return self.basis.calendar.add(self.today, self.rules.days(key, self.today)).isoformat()
        except (CalendarNotPublished, NoRuleInForce):
            return ""
