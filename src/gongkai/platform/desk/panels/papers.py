"""The panel "papers" of the case page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.papers import papers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_papers.html`` shows of a case."""
    body = case.body
    return {
        "papers": papers_of(body=body, stream=case.stream, actor=actor),
        "may_add_papers": actor.may(Act.CASE_ACT, body),
        "may_erase": actor.may(Act.CASE_ERASE, body) and not case.open,
        "may_split": actor.may(Act.CASE_REGISTER, body) and case.open and not case.outcome,
    }
