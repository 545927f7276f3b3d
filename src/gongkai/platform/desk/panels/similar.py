"""The panel "similar" of the case page: cases that may be the same request, while a reply is still owed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.repeats import repeats_of_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_similar.html`` shows of a case."""
    looks = case.open and not case.outcome and actor.may(Act.CASE_IDENTITY, case.body)
    found = repeats_of_case(body=case.body, stream=case.stream, actor=actor) if looks else []
    return {"looks_for_similar": looks, "similar": found}
