"""The panel "tasks" of the case page: who has what until when, the records of searches, what is missing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.task_view import missing_of, searches_of, tasks_of_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_tasks.html`` shows of a case."""
    return {
        "tasks": tasks_of_case(body=case.body, stream=case.stream, actor=actor),
        "searches": searches_of(stream=case.stream, actor=actor),
        "missing": missing_of(body=case.body, stream=case.stream, actor=actor),
        "may_give": actor.may(Act.CASE_ACT, case.body) and case.open,
    }
