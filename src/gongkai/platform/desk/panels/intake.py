"""The panel "intake" of the case page: what leads back to how the case came in, and to putting that right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.models import CaseFile, CaseMerge, CaseSummary, CaseText, PaperKind
from gongkai.platform.cases.people.warnings import lacking
from gongkai.platform.cases.selectors.scope import readable
from gongkai.platform.cases.tickets import tickets_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act

SUBMITTED = "submitted"


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """Links back to the letter, its tickets, where the case was taken back to, what an identity lacks."""
    letter = CaseText.objects.filter(stream=case.stream).values_list("letter", flat=True).first()
    registers = actor.may(Act.CASE_REGISTER, case.body)
    places = [case.stream, letter] if letter else [case.stream]
    authority = CaseFile.objects.filter(body=case.body, stream__in=places, kind=PaperKind.AUTHORITY)
    merge = CaseMerge.objects.filter(stream=case.stream).first()
    into = None
    if merge is not None:  # a sensitive one is named to its readers alone
        into = readable(CaseSummary.objects.filter(stream=merge.into), actor).first()
    siblings = CaseText.objects.filter(letter=letter).count() if letter else 1
    return {
        "may_mend": registers,
        "tickets": tickets_of(case.stream),
        "siblings": siblings - 1,
        "merged_into": into,
        "may_merge": registers and siblings > 1 and case.open and not case.outcome and _split_off(case),
        "may_see_people": actor.may(Act.CASE_IDENTITY, case.body),
        "lacking": lacking(case.stream) if case.open and not case.outcome else (),
        "may_ask_correction": actor.may(Act.CASE_ACT, case.body),
        "letter_ref": letter or "",
        "confirms": registers and bool(letter) and case.phase == SUBMITTED,
        "has_authority": authority.exists(),
    }


def _split_off(case: CaseSummary) -> bool:
    """Not the letter's first case."""
    text = CaseText.objects.filter(stream=case.stream).first()
    if text is None or text.letter is None:
        return False
    return CaseText.objects.filter(letter=text.letter, unit__lt=text.unit).exists()
