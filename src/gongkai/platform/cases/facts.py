"""What a rule must know of other cases, looked up under the lock of the body's chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.platform.cases.models import CaseSummary, CaseText
from gongkai.platform.core.models import Body
from gongkai.rules.cases.decide import Facts

_MONTHLY = frozenset({"fee.notified", "reasons.requested"})


def facts_for(body: Body, stream: str, kind: str, payload: Mapping[str, Any], on: date) -> Facts:
    """The facts for an act of ``kind``; empty for kinds whose rules ask for none.

    A number counts as used where another case of the body bears it; numbers of void cases are among them,
    for a case's row is never deleted.
    """
    if kind == "request.registered":
        number = payload.get("number")
        taken = CaseSummary.objects.filter(body=body, number=number).exclude(stream=stream).exists()
        return Facts(numbers_in_use=frozenset({str(number)}) if taken else frozenset())
    if kind in _MONTHLY:
        return Facts(cases_this_month=cases_in_month(stream, on))
    return Facts()


def cases_in_month(stream: str, on: date) -> int | None:
    """The applicant's cases received in the calendar month, this one included; ``None``: unknown."""
    mine = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    if mine is None:
        return None
    streams = CaseText.objects.filter(subject=mine).values_list("stream", flat=True)
    return CaseSummary.objects.filter(
        stream__in=list(streams), received_on__year=on.year, received_on__month=on.month
    ).count()
