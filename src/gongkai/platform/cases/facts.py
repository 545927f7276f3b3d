"""What a rule must know of other cases, looked up under the lock of the body's chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from gongkai.platform.cases.applicants import ApplicantDetails, applicant_of
from gongkai.platform.cases.models import CaseMerge, CaseSummary, CaseText, OutgoingLetter
from gongkai.platform.cases.services.numbers import is_entered, is_used
from gongkai.platform.core.models import Body
from gongkai.platform.ledger.selectors import history
from gongkai.rules.cases.decide import Facts
from gongkai.rules.cases.fold import fold
from gongkai.rules.vocabulary import Outcome

_MONTHLY = frozenset({"fee.notified", "reasons.requested"})


def facts_for(
    body: Body,
    stream: str,
    kind: str,
    payload: Mapping[str, Any],
    on: date,
    texts: Mapping[str, Any] = MappingProxyType({}),
) -> Facts:
    """The facts for an act of ``kind``; empty for kinds whose rules ask for none.

    - A number counts as used where another case of the body bears it, or bore it before it was taken back
      into the case that it had been split from. A correction may give another number: it is asked, too, and
      then a number of a letter or one that is void counts as well.
    - Which reply a repeated request was answered with before stands in ``texts`` (``earlier_number``).
    """
    if kind == "reply.issued" and payload.get("outcome") == Outcome.REJECTED_REPEAT.value:
        return Facts(repeats=answered_before(body, stream, str(texts.get("earlier_number") or ""), on))
    replacement = payload.get("replacement") if kind == "entry.corrected" else None
    corrected = replacement.get("payload") or {} if replacement is not None else {}
    number = payload.get("number") if kind == "request.registered" else corrected.get("number")
    if number is not None:
        taken = CaseSummary.objects.filter(body=body, number=number).exclude(stream=stream).exists()
        if corrected and not taken:
            text = str(number)
            taken = is_used(body, text, but_by=stream) or is_entered(body, text, but_by=stream)
        taken = taken or CaseMerge.objects.filter(body=body, number=number).exists()
        return Facts(numbers_in_use=frozenset({str(number)}) if taken else frozenset())
    if kind in _MONTHLY:
        return Facts(cases_this_month=cases_in_month(stream, on))
    return Facts()


def answered_before(body: Body, stream: str, number: str, on: date) -> int | None:
    """How many earlier cases of the same applicant the reply of this number answered (art. 36(6)).

    0 where the body gave that number to a reply to somebody else, or took that reply back; ``None`` where it
    is not known here: replies from before the ledger bear numbers too.
    """
    if not number:
        return None
    text = CaseText.objects.filter(stream=stream).first()
    own: list[str] = []
    if text is not None and text.subject is not None:
        texts = CaseText.objects.filter(body=body, subject=text.subject).exclude(stream=stream)
        own = list(texts.values_list("stream", flat=True))
    rows = CaseSummary.objects.filter(body=body, stream__in=own).exclude(outcome="")
    found = [row.stream for row in rows if number in reply_numbers(body, row.stream, on)]
    if found:
        return len(found)
    letters = OutgoingLetter.objects.filter(body=body, number=number)
    others = set(letters.exclude(stream=stream).values_list("stream", flat=True))
    mine = applicant_of(stream)
    if others and all(one in own or _somebody_else(mine, applicant_of(one)) for one in others):
        return 0
    return None


def reply_numbers(body: Body, stream: str, on: date) -> dict[str, date]:
    """The numbers of the replies of a case that were issued by a day, with their dates."""
    replies = fold(history(body=body.key, stream=stream).events).replies
    return {one.number: one.issued_on for one in replies if one.number and one.issued_on <= on}


def _somebody_else(mine: ApplicantDetails | None, other: ApplicantDetails | None) -> bool:
    """Surely another person: another name, or another identity number."""
    if mine is None or other is None or not mine.name or not other.name:
        return False
    numbers = {one.identity_number for one in (mine, other) if one.identity_number}
    return mine.name != other.name or len(numbers) > 1


def cases_in_month(stream: str, on: date) -> int | None:
    """The applicant's cases received in the calendar month, this one included; ``None``: unknown."""
    mine = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    if mine is None:
        return None
    streams = CaseText.objects.filter(subject=mine).values_list("stream", flat=True)
    return CaseSummary.objects.filter(
        stream__in=list(streams), received_on__year=on.year, received_on__month=on.month
    ).count()


def cases_before(stream: str, received: date) -> int | None:
    """The applicant's cases that came earlier in the month than this one; ``None``: unknown.

    Cases of one day go by their numbers.
    """
    mine = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    if mine is None:
        return None
    streams = CaseText.objects.filter(subject=mine).values_list("stream", flat=True)
    rows = CaseSummary.objects.filter(
        stream__in=list(streams), received_on__year=received.year, received_on__month=received.month,
        received_on__lte=received,
    )  # fmt: skip
    order = {row.stream: (row.received_on, len(row.number), row.number) for row in rows}
    own = order.pop(stream, None)
    return sum(1 for place in order.values() if own is None or place < own)
