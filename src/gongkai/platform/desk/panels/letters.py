"""The panel "letters" of the case page: letters that were written, and those that can be written by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.letter_list import letters_of, offers_of
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_letters.html`` shows of a case."""
    return {
        "letters": letters_of(body=case.body, stream=case.stream, actor=actor),
        "letter_offers": offers_of(body=case.body, stream=case.stream, actor=actor),
        "may_open_letters": actor.may(Act.CASE_IDENTITY, case.body),
    }
