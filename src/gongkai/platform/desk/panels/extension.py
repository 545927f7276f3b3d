"""The panel "extension" of the case page: what was proposed, and who decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.proposals import proposal_of
from gongkai.platform.core.actor import Actor


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_extension.html`` shows of a case."""
    return {"proposal": proposal_of(body=case.body, stream=case.stream, actor=actor)}
