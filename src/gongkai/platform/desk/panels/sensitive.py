"""The panel "sensitive" of the case page: who reads the case, and where a secret original is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.sensitive.flags import flag_view
from gongkai.platform.cases.services.secret import secret_pointers
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_sensitive.html`` shows of a case."""
    body, stream = case.body, case.stream
    return {
        "flag": flag_view(body=body, stream=stream, actor=actor),
        "pointers": secret_pointers(body=body, stream=stream, actor=actor),
        "may_flag": actor.may(Act.CASE_APPROVE, body) or actor.may(Act.CASE_REGISTER, body),
        "may_point": actor.may(Act.CASE_ACT, body),
        "may_know_why": actor.may(Act.CASE_IDENTITY, body),
        "must_confirm": actor.may(Act.CASE_APPROVE, body),
    }
