"""The panel "reply" of the case page: the draft in hand as paper, the chain of its steps, its buttons."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.drafting import draft_view
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.owing import must_be_opened_again
from gongkai.platform.cases.services.together import candidates
from gongkai.platform.cases.together_view import together_view
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act

OWED = frozenset({"handling", "awaiting_correction", "awaiting_fee", "consulting", "rehandling", "revoked"})
"""Phases in which a reply is owed."""


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_reply.html`` shows of a case; nothing where nothing is drafted and none is owed."""
    draft = draft_view(body=case.body, stream=case.stream, actor=actor)
    owed = case.phase in OWED and not must_be_opened_again(case)
    may_begin = draft is None and owed and actor.may(Act.CASE_DRAFT, case.body)
    together = None if draft is None else together_view(body=case.body, stream=case.stream, actor=actor)
    may_join = (
        draft is not None
        and draft.may_edit
        and together is None
        and bool(candidates(body=case.body, stream=case.stream, actor=actor))
    )
    return {"draft": draft, "may_begin_draft": may_begin, "together": together, "may_join": may_join}
