"""The panel "post" of the case page: the warning that the reply must be out, and where it is sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.posting.documents import reply_key
from gongkai.platform.cases.posting.warning import case_warning
from gongkai.platform.core.actor import Actor


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_post.html`` shows of a case."""
    return {"post_warning": case_warning(case, actor), "post_letter": reply_key(case)}
