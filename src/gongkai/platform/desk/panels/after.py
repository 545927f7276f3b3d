"""The panel "after" of the case page: open proceedings with their days, and losses with their reviews."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.losses import losses_of
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.proceedings import proceedings_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.ledger.selectors import has_any

_KINDS = ("remedy.filed", "reply.revoked")


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_after.html`` shows of a case; nothing is read where nobody challenged the reply."""
    if not has_any(body=case.body_id, stream=case.stream, kinds=_KINDS):
        return {"proceedings": (), "losses": ()}
    where: dict[str, Any] = {"body": case.body, "stream": case.stream, "actor": actor}
    found = proceedings_of(**where) if case.challenged else ()
    return {"proceedings": [one for one in found if one.open], "losses": losses_of(**where)}
