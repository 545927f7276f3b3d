"""The panel "archive" of the case page: the packages that were made, and making one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.archive.showing import archive_of
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.actor import Actor


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_archive.html`` shows of a case."""
    return {"archive": archive_of(case=case, actor=actor)}
