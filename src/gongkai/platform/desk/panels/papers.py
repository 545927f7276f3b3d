"""The panel "papers" of the case page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.actor import Actor


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_papers.html`` shows of a case."""
    return {}
