"""The panel "similar" of the case page: cases that may be the same request, while a reply is still owed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.repeats import repeats_of_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import head

LARGE = 100_000
"""A body with more entries than this has its cases looked through only when somebody asks (``?similar``)."""


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_similar.html`` shows of a case."""
    wanted = case.open and not case.outcome and actor.may(Act.CASE_IDENTITY, case.body)
    looks = wanted and ("similar" in request.GET or not _large(case))
    found = repeats_of_case(body=case.body, stream=case.stream, actor=actor) if looks else []
    return {"wants_similar": wanted, "looks_for_similar": looks, "similar": found}


def _large(case: CaseSummary) -> bool:
    of_body = head(body=case.body.key)
    return of_body is not None and of_body.position > LARGE
