"""The panel "intake" of the case page: what leads back to how the case came in, and to putting that right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseFile, CaseSummary, CaseText, PaperKind
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act

SUBMITTED = "submitted"


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """Links for who registers: confirm receipt, mend details; whether an agent's authority is there."""
    letter = CaseText.objects.filter(stream=case.stream).values_list("letter", flat=True).first()
    registers = actor.may(Act.CASE_REGISTER, case.body)
    places = [case.stream, letter] if letter else [case.stream]
    authority = CaseFile.objects.filter(body=case.body, stream__in=places, kind=PaperKind.AUTHORITY)
    return {
        "may_mend": registers,
        "letter_ref": letter or "",
        "confirms": registers and bool(letter) and case.phase == SUBMITTED,
        "has_authority": authority.exists(),
    }
