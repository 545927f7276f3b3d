"""What is owed though no clock of the vocabulary runs: handling anew, once a reply was revoked.

``reply.revoked`` starts no clock: ``rehandling.started`` says until when a new reply is owed, with the time
that was ordered. Until somebody enters it the case does not stand without a date: it stands by the period
that holds where nothing else was ordered (setting ``rehandling_period``, M), from the revocation on.
"""

from __future__ import annotations

from datetime import date

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.bases import Basis
from gongkai.platform.ledger.selectors import history
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.periods import Rules
from gongkai.rules.cases.state import CaseState, Phase, phase
from gongkai.rules.law import NoRuleInForce
from gongkai.rules.workdays import CalendarNotPublished


def rehandling_owed_on(state: CaseState, basis: Basis) -> date | None:
    """Until when a revoked reply must be made anew where nobody has entered what was ordered.

    ``None``: no reply was revoked, handling anew has begun, or no rule or calendar tells.
    """
    revoked_on = state.replies[-1].revoked_on if phase(state) is Phase.REVOKED else None
    if revoked_on is None:
        return None
    rules = Rules(basis.law, basis.calendar)
    try:
        return rules.calendar.add(revoked_on, rules.days("rehandling_period", revoked_on))
    except (NoRuleInForce, CalendarNotPublished):
        return None


def must_be_opened_again(case: CaseSummary) -> bool:
    """Whether a case whose reply was revoked is archived: no reply is lawful until handling anew opens it."""
    if case.phase != Phase.REVOKED.value:
        return False
    return fold(history(body=case.body_id, stream=case.stream).events).archived_on is not None
